"""Before each page: the time, the person's language. After a refusal: a page that says what to do."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from balie.rules.errors import Refused
from balie.web import errors
from balie.web.request import Desk, typed


class OfficeMiddleware:
    """Gives every request its `desk`, speaks the language of who is logged in, shows what was refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        ours = typed(request)
        ours.desk = Desk(timezone.now())
        if ours.user.is_authenticated:
            translation.activate(ours.user.language)
            request.LANGUAGE_CODE = translation.get_language() or "en"
        response = self.get_response(request)
        response.setdefault("Content-Language", translation.get_language() or "en")
        if ours.user.is_authenticated and "Cache-Control" not in response:
            # Pages name callers: nothing of them may stay in a shared computer's cache after logging out.
            response["Cache-Control"] = "private, no-store"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return errors.refused(request, exception)
        return None

"""Before each page: the time, the person's language. After a refusal: a page that says what to do."""

from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from balie.rules.errors import Refused
from balie.web import errors
from balie.web.access import is_proven
from balie.web.request import Desk, typed

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def has_null(request: HttpRequest) -> bool:
    """Whether some text contains the sign NUL, which no person types and PostgreSQL does not take."""
    if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path:
        return True
    # What programs push to the API is no form, whatever they call it, and may be long.
    if request.method != "POST" or request.content_type not in FORMS or request.path.startswith("/api/"):
        return False
    return any("\x00" in str(value) for values in request.POST.lists() for value in values[1])


def says_no_language(request: HttpRequest) -> bool:
    """Whether neither browser nor cookie names a language for a page: then it is the operator's."""
    said = request.headers.get("Accept-Language", "").strip() or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    return not said and not request.path.startswith("/api/")


class OfficeMiddleware:
    """Gives every request its `desk`, speaks the language of who is logged in, shows what was refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        ours = typed(request)
        ours.desk = Desk(timezone.now())
        if ours.user.is_authenticated and not is_proven(ours):
            logout(ours)  # begun before the second factor was set up, and never asked for it
        if ours.user.is_authenticated:
            translation.activate(ours.user.language)
            request.LANGUAGE_CODE = translation.get_language() or "en"
        elif says_no_language(request):
            with suppress(Refused):  # before `balie init` there is no operator
                translation.activate(ours.desk.operator.language)
            request.LANGUAGE_CODE = translation.get_language() or "en"
        response = errors.unreadable(request) if has_null(request) else self.get_response(request)
        response.setdefault("Content-Language", translation.get_language() or "en")
        if ours.user.is_authenticated and "Cache-Control" not in response:
            # Pages name callers: nothing of them may stay in a shared computer's cache after logging out.
            response["Cache-Control"] = "private, no-store"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return errors.refused(request, exception)
        return None

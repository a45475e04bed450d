"""The first of all middleware: health and metrics before anything else, and nothing but JSON below /api/."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from balie.api import errors
from balie.api.health import livez, plain, readyz
from balie.api.metrics import metrics

PAGES: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/livez": livez, "/readyz": readyz, "/metrics": metrics}
CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 421: "wrong_host"}


class ApiMiddleware:
    """Answers /livez, /readyz and /metrics by itself: probes call by address, not by a name this server knows.

    Below /api/ whatever Django or other middleware refuses in HTML or plain text becomes the JSON of every error.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        page = PAGES.get(request.path_info)
        if page is None:
            response = self.get_response(request)
            return for_programs(request, response) if request.path_info.startswith("/api/") else response
        if request.method not in ("GET", "HEAD"):
            return plain("only GET\n", 405, Allow="GET, HEAD")
        return page(request)


def for_programs(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The response itself where it is fine or JSON already, else the same in JSON. Nothing of it is kept by caches."""
    if response.status_code < 400 or response.get("Content-Type", "").startswith("application/json"):
        response.setdefault("Cache-Control", "no-store")
        return response
    status = response.status_code
    code = CODES.get(status, "fault" if status >= 500 else "bad_request")
    answer = errors.error(status, code, words(response), request.path[:200], **{"Cache-Control": "no-store"})
    if response.has_header("Allow"):
        answer["Allow"] = response["Allow"]
    response.close()
    return answer


def words(response: HttpResponseBase) -> str:
    """What a plain text says, else the status in words."""
    if isinstance(response, HttpResponse) and response.get("Content-Type", "").startswith("text/plain"):
        return " ".join(response.text.split())[:500]
    return f"{HTTPStatus(response.status_code).phrase}."

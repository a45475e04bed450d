"""Which names this server answers to. Django's own list is read at start; ours knows the operator's base_url too."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port

from balie.operator.models import Operator

# A machine that watches this one asks by whatever address it knows; the answers contain no links.
ASKED_BY_ADDRESS = frozenset({"/livez", "/readyz"})
LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})


def answers_to(host: str, base_url: str | None = None) -> bool:
    """Whether requests for this host (with or without a port) are ours; with a base_url, whether they would be."""
    name, _ = split_domain_port(host.lower())
    given = {extra.strip().lower() for extra in (*settings.EXTRA_HOSTS, *settings.ALLOWED_HOSTS)} - {"*", ""}
    if name in LOCAL or name in given:
        return True
    base = base_url if base_url is not None else Operator.objects.values_list("base_url", flat=True).first() or ""
    return bool(name) and name == (urlsplit(base).hostname or "").lower()


class HostMiddleware:
    """Refuses requests for other names: a forged Host header must not end up in a link somebody follows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in ASKED_BY_ADDRESS or answers_to(request.get_host()):
            return self.get_response(request)
        return HttpResponse(
            "This server does not answer to that name. Its administrator can add it: base_url in the settings,"
            " or the environment variable BALIE_ALLOWED_HOSTS.\n",
            status=421,
            content_type="text/plain; charset=utf-8",
        )

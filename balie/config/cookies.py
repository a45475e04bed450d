"""Cookies travel encrypted only, as soon as people open Balie at an https address."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponseBase
from django.http.request import split_domain_port

from balie.operator.models import Operator


class SecureCookies:
    """Marks every cookie `Secure` where the request came encrypted, or to the host of an https base_url.

    A proxy may forget to say that it was https; other names (localhost) stay usable without.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.cookies and (request.is_secure() or is_https(request)):
            for cookie in response.cookies.values():
                cookie["secure"] = True
        return response


def is_https(request: HttpRequest) -> bool:
    """Whether people reach this host over https, as far as the settings say."""
    seen = vars(getattr(request, "desk", None) or object).get("operator")  # most pages looked at the settings already
    known = seen.base_url if seen else Operator.objects.values_list("base_url", flat=True).first()
    base, host = urlsplit(known or ""), request.get_host()
    return base.scheme == "https" and split_domain_port(host.lower())[0] == (base.hostname or "").lower()

"""Language and colours, chosen by whoever looks. Forms that post, so that they work without JavaScript."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balie.accounts.login import choose_digest, choose_language
from balie.rules.errors import Refused
from balie.web.access import office
from balie.web.context import THEME_COOKIE, THEMES
from balie.web.request import OfficeRequest, typed

YEAR = 365 * 24 * 3600


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speaks another language: for the person who is logged in, and in this browser."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        said = _("There is no language %(language)s; choose nl, de or en.") % {"language": repr(chosen[:40])}
        raise Refused("bad_language", said, "language")
    user = typed(request).user
    if user.is_authenticated:
        choose_language(user, chosen)
    return remembered(request, settings.LANGUAGE_COOKIE_NAME, chosen)


@require_POST
@office
def digest(request: OfficeRequest) -> HttpResponse:
    """The mail with the tasks that came and are solved: every day, on Mondays, never."""
    choose_digest(request.user, request.POST.get("digest", ""))
    return redirect(back_to(request))


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the system wishes. A cookie, so that the very first byte of a page has the right colours."""
    chosen = request.POST.get("theme", "")
    if chosen not in THEMES:
        said = _("There are no colours %(theme)s; choose light, dark or system.") % {"theme": repr(chosen[:40])}
        raise Refused("bad_theme", said, "theme")
    return remembered(request, THEME_COOKIE, chosen)


def back_to(request: HttpRequest) -> str:
    """The page somebody came from, if it is one of ours."""
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if safe else "/"


def remembered(request: HttpRequest, cookie: str, value: str) -> HttpResponse:
    response = redirect(back_to(request))
    response.set_cookie(cookie, value, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response

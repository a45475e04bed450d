"""The tokens with which other programs use the API: which there are, a new one shown once, and withdrawing one."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from balie.accounts.actions import NewToken
from balie.accounts.models import Role, Token
from balie.accounts.tokens import makers, new_token, withdraw_token
from balie.operator.models import LogEntry
from balie.operator.queries import pages
from balie.rules.errors import Refused
from balie.web import notices
from balie.web.access import administrator, office
from balie.web.office.settings.refused import on_page
from balie.web.office.settings.told import history, role_name
from balie.web.office.settings.typed import Trouble
from balie.web.request import OfficeRequest, author

MAY = {
    Role.AGENT: gettext_lazy("reads notes and calls of clients, writes notes; no month report, prices or costs"),
    Role.MANAGER: gettext_lazy("reads every report and price, pushes calls and SMS, orders and changes contracts"),
    Role.ADMINISTRATOR: gettext_lazy("the same: nothing of the API asks for more so far"),
}


@office
def token_settings(request: OfficeRequest) -> HttpResponse:
    return tokens_page(request)


@never_cache
def tokens_page(request: OfficeRequest, problem: Trouble | None = None, made: NewToken | None = None) -> HttpResponse:
    """All tokens; with what was refused, or with the new one in plain text: this one time."""
    tokens = list(Token.objects.order_by("name"))
    by = makers(tokens)
    known = {
        "tokens": [(token, role_name(token.role), by.get(token.name, "")) for token in tokens],
        "roles": [(role.value, role_name(role), words) for role, words in MAY.items()],
        "may": request.user.may(Role.ADMINISTRATOR),
        "given": request.POST.dict() if problem else {},
        "problem": problem,
        "made": made,
        "history": history(LogEntry.objects.filter(about__startswith="token:"), several=True),
        "api": pages(request.desk.operator),
    }
    return render(request, "balie/settings/tokens.html", known, status=problem.status if problem else 200)


@require_POST
@administrator
def new(request: OfficeRequest) -> HttpResponse:
    """Makes a token and shows it on the answer itself: nothing keeps it for another page."""
    said = request.POST
    try:
        made = new_token(name=said.get("name", ""), role=said.get("role", ""), author=author(request))
    except Refused as refusal:
        return tokens_page(request, Trouble(on_page(refusal.message), refusal.where))
    return tokens_page(request, made=made)


@require_http_methods(["GET", "HEAD", "POST"])
@administrator
def withdraw(request: OfficeRequest, pk: int) -> HttpResponse:
    """Says what it does; its button withdraws the token. One that is gone was withdrawn in another tab, or just now."""
    token = Token.objects.filter(pk=pk).first()
    if token is None:
        notices.refused(request, _("This token was withdrawn already."))
        return redirect("token_settings")
    if request.method != "POST":
        known = {"token": token, "role": role_name(token.role)}
        return render(request, "balie/settings/withdraw_token.html", known)
    if withdraw_token(token=token, author=author(request)):
        notices.done(request, _("The token %(name)s opens nothing any more.") % {"name": token.name})
    else:
        notices.refused(request, _("The token %(name)s was withdrawn or made anew already.") % {"name": token.name})
    return redirect("token_settings")


urlpatterns = [
    path("settings/tokens/", token_settings, name="token_settings"),
    path("settings/tokens/new/", new, name="new_token"),
    path("settings/tokens/<int:pk>/withdraw/", withdraw, name="withdraw_token"),
]

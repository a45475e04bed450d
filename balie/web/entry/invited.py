"""The page behind the link of an invitation: opening it changes nothing, its button makes the user."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from balie.accounts.invitations import accept, invitation_of, is_accepted, is_over
from balie.accounts.models import Invitation
from balie.rules.errors import Refused
from balie.web import errors
from balie.web.entry.entering import enter
from balie.web.request import OfficeRequest, typed


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest, key: str) -> HttpResponse:
    """Asks for a password, in the language of the mail."""
    ours, found = typed(request), invitation_of(key[:100])
    if found is None and is_accepted(key[:100], ours.desk.now):
        return render(request, "balie/accepted.html", status=410)
    if found is None or is_over(found, ours.desk.now):
        return errors.page(
            request,
            410,
            _("This link does not work any more"),
            _("It was used already, or it is too old. Ask whoever invited you for a new one."),
        )
    with override(found.language):
        return answer(ours, found, key[:100])


def answer(request: OfficeRequest, found: Invitation, key: str) -> HttpResponse:
    problem = ""
    if request.method == "POST":
        try:
            user = accept(key=key, password=request.POST.get("password", ""), now=request.desk.now)
        except Refused as refusal:
            problem = refusal.message
        else:
            return enter(request, user, reverse("portal"))
    known = {"person": found, "problem": problem}
    return render(request, "balie/password.html", known, status=422 if problem else 200)

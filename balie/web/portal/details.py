"""The client's own data: company name, address for mails, language, how much of callers' numbers is shown.

Everybody of the client reads them; owners change them.
"""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from balie.accounts.details import Details, change_details, problems
from balie.rules.call import Privacy
from balie.web import errors, notices
from balie.web.everything import everything_file
from balie.web.portal.access import ClientRequest, own, owner_of_data
from balie.web.request import author
from balie.web.words import PRIVACIES

FIELDS = ("name", "email", "language", "hide_numbers")


@require_http_methods(["GET", "HEAD", "POST"])
@own
def details(request: ClientRequest) -> HttpResponse:
    if request.method != "POST":
        return page(request, {name: getattr(request.client, name) for name in FIELDS}, {})
    if not request.user.owner:
        return errors.not_for_members(request, errors.DATA)
    given = {name: request.POST.get(name, "")[:300] for name in FIELDS}
    said = Details(**given)
    if wrong := dict(problems(said)):
        return page(request, given, wrong)
    if change_details(client=request.client, said=said, author=author(request)):
        notices.done(request, _("Your data is changed."))
    return redirect("portal_details")


@owner_of_data
def everything(request: ClientRequest) -> HttpResponseBase:
    """All that is kept of the client, as one file."""
    return everything_file(request, request.client, for_client=True)


def page(request: ClientRequest, given: dict[str, Any], wrong: dict[str, str]) -> HttpResponse:
    known = {
        "client": request.client,
        "given": given,
        "problems": wrong,
        "privacies": [(str(one), PRIVACIES[one]) for one in Privacy],
    }
    return render(request, "balie/portal/details.html", known, status=422 if wrong else 200)

"""Who is away until when, and what callers shall hear: told by the client itself."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balie.notes.known import told
from balie.notes.models import Absence
from balie.operator.models import LogEntry
from balie.web import notices
from balie.web.notes.away import AwayForm, entered, form_of, removed, taken_back, tell_entered, undo_at
from balie.web.portal.access import ClientRequest, own


@own
def away(request: ClientRequest) -> HttpResponse:
    return page(request)


def page(request: ClientRequest, form: AwayForm | None = None, status: int = 200) -> HttpResponse:
    """What holds now, what comes, and the form for another."""
    now = told(request.client, request.desk.operator, request.desk.now, ahead=None)
    both = [(one, True) for one in now.absences] + [(one, False) for one in now.coming]
    known: dict[str, Any] = {
        "client": request.client,
        "told": now,
        "absences": [(one, holds, form_of(one, request.desk)) for one, holds in both],
        "away": form or AwayForm(),
    }
    return render(request, "balie/portal/away.html", known, status=status)


@require_POST
@own
def enter(request: ClientRequest) -> HttpResponseBase:
    return stored(request, None)


@require_POST
@own
def change(request: ClientRequest, pk: int) -> HttpResponseBase:
    return stored(request, get_object_or_404(Absence, pk=pk, client=request.client))


def stored(request: ClientRequest, absence: Absence | None) -> HttpResponseBase:
    done = entered(request, request.client, absence)
    if isinstance(done, AwayForm):
        return page(request, done, status=422)
    tell_entered(request, done, "portal_undo_absence")
    return redirect("portal_absences")


@require_POST
@own
def remove(request: ClientRequest, pk: int) -> HttpResponse:
    entry = removed(request, get_object_or_404(Absence, pk=pk, client=request.client))
    notices.done(request, _("This exception is gone."), undo_at(entry, "portal_undo_absence"))
    return redirect("portal_absences")


@require_POST
@own
def undo(request: ClientRequest, pk: int) -> HttpResponse:
    """Takes back what somebody did to an exception of this client."""
    entry = get_object_or_404(LogEntry, pk=pk, deed__startswith="absence.", about=f"client:{request.client.number}")
    taken_back(request, request.client, entry)
    return redirect("portal_absences")

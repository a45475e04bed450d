"""Exceptions entered at the desk: the client calls and says who is away until when."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balie.accounts.models import Client
from balie.notes.actions import undo_absence
from balie.notes.known import caller_known, told
from balie.notes.models import Absence
from balie.operator.models import LogEntry
from balie.rules.errors import Refused
from balie.web import notices
from balie.web.desk.access import AgentRequest, agents, desk_address
from balie.web.desk.place import Place, asked
from balie.web.desk.start import beside
from balie.web.notes.away import AwayForm, entered, removed, undo_at
from balie.web.request import author


@require_POST
@agents
def enter(request: AgentRequest) -> HttpResponseBase:
    """Enters one for the client of the note that is open; htmx gets the right side again."""
    place = place_asked(request)
    assert place.client
    done = entered(request, place.client)
    if isinstance(done, AwayForm):
        return beside_page(request, place, form=done)
    return answered(request, place, done, _("Everybody says this from now on; where it begins later, from then on."))


@require_POST
@agents
def remove(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Takes one away; it can be taken back."""
    absence = get_object_or_404(Absence.objects.select_related("client"), pk=pk)
    place = asked(request.GET, request.agent, request.desk) or Place("", "", absence.client)
    return answered(request, place, removed(request, absence), _("This exception is gone."))


@require_POST
@agents
def undo(request: AgentRequest, pk: int) -> HttpResponseBase:
    """Takes back what was entered or taken away, by this person, just now."""
    entry = get_object_or_404(LogEntry, pk=pk, user_id=request.user.pk, deed__startswith="absence.")
    client = get_object_or_404(Client, number=entry.about.removeprefix("client:"))
    undo_absence(client=client, entry=entry, author=author(request))
    place = asked(request.GET, request.agent, request.desk) or Place("", "", client)
    return answered(request, place, None, _("It is as it was before."))


def place_asked(request: AgentRequest) -> Place:
    place = asked(request.GET, request.agent, request.desk)
    if place is None or place.client is None:
        raise Refused("unknown_client", _("Choose the client first."), "client")
    return place


def answered(request: AgentRequest, place: Place, entry: LogEntry | None, said: str) -> HttpResponseBase:
    """The right side, saying so; without htmx the desk again."""
    undo = undo_at(entry, "desk_undo_absence") if entry else ""
    if request.htmx:
        return beside_page(request, place, done=said, undo=f"{undo}?{place.query}" if undo else "")
    notices.done(request, said, undo)
    return redirect(desk_address(place.query))


def beside_page(request: AgentRequest, place: Place, form: AwayForm | None = None, **more: str) -> HttpResponse:
    assert place.client
    desk, number = request.desk, place.caller
    said, caller = told(place.client, desk.operator, desk.now), caller_known(place.client, number, desk.now)
    known = beside(request, place, said, caller)
    status = 200 if request.htmx or form is None else 422
    return render(request, "balie/desk/_told.html", {**known, "away": form, **more}, status=status)

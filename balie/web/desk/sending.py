"""A note is sent, or kept while it is typed."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balie.notes.actions import DraftElsewhere, NoteSent, drop_draft, keep_draft, send_note
from balie.notes.actions.drafts import OF_THE_FORM
from balie.notes.known import desk_of, note_of_call
from balie.notes.models import Draft, Note
from balie.rules.errors import Refused
from balie.web import notices
from balie.web.desk.access import AgentRequest, agents, desk_address, whole_page
from balie.web.desk.place import Place, asked
from balie.web.desk.start import middle, new_key
from balie.web.desk.waiting import here, waiting
from balie.web.notes.fields import OWN, doubts, of_post, said_in
from balie.web.request import author


@require_POST
@agents
def send(request: AgentRequest) -> HttpResponseBase:
    """Sends the note and goes on to the next call. What looks wrong is asked about once, and sent if it shall be."""
    place = asked(request.GET, request.agent, request.desk)
    if place is None or place.client is None:
        raise Refused("unknown_client", _("Choose the client whose note this is."), "client")
    country = request.desk.operator.country
    said, desk, key = said_in(request.POST, country), desk_of(place.client), request.POST.get("key", "")[:200]
    if not request.POST.get("anyway") and (doubtful := doubts(said, desk, country)):
        return again(request, place, problems=doubtful, may_anyway=True)
    if not request.POST.get("second") and (earlier := note_of_call(place.call, request.agent, other_than=key)):
        return again(request, place, problems={"key": _("This call has a note already.")}, earlier=earlier)
    try:
        note = send_note(
            client=place.client,
            agent=request.agent,
            said=said,
            place=place.name,
            call=place.call,
            key=key,
            author=author(request),
        )
    except NoteSent as sent:
        return again(request, place, new_key(), problems={"key": sent.message}, earlier=sent.note)
    except Refused as refusal:
        return again(request, place, problems={refusal.where: refusal.message})
    return whole_page(request, desk_address(f"sent={note.pk}"))


def again(request: AgentRequest, place: Place, key: str = "", **wrong: Any) -> HttpResponse:
    """The form with what was typed and what is to be looked at; htmx gets the form alone. key: another than before."""
    assert place.client
    form = of_post(request.POST, desk_of(place.client), **wrong)
    known = middle(request, place, form, key or request.POST.get("key", "")[:200])
    if request.htmx:
        return render(request, "balie/desk/_note.html", known)
    left = waiting(request.agent, request.desk)
    known |= {"waiting": left, "here": here(place)}
    return render(request, "balie/desk/desk.html", known, status=422)


@require_POST
@agents
def keep(request: AgentRequest) -> HttpResponse:
    """Keeps what is typed, every few seconds; says when it was kept, or that another window writes here."""
    place = asked(request.GET, request.agent, request.desk)
    name = place.name if place else correcting(request)
    if not name:
        return HttpResponse(status=204)
    said = {key: str(request.POST[key]) for key in request.POST if key != "csrfmiddlewaretoken"}
    of_form = {key: said[key] for key in OF_THE_FORM if key in said}
    typed = said if any(text.strip() for key, text in said.items() if key in WORTH or key.startswith(OWN)) else of_form
    if typed is said and place and place.client:
        typed["client"] = place.client.number
    try:
        kept = keep_draft(agent=request.agent, place=name, said=typed, author=author(request))
    except DraftElsewhere as elsewhere:
        return render(request, "balie/desk/_kept.html", {"elsewhere": elsewhere.message})
    return render(request, "balie/desk/_kept.html", {"kept_at": request.desk.now if kept else None})


# What is filled in by itself is no draft: a number, an outcome, a name known from earlier.
WORTH = ("reason", "text", "promised", "callback")


def correcting(request: AgentRequest) -> str:
    """The place of a correction's draft; empty for anything but a note of one's own."""
    number = request.GET.get("note", "")
    if not (number.isascii() and number.isdigit() and len(number) < 12):
        return ""
    return f"note:{number}" if Note.objects.filter(pk=int(number), agent=request.agent).exists() else ""


@require_POST
@agents
def drop(request: AgentRequest, pk: int) -> HttpResponse:
    """Throws a draft away; the page has asked before."""
    held = get_object_or_404(Draft, pk=pk, agent=request.agent)
    drop_draft(agent=request.agent, place=held.place)
    notices.done(request, _("The draft is gone."))
    return redirect("desk")

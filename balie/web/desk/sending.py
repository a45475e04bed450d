"""A note is sent, or kept while it is typed."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balie.accounts.models import Client
from balie.notes.actions import DraftElsewhere, NoteSent, Said, drop_draft, keep_draft, send_note
from balie.notes.actions.drafts import OF_THE_FORM, has_said
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
    if before := moved_from(request, place):
        return moved(request, place, before, said)
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


def moved_from(request: AgentRequest, place: Place) -> Client | None:
    """Whose call it was when the page was opened, where it is another client's by now: the words were for that one."""
    number = request.GET.get("client", "")
    if place.call is None or place.client is None or number in ("", place.client.number):
        return None
    return Client.objects.filter(number=number[:40]).first()


def moved(request: AgentRequest, place: Place, before: Client, said: Said) -> HttpResponseBase:
    """Asks whether the words are for the client that has the call now; not where they arrived before it was moved."""
    assert place.client
    key = request.POST.get("key", "")[:200]
    sent = Note.objects.filter(key=key, agent=request.agent).first() if key else None
    if sent and has_said(sent, said):
        drop_draft(agent=request.agent, place=place.name)
        return whole_page(request, desk_address(f"sent={sent.pk}"))
    asks = _(
        "This call is one of %(now)s by now, not of %(before)s any more. See whether your words are meant for %(now)s,"
        " then send again."
    )
    problems = {"call": asks % {"now": place.client.name, "before": before.name}}
    return again(request, place, new_key() if sent else "", problems=problems, is_moved=True)


def again(request: AgentRequest, place: Place, key: str = "", *, is_moved: bool = False, **wrong: Any) -> HttpResponse:
    """The form with what was typed and what is to be looked at; htmx gets the form alone. key: another than before;
    is_moved: it is another client's, so that what is said at the right is another, too."""
    assert place.client
    form = of_post(request.POST, desk_of(place.client), **wrong)
    known = middle(request, place, form, key or request.POST.get("key", "")[:200])
    if request.htmx:
        return render(request, f"balie/desk/{'_moved' if is_moved else '_note'}.html", known)
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

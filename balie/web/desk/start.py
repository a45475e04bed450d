"""The desk itself: left the calls without a note, in the middle the note, at the right what to say for the client."""

import secrets
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from balie.notes.known import Caller, Told, caller_known, draft, told, was_passed_on
from balie.notes.models import Note
from balie.quality.own import findings_of
from balie.rules.recording import Outcome
from balie.web.access import client_opened
from balie.web.desk.access import AgentRequest, agents
from balie.web.desk.place import Place, asked, of_call
from balie.web.desk.waiting import here, waiting
from balie.web.notes.fields import Form, form_of, own_of
from balie.web.notes.shown import OUTCOMES


@agents
def desk(request: AgentRequest) -> HttpResponse:
    """What the address asks for; else the first call that needs a note."""
    left = waiting(request.agent, request.desk)
    place = asked(request.GET, request.agent, request.desk)
    missing = place is None and any(request.GET.get(name) for name in ("call", "client", "did"))
    if place is None and left.first and not missing:
        place = of_call(left.first)
    if place and place.client:
        client_opened(request, place.client.number)
    known = {
        "waiting": left,
        "here": here(place),
        "place": place,
        "missing": missing,
        "sent": just_sent(request),
        "wrong": findings_of(request.agent).count(),
        **(middle(request, place) if place and place.client else {}),
    }
    return render(request, "balie/desk/desk.html", known)


def just_sent(request: AgentRequest) -> Note | None:
    """The note whose sending led here, for the line that says so."""
    number = request.GET.get("sent", "")
    if not (number.isascii() and number.isdigit() and len(number) < 12):
        return None
    return Note.objects.filter(pk=int(number), agent=request.agent).select_related("client").first()


def middle(request: AgentRequest, place: Place, form: Form | None = None, key: str = "") -> dict[str, Any]:
    """The note and what stands beside it. form: what was typed; else what a draft has, else what is known."""
    assert place.client
    said = told(place.client, request.desk.operator, request.desk.now)
    known = caller_known(place.client, place.caller, request.desk.now, place.call.pk if place.call else None)
    kept = None if form else draft(request.agent.pk, place.name)
    if form is None and kept:
        form = form_of(kept.said, said.desk, own_of(kept.said))
    return {
        "form": form or empty(place, said, known),
        "key": key or (str(kept.said.get("key", "")) if kept else "") or new_key(),
        "kept": kept,
        "window": request.POST.get("window", "")[:40] or secrets.token_urlsafe(9),
        "based_on": request.POST.get("based_on", "")[:40] or (kept.at.isoformat() if kept else ""),
        "outcomes": list(OUTCOMES.items()),
        **beside(request, place, said, known),
    }


def new_key() -> str:
    """By which a note is known should its form be sent twice."""
    return f"desk-{secrets.token_urlsafe(12)}"


def beside(request: AgentRequest, place: Place, said: Told, known: Caller) -> dict[str, Any]:
    """What is said at the right."""
    return {"told": said, "known": known, "place": place, "greeting": said.greeting(str(request.agent))}


def empty(place: Place, said: Told, known: Caller) -> Form:
    """A new note: the caller as earlier notes know him, the outcome as the call's data has it."""
    through = place.call is not None and was_passed_on(place.call)
    values = {
        "caller": place.caller if place.caller != "anonymous" else "",
        "caller_name": known.name,
        "email": known.email,
        "outcome": Outcome.FORWARDED if through else Outcome.MESSAGE,
    }
    return form_of(values, said.desk, {})

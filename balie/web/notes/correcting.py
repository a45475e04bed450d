"""A note that was sent is corrected, at the desk by its agent and in the office by managers: one form, one way.

Who was slower than somebody else is told, and sees both: nothing anybody wrote is lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db.models import Case, Q, When
from django.utils.translation import gettext as _

from balie.accounts.models import Agent, Client
from balie.calls.models import Call
from balie.notes.actions import Matched, NoteChanged, send_correction
from balie.notes.known import desk_of, draft
from balie.notes.models import Note
from balie.quality.window import TALKED
from balie.rules.errors import Refused
from balie.rules.phone import e164
from balie.web.notes.fields import Form, doubts, form_of, of_note, of_post, own_of, said_in
from balie.web.notes.shown import OUTCOMES, as_said, differences
from balie.web.request import OfficeRequest, author

BEFORE, AFTER, MOST = timedelta(hours=4), timedelta(hours=1), 24
LONG_BEFORE = timedelta(days=3)  # of the note's client: who writes late could not choose it otherwise


@dataclass(frozen=True)
class Correction:
    """The form of a correction. version: the one that was read; differences: field, what stands there now, what was
    typed; faster: who corrected it meanwhile; client: its number as typed.
    """

    note: Note
    form: Form
    version: int
    client: str
    call: str = ""
    restored: bool = False
    faster: str = ""
    differences: Sequence[tuple[str, str, str]] = ()
    status: int = 200

    @property
    def outcomes(self) -> list[tuple[str, object]]:
        return [(str(name), label) for name, label in OUTCOMES.items()]

    @property
    def calls(self) -> list[Call]:
        """Those the note may be about: the agent's around its time, first those of its client; and the one it has."""
        at = self.note.at
        near = Call.objects.filter(agent=self.note.agent_id, start__gte=at - LONG_BEFORE, start__lt=at + AFTER)
        near = near.filter(Q(start__gte=at - BEFORE) | Q(client=self.note.client_id), type__in=TALKED)
        near = near.annotate(own=Case(When(client=self.note.client_id, then=1), default=0))
        found: list[Call] = list(near.select_related("client").order_by("-own", "-start")[:MOST])
        if self.note.call and self.note.call not in found:
            found.insert(0, self.note.call)
        return found


def place_of(note: Note) -> str:
    """Where the draft of a correction lies."""
    return f"note:{note.pk}"


def begun(note: Note, agent: Agent | None = None) -> Correction:
    """The form with what the note says, or with what this agent typed before and did not send."""
    desk = desk_of(note.client)
    kept = draft(agent.pk, place_of(note)) if agent else None
    form = form_of(kept.said, desk, own_of(kept.said)) if kept else of_note(note, desk)
    version = version_in(kept.said) if kept else 0
    return Correction(note, form, version or note.version, note.client.number, chosen(note), restored=kept is not None)


def chosen(note: Note) -> str:
    return str(note.call_id or "")


def attempt(request: OfficeRequest, note: Note, agent: Agent | None = None) -> Note | Correction:
    """The corrected note; else the form again, with why. agent: whose draft goes then."""
    post, version = request.POST, version_in(request.POST)
    client = Client.objects.filter(number=post.get("client", note.client.number).strip()[:40]).first()
    country = request.desk.operator.country
    desk, said = desk_of(client or note.client), said_in(post, country)

    def again(problems: dict[str, str] | None = None, *, may_anyway: bool = False) -> Correction:
        form = of_post(post, desk, problems=problems or {}, may_anyway=may_anyway)
        return Correction(note, form, version, client=post.get("client", ""), call=post.get("call", ""), status=422)

    if not version:
        return again(problems={"version": _("The page did not say which version of the note you read. Load it anew.")})
    if client is None:
        return again(problems={"client": _("There is no client with this number.")})
    call = call_in(request, note)
    if call is None and request.POST.get("call", "") not in ("", chosen(note)):
        return again(problems={"call": _("Choose one of the calls in the list.")})
    if not post.get("anyway") and (doubtful := doubts(said, desk, country)):
        return again(problems=doubtful, may_anyway=True)
    other = client if client.pk != note.client_id else None
    try:
        return send_correction(
            note=note, said=said, version=version, agent=agent, place=place_of(note), client=other,
            call=call, author=author(request),
        )  # fmt: skip
    except NoteChanged as faster:
        typed = of_post(post, desk)
        meant = {**typed.values, "fields": {one.name: one.value for one in typed.own if one.value}}
        for name in ("caller", "callback"):  # the same number written otherwise is no difference
            if e164(meant[name].strip()[:80], country) == e164(stands := getattr(faster.note, name), country):
                meant[name] = stands
        told = differences(as_said(faster.note), {**as_said(faster.note), **meant, "urgency": said.urgency})
        now = faster.note
        return replace(again(), status=409, version=now.version, faster=now.by, differences=told)
    except Refused as refusal:
        return again(problems={refusal.where: refusal.message})


def version_in(said: Mapping[str, Any]) -> int:
    """The version that was read; 0, which no note has, where the form, or what is kept of it, does not say."""
    typed = str(said.get("version", ""))
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 8 else 0


def call_in(request: OfficeRequest, note: Note) -> Call | Matched | None:
    """The call that was chosen, if it is another than the note's: one of the agent's own; or that none was meant."""
    typed = request.POST.get("call")
    if typed is None:
        return None
    if not typed and note.given:
        return Matched.BY_ITSELF
    if not (typed.isascii() and typed.isdigit() and len(typed) < 19) or typed == chosen(note):
        return None
    return Call.objects.filter(pk=int(typed), agent=note.agent_id).first()

"""What one agent sees of its own work: calls that still need a note, and what is wrong with its notes."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from balie.accounts.models import Agent
from balie.calls.models import Call
from balie.notes.models import ExemptCaller, Note
from balie.quality.looking import settings
from balie.quality.models import Finding
from balie.rules.call import CallType
from balie.rules.matching import Moment, Spell, matched

MOST = 500


def calls_without_note(agent: Agent, since: datetime, until: datetime | None = None) -> list[Call]:
    """The agent's accepted calls that started since then and need a note, the newest first; at most 500.

    Not those of notes that wait for being matched: the note came first, the call is there meanwhile.
    """
    left = list(needing(agent, since, until))
    return without_matched(left, agent, since) if left else []


def needing(agent: Agent, since: datetime, until: datetime | None) -> QuerySet[Call]:
    """Without a note that is stored as theirs. One query by the agent and time."""
    exempt = ExemptCaller.objects.filter(client=OuterRef("client"), number=OuterRef("caller"))
    calls = Call.objects.filter(~Exists(exempt), agent=agent, type=CallType.ACCEPTED, start__gte=since)
    calls = calls.filter(start__lt=until) if until else calls
    noted = Note.objects.filter(call=OuterRef("pk"))
    return calls.exclude(client=None).filter(~Exists(noted)).select_related("client").order_by("-start")[:MOST]


def without_matched(calls: Sequence[Call], agent: Agent, since: datetime) -> list[Call]:
    """What is left once this agent's notes without a call are brought together with these."""
    rows = Note.objects.filter(agent=agent, at__gte=since, call=None).values_list("pk", "client", "at")
    moments: dict[int, list[Moment]] = defaultdict(list)
    for pk, client, at in rows:
        moments[client].append(Moment(pk, int(at.timestamp())))
    if not moments:
        return list(calls)
    tolerance, taken = settings().tolerance * 60, set()
    for client, waiting in moments.items():
        spells = [spell(call) for call in calls if call.client_id == client]
        taken |= set(matched(waiting, spells, tolerance=tolerance).values())
    return [call for call in calls if call.pk not in taken]


def spell(call: Call) -> Spell:
    start = int(call.start.timestamp())
    return Spell(call.pk, start, start + call.ring + call.talk)


def findings_of(agent: Agent) -> QuerySet[Finding]:
    """What is wrong with this agent's notes now, the newest first."""
    found = Finding.objects.filter(agent=agent, closed=None).select_related("note__client", "client")
    return found.order_by("-note__at", "-note_id", "pk")

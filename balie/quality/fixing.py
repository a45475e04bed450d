"""Calls of a month that still need a note, as managers go through them. Reads; balie.quality.handing writes."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from balie.accounts.models import Agent
from balie.calls.models import Call
from balie.notes.models import ExemptCaller, Note
from balie.quality.models import HandedCall
from balie.quality.queries import without_note
from balie.rules.call import CallType
from balie.rules.period import Period, day_begin

DAY = timedelta(days=1)
ORDERS = {
    "start": ("start", "key"),
    "client": ("client__name", "start", "key"),
    "agent": ("agent__name", "start", "key"),
    "caller": ("caller", "start", "key"),
    "talk": ("talk", "start", "key"),
}
MOST = 200  # of one agent's, handed over by managers


def listed(period: Period, wanted: Mapping[str, Any], order: str) -> QuerySet[Call]:
    """Those of the agent (code), client (number) and day asked for; order: a key of ORDERS, maybe with a minus."""
    found = without_note(period).select_related("client", "agent")
    for name, lookup in (("agent", "agent__code"), ("client", "client__number")):
        if wanted.get(name):
            found = found.filter(**{lookup: wanted[name]})
    day: date | None = wanted.get("day")
    if day:
        found = found.filter(start__gte=day_begin(day, period.zone), start__lt=day_begin(day + DAY, period.zone))
    names = ORDERS[order.removeprefix("-")]
    return found.order_by(*(f"-{name}" if order.startswith("-") else name for name in names))


def handed(calls: Iterable[Call]) -> dict[tuple[int, str], HandedCall]:
    """Which of these calls were handed to their agents, by source and key. One query."""
    rows = HandedCall.objects.filter(key__in=[call.key for call in calls])
    return {(row.source_id, row.key): row for row in rows}


def handed_to(agent: Agent) -> list[Call]:
    """Calls a manager asks this agent to write down and that have no note yet, the oldest first."""
    asked = HandedCall.objects.filter(agent=agent, source=OuterRef("source"), key=OuterRef("key"))
    exempt = ExemptCaller.objects.filter(client=OuterRef("client"), number=OuterRef("caller"))
    noted = Note.objects.filter(call=OuterRef("pk"))
    found = Call.objects.filter(Exists(asked), ~Exists(exempt), ~Exists(noted), agent=agent, type=CallType.ACCEPTED)
    return list(found.exclude(client=None).select_related("client").order_by("start", "key")[:MOST])

"""What the calls say of agents and endpoints: how many each answered, and which endpoints are nobody's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Min, Sum

from balie.calls.models import AgentDay, Call
from balie.rules.call import CallType

MOST = 50


@dataclass(frozen=True)
class Unknown:
    """An endpoint at which calls were answered and that was no agent's on their days. first, last: moments, UTC."""

    endpoint: str
    calls: int
    first: datetime
    last: datetime


def answered_since(day: date) -> dict[int, int]:
    """How many calls each agent (id) answered on this local day and later; one query over the sums."""
    rows = AgentDay.objects.filter(day__gte=day, type=CallType.ACCEPTED).order_by().values("agent")
    return dict(rows.annotate(n=Sum("calls")).values_list("agent", "n"))


def unknown_endpoints(since: datetime) -> Sequence[Unknown]:
    """Endpoints that answered calls since then without an agent, those with most calls first; at most fifty."""
    calls = Call.objects.filter(agent=None, type=CallType.ACCEPTED, start__gte=since).exclude(endpoint="")
    found = calls.order_by().values("endpoint").annotate(n=Count("pk"), first=Min("start"), last=Max("start"))
    return [Unknown(row["endpoint"], row["n"], row["first"], row["last"]) for row in found.order_by("-n")[:MOST]]

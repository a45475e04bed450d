"""The endpoints of one agent, all at once: what he has from when to when, until when he works here, and undo.

World files say the same claim by claim (actions.py); no endpoint is two agents' on one day, whoever says it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from balie.accounts.actions import endpoint_taken
from balie.accounts.models import Agent, AgentEndpoint
from balie.operator.actions import Author, write_log
from balie.operator.models import LogEntry
from balie.operator.queries import locked_operator
from balie.rules.errors import Refused
from balie.rules.spans import SharedDay, Span, refuse_shared_days

SET = "agent.endpoints"


@dataclass(frozen=True)
class Held:
    """An endpoint and the local days from which and until which it is somebody's, both included; None: no end there."""

    endpoint: str
    first: date | None
    last: date | None

    def written(self) -> list[str | None]:
        """As the log keeps it."""
        first, last = (day.isoformat() if day else None for day in (self.first, self.last))
        return [self.endpoint, first, last]

    def holds(self, endpoint: str, day: date) -> bool:
        return self.endpoint == endpoint and (self.first or date.min) <= day <= (self.last or date.max)

    @classmethod
    def read(cls, kept: Sequence[str | None]) -> "Held":
        endpoint, *days = kept
        first, last = (day and date.fromisoformat(day) for day in days)
        return cls(endpoint or "", first or None, last or None)


@dataclass(frozen=True)
class Changed:
    """What came of it: the log's entry that undoes it (None: nothing changed), the endpoints it is about, the first day
    on which one of them is another's than before, and what the agent had until now."""

    entry: int | None
    endpoints: tuple[str, ...] = ()
    since: date = date.min
    before: tuple[Held, ...] = ()


def held_by(agent: Agent) -> tuple[Held, ...]:
    """What the agent has, had and will have, in order of time."""
    return in_order(Held(row.endpoint, row.first_day, row.last_day) for row in rows_of(agent))


def in_order(held: Iterable[Held]) -> tuple[Held, ...]:
    return tuple(sorted(held, key=lambda one: (one.first or date.min, one.last or date.max, one.endpoint)))


@transaction.atomic
def set_endpoints(*, agent: Agent, held: Sequence[Held], author: Author) -> Changed:
    """From now on these are the agent's endpoints. Whoever changes endpoints takes turns.

    Refused where one would be two agents' on one day or stands twice, with `where` the place among `held`:
    endpoints[1].endpoint.
    """
    locked_operator()
    before, after = held_by(agent), in_order(held)
    if before == after:
        return Changed(None)
    refuse_taken(agent, held)
    gone = [row.pk for row in rows_of(agent) if Held(row.endpoint, row.first_day, row.last_day) not in after]
    AgentEndpoint.objects.filter(pk__in=gone).delete()
    new = [one for one in after if one not in before]
    AgentEndpoint.objects.bulk_create(
        AgentEndpoint(agent=agent, endpoint=one.endpoint, first_day=one.first, last_day=one.last) for one in new
    )
    details = {"before": [one.written() for one in before], "after": [one.written() for one in after]}
    entry = write_log(author=author, deed=SET, about=f"agent:{agent.code}", details=details)
    endpoints = tuple(sorted({one.endpoint for one in {*before} ^ {*after}}))
    since = (first_difference(endpoint, before, after) for endpoint in endpoints)
    return Changed(entry.pk, endpoints, min(since, default=date.min), before)


def first_difference(endpoint: str, before: Sequence[Held], after: Sequence[Held]) -> date:
    """The first day on which the endpoint is in one of these and not in the other."""
    edges = {date.min}
    for one in (*before, *after):
        edges |= {one.first} if one.first else set()
        edges |= {one.last + timedelta(days=1)} if one.last else set()
    differ = (day for day in sorted(edges) if any_holds(before, endpoint, day) != any_holds(after, endpoint, day))
    return next(differ, date.max)


def any_holds(held: Iterable[Held], endpoint: str, day: date) -> bool:
    return any(one.holds(endpoint, day) for one in held)


def rows_of(agent: Agent) -> QuerySet[AgentEndpoint]:
    return AgentEndpoint.objects.filter(agent=agent)


def refuse_taken(agent: Agent, held: Sequence[Held]) -> None:
    """Refused where one of these would be another's on the same day too, or stands twice; as a world file is."""
    spans: dict[str, list[Span]] = {one.endpoint: [] for one in held}
    for place, one in enumerate(held):
        spans[one.endpoint].append(Span(agent.pk, one.first, one.last, where=f"endpoints[{place}].endpoint"))
    for row in AgentEndpoint.objects.filter(endpoint__in=list(spans)).exclude(agent=agent):
        spans[row.endpoint].append(Span(row.agent_id, row.first_day, row.last_day))
    for endpoint, of_one in spans.items():
        try:
            refuse_shared_days(of_one)
        except SharedDay as shared:
            raise endpoint_taken(endpoint, shared) from None


@transaction.atomic
def leave(*, agent: Agent, last: date, author: Author) -> Changed:
    """The agent has no endpoint after this day: those that go on end on it, those that begin later never do."""
    locked_operator()
    held = held_by(agent)
    staying = [replace(one, last=last) if one.last is None or one.last > last else one for one in held
               if one.first is None or one.first <= last]  # fmt: skip
    if held and tuple(staying) == held:
        raise Refused("has_left", _("This agent has no endpoint after that day already."), "last")
    if not held:
        raise Refused("has_left", _("This agent has no endpoint; there is nothing to end."), "last")
    return set_endpoints(agent=agent, held=staying, author=author)


@transaction.atomic
def give_endpoint(*, agent: Agent, endpoint: Held, author: Author) -> Changed:
    """One more for this agent. Refused where it is somebody's on one of these days."""
    locked_operator()
    return set_endpoints(agent=agent, held=[endpoint, *held_by(agent)], author=author)


@transaction.atomic
def undo_endpoints(*, entry: int, author: Author) -> tuple[Agent, Changed]:
    """What the agent had before is his again. Refused where his endpoints were changed since, or one is taken."""
    locked_operator()
    row = LogEntry.objects.filter(pk=entry, deed=SET).first()
    agent = Agent.objects.filter(code=row.about.removeprefix("agent:")).first() if row else None
    if row is None or agent is None:
        raise Refused("nothing_to_undo", _("There is nothing to take back."))
    if held_by(agent) != in_order(Held.read(one) for one in row.details["after"]):
        raise Refused("nothing_to_undo", _("The endpoints were changed since, so nothing was taken back."))
    before = [Held.read(one) for one in row.details["before"]]
    return agent, set_endpoints(agent=agent, held=before, author=author)


def last_day(held: Sequence[Held]) -> date | None:
    """The day on which the last of these ends; None where one goes on, or there is none."""
    ends = [one.last for one in held]
    return max((end for end in ends if end), default=None) if None not in ends else None

"""Reads over reviews: which notes may be drawn and which wait, what was thought of a month's, what an agent reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Count, Q, QuerySet

from balie.accounts.models import Agent
from balie.notes.models import Note
from balie.quality.models import Review
from balie.rules.period import Period


def of_month(period: Period) -> QuerySet[Review]:
    """Reviews of the notes written in a month, those that wait among them."""
    return Review.objects.filter(note__at__gte=period.begin, note__at__lt=period.end)


def done(period: Period) -> QuerySet[Review]:
    """Those with a score, the latest first."""
    found = of_month(period).exclude(score=None).select_related("note__client", "note__agent")
    return found.order_by("-at", "-pk")


def waiting(who: str) -> QuerySet[Review]:
    """Notes that were drawn and not looked at yet, of any month: first those that this person drew."""
    mine = Q(by=who)
    return Review.objects.filter(score=None).annotate(mine=mine).order_by("-mine", "pk")


def next_waiting(who: str, after: int = 0) -> Review | None:
    """The next of them behind that one (by id), else the first."""
    rows = list(waiting(who).values_list("pk", flat=True))
    behind = rows[rows.index(after) + 1 :] if after in rows else rows
    chosen = next((pk for pk in [*behind, *rows] if pk != after), None)
    return Review.objects.filter(pk=chosen).first() if chosen else None


def may_be_drawn(period: Period, *, agent: Agent | None, own: Agent | None, until: datetime) -> QuerySet[Note]:
    """Notes of a month written until then that nobody drew: of this agent or of all but own."""
    found = Note.objects.filter(at__gte=period.begin, at__lt=min(period.end, until), review=None).order_by()
    found = found.filter(agent=agent) if agent else found
    return found.exclude(agent=own) if own else found


def looked_at(period: Period) -> dict[int, int]:
    """How many notes of a month were drawn before, by agent (id)."""
    rows = of_month(period).order_by().values_list("note__agent").annotate(found=Count("pk"))
    return dict(rows)


@dataclass(frozen=True)
class Judged:
    """How the notes of one agent were judged; agent None: of all together. mean: None without any."""

    agent: Agent | None
    count: int
    mean: float | None
    unread: int


def judged(period: Period) -> tuple[Judged, Sequence[Judged]]:
    """A month's reviews of all together, and of each agent by name. Two queries."""
    unread = Count("pk", filter=Q(seen=None))
    rows = done(period).order_by().values_list("note__agent").annotate(Count("pk"), Avg("score"), new=unread)
    found = list(rows)
    agents = Agent.objects.in_bulk([row[0] for row in found])
    each = [Judged(agents[agent], count, mean, new) for agent, count, mean, new in found]
    total = sum(one.count for one in each)
    mean = sum(one.count * (one.mean or 0) for one in each) / total if total else None
    team = Judged(None, total, mean, sum(one.unread for one in each))
    return team, sorted(each, key=lambda one: (str(one.agent).casefold(), one.agent.code if one.agent else ""))


def reviews_of(agent: Agent) -> QuerySet[Review]:
    """What managers think of this agent's notes, the latest first."""
    found = Review.objects.filter(note__agent=agent).exclude(score=None).select_related("note__client")
    return found.order_by("-at", "-pk")


def unread_reviews(agent: Agent) -> int:
    """How many of them it did not open yet."""
    return Review.objects.filter(note__agent=agent, seen=None).exclude(score=None).count()

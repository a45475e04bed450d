"""The share of calls without a note, month by month, with what chance explains. Reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db.models import Count, Max, Sum

from balie.accounts.models import Agent
from balie.calls.models import AgentDay
from balie.notes.models import ExemptCaller
from balie.quality.models import CheckedDay
from balie.quality.names import Names
from balie.quality.queries import completeness
from balie.rules.call import CallType
from balie.rules.missing import Control, control
from balie.rules.period import Period

MONTHS = 12
PLACE = "recording:months"
KEPT = 3600  # seconds: a month that is over is counted again by then, whatever happened to it

Counted = Mapping[int, tuple[int, int]]  # agent (id) -> calls that need a note, those without one


@dataclass(frozen=True)
class Month:
    """One month. control: None without calls, or where so few agents may not be shown together."""

    period: Period
    calls: int
    missing: int
    control: Control | None


@dataclass(frozen=True)
class Trend:
    """Months in their order, and the share of the team in all of them together."""

    months: Sequence[Month]
    usual: float

    @property
    def empty(self) -> bool:
        return not any(month.control for month in self.months)


def trend(last: Period, known: Names, *, agent: Agent | None = None) -> Trend:
    """Twelve months up to this one, of the team or of one agent, against the team's share of all of them.

    Months with calls of so few agents that sums would speak of persons are left out where agents are looked at
    together; of one agent it is refused there.
    """
    if agent:
        known.demand()
    counted = months_counted(last)
    shown = {period: found for period, found in counted.items() if known.enough(len(found))}
    calls, missing = (sum(pair[at] for found in shown.values() for pair in found.values()) for at in (0, 1))
    usual = missing / calls if calls else 0.0
    months = [month(period, shown.get(period, {}), usual, agent) for period in counted]
    # An operator that began in March has no January before it.
    begun = next((at for at, one in enumerate(months) if counted[one.period]), len(months) - 1)
    return Trend(months[begun:], usual)


def month(period: Period, found: Counted, usual: float, agent: Agent | None) -> Month:
    pairs = [found.get(agent.pk, (0, 0))] if agent else list(found.values())
    calls, missing = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    return Month(period, calls, missing, control(missing, calls, usual=usual) if calls else None)


def months_counted(last: Period) -> dict[Period, Counted]:
    """Each month's calls and missing notes by agent.

    Counting a month of 100,000 calls takes 0.2 s, so months before the last one are kept for an hour, or until
    something changes.
    """
    periods = [last]
    while len(periods) < MONTHS:
        periods.insert(0, periods[0].previous())
    marks = marked(periods)
    kept: Mapping[str, Counted] = cache.get(PLACE) or {}
    found = {period: kept[mark] if (mark := marks[period]) in kept else counted(period) for period in periods[:-1]}
    now = {marks[period]: counts for period, counts in found.items()}
    if now.keys() - kept.keys():
        cache.set(PLACE, now, KEPT)
    return {**found, last: counted(last)}


def counted(period: Period) -> Counted:
    calls, missing = completeness(period)
    return {agent: (number, missing.get(agent, 0)) for agent, number in calls.items()}


def marked(periods: Sequence[Period]) -> dict[Period, str]:
    """A name for what stands in each month: another once its calls change, it is looked at, or callers are exempt."""
    first, last = periods[0].first_day, periods[-1].last_day
    exempt = ExemptCaller.objects.aggregate(number=Count("pk"), newest=Max("pk"))
    calls = by_month(calls_of_days(first, last))
    looked: dict[int, float] = {}
    for day, done in CheckedDay.objects.filter(day__gte=first, day__lte=last).values_list("day", "done"):
        key, moment = day.year * 100 + day.month, done.timestamp() if done else 0
        looked[key] = max(moment, looked.get(key, 0))
    return {
        period: f"{period}:{calls.get(period.key, 0)}:{looked.get(period.key, 0)}:{exempt['number']}:{exempt['newest']}"
        for period in periods
    }


def calls_of_days(first: date, last: date) -> dict[date, int]:
    rows = AgentDay.objects.filter(day__gte=first, day__lte=last, type=CallType.ACCEPTED).order_by()
    return dict(rows.values_list("day").annotate(found=Sum("calls")))


def by_month(days: Mapping[date, int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for day, number in days.items():
        key = day.year * 100 + day.month
        found[key] = found.get(key, 0) + number
    return found

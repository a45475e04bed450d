"""The share of calls without a note, month by month, with what chance explains. Reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from balie.accounts.models import Agent
from balie.quality.counted import counts_of
from balie.quality.names import Names
from balie.rules.missing import Control, control
from balie.rules.period import Period

MONTHS = 12

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
    """Each month's calls and missing notes by agent."""
    periods = [last]
    while len(periods) < MONTHS:
        periods.insert(0, periods[0].previous())
    # Notes of months that are over are few: what a worker has seen of them is enough.
    found = counts_of([(one.first_day, one.last_day) for one in periods], since=last.first_day)
    return {
        period: {agent: (calls, left) for agent, (calls, left, _notes) in one.items() if calls}
        for period, one in zip(periods, found, strict=True)
    }

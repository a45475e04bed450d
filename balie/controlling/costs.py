"""What work costs when: the operator's costs and those that were set from a day on. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from balie.operator.models import CostsFrom, Operator
from balie.rules.margin import CostSet, held
from balie.rules.period import Period


@dataclass(frozen=True)
class Costs:
    """All sets of costs, the operator's own from ever."""

    sets: tuple[CostSet, ...]

    @classmethod
    def of(cls, operator: Operator) -> "Costs":
        """One query."""
        rows = CostsFrom.objects.filter(removed=None)
        dated = (CostSet(row.costs, row.first_day, {int(pk): cost for pk, cost in row.groups.items()}) for row in rows)
        return cls((CostSet(operator.costs), *dated))

    def within(self, period: Period) -> Iterator[tuple[date, date, CostSet]]:
        """The parts of a month, each with the set that holds in it."""
        return held(self.sets, period.first_day, period.last_day)

    def on(self, day: date) -> CostSet:
        """The set that holds on a day."""
        return next(held(self.sets, day, day))[2]

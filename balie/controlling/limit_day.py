"""The day on which a contract's cost limit will be reached, if its calls come as expected. Reads nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from balie.controlling.expected import Expected
from balie.controlling.looks import Looked, scaled
from balie.rules import margin
from balie.rules.bill import LimitState
from balie.rules.period import Period
from balie.rules.terms import Quantity


@dataclass(frozen=True)
class LimitDays:
    """The local days on which the sum is expected to pass the limit, and limit and tolerance; None: not this month, or
    it has already."""

    limit: date | None = None
    task: date | None = None

    def figures(self) -> dict[str, str | None]:
        """As a task's figures say it."""
        return {"limit_day": said(self.limit), "task_day": said(self.task)}


@dataclass(frozen=True)
class Limited:
    """A contract under a cost limit in the running month: what it used, and what is expected of its client's calls."""

    looked: Looked
    period: Period
    used: Mapping[int, Quantity]
    expected: Expected
    cents: int = 2

    def state(self, calls: float) -> LimitState | None:
        """How the limit stands when the client's month has come to so many calls. Raises Refused as pricing does."""
        made = self.expected.amount
        used = scaled(self.used, made.factor(calls)) if self.used else self.used
        return margin.earned(self.looked.terms, self.period, used, cents=self.cents).limit

    def days(self) -> LimitDays:
        """When the limit, and limit and tolerance, will be passed. Prices the contract a few times."""
        course = self.expected.course()
        return LimitDays(
            limit=self.first(course, lambda state: state.reached), task=self.first(course, lambda state: state.task)
        )

    def first(self, course: list[tuple[date, float]], passed: Callable[[LimitState], bool]) -> date | None:
        """The first day at whose end it is passed, found by halves: a sum of usage only grows."""
        if not course or self.holds(self.expected.amount.so_far, passed) or not self.holds(course[-1][1], passed):
            return None
        low, high = 0, len(course) - 1
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self.holds(course[middle][1], passed) else (middle + 1, high)
        return course[low][0]

    def holds(self, calls: float, passed: Callable[[LimitState], bool]) -> bool:
        state = self.state(calls)
        return state is not None and passed(state)


def said(day: date | None) -> str | None:
    return day.isoformat() if day else None

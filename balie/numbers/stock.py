"""The pool as a whole: where each number stands on a day, how many are in which state, which ones are new to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from balie.numbers.models import Assignment, Number
from balie.numbers.queries import free_numbers, held_from, makes_rest
from balie.operator.models import Operator

SOME = 500  # numbers asked for at once


class State(StrEnum):
    """Where a number stands on a day."""

    FREE = "free"  # it can be given out
    ASSIGNED = "assigned"  # it is somebody's, or will be
    RESTING = "resting"  # it was somebody's until lately
    KEPT_BACK = "kept_back"  # staff keep it back


@dataclass(frozen=True)
class Stock:
    """How many numbers are in each state. wanted: fewer free ones raise the alarm; 0: never."""

    free: int
    assigned: int
    resting: int
    kept_back: int
    wanted: int

    @property
    def all(self) -> int:
        return self.free + self.assigned + self.resting + self.kept_back

    @property
    def low(self) -> bool:
        """Whether too few are free. A pool without any number is one that nobody uses."""
        return bool(self.all) and self.free < self.wanted


ORDERS = {
    "number": ("number",),
    "state": ("state", "number"),
    "client": ("holder", "number"),
    "since": ("since", "number"),
    "until": ("until", "number"),
}


def states(day: date) -> QuerySet[Any]:
    """All numbers, each with its `state` on a local day."""
    own = Assignment.objects.filter(number=OuterRef("pk"))
    state = Case(
        When(Exists(own.filter(held_from(day))), then=Value(State.ASSIGNED)),
        When(~Q(kept_back=""), then=Value(State.KEPT_BACK)),
        When(Exists(own.filter(makes_rest(day))), then=Value(State.RESTING)),
        default=Value(State.FREE),
        output_field=CharField(),
    )
    return Number.objects.annotate(state=state)


def with_holder(day: date) -> QuerySet[Any]:
    """The same, and of whoever has it, will have it, or had it last: `holder` (the client's name), `holder_number`,
    `since` and `until` (first and last day).
    """
    held = held_from(day)
    # One that is not over before all that are; of those the earliest (open on the left: it began first), else the last.
    own = Assignment.objects.filter(number=OuterRef("pk")).order_by(
        Case(When(held, then=Value(0)), default=Value(1)),
        Case(When(held, then=F("first_day")), output_field=DateField()).asc(nulls_first=True),
        F("last_day").desc(),
    )
    found: QuerySet[Any] = states(day).annotate(
        holder=Subquery(own.values("client__name")[:1]),
        holder_number=Subquery(own.values("client__number")[:1]),
        since=Subquery(own.values("first_day")[:1]),
        until=Subquery(own.values("last_day")[:1]),
    )
    return found


def listed(day: date, *, search: str = "", state: str = "", order: str = "number") -> QuerySet[Any]:
    """Numbers of the pool with what `with_holder` says of them, narrowed and in order.

    search: part of a number, or words of who has or had it or of why it is kept back; state: one of State; order: one
    of ORDERS, `-` before it turns it round.
    """
    found = with_holder(day)
    if state in set(State):
        found = found.filter(state=state)
    if search:
        found = found.filter(matching(search))
    names = ORDERS[order.removeprefix("-")]
    # Of equals by number upwards, whichever way round.
    first = F(names[0]).desc(nulls_last=True) if order.startswith("-") else F(names[0]).asc(nulls_last=True)
    return found.order_by(first, *names[1:], "pk")


def matching(search: str) -> Q:
    """Numbers with these digits in them, or whose client, present or last, or reason has these words."""
    of_words = Q(holder__icontains=search) | Q(holder_number__iexact=search) | Q(kept_back__icontains=search)
    digits = "".join(sign for sign in search if sign.isdigit()).lstrip("0")
    only_digits = all(sign.isdigit() or sign in " +-()./" for sign in search)
    return of_words | Q(number__contains=digits) if digits and only_digits else of_words | Q(number__icontains=search)


def stock(day: date, operator: Operator) -> Stock:
    """How many numbers are in which state on a local day. One query."""
    rows = states(day).values_list("state").annotate(n=Count("pk")).order_by()
    found: dict[str, int] = dict(rows)
    return Stock(
        free=found.get(State.FREE, 0),
        assigned=found.get(State.ASSIGNED, 0),
        resting=found.get(State.RESTING, 0),
        kept_back=found.get(State.KEPT_BACK, 0),
        wanted=operator.low_stock,
    )


def is_low(day: date, operator: Operator) -> bool:
    """The same as `Stock.low`, asking no further than it takes."""
    if not operator.low_stock or not Number.objects.exists():
        return False
    return len(free_numbers(day).order_by()[: operator.low_stock]) < operator.low_stock


def free_again(until: date, operator: Operator) -> date:
    """The day from which a number that was given back on `until` can be given out again."""
    return until + timedelta(days=operator.quarantine_days + 1)


def known(numbers: Sequence[str]) -> set[str]:
    """Which of these are in the pool already."""
    found: set[str] = set()
    for at in range(0, len(numbers), SOME):
        found |= set(Number.objects.filter(number__in=numbers[at : at + SOME]).values_list("number", flat=True))
    return found


def last_given_back(number: Number, day: date) -> date | None:
    """The last day on which somebody had it, before a local day."""
    found: date | None = number.assignments.filter(last_day__lt=day).aggregate(last=Max("last_day"))["last"]
    return found


def state_on(number: Number, day: date) -> State:
    """Where one number stands."""
    return State(states(day).values_list("state", flat=True).get(pk=number.pk))

"""Why a line of a bill is what it is: parts for pages, one English text for exports, plain values for storing. Pure.

Named tuples: a month has hundreds of thousands of them, and they are made four times as fast as frozen dataclasses.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from balie.rules.tariff import Increment, Unit, Window


class Reason(StrEnum):
    """What kind of line it is."""

    USAGE = "usage"
    FEE = "fee"
    SETTLED = "settled"  # the difference to a fee that stands on a frozen bill
    COST_LIMIT = "cost_limit"
    MINIMUM_REVENUE = "minimum_revenue"


class Measured(NamedTuple):
    """How usage was measured: calls (messages) that count, their own seconds, those below the minimum seconds; how many
    parts the messages had, where it is messages."""

    calls: int
    seconds: int
    too_short: int = 0
    min_seconds: int = 0
    increment: Increment | None = None  # of meters of time
    window: Window | None = None
    parts: int | None = None


class Allowance(NamedTuple):
    """`used` of `included` were taken off the quantity `before`. Pieces, or billed seconds."""

    before: int
    included: int
    used: int

    @property
    def left(self) -> int:
        return self.included - self.used


class Portion(NamedTuple):
    """So much of a line's quantity (pieces or billed seconds) at one price."""

    quantity: int
    price: str


class Fee(NamedTuple):
    """What a fee is for, both days included. With proration `days` of `of_days` are charged.

    `of_days` are those of the month or contract year; where several are booked for different days, both count each one.
    """

    first_day: date
    last_day: date
    days: int
    of_days: int

    @property
    def prorated(self) -> bool:
        return self.days != self.of_days


class Cap(NamedTuple):
    """The cost limit that took this line's amount away, or of the limit line itself. `sum` is S."""

    limit: Decimal
    sum: Decimal
    before: Decimal  # what the line would have come to


class Lift(NamedTuple):
    """The minimum revenue, and the flagged sum that is lifted to it."""

    minimum: Decimal
    sum: Decimal


class Settlement(NamedTuple):
    """What a fee ought to be, and what frozen bills have charged for it."""

    due: Decimal
    billed: Decimal


class Why(NamedTuple):
    """Only the parts that apply are there. `unit` is the line's: minutes are told as minutes."""

    reason: Reason
    tariff: str
    since: date | None  # the version's first day; None: since ever
    unit: Unit = Unit.PIECE
    price: str = ""
    quantity: int = 0
    measured: Measured | None = None
    allowance: Allowance | None = None
    steps: tuple[Portion, ...] = ()
    fee: Fee | None = None
    booked: int | None = None  # how many are booked, before included ones are taken off
    active_users: bool = False  # users counted rather than modules booked
    cap: Cap | None = None
    lift: Lift | None = None
    settlement: Settlement | None = None

    def __str__(self) -> str:
        return "; ".join(said for said in sentences(self) if said)


def sentences(why: Why) -> Iterator[str]:
    yield f"tariff {why.tariff}" + (f" of {why.since}" if why.since else "")
    if why.measured:
        yield from of_usage(why, why.measured)
    if why.fee:
        yield from of_fee(why, why.fee)
    if why.allowance:
        left, allowance = amount(why.allowance.left, why.unit), why.allowance
        yield f"{amount(allowance.used, why.unit)} of {amount(allowance.included, why.unit)} included used, {left} left"
    if why.steps:
        yield "steps " + " + ".join(f"{amount(step.quantity, why.unit)} at {step.price}" for step in why.steps)
    elif why.price:
        yield f"{amount(why.quantity, why.unit)} at {why.price}{'' if why.unit is Unit.PIECE else f' a {why.unit}'}"
    if why.settlement:
        yield f"due {why.settlement.due}, billed before {why.settlement.billed}"
    if why.cap:
        yield of_cap(why, why.cap)
    if why.lift:
        yield f"flagged items come to {why.lift.sum}, lifted to the minimum revenue of {why.lift.minimum:.2f}"


def of_usage(why: Why, measured: Measured) -> Iterator[str]:
    if measured.parts is not None:
        yield f"{measured.calls} SMS in {measured.parts} parts"
    elif why.unit is Unit.PIECE:
        yield f"{measured.calls} used" + (f", {measured.seconds} s" if measured.seconds else "")
    else:
        yield f"{measured.calls} calls of {measured.seconds} s together"
    if measured.increment:
        billed = why.allowance.before if why.allowance else why.quantity
        yield f"billed by {measured.increment}: {billed} s"
    if measured.too_short:
        yield f"{measured.too_short} below {measured.min_seconds} s not counted"
    if measured.window:
        yield f"within {measured.window}"


def of_fee(why: Why, fee: Fee) -> Iterator[str]:
    yield f"for {fee.first_day} to {fee.last_day}"
    if fee.prorated:
        yield f"{fee.days} of {fee.of_days} days"
    if why.booked is not None:
        yield f"{why.booked} {'active users' if why.active_users else 'booked'}"


def of_cap(why: Why, cap: Cap) -> str:
    if why.reason is Reason.COST_LIMIT:
        return f"flagged items come to {cap.sum}, above the cost limit of {cap.limit:.2f}"
    return f"{cap.before} fell under the cost limit of {cap.limit:.2f}"


def amount(quantity: int, unit: Unit) -> str:
    """Seconds as 12:30 min where the price is per minute."""
    if unit is Unit.MINUTE:
        return f"{quantity // 60}:{quantity % 60:02d} min"
    return f"{quantity} s" if unit is Unit.SECOND else str(quantity)


def plain(value: Any) -> Any:
    """The parts as JSON takes them: texts, numbers, lists and objects by the names above; what does not apply is left
    out. Days are YYYY-MM-DD, amounts and increments texts, windows as in a world file."""
    if isinstance(value, Window):
        return value.said
    if isinstance(value, Increment | Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        named = getattr(value, "_fields", None)
        if named is None:
            return [plain(part) for part in value]
        parts = zip(named, value, strict=True)
        return {name: plain(part) for name, part in parts if part is not None and part != ()}
    return str(value) if isinstance(value, StrEnum) else value

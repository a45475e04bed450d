"""What a tariff says from a month on: items in order, each with a meter, a price and how it is counted. Pure.

Windows and increments are read here from the texts and objects that the tables and a world file keep them in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property, lru_cache
from math import lcm
from typing import Any

from balie.rules.meter import FEES, TIMES, Meter

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60


class Cycle(StrEnum):
    ONCE = "once"
    MONTHLY = "monthly"
    YEARLY = "yearly"


class Unit(StrEnum):
    PIECE = "piece"
    MINUTE = "minute"
    SECOND = "second"

    @property
    def size(self) -> int:
        """How many of what is counted (pieces or seconds) one unit is."""
        return 60 if self is Unit.MINUTE else 1


class Notice(StrEnum):
    """How a contract can be ended: any day, a month to the end of a month, three months to the end of a year."""

    NONE = "none"
    MONTHLY = "monthly"
    YEARLY = "yearly"


class HolidayRule(StrEnum):
    """What public holidays do to a window, in addition to its weekdays."""

    ANY = "any"
    ONLY = "only"
    EXCEPT = "except"


@dataclass(frozen=True, slots=True)
class Increment:
    """Seconds billed at least, and then each time: 60/1."""

    first: int = 60
    then: int = 60

    @classmethod
    def read(cls, text: str) -> "Increment":
        first, _, then = text.partition("/")
        return cls(int(first), int(then))

    def billed(self, seconds: int) -> int:
        """Billed seconds of one call of so many seconds."""
        if seconds <= 0:
            return 0
        if seconds <= self.first:
            return self.first
        return self.first + -(-(seconds - self.first) // self.then) * self.then

    def __str__(self) -> str:
        return f"{self.first}/{self.then}"


@dataclass(frozen=True, slots=True)
class Step:
    """A price (as written) up to so many units, counted from the month's first; None: for all the rest."""

    price: str
    up_to: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """When a call must begin, in local time. Days 0 (Monday) to 6; minutes of the day, `begin` in, `end` out.

    Where `end` is not after `begin` the window goes past midnight, both by the weekday of the call's own start; with
    both the same it is the whole day.
    """

    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    begin: int = 0
    end: int = 0
    holidays: HolidayRule = HolidayRule.ANY

    @classmethod
    def read(cls, said: Mapping[str, str]) -> "Window":
        """From an object as the world file has it; what it leaves out is open."""
        days = days_of(said["days"]) if said.get("days") else tuple(range(7))
        begin, end = minute_of(said.get("from") or "00:00"), minute_of(said.get("to") or "00:00")
        return cls(days, begin, end, HolidayRule(said.get("holidays") or "any"))

    @property
    def whole_day(self) -> bool:
        return self.begin == self.end

    def contains(self, day: date, minute: int, *, holiday: bool) -> bool:
        """Whether a call that begins on this local day, in this minute of it, is within."""
        if day.weekday() not in self.days or self.holidays is (HolidayRule.EXCEPT if holiday else HolidayRule.ONLY):
            return False
        if self.begin < self.end:
            return self.begin <= minute < self.end
        return self.whole_day or minute >= self.begin or minute < self.end

    @property
    def hours(self) -> str:
        """18:00-08:00, or nothing for the whole day."""
        return "" if self.whole_day else f"{clock(self.begin)}-{clock(self.end)}"

    @property
    def said(self) -> dict[str, str]:
        """As an object of a world file; `read` of it is this window again."""
        hours = {} if self.whole_day else {"from": clock(self.begin), "to": clock(self.end)}
        days = {"days": days_text(self.days)} if len(self.days) < 7 else {}
        return {**days, **hours, "holidays": self.holidays.value}

    def __str__(self) -> str:
        holidays = {HolidayRule.ONLY: "public holidays only", HolidayRule.EXCEPT: "not on public holidays"}
        parts = [days_text(self.days), self.hours, holidays.get(self.holidays, "")]
        return " ".join(part for part in parts if part) or "always"


def days_of(text: str) -> tuple[int, ...]:
    """Weekdays of mon-fri, sat,sun or fri-mon."""
    found: set[int] = set()
    for part in "".join(text.lower().split()).split(","):
        first, _, last = part.partition("-")
        begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
        found |= {day % 7 for day in range(begin, end + 1 if begin <= end else end + 8)}
    return tuple(sorted(found))


def days_text(days: Sequence[int]) -> str:
    """mon-fri; single days with commas; nothing for all of them."""
    if len(days) == 7:
        return ""
    if len(days) > 2 and list(days) == list(range(days[0], days[-1] + 1)):
        return f"{WEEKDAYS[days[0]]}-{WEEKDAYS[days[-1]]}"
    return ",".join(WEEKDAYS[day] for day in days)


def minute_of(text: str) -> int:
    """The minute of the day of 18:00; 24:00 is midnight."""
    hour, _, minute = text.partition(":")
    return (int(hour) * 60 + int(minute)) % DAY_MINUTES


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


@dataclass(frozen=True)
class Item:
    """One line of a price list. Prices are texts as written; `included` and steps count in units."""

    position: int
    meter: Meter
    price: str = ""
    title: Mapping[str, str] = field(default_factory=dict, hash=False)
    cycle: Cycle = Cycle.MONTHLY
    in_advance: bool = False
    unit: Unit = Unit.PIECE
    increment: Increment = Increment()
    included: int = 0
    min_seconds: int = 0
    steps: tuple[Step, ...] = ()
    window: Window | None = None
    cost_limit: bool = False
    minimum_revenue: bool = False
    vat_percent: Decimal | None = None

    @classmethod
    def read(cls, position: int, said: Mapping[str, Any]) -> "Item":
        """From an object as a world file or a row of the table has it, with the defaults of rating.md."""
        meter = Meter(said["meter"])
        vat = said.get("vat_percent")
        return cls(
            position=position,
            meter=meter,
            price=said.get("price") or "",
            title=said.get("title") or {},
            cycle=Cycle(said.get("cycle") or "monthly"),
            in_advance=bool(said.get("in_advance")),
            unit=Unit(said.get("unit") or ("minute" if meter in TIMES else "piece")),
            increment=increment_of(said.get("increment") or "60/60"),
            included=said.get("included") or 0,
            min_seconds=said.get("min_seconds") or 0,
            steps=tuple(Step(step["price"], step.get("up_to")) for step in said.get("steps") or ()),
            window=Window.read(said["window"]) if said.get("window") else None,
            cost_limit=bool(said.get("cost_limit")),
            minimum_revenue=bool(said.get("minimum_revenue")),
            vat_percent=None if vat is None else Decimal(vat),
        )

    @cached_property
    def fee(self) -> bool:
        """Whether it follows time and bookings rather than usage."""
        return self.meter in FEES

    @cached_property
    def timed(self) -> bool:
        return self.meter in TIMES

    @property
    def priced(self) -> bool:
        return bool(self.price or self.steps)

    @cached_property
    def shown_price(self) -> str:
        """The price a line shows: of its first step where it has steps."""
        return self.steps[0].price if self.steps else self.price

    @cached_property
    def included_quantity(self) -> int:
        """Pieces or seconds that are free every month."""
        return self.included * self.unit.size

    @cached_property
    def capped(self) -> bool:
        """Whether the cost limit holds for it; never for a fee in advance (rating.md 14)."""
        return self.cost_limit and not self.in_advance

    @cached_property
    def rates(self) -> tuple[tuple[int | None, Fraction, str], ...]:
        """Up to which quantity (pieces or seconds, None: all the rest) which price per piece or second, as written."""
        steps = self.steps or ((Step(self.price),) if self.price else ())
        size = self.unit.size
        return tuple((step.up_to and step.up_to * size, rate_of(step.price, size), step.price) for step in steps)

    @cached_property
    def parts(self) -> tuple[int, tuple[tuple[int | None, int], ...]]:
        """The rates in whole numbers: of how many parts an amount consists, and the parts per piece or second."""
        whole = lcm(*(price.denominator for _, price, _ in self.rates))
        return whole, tuple((up_to, int(price * whole)) for up_to, price, _ in self.rates)

    def named(self, language: str = "en") -> str:
        """What to call it in a refusal: its title, else its meter."""
        return self.title.get(language) or next((text for text in self.title.values() if text), self.meter.value)


increment_of = lru_cache(maxsize=1000)(Increment.read)


@lru_cache(maxsize=10_000)
def rate_of(price: str, size: int) -> Fraction:
    """The exact price of one of so many that the price is for. Many tariffs share few prices."""
    return Fraction(price) / size


@dataclass(frozen=True)
class Version:
    """What a tariff says from `first_day` (the first of a month; None: since ever) until its next version."""

    code: str
    service: str
    vat_percent: Decimal
    items: tuple[Item, ...]
    first_day: date | None = None
    title: Mapping[str, str] = field(default_factory=dict, hash=False)
    notice: Notice = Notice.MONTHLY
    minimum_revenue: Decimal | None = None
    cost_limit: Decimal | None = None
    tolerance_percent: Decimal | None = None
    prorate: bool = False

    def vat_of(self, item: Item) -> Decimal:
        return self.vat_percent if item.vat_percent is None else item.vat_percent

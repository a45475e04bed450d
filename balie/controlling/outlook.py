"""What the whole operator will have earned at the end of the running month, with its band, day by day.

Each contract is priced with the calls it is expected to come to; the sum of that is the middle. The band is that of all
clients' calls as one series, each call at what it brings: what clients have in common, busy and quiet months above
all, is in that series' own scatter, so that nothing has to be assumed of how they hang together.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Sum

from balie.billing.pricing import House
from balie.calls.models import ClientMonth
from balie.controlling.daily import Days, daily
from balie.controlling.expected import Calendar, Expected, calendar_of, expectations_of, months_seen, shape_of
from balie.controlling.looks import Looked, looked_at, quantities_of, scaled
from balie.controlling.models import ForecastMonth
from balie.operator.models import Operator
from balie.rules import forecast as rules
from balie.rules import margin
from balie.rules.errors import Refused
from balie.rules.forecast import Forecast
from balie.rules.money import rounded
from balie.rules.period import Period

FEW_CALLS = 60_000  # in the month: of so many everything is worked out while somebody waits for the page
ZERO = Decimal("0.00")
AMOUNTS = ("so_far", "expected", "low", "high")


@dataclass(frozen=True)
class Point:
    """What the month will have come to when a local day is over. Of days that are over low and high are the amount."""

    day: date
    amount: Decimal
    low: Decimal
    high: Decimal
    over: bool  # whether the day is


@dataclass(frozen=True)
class Outlook:
    """Net revenue of the month, as of a moment: so far, expected, the 80 % band, and the curve of its days.

    unpriced: contracts that are left out since a price is missing.
    """

    period: Period
    at: datetime
    so_far: Decimal
    expected: Decimal
    low: Decimal
    high: Decimal
    days: tuple[Point, ...]
    unpriced: int = 0

    def document(self) -> dict[str, Any]:
        """As JSON can keep it."""
        return {
            "period": str(self.period),
            "zone": self.period.zone,
            "at": self.at.isoformat(),
            **{name: str(getattr(self, name)) for name in AMOUNTS},
            "days": [[str(one.day), str(one.amount), str(one.low), str(one.high), one.over] for one in self.days],
            "unpriced": self.unpriced,
        }

    @classmethod
    def said(cls, document: Mapping[str, Any]) -> "Outlook":
        """Back from `document`, as JSON gives it."""
        days = (
            Point(date.fromisoformat(day), Decimal(amount), Decimal(low), Decimal(high), over)
            for day, amount, low, high, over in document["days"]
        )
        return cls(
            period=Period.parse(document["period"], document["zone"]),
            at=datetime.fromisoformat(document["at"]),
            days=tuple(days),
            unpriced=document["unpriced"],
            **{name: Decimal(document[name]) for name in AMOUNTS},
        )


def outlook(period: Period, *, operator: Operator, now: datetime) -> Outlook | None:
    """As a worker worked it out last; else worked out now, unless there are too many calls for that: then None.

    None also of a month that is not running. Two queries where a worker was there.
    """
    if period != Period.of(now, operator.timezone):
        return None
    kept = ForecastMonth.objects.filter(month=period.key).values_list("outlook", flat=True).first()
    if kept:
        return Outlook.said(kept)
    calls = ClientMonth.objects.filter(month=period.key).aggregate(calls=Sum("calls"))["calls"] or 0
    return worked_out(period, operator=operator, now=now) if calls <= FEW_CALLS else None


@dataclass
class Sums:
    """Revenue of all contracts: what a month without any usage would bring, so far, and at the end expected."""

    without: Decimal = ZERO
    so_far: Decimal = ZERO
    expected: Decimal = ZERO
    unpriced: int = 0
    brings: dict[int, Decimal] = field(default_factory=dict)  # per client (id), by its usage until the end

    def add(self, client: int, without: Decimal, so_far: Decimal, expected: Decimal) -> None:
        self.without += without
        self.so_far += so_far
        self.expected += expected
        self.brings[client] = self.brings.get(client, ZERO) + expected - without


def worked_out(period: Period, *, operator: Operator, now: datetime) -> Outlook:
    """The outlook of the running month, from its calls and those of the months before."""
    house, calendar = House.of(operator), calendar_of(period, operator, now)
    looked = looked_at(period.first_day, period.last_day)
    clients = {one.contract.client_id for one in looked}
    counts = daily(months_seen(period), clients)
    expected = expectations_of(counts, clients, period=period, calendar=calendar)
    sums = summed(looked, period, expected=expected, house=house)
    amounts = series(counts, weights_of(sums.brings, expected))
    return put_together(sums, Course.of(amounts, calendar), period=period, now=now, cents=house.cents)


def summed(looked: Iterable[Looked], period: Period, *, expected: Mapping[int, Expected], house: House) -> Sums:
    """Each contract priced three times; those without a price are counted."""
    listed, sums = list(looked), Sums()
    quantities = quantities_of(listed, period, house)
    for one in listed:
        used, forecast = quantities.get(one.contract.pk, {}), expected[one.contract.client_id].amount
        try:
            later = scaled(used, forecast.factor(forecast.expected)) if used else used
            ends = [margin.earned(one.terms, period, end, cents=house.cents).revenue for end in ({}, used, later)]
        except Refused:
            sums.unpriced += 1
            continue
        sums.add(one.contract.client_id, *ends)
    return sums


@dataclass(frozen=True)
class Course:
    """How the calls of all clients came and will come, by day: `coming` is what it will come to when a day is over."""

    done: tuple[tuple[date, float], ...]
    begun: float  # on days that are not over
    coming: tuple[tuple[date, Forecast], ...]

    @classmethod
    def of(cls, amounts: Mapping[date, float], calendar: Calendar) -> "Course":
        first = min(amounts, default=None)
        seen = {day: amounts.get(day, 0.0) for day in calendar.seen if first and day >= first}
        known = rules.profile(seen, calendar.holidays, shape_of(seen, calendar))
        done = tuple((day, amounts.get(day, 0.0)) for day in calendar.done)
        over, begun = sum(amount for _, amount in done), sum(amounts.get(day, 0.0) for day in calendar.left)
        coming = rules.course(over, known, calendar.left, calendar.holidays)
        return cls(done, begun, tuple(coming))

    @property
    def over(self) -> float:
        return sum(amount for _, amount in self.done)


def series(counts: Days, weights: Mapping[int, float]) -> dict[date, float]:
    """All clients' calls by day, each counted as what it brings against an average one."""
    found: dict[date, float] = defaultdict(float)
    for client, days in counts.items():
        if weight := weights.get(client):
            for day, count in days.items():
                found[day] += weight * count
    return found


def weights_of(brings: Mapping[int, Decimal], expected: Mapping[int, Expected]) -> dict[int, float]:
    """What a client's call brings against an average one."""
    calls = {client: one.amount.expected for client, one in expected.items() if one.amount.expected}
    total = float(sum(amount for client, amount in brings.items() if client in calls))
    if total <= 0:
        return {}
    average = total / sum(calls.values())
    return {client: float(brings.get(client, ZERO)) / count / average for client, count in calls.items()}


def put_together(sums: Sums, course: Course, *, period: Period, now: datetime, cents: int) -> Outlook:
    """Amounts by day: usage so far as the calls came, what is to come as it is expected."""
    points = list(points_of(sums, course, cents))
    last = points[-1]
    return Outlook(
        period=period,
        at=now,
        so_far=sums.so_far,
        expected=max(sums.expected, sums.so_far),
        low=min(last.low, sums.expected),
        high=max(last.high, sums.expected),
        days=tuple(points),
        unpriced=sums.unpriced,
    )


def points_of(sums: Sums, course: Course, cents: int) -> Iterator[Point]:
    usage, begun = float(sums.so_far - sums.without), course.over + course.begun
    amount = float(sums.without)
    for day, came in course.done:
        amount += usage * came / begun if begun else 0.0
        exact = in_cents(amount, cents)
        yield Point(day, exact, exact, exact, over=True)
    if not course.coming:
        return
    middle = course.coming[-1][1].expected - course.over
    rise = (float(sums.expected) - amount) / middle if middle > 0 else 0.0
    for day, made in course.coming:
        ends = [amount + rise * (end - course.over) for end in (made.expected, made.low, made.high)]
        middle_amount, low, high = (max(sums.so_far, in_cents(end, cents)) for end in ends)
        yield Point(day, middle_amount, low, high, over=False)


def in_cents(amount: float, cents: int) -> Decimal:
    return rounded(Fraction(amount), cents)

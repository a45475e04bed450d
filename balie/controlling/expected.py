"""How the running month will end for clients: the days seen of their history, and the forecast made of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max, Sum

from balie.calls.models import Source
from balie.calls.queries import hours_of
from balie.contracts.models import Contract
from balie.controlling.daily import Days, daily
from balie.controlling.looks import days_of
from balie.operator.models import Operator
from balie.rules import forecast as rules
from balie.rules.errors import Refused
from balie.rules.forecast import Forecast, Profile, Shape
from balie.rules.holidays import public_holidays
from balie.rules.period import Period

MONTHS = 6  # of history
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """The days a forecast is made of: history, days of the month that are over, days left; public holidays."""

    history: tuple[date, ...]
    done: tuple[date, ...]
    left: tuple[date, ...]
    holidays: frozenset[date]

    @property
    def seen(self) -> tuple[date, ...]:
        return self.history + self.done

    def until(self, last: date | None) -> tuple[date, ...]:
        """The days left of somebody who stays until a day."""
        return self.left if last is None else tuple(day for day in self.left if day <= last)


@dataclass(frozen=True)
class Expected:
    """One client's forecast with what it was made of, so that it can be followed day by day."""

    calls: Forecast
    amount: Forecast  # of what grows with the calls, in calls
    profile: Profile
    so_far: float  # on the days that are over
    left: tuple[date, ...]
    holidays: frozenset[date] = frozenset()

    @classmethod
    def of(
        cls, counts: Mapping[date, float], calendar: Calendar, *, shape: Shape, last: date | None = None
    ) -> "Expected":
        """counts: the days with calls; history begins with the first. last: the last day of the contracts."""
        first = min(counts, default=None)
        seen = {day: counts.get(day, 0.0) for day in calendar.seen if first and day >= first}
        known = rules.profile(seen, calendar.holidays, shape)
        so_far, left = sum(counts.get(day, 0.0) for day in calendar.done), calendar.until(last)
        total = so_far + sum(counts.get(day, 0.0) for day in calendar.left)
        here = (so_far, known, left, calendar.holidays)
        calls, amount = rules.forecast(*here).at_least(total), rules.forecast_of_amount(*here).at_least(total)
        return cls(calls, amount, known, so_far, left, calendar.holidays)

    def course(self) -> list[tuple[date, float]]:
        """What the month will have come to when each day left is over; never less than has come already."""
        coming = rules.course(self.so_far, self.profile, self.left, self.holidays)
        return [(day, max(self.amount.so_far, made.expected)) for day, made in coming]


def expectations(period: Period, clients: Collection[int], *, operator: Operator, now: datetime) -> dict[int, Expected]:
    """Per client (id) the forecast of the running month's billable calls, and what it was made of."""
    counts = daily(months_seen(period), clients)
    return expectations_of(counts, clients, period=period, calendar=calendar_of(period, operator, now))


def expectations_of(
    counts: Days, clients: Collection[int], *, period: Period, calendar: Calendar
) -> dict[int, Expected]:
    """The same of calls that are counted already."""
    shape, lasts = everybody(calendar), last_days(period, clients)
    return {
        client: Expected.of(counts.get(client, {}), calendar, shape=shape, last=lasts.get(client)) for client in clients
    }


def months_seen(period: Period) -> list[Period]:
    """The month and those of its history, the earliest first."""
    months = [period]
    while len(months) <= MONTHS:
        months.insert(0, months[0].previous())
    return months


def everybody(calendar: Calendar) -> Shape:
    """The shape of all clients together, from the sums kept beside the calls."""
    if not calendar.seen:
        return rules.FLAT
    rows = hours_of(calendar.seen[0], calendar.seen[-1]).order_by().values_list("day").annotate(Sum("calls"))
    counts = {day: float(count) for day, count in rows}
    return shape_of(counts, calendar)


def shape_of(counts: Mapping[date, float], calendar: Calendar) -> Shape:
    """The shape of what all clients had on each day; it begins with the first call of any."""
    first = min(counts, default=None)
    known = {day: counts.get(day, 0.0) for day in calendar.seen if first and day >= first}
    return rules.shape_of(known, calendar.holidays)


def last_days(period: Period, clients: Collection[int]) -> dict[int, date]:
    """The last day with a contract of the clients (ids) whose contracts all end within the month."""
    ends = Contract.objects.filter(client__in=clients, start__lte=period.last_day).order_by()
    found: dict[int, date] = {}
    for client, end in ends.values_list("client_id", "end"):
        found[client] = max(found.get(client, date.min), end or date.max)
    return {client: max(end, period.first_day - DAY) for client, end in found.items() if end < period.last_day}


def calendar_of(period: Period, operator: Operator, now: datetime) -> Calendar:
    """Over are the days before today of which calls have come in; the others are left."""
    zone = ZoneInfo(operator.timezone)
    newest = Source.objects.aggregate(newest=Max("newest"))["newest"]
    over = now.astimezone(zone).date() - DAY
    return calendar_until(period, operator, min(over, newest.astimezone(zone).date()) if newest else over)


def calendar_until(period: Period, operator: Operator, last: date) -> Calendar:
    """As it is, or was, when this local day was the last that was over."""
    first, days = months_seen(period)[0], list(period.days())
    try:
        holidays = public_holidays(operator.region, range(first.year, period.year + 1))
    except Refused:  # a region nobody has a calendar of: its holidays are days like others
        holidays = frozenset()
    return Calendar(
        history=tuple(days_of(first.first_day, period.first_day - DAY)),
        done=tuple(day for day in days if day <= last),
        left=tuple(day for day in days if day > last),
        holidays=holidays,
    )

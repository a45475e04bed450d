"""How the running month will end for clients: counted days of their history, and the forecast made of them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
from django.db.models import Max, Sum

from balie.billing.usage import calls_of
from balie.calls.models import Source
from balie.calls.queries import hours_of
from balie.controlling.looks import days_of
from balie.operator.models import Operator
from balie.rules import forecast as rules
from balie.rules.errors import Refused
from balie.rules.forecast import Forecast, Profile
from balie.rules.holidays import public_holidays
from balie.rules.period import Period

MONTHS = 6  # of history
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """The days a forecast is made of: history, days of the month that are done, days left; public holidays."""

    history: tuple[date, ...]
    done: tuple[date, ...]
    left: tuple[date, ...]
    holidays: frozenset[date]


def forecasts(period: Period, clients: Collection[int], *, operator: Operator, now: datetime) -> dict[int, Forecast]:
    """Per client (id) the number of billable calls the running month will come to."""
    counts = daily(period, clients)
    calendar = calendar_of(period, operator, now)
    prior = everybody(calendar)
    return {client: of_client(counts.get(client, {}), calendar, prior) for client in clients}


def of_client(counts: dict[date, float], calendar: Calendar, prior: Profile) -> Forecast:
    """A client's month; its history begins with its first call."""
    first = min(counts, default=None)
    history = {day: counts.get(day, 0.0) for day in calendar.history if first and day >= first}
    known = rules.profile(history, calendar.holidays, prior)
    so_far = sum(counts.get(day, 0.0) for day in calendar.done)
    made = rules.forecast(so_far, known, done=calendar.done, left=calendar.left, holidays=calendar.holidays)
    begun = so_far + sum(counts.get(day, 0.0) for day in calendar.left)
    # Calls of a day that is not over yet are there already: less than them it cannot become.
    return Forecast(begun, *(max(begun, end) for end in (made.expected, made.low, made.high)))


def daily(period: Period, clients: Collection[int]) -> dict[int, dict[date, float]]:
    """Billable calls per client (id) and local day, of the month and those before it."""
    months = [period]
    while len(months) <= MONTHS:
        months.insert(0, months[0].previous())
    local = pl.col("start").dt.convert_time_zone(period.zone).dt.date()
    frames = [calls_of(month, clients).group_by("client", local.alias("day")).len() for month in months]
    found: dict[int, dict[date, float]] = defaultdict(dict)
    for client, day, count in pl.concat(frames).iter_rows():
        found[client][day] = float(count)
    return found


def everybody(calendar: Calendar) -> Profile:
    """The profile of all clients together, from the sums kept beside the calls."""
    if not calendar.history:
        return rules.NOTHING
    rows = hours_of(calendar.history[0], calendar.history[-1]).order_by().values_list("day").annotate(Sum("calls"))
    counts = {day: float(count) for day, count in rows}
    first = min(counts, default=None)
    known = {day: counts.get(day, 0.0) for day in calendar.history if first and day >= first}
    return rules.profile(known, calendar.holidays)


def calendar_of(period: Period, operator: Operator, now: datetime) -> Calendar:
    """Done are the days that are over and of which calls have come in; the others are left."""
    zone = ZoneInfo(operator.timezone)
    newest = Source.objects.aggregate(newest=Max("newest"))["newest"]
    over = now.astimezone(zone).date() - DAY
    known = min(over, newest.astimezone(zone).date()) if newest else over
    first = period
    for _ in range(MONTHS):
        first = first.previous()
    days = list(period.days())
    try:
        holidays = public_holidays(operator.region, range(first.year, period.year + 1))
    except Refused:  # a region nobody has a calendar of: its holidays are days like others
        holidays = frozenset()
    return Calendar(
        history=tuple(days_of(first.first_day, period.first_day - DAY)),
        done=tuple(day for day in days if day <= known),
        left=tuple(day for day in days if day > known),
        holidays=holidays,
    )

"""Billable calls per client and local day: of the running month counted from the calls, of months that are over as a
worker kept them (models.ForecastMonth), so that nobody counts the same months again and again."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

import polars as pl

from balie.billing.usage import calls_of, some_calls
from balie.controlling.models import ForecastMonth
from balie.rules.period import Period

Days = dict[int, dict[date, float]]  # per client (id) the days with calls
MANY = 200  # clients: of fewer their calls are looked up, of more the month is read some days at a time


def daily(periods: Iterable[Period], clients: Collection[int] | None = None) -> Days:
    """Of these months, of these clients (ids) or all. One query, and one for each month that nobody kept."""
    wanted = list(periods)
    kept = kept_days(wanted)
    found: Days = defaultdict(dict)
    for period in wanted:
        counts = kept.get(period.key)
        for client, days in (counted(period, clients) if counts is None else counts).items():
            if clients is None or client in clients:
                found[client].update(days)
    return dict(found)


def kept_days(periods: Sequence[Period]) -> dict[int, Days]:
    """By the month's key. A month kept while it was running still is not whole and does not count."""
    rows = ForecastMonth.objects.filter(month__in=[period.key for period in periods], days__isnull=False)
    ends = {period.key: period for period in periods}
    found = rows.values_list("month", "counted", "days")
    return {
        key: unfolded(ends[key], days) for key, at, days in found if days is not None and at and at >= ends[key].end
    }


def counted(period: Period, clients: Collection[int] | None = None) -> Days:
    """Counted from the calls."""
    few = clients is not None and len(clients) < MANY
    frames = [calls_of(period, clients)] if few else some_calls(period)
    local = pl.col("start").dt.convert_time_zone(period.zone).dt.date()
    found: Days = defaultdict(dict)
    for calls in frames:
        for client, day, count in calls.group_by("client", local.alias("day")).len().iter_rows():
            found[client][day] = found[client].get(day, 0.0) + count
    return found


def folded(period: Period, days: Days) -> dict[str, list[int]]:
    """As it is kept: per client a count for each day of the month."""
    month = list(period.days())
    return {str(client): [int(counts.get(day, 0)) for day in month] for client, counts in days.items()}


def unfolded(period: Period, kept: dict[str, list[int]]) -> Days:
    first = period.first_day
    return {
        int(client): {first + timedelta(days=at): float(count) for at, count in enumerate(counts) if count}
        for client, counts in kept.items()
    }

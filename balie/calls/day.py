"""The state of a day: what came per hour, what usually comes then, and which source is silent. Reads only.

What is usual is the mean of the same weekday and hour over the last eight weeks, as far back as there are calls.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, Sum

from balie.calls.models import Import, Source, SourceHour
from balie.rules.call import INBOUND_TYPES, CallType
from balie.rules.period import day_begin

WEEKS = 8
# With six calls expected, none at all happens by chance once in four hundred times.
ALARM_FROM = 6.0
LONGEST_SILENCE = timedelta(days=7)
REMEMBERED_DAYS = 14
PUSHED_FROM = 4  # imports a day from which on a source without files to look for delivers by itself


@dataclass(frozen=True)
class HourSum:
    """Sums of one local hour: calls answered or passed on, missed ones, seconds the missed waited, answered in time."""

    calls: float = 0
    missed: float = 0
    missed_wait: float = 0
    quick: float = 0
    answered: float = 0

    def __add__(self, other: "HourSum") -> "HourSum":
        return HourSum(
            self.calls + other.calls,
            self.missed + other.missed,
            self.missed_wait + other.missed_wait,
            self.quick + other.quick,
            self.answered + other.answered,
        )

    def times(self, factor: float) -> "HourSum":
        return HourSum(
            self.calls * factor,
            self.missed * factor,
            self.missed_wait * factor,
            self.quick * factor,
            self.answered * factor,
        )

    @property
    def total(self) -> float:
        return self.calls + self.missed


@dataclass(frozen=True)
class Day:
    """One local day per hour, beside what is usual for its weekday."""

    day: date
    hours: Mapping[int, HourSum]
    usual: Mapping[int, HourSum]
    weeks: int  # how many weeks stand behind `usual`; 0: nothing to compare with

    @property
    def total(self) -> HourSum:
        return summed(self.hours.values())

    def usual_until(self, hours: float) -> HourSum:
        """What usually came until so many hours after midnight; the hour under way counts in part."""
        return summed(part.times(max(0.0, min(1.0, hours - hour))) for hour, part in self.usual.items())


@dataclass(frozen=True)
class Silence:
    """A source from which nothing came although calls were expected."""

    source: Source
    since: datetime
    expected: float


@dataclass(frozen=True)
class Delivery:
    """A source with its last file and what came of it on the day."""

    source: Source
    last_import: datetime | None
    imports: int
    calls: int
    missed: int
    silence: Silence | None = field(default=None)
    overdue: bool = False

    @property
    def state(self) -> str:
        """`bad`, `warn` or `good`: what colour and sign the source gets."""
        if self.source.parked or self.source.last_problem or self.silence or self.overdue:
            return "bad"
        return "warn" if self.source.warning else "good"


def summed(parts: Iterable[HourSum]) -> HourSum:
    return sum(parts, HourSum())


def days_with_usual(first: date, last: date) -> list[Day]:
    """Each of these local days per hour with what is usual for it, all in one query."""
    since = first - timedelta(weeks=WEEKS)
    found: dict[date, dict[int, HourSum]] = defaultdict(lambda: defaultdict(HourSum))
    rows = SourceHour.objects.filter(day__gte=since, day__lte=last).order_by()
    for row in rows.values("day", "hour", "type").annotate(
        n=Sum("calls"), waited=Sum("ring"), in_time=Sum("quick", default=0)
    ):
        found[row["day"]][row["hour"]] += one_sum(row["type"], row["n"], row["waited"], row["in_time"])
    begin = min(found, default=last)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [with_usual(day, found, begin) for day in days]


def one_sum(type: str, calls: int, waited: int, quick: int) -> HourSum:
    if type == CallType.MISSED:
        return HourSum(missed=calls, missed_wait=waited)
    return HourSum(calls=calls, quick=quick, answered=calls if type == CallType.ACCEPTED else 0)


def with_usual(day: date, found: Mapping[date, Mapping[int, HourSum]], begin: date) -> Day:
    """A day beside the mean of the same weekdays before it, back to the first day there are calls of."""
    before = [day - timedelta(weeks=n) for n in range(1, WEEKS + 1)]
    known = [other for other in before if other >= begin]
    usual: dict[int, HourSum] = defaultdict(HourSum)
    for other in known:
        for hour, part in found.get(other, {}).items():
            usual[hour] += part.times(1 / len(known))
    return Day(day, found.get(day, {}), usual, len(known))


def deliveries(day: date, *, now: datetime, zone: str) -> list[Delivery]:
    """Every source with its last file, what it brought on that local day, and whether it is silent. Four queries."""
    imported = imports_of(day, now=now, zone=zone)
    came = calls_of(day)
    profiles = hourly_profiles(now.astimezone(ZoneInfo(zone)).date())
    found = []
    for source in Source.objects.order_by("name"):
        latest = imported.get(source.pk, {"last": None, "recent": 0, "on_day": 0})
        until = heard_until(source, latest["recent"], latest["last"], now)
        calls, missed = came.get(source.pk, (0, 0))
        found.append(
            Delivery(
                source=source,
                last_import=latest["last"],
                imports=latest["on_day"],
                calls=calls,
                missed=missed,
                silence=silence(source, profiles.get(source.pk), until, zone),
                overdue=overdue(source, now),
            )
        )
    return found


def imports_of(day: date, *, now: datetime, zone: str) -> dict[int, dict[str, Any]]:
    """Per source the last finished import, how many there were in the last two weeks and how many on the day."""
    begin = day_begin(day, zone)
    on_day = Q(finished__gte=begin, finished__lt=day_begin(day + timedelta(days=1), zone))
    recent = Q(finished__gte=now - timedelta(days=REMEMBERED_DAYS))
    rows = Import.objects.filter(finished__isnull=False).order_by().values("source")
    sums = rows.annotate(last=Max("finished"), on_day=Count("pk", filter=on_day), recent=Count("pk", filter=recent))
    return {row["source"]: dict(row) for row in sums}


def calls_of(day: date) -> dict[int, tuple[int, int]]:
    """Calls and, of these, missed ones of a local day, per source."""
    missed = Sum("calls", filter=Q(type=CallType.MISSED), default=0)
    rows = SourceHour.objects.filter(day=day).order_by().values("source").annotate(n=Sum("calls"), missed=missed)
    return {row["source"]: (row["n"], row["missed"]) for row in rows}


Profile = dict[tuple[int, int], float]  # (weekday, hour) -> inbound calls usual in it


def hourly_profiles(today: date) -> dict[int, Profile]:
    """Per source how many inbound calls usually come in each hour of the week; the last eight whole weeks."""
    first = today - timedelta(weeks=WEEKS)
    rows = SourceHour.objects.filter(day__gte=first, day__lt=today, type__in=INBOUND_TYPES).order_by()
    found: dict[int, dict[tuple[int, int], int]] = defaultdict(lambda: defaultdict(int))
    since: dict[int, date] = {}
    for row in rows.values("source", "day", "hour").annotate(n=Sum("calls")):
        found[row["source"]][row["day"].weekday(), row["hour"]] += row["n"]
        since[row["source"]] = min(since.get(row["source"], today), row["day"])
    weeks = {source: ceil((today - begin).days / 7) for source, begin in since.items()}
    return {source: {hour: calls / weeks[source] for hour, calls in hours.items()} for source, hours in found.items()}


def silence(source: Source, profile: Profile | None, heard_until: datetime | None, zone: str) -> Silence | None:
    """The source's silence, when more calls were expected in it than chance explains."""
    if source.newest is None or profile is None or heard_until is None:
        return None
    awaited = expected(profile, max(source.newest, heard_until - LONGEST_SILENCE), heard_until, zone)
    return Silence(source, source.newest, awaited) if awaited >= ALARM_FROM else None


def heard_until(source: Source, imports: int, last_import: datetime | None, now: datetime) -> datetime | None:
    """Up to when we would know of calls: the last look for files; now, if its files are pushed all day; else the
    last file given by hand."""
    if source.files:
        return source.last_look
    return now if imports >= PUSHED_FROM * REMEMBERED_DAYS else last_import


def expected(profile: Profile, begin: datetime, end: datetime, zone: str) -> float:
    """How many calls usually come between two moments, hours begun in part."""
    local, hours = begin.astimezone(ZoneInfo(zone)), 0.0
    while local < end:
        whole = local.replace(minute=0, second=0, microsecond=0)
        following = min(whole.astimezone(UTC) + timedelta(hours=1), end.astimezone(UTC))
        share = (following - local.astimezone(UTC)) / timedelta(hours=1)
        hours += profile.get((local.weekday(), local.hour), 0.0) * share
        local = following.astimezone(ZoneInfo(zone))
    return hours


def overdue(source: Source, now: datetime) -> bool:
    """Whether nobody looked for the source's files although it was time: the worker does not run."""
    patience = timedelta(minutes=max(15, 2 * (source.look_every or 0)))
    return bool(source.files and source.next_look and source.next_look < now - patience)

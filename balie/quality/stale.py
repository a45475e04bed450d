"""Which days must be looked at again: those that are not any more as they were looked at."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from balie.leases import actions as leases
from balie.notes.models import Note
from balie.operator.queries import operator
from balie.operator.retention import gone_before
from balie.quality.marks import seen_on
from balie.quality.models import CheckedDay, Finding
from balie.quality.window import DAY, window
from balie.rules.retention import Kept
from balie.tariffs.queries import local_day

BACK = 62  # days; older ones are looked at on demand


def ask_for_stale_days(*, now: datetime) -> int:
    """Asks for days of the last two months on which something changed; how many."""
    today = local_day(now)
    first = today - BACK * DAY
    rows = {row.day: row for row in CheckedDay.objects.filter(day__gte=first)}
    seen = dict.fromkeys(rows, "") | seen_on(first, today, now=now)
    stale = [day for day, mark in seen.items() if changed(rows.get(day), mark)]
    # Also takes back when it was done.
    asked = [CheckedDay(day=day, asked=now) for day in stale]
    CheckedDay.objects.bulk_create(asked, update_conflicts=True, unique_fields=["day"], update_fields=["asked", "done"])
    leases.revive(CheckedDay.objects.filter(day__in=stale))
    return len(stale)


def ask_again(codes: Collection[str], *, now: datetime) -> int:
    """Asks at once for the days that these checks are set anew for; how many.

    Those of the last two months, which would be asked for soon; and older ones with something open of these checks,
    which nobody would look at otherwise.
    """
    older, first = Finding.objects.filter(closed=None, code__in=codes), local_day(now) - BACK * DAY
    zone = ZoneInfo(operator().timezone)
    moments = older.order_by().values_list("note__at", flat=True)
    days = {day for day in (moment.astimezone(zone).date() for moment in moments) if day < first}
    CheckedDay.objects.bulk_create([CheckedDay(day=day, asked=now) for day in days], ignore_conflicts=True)
    wanted = CheckedDay.objects.filter(Q(day__gte=first) | Q(day__in=days))
    number = wanted.update(asked=now, done=None)
    leases.revive(wanted)
    return number


def being_looked_at(first: date, last: date) -> int:
    """How many of these local days were asked for and not looked at since."""
    return CheckedDay.objects.filter(day__gte=first, day__lte=last, done=None).count()


def changed(row: CheckedDay | None, mark: str) -> bool:
    """Whether a day is not as it was looked at; one that is asked for already is not asked for again."""
    return row is None or (row.done is not None and row.seen != mark)


def stale(days: Sequence[date], *, now: datetime) -> list[date]:
    """Those of these days, in order, on which something changed since they were looked at, or that never were."""
    if not days:
        return []
    first, last = days[0], days[-1]
    rows = CheckedDay.objects.filter(day__gte=first, day__lte=last).exclude(done=None)
    seen: Mapping[date, str] = dict(rows.values_list("day", "seen"))
    stands = seen_on(first, last, now=now)
    return [day for day in days if seen.get(day, "") != stands.get(day, "")]


def days_about(first: date, last: date) -> list[date]:
    """The days, in order, on which somebody may have written about the calls of these local days.

    Those days and one on either side, since a note of a call before midnight comes after it; and further ones with a
    note that names one of the calls. None of which numbers or notes were removed after their time: nobody can say any
    more what is wrong with those.
    """
    days = window(first, last)
    near, zone = days.wider, ZoneInfo(days.zone)
    about = Note.objects.filter(call__start__gte=days.begin, call__start__lt=days.end).exclude(given="")
    further = about.exclude(at__gte=near.begin, at__lt=near.end).order_by().values_list("at", flat=True)
    found = {one.first for one in near.parts(1)} | {moment.astimezone(zone).date() for moment in further}
    gone = gone_before(Kept.NUMBERS, Kept.NOTES)
    return sorted(day for day in found if gone is None or day >= gone)


def spans(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """Days, in order, as first and last of each row without a gap."""
    if not days:
        return
    first = before = days[0]
    for day in days[1:]:
        if day != before + DAY:
            yield first, before
            first = day
        before = day
    yield first, before

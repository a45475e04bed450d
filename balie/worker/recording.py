"""The jobs of recording: days whose notes or calls changed are looked at; what is wrong is mailed."""

from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from balie.calls.queries import closed_months
from balie.controlling.keep import ask_for_economics
from balie.leases import actions as leases
from balie.operator.models import Operator
from balie.quality.actions import Checked, check_days
from balie.quality.counted import count_again, count_changed, forget_counts
from balie.quality.marks import after_look, seen_on
from balie.quality.models import CheckedDay
from balie.quality.news import tell_findings
from balie.quality.stale import ask_for_stale_days, days_about, spans, stale
from balie.rules.meter import Meter
from balie.rules.period import Period
from balie.tariffs.models import Item
from balie.tariffs.queries import local_day
from balie.worker.turn import LeaseLost, Turn

LEASE = timedelta(minutes=10)


def ask(now: datetime) -> int:
    """Asks for the days on which something changed since they were looked at."""
    return ask_for_stale_days(now=now) if Operator.objects.exists() else 0


def due(now: datetime) -> QuerySet[CheckedDay]:
    """Days that were asked for and not looked at since."""
    return CheckedDay.objects.filter(done=None)


def look(row: CheckedDay, turn: Turn) -> None:
    """Looks at the notes and calls of one day."""
    now = turn.now()
    before = seen_on(row.day, row.day, now=now).get(row.day, "")
    check(row.day, row.day, now=now)
    count_again(row.day, row.day, now=now)
    after = seen_on(row.day, row.day, now=now).get(row.day, "")
    if not leases.give_back(row, seen=after_look(before, after), done=now):
        raise LeaseLost


def check(first: date, last: date, *, now: datetime) -> Checked:
    """Looks at these days, and has what their handling times cost worked out anew."""
    checked = check_days(first=first, last=last, now=now)
    if checked.months:
        ask_for_economics(months=sorted(checked.months), now=now)
    return checked


def check_month(period: Period, *, now: datetime) -> Checked:
    """Looks at a whole month at once, and at what was written about its calls on other days."""
    checked = Checked()
    for first, last in spans(days_about(period.first_day, period.last_day)):
        checked += check_whole(first, last, now=now)
    return checked


def check_whole(first: date, last: date, *, now: datetime) -> Checked:
    """Looks at these days at once, so that they are not looked at again by themselves."""
    known = CheckedDay.objects.filter(day__gte=first, day__lte=last).values_list("day", flat=True)
    before = dict.fromkeys(known, "") | seen_on(first, last, now=now)
    checked = check(first, last, now=now)
    forget_counts(first, last)
    after = seen_on(first, last, now=now)
    rows = [
        CheckedDay(day=day, seen=after_look(mark, after.get(day, "")), asked=now, done=now)
        for day, mark in before.items()
    ]
    CheckedDay.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["day"], update_fields=["seen", "asked", "done"]
    )
    return checked


def freshen(period: Period, *, now: datetime) -> None:
    """Looks at the days of a month on which something changed since: a report must not wait for the worker."""
    if days := stale(days_about(period.first_day, period.last_day), now=now):
        for first, last in spans(days):
            check_whole(first, last, now=now)


def freshen_handling(period: Period, *, now: datetime) -> None:
    """The same before a month is priced or closed, where something is billed by it: how long calls were handled."""
    if period.key not in closed_months() and Item.objects.filter(meter=Meter.HANDLING_TIME).exists():
        freshen(period, now=now)


def freshen_back(period: Period, *, months: int, now: datetime) -> None:
    """The same of a month and of so many before it, before what they cost is looked at; closed ones stay."""
    closed = closed_months()
    for _month in range(months + 1):
        if period.key not in closed:
            freshen(period, now=now)
        period = period.previous()


def count(now: datetime) -> int:
    """Counts how days were recorded whose calls changed since, or that nobody looked at."""
    return count_changed(local_day(now), now=now) if Operator.objects.exists() else 0


def tell(now: datetime) -> int:
    """Mails what is wrong to the preset address, at once or as a digest."""
    return tell_findings(now=now) if Operator.objects.exists() else 0

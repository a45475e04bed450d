"""The jobs of recording: days whose notes or calls changed are looked at; what is wrong is mailed."""

from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from balie.controlling.keep import ask_for_economics
from balie.leases import actions as leases
from balie.operator.models import Operator
from balie.quality.actions import Checked, check_days
from balie.quality.marks import after_look, seen_on
from balie.quality.models import CheckedDay
from balie.quality.news import tell_findings
from balie.quality.stale import ask_for_stale_days, days_about, is_stale, spans
from balie.rules.period import Period
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
    """Looks at a month where something changed since it was looked at: a report must not wait for the worker."""
    if is_stale(days_about(period.first_day, period.last_day), now=now):
        check_month(period, now=now)


def tell(now: datetime) -> int:
    """Mails what is wrong to the preset address, at once or as a digest."""
    return tell_findings(now=now) if Operator.objects.exists() else 0

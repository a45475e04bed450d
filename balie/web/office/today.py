"""The start page: is everything running?"""

from collections.abc import Sequence
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from balie.calls.day import Day, Delivery, HourSum, days_with_usual, deliveries
from balie.calls.models import Call
from balie.calls.queries import CallFilter, narrowed
from balie.rules.call import CallType
from balie.rules.errors import Refused
from balie.web import written
from balie.web.access import office
from balie.web.charts import Chart, Column
from balie.web.office.alerts import Alert, Unassigned, alerts, unassigned_now
from balie.web.office.cancel_requests import unanswered
from balie.web.office.mails import given_up
from balie.web.office.numbers.pool import too_few
from balie.web.office.orders.listed import of_today
from balie.web.office.orders.listed import waiting as orders_waiting
from balie.web.office.quality.findings import open_now
from balie.web.office.sms_out.listed import undelivered
from balie.web.office.tasks import waiting
from balie.web.office.win_back.listed import waiting as leaving
from balie.web.request import Desk, OfficeRequest

DAYS_SHOWN = 14
MISSED_SHOWN = 6
WORTH_A_NOTE = 4  # calls; fewer are chance
USUAL_HOURS = (8, 17)  # shown even where nothing came


@office
def today(request: OfficeRequest) -> HttpResponse:
    """Today, or a day before it: what asks for attention, the day's figures, its hours, the sources."""
    desk = request.desk
    day = wanted_day(request.GET.get("day", ""), desk)
    days = days_with_usual(day - timedelta(days=DAYS_SHOWN - 1), day)
    shown, elapsed = days[-1], elapsed_hours(day, desk)
    sources = deliveries(day, now=desk.now, zone=desk.zone)
    without_client = unassigned_now()
    known = {
        "day": day,
        "is_today": day == desk.today,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "alerts": attention(desk, sources, without_client) if day == desk.today else [],
        "orders": of_today(desk) if day == desk.today else [],
        "figures": figures(shown, elapsed),
        "unassigned": without_client,
        "hours": hours_chart(shown, elapsed),
        "days": days_chart(days),
        "sources": sources,
        "missed": missed_calls(day, desk.zone),
        "missed_shown": MISSED_SHOWN,
    }
    return render(request, "balie/today.html", known)


def attention(desk: Desk, sources: Sequence[Delivery], without_client: Unassigned) -> list[Alert]:
    """Everything that asks for attention now, the worst first."""
    found = [*given_up(), *undelivered(desk), *orders_waiting(desk), *too_few(desk)]
    found += alerts(desk, sources, without_client)
    found += [*leaving(desk), *unanswered(), *waiting(), *open_now(desk)]
    return sorted(found, key=lambda alert: alert.state != "bad")


def wanted_day(text: str, desk: Desk) -> date:
    """The day in the address; today where none is given or it has not come yet."""
    try:
        return min(date.fromisoformat(text), desk.today) if text else desk.today
    except ValueError:
        raise Refused("bad_day", _("“%(text)s” is not a day.") % {"text": text}, "day") from None


def missed_calls(day: date, zone: str) -> Sequence[Call]:
    """The latest missed calls of a local day."""
    of_day = narrowed(Call.objects.filter(type=CallType.MISSED), CallFilter(since=day, until=day), zone)
    return list(of_day.select_related("client").order_by("-start", "-key")[:MISSED_SHOWN])


def elapsed_hours(day: date, desk: Desk) -> float:
    """How much of the day has passed, in hours: all of it for a day that is over."""
    if day < desk.today:
        return 24
    return desk.local_now.hour + desk.local_now.minute / 60


def figures(shown: Day, elapsed: float) -> dict[str, object]:
    """The day's four figures beside what is usual until this time of day; shares are None where nothing was."""
    now, usual = shown.total, shown.usual_until(elapsed)
    return {
        "total": now.total,
        "change": now.total / usual.total - 1 if usual.total >= 1 else None,
        "usual_total": usual.total,
        "in_time": in_time(now),
        "usual_in_time": in_time(usual),
        "missed": now.missed,
        "usual_missed": usual.missed if shown.weeks else None,
        "missed_wait": now.missed_wait / now.missed if now.missed else None,
    }


def in_time(part: HourSum) -> float | None:
    """The service level: answered in time, of all that wanted to be answered."""
    wanted = part.answered + part.missed
    return part.quick / wanted if wanted else None


def hours_chart(shown: Day, elapsed: float) -> Chart:
    present = {hour for hour, part in [*shown.hours.items(), *shown.usual.items()] if part.total >= 0.5}
    first, last = min({*present, USUAL_HOURS[0]}), max({*present, USUAL_HOURS[1]})
    hours = range(first, last + 1)
    columns = [
        Column(
            label=str(hour),
            value=round(shown.hours.get(hour, HourSum()).calls),
            bad=round(shown.hours.get(hour, HourSum()).missed),
            usual=shown.usual[hour].total if hour in shown.usual else 0.0,
            tick=hour % 2 == 0,
            name=f"{hour:02d}:00",
        )
        for hour in hours
    ]
    noted = remarkable(columns, [hour for hour in hours if hour + 1 <= elapsed], first)
    return Chart(
        key="hours",
        title=_("Calls per hour"),
        heading=_("Hour"),
        columns=columns,
        value_name=_("Taken"),
        bad_name=_("Missed"),
        usual_name=_("Usual"),
        noted=noted,
        note=note(columns[noted]) if noted is not None else "",
        summary=_("Calls of the day per hour, in front of what usually comes on this weekday."),
    )


def remarkable(columns: list[Column], whole_hours: list[int], first: int) -> int | None:
    """The hour that is over and differs most from what is usual."""
    over = [hour - first for hour in whole_hours if columns[hour - first].total >= WORTH_A_NOTE]
    return max(over, key=lambda at: abs(columns[at].total - (columns[at].usual or 0)), default=None)


def note(column: Column) -> str:
    """What the noted hour has to say: 52, 8 more than usual."""
    more = column.total - round(column.usual or 0)
    said = {"n": written.count(column.total), "more": written.count(abs(more))}
    if more > 0:
        return _("%(n)s, %(more)s more than usual") % said
    if more < 0:
        return _("%(n)s, %(more)s fewer than usual") % said
    return _("%(n)s, as usual") % said


def days_chart(days: list[Day]) -> Chart:
    columns = [
        Column(
            label=written.weekday_short(day.day),
            value=round(day.total.calls),
            bad=round(day.total.missed),
            usual=day.usual_until(24).total,
            shaded=day.day.weekday() >= 5,
            tick=at % 2 == (len(days) - 1) % 2,
            name=f"{written.weekday_short(day.day)} {written.short_day(day.day)}",
        )
        for at, day in enumerate(days)
    ]
    return Chart(
        key="days",
        title=_("The last two weeks"),
        heading=_("Day"),
        columns=columns,
        value_name=_("Taken"),
        bad_name=_("Missed"),
        usual_name=_("Usual"),
        summary=_("Calls per day in front of what usually comes on that weekday; weekends are shaded."),
    )

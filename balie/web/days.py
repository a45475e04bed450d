"""A month's calls per local day as bars, of one client or of all."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.calls.queries import clients_calls
from balie.rules.call import CallType
from balie.rules.period import Period
from balie.web import written
from balie.web.charts import Chart, Column


def days_chart(client: Client, period: Period) -> Chart:
    """The client's calls per local day, missed ones on top."""
    per_day = clients_calls(client, period).order_by().annotate(day=TruncDate("start", tzinfo=ZoneInfo(period.zone)))
    missed = Count("pk", filter=Q(type=CallType.MISSED))
    found = {row["day"]: row for row in per_day.values("day").annotate(n=Count("pk"), missed=missed)}
    counts = {day: (row["n"], row["missed"]) for day, row in found.items()}
    columns = [day_column(day, *counts.get(day, (0, 0))) for day in period.days()]
    return month_chart("client-days", columns, _("Calls of this client per day; weekends are shaded."))


def day_column(day: date, calls: int, missed: int) -> Column:
    """A day of a month: its calls, of which some were missed."""
    return Column(
        label=str(day.day),
        value=calls - missed,
        bad=missed,
        shaded=day.weekday() >= 5,
        tick=day.day == 1 or day.day % 5 == 0,
        name=f"{written.weekday_short(day)} {written.short_day(day)}",
    )


def month_chart(key: str, columns: Sequence[Column], summary: str) -> Chart:
    """A month's days as bars, with a label at the busiest."""
    busiest = max(range(len(columns)), key=lambda at: columns[at].total)
    top = columns[busiest]
    return Chart(
        key=key,
        title=_("Calls per day"),
        heading=_("Day"),
        columns=columns,
        value_name=_("Taken"),
        bad_name=_("Missed"),
        noted=busiest if top.total else None,
        note=_("%(n)s on %(day)s") % {"n": written.count(top.total), "day": top.said} if top.total else "",
        summary=summary,
    )

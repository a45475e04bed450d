"""Controlling at a glance: the month so far against those before, what the watch found, who costs more than earned."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from balie.controlling.queries import last_watch
from balie.controlling.ranking import Figures, kept_outlook, rows_of, sums_by, total
from balie.controlling.watch import KINDS
from balie.rules.period import Period
from balie.tasks.queries import open_tasks
from balie.web.access import office
from balie.web.office.economics.shown import fresh, months_chart, up_to
from balie.web.office.tasks import NAMES, SHOWN_AS
from balie.web.request import OfficeRequest

MONTHS = 13
WORST = 5


@dataclass(frozen=True)
class Losing:
    """A client that cost more than it earned."""

    number: str
    name: str
    figures: Figures


@office
def month(request: OfficeRequest) -> HttpResponse:
    """The running month, the twelve before it, tasks, and the clients that lose money now."""
    desk = request.desk
    period = desk.this_month
    periods = up_to(period, MONTHS)
    sums = sums_by(rows_of([one.key for one in periods]), "month")
    months = [(one, sums.get((one.key,), Figures())) for one in periods]
    losing = losing_in(period.previous())
    known: dict[str, Any] = {
        "tab": "month",
        "period": period,
        "now": months[-1][1],
        "before": months[-2][1],
        "last": period.previous(),
        "outlook": kept_outlook(period),
        "shown": [(one, figures) for one, figures in reversed(months) if not figures.nothing],
        "with_fixed": any(figures.fixed for _period, figures in months),
        "chart": months_chart(
            "months-margin", months, _("All clients together, the last thirteen months."), desk.operator.currency
        ),
        "losing": losing[:WORST],
        "losing_count": len(losing),
        "lost": -total(one.figures for one in losing).margin,
        "tasks": tasks(),
        "watch": last_watch(),
        **fresh([period.key], desk),
    }
    return render(request, "balie/controlling/month.html", known)


def losing_in(period: Period) -> list[Losing]:
    """The clients with a margin below nothing, the worst first. One query."""
    sums = sums_by(rows_of([period.key]), "client__number", "client__name")
    found = [Losing(number, name, one) for (number, name), one in sums.items() if one.margin < 0]
    return sorted(found, key=lambda one: (one.figures.margin, one.number))


def tasks() -> Sequence[tuple[str, str, int]]:
    """Kind, name and number of the open tasks. One query."""
    counted = dict(open_tasks(KINDS).order_by().values_list("kind").annotate(Count("pk")))
    return [(kind, str(NAMES[kind]), counted[kind]) for kind in SHOWN_AS if kind in counted]

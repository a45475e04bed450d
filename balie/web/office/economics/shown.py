"""What the pages of controlling share: the months asked for, how fresh the figures are, revenue and cost as a chart."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balie.controlling.keep import ask_for_economics, kept_months
from balie.controlling.models import EconomicsMonth
from balie.controlling.ranking import Figures, freshness
from balie.leases.queries import alive
from balie.rules.period import Period
from balie.web import written
from balie.web.access import office
from balie.web.charts import Chart, Column
from balie.web.months import choices, past_months
from balie.web.request import Desk, OfficeRequest

COUNTS = (1, 3, 6, 12)


@dataclass(frozen=True)
class Asked:
    """The month a page shows, or the last so many up to it; the earliest first."""

    period: Period
    months: Sequence[Period]

    @property
    def keys(self) -> list[int]:
        return [one.key for one in self.months]

    @property
    def count(self) -> int:
        return len(self.months)

    @property
    def first(self) -> Period:
        return self.months[0]


def asked(query: Mapping[str, str], desk: Desk) -> Asked:
    """As the address says; without a word the last months that are over, as many as the watch looks at."""
    period = desk.month(query["month"]) if query.get("month") else desk.this_month.previous()
    usual = desk.operator.margin_months
    text = query.get("months", "")
    count = int(text) if text.isascii() and text.isdigit() and int(text) in {*COUNTS, usual} else usual
    return Asked(period, up_to(period, count))


def up_to(period: Period, count: int) -> list[Period]:
    """So many months up to this one, the earliest first."""
    return [*reversed(past_months(period, count - 1)), period] if count > 1 else [period]


def month_filters(wanted: Asked, desk: Desk) -> dict[str, Any]:
    """The month to choose and how many before it, for the head of a list."""
    return {
        "asked": wanted,
        "period": wanted.period,
        "months": choices(wanted.period, desk),
        "counts": sorted({*COUNTS, desk.operator.margin_months}),
        "running": wanted.period == desk.this_month,
    }


def fresh(months: Collection[int], desk: Desk) -> dict[str, Any]:
    """How fresh the figures of these months are. One query, two where something waits."""
    known = freshness(months)
    return {"fresh": known, "stuck": known.waits and not alive(now=desk.now).exists()}


@require_POST
@office
def again(request: OfficeRequest) -> HttpResponse:
    """Asks for all months to be worked out now; a worker does it."""
    desk = request.desk
    ask_for_economics(months=[one.key for one in kept_months(desk.operator, desk.now)], now=desk.now)
    back = request.POST.get("next", "")
    inside = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if inside else reverse("controlling"))


@office
def progress(request: OfficeRequest) -> HttpResponse:
    """Whether months are still being worked out, asked for again and again by htmx; then the page loads anew."""
    desk = request.desk
    months = list(EconomicsMonth.objects.values_list("month", flat=True))
    known = fresh(months, desk)
    response = render(request, "balie/controlling/_fresh.html", known)
    if not known["fresh"].waits:
        response["HX-Refresh"] = "true"
    return response


def months_chart(key: str, months: Sequence[tuple[Period, Figures]], summary: str, currency: str) -> Chart:
    """Revenue of each month before its cost: where the pale column is the higher one, money was lost. It begins with
    the first month that has any."""
    first = next((at for at, (_period, figures) in enumerate(months) if not figures.nothing), 0)
    return Chart(
        key=key,
        title=_("Revenue and cost per month"),
        heading=_("Month"),
        columns=[
            Column(
                label=written.month_short(period),
                value=max(0, round(figures.revenue)),
                usual=float(max(0, round(figures.cost + figures.fixed))),
                name=written.month(period),
            )
            for period, figures in months[first:]
        ],
        value_name=_("Revenue, %(currency)s") % {"currency": currency},
        usual_name=_("Cost, %(currency)s") % {"currency": currency},
        summary=summary,
    )

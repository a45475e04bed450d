"""How the running month will end, and what forecasts of the last months were worth: beside the straight line, and
client by client. The pages read rows that a worker keeps; nothing is forecast here."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from balie.controlling.backtest import Score, scores, together, trials_of
from balie.controlling.forecasting import months_tried
from balie.controlling.models import ForecastTrial
from balie.controlling.outlook import Point as DayAhead
from balie.controlling.outlook import outlook
from balie.rules.period import Period
from balie.web import money, written
from balie.web.access import office
from balie.web.charts import Chart, Column
from balie.web.curves import Curve, Point
from balie.web.months import choices
from balie.web.office.economics.ranking import searched
from balie.web.request import Desk, OfficeRequest, partly

PER_PAGE = 100
SORTS = {
    "number": "client__number",
    "name": "client__name",
    "actual": "actual",
    "expected": "expected",
    "error": "error",
    "straight": "straight_error",
    "within": "within",
}
USUAL = "-error"

Months = Sequence[tuple[Period, Score]]


@office
def forecasts(request: OfficeRequest) -> HttpResponse:
    """The last six months that are over, the latest first, and all of them together."""
    desk = request.desk
    periods = months_tried(desk.this_month)
    found = scores([period.key for period in periods])
    months = [(period, found[period.key]) for period in periods if period.key in found]
    known: dict[str, Any] = {
        "tab": "forecasts",
        "months": months,
        "all": together([score for _period, score in months]),
        "chart": errors_chart(months[::-1]),
        "period": desk.this_month,
        **ahead(desk),
    }
    return render(request, "balie/controlling/forecasts.html", known)


def ahead(desk: Desk) -> dict[str, Any]:
    """How the running month will end, and its days; nothing where that is not known. One query or two."""
    found = outlook(desk.this_month, operator=desk.operator, now=desk.now)
    if found is None:
        return {}
    currency = desk.operator.currency
    points = [point_of(one, currency) for one in found.days]
    curve = Curve(
        title=_("Revenue of %(month)s") % {"month": written.month(found.period)},
        heading=_("Day"),
        points=points,
        value_name=_("Revenue, %(currency)s") % {"currency": currency},
        summary=_("By now %(so_far)s; %(expected)s is expected at the end.")
        % {"so_far": money.money(found.so_far, currency), "expected": money.money(found.expected, currency)},
    )
    return {"outlook": found, "curve": curve}


def point_of(one: DayAhead, currency: str) -> Point:
    value, low, high = (money.plain(amount, currency) for amount in (one.amount, one.low, one.high))
    return Point(
        label=str(one.day.day),
        name=written.short_day(one.day),
        value=float(one.amount),
        low=float(one.low),
        high=float(one.high),
        over=one.over,
        shaded=one.day.weekday() > 4,
        said=(value, low, high),
    )


def errors_chart(months: Months) -> Chart:
    """The forecast's mean error of each month before the straight line's, in whole calls."""
    return Chart(
        key="forecast-errors",
        title=_("Mean error per client at mid-month"),
        heading=_("Month"),
        columns=[
            Column(
                label=written.month_short(period),
                value=round(score.error),
                usual=float(round(score.straight_error)),
                name=written.month(period),
            )
            for period, score in months
        ],
        value_name=_("Forecast, calls"),
        usual_name=_("Straight line, calls"),
        summary=_("How many calls the forecasts were off, and how many a straight line would have been."),
    )


@office
def clients(request: OfficeRequest) -> HttpResponse:
    """The clients of a month, those that were missed by most first; without a word of the last one that is over."""
    desk, query = request.desk, request.GET
    period = desk.month(query["month"]) if query.get("month") else desk.this_month.previous()
    known: dict[str, Any] = {
        "tab": "forecasts",
        "period": period,
        "order": order_of(query),
        "q": searched(query),
        "page": Paginator(narrowed(trials_of(period.key), query), PER_PAGE).get_page(query.get("page")),
    }
    if partly(request):
        return render(request, "balie/controlling/_forecast_rows.html", known)
    more = {"months": choices(period, desk), "score": scores([period.key]).get(period.key)}
    return render(request, "balie/controlling/forecast_clients.html", known | more)


def order_of(query: Mapping[str, str]) -> str:
    order = query.get("order", USUAL)
    return order if order.removeprefix("-") in SORTS else USUAL


def narrowed(rows: "QuerySet[ForecastTrial]", query: Mapping[str, str]) -> "QuerySet[ForecastTrial]":
    """The rows asked for, in the order asked for; ties by number, so that paging is stable."""
    text, order = searched(query), order_of(query)
    if text:
        rows = rows.filter(Q(client__name__icontains=text) | Q(client__number__icontains=text))
    sign = "-" if order.startswith("-") else ""
    return rows.order_by(sign + SORTS[order.removeprefix("-")], "client__number")

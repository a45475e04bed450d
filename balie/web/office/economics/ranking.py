"""Clients by margin: what each earned and cost in a month or the last few, worst first, against the average of all."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from balie.controlling.files import margins_file
from balie.controlling.ranking import Figures, rows_of, sum_of, sums_by, total
from balie.controlling.watch import UNECONOMICAL
from balie.rules.period import Period
from balie.tasks.models import Task
from balie.tasks.queries import open_tasks
from balie.web import money, words, written
from balie.web.access import office
from balie.web.downloads import download
from balie.web.office.economics.shown import Asked, asked, fresh, month_filters, up_to
from balie.web.request import Desk, OfficeRequest, partly
from balie.web.trends import MarginTrend

PER_PAGE = 100
TREND_MONTHS = 6
FIGURES = ("revenue", "cost", "fixed", "margin", "left", "percent", "minutes", "per_minute")
SORTS = ("number", "name", *FIGURES)
ONLY = {
    "tasks": gettext_lazy("Contracts that do not pay"),
    "loss": gettext_lazy("Cost more than they earn"),
    "below": gettext_lazy("Below the average per minute"),
}
LOWEST = Decimal(-(10**15))


@dataclass(frozen=True)
class Row:
    """One client with what it earned and cost."""

    pk: int
    number: str
    name: str
    figures: Figures
    below: bool  # earns less per minute worked than all together
    task: Task | None = None
    trend: MarginTrend | None = None

    def key(self, name: str) -> tuple[Decimal, str]:
        if name in ("number", "name"):
            return Decimal(0), str(getattr(self, name)).casefold()
        value = getattr(self.figures, name)
        return (LOWEST if value is None else Decimal(value)), ""


@dataclass(frozen=True)
class Ranking:
    """The clients found, in order, with their sums and the average of all that every one is measured by."""

    rows: Sequence[Row]
    sums: Figures
    average: Decimal | None
    some: bool


@office
def ranking(request: OfficeRequest) -> HttpResponse:
    """All clients of the months asked for, found by name, service or tariff, sorted by any figure."""
    desk, query = request.desk, request.GET
    wanted = asked(query, desk)
    found = ranked(query, wanted)
    page = Paginator(found.rows, PER_PAGE).get_page(query.get("page"))
    page.object_list = with_trends(list(page.object_list), wanted.period, desk)
    known: dict[str, Any] = {
        "page": page,
        "found": found,
        "order": order_of(query),
        "q": searched(query),
        **month_filters(wanted, desk),
        "with_fixed": bool(found.sums.fixed),
        "download": "/controlling/clients",
    }
    if partly(request):
        return render(request, "balie/controlling/_ranking_rows.html", known)
    return render(request, "balie/controlling/ranking.html", known | filters(query, wanted) | fresh(wanted.keys, desk))


def searched(query: Any) -> str:
    return str(query.get("q", "")).strip()[:80]


def order_of(query: Any) -> str:
    order = str(query.get("order", "margin"))
    return order if order.removeprefix("-") in SORTS else "margin"


def filters(query: Any, wanted: Asked) -> dict[str, Any]:
    """What there is to choose from: the services and tariffs of these months. One query."""
    known = rows_of(wanted.keys).values_list("service", "tariff__code").distinct()
    services, tariffs = ({row[at] for row in known if row[at]} for at in (0, 1))
    return {
        "services": [(one, words.service(one)) for one in sorted(services)],
        "tariffs": sorted(tariffs),
        "service": query.get("service", ""),
        "tariff": query.get("tariff", ""),
        "only": query.get("only", ""),
        "only_choices": ONLY.items(),
    }


def ranked(query: Any, wanted: Asked) -> Ranking:
    """The clients asked for, in order. Three queries however many there are."""
    service, tariff, only = (str(query.get(name, ""))[:80] for name in ("service", "tariff", "only"))
    names = ("client", "client__number", "client__name")
    sums = sums_by(rows_of(wanted.keys, service=service, tariff=tariff), *names)
    average = sum_of(rows_of(wanted.keys)).per_minute
    tasks = {task.client_id: task for task in open_tasks([UNECONOMICAL])}
    every = [
        Row(pk, number, name, one, is_below(one, average), tasks.get(pk))
        for (pk, number, name), one in sums.items()
        if not one.nothing
    ]
    rows = [row for row in every if fits(row, searched(query), only)]
    order = order_of(query)
    rows.sort(key=lambda row: row.number)
    rows.sort(key=lambda row: row.key(order.removeprefix("-")), reverse=order.startswith("-"))
    return Ranking(rows, total(row.figures for row in rows), average, bool(sums))


def is_below(one: Figures, average: Decimal | None) -> bool:
    return average is not None and one.per_minute is not None and one.per_minute < average


def fits(row: Row, text: str, only: str) -> bool:
    wanted = text.casefold()
    if wanted not in row.name.casefold() and wanted not in row.number.casefold():
        return False
    told = {"tasks": row.task is not None, "loss": row.figures.margin < 0, "below": row.below}
    return told.get(only, True)


def with_trends(rows: Sequence[Row], period: Period, desk: Desk) -> list[Row]:
    """The rows of one page with their margins of the last six months. One query."""
    months = up_to(period, TREND_MONTHS)
    kept = rows_of([one.key for one in months]).filter(client__in=[row.pk for row in rows])
    found: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for (client, month), one in sums_by(kept, "client", "month").items():
        found[client][month] = one.margin
    return [replace(row, trend=trend(found[row.pk], months, desk)) for row in rows]


def trend(margins: dict[int, Decimal], months: Iterable[Period], desk: Desk) -> MarginTrend:
    values = [(period, margins.get(period.key)) for period in months]
    currency = desk.operator.currency
    said = ", ".join(
        f"{written.month_short(period)} {money.plain(value, currency) if value is not None else written.QUIET_DASH}"
        for period, value in values
    )
    return MarginTrend([value for _period, value in values], _("Margin per month: %(list)s") % {"list": said})


@office
def file(request: OfficeRequest, format: str) -> HttpResponse:
    """The clients of the page as a file, all of them, in its order."""
    wanted = asked(request.GET, request.desk)
    found = ranked(request.GET, wanted)
    rows = [(row.number, row.name, row.figures, row.task is not None) for row in found.rows]
    data = margins_file(rows, format, first=wanted.first, last=wanted.period, currency=request.desk.operator.currency)
    return download(data, f"margins-{wanted.first}-{wanted.period}.{format}", format)

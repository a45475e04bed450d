"""Tariffs against each other: how many clients, what they earned and cost, which pays per minute worked."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from balie.controlling.ranking import Figures, rows_of, sums_by, total
from balie.tariffs.models import Tariff
from balie.tariffs.queries import versions_of
from balie.web.access import office
from balie.web.office.contracts import title_of
from balie.web.office.economics.ranking import FIGURES, LOWEST, is_below, searched
from balie.web.office.economics.shown import asked, fresh, month_filters
from balie.web.request import Desk, OfficeRequest, partly

PER_PAGE = 100
SORTS = ("title", "code", "clients", *FIGURES)


@dataclass(frozen=True)
class Row:
    """One tariff with what its clients earned and cost; `tariff` None: work without a contract."""

    tariff: Tariff | None
    title: str
    clients: int
    figures: Figures
    below: bool

    @property
    def code(self) -> str:
        return self.tariff.code if self.tariff else ""

    def key(self, name: str) -> tuple[Decimal, str]:
        if name in ("title", "code"):
            return Decimal(0), str(getattr(self, name)).casefold()
        value = self.clients if name == "clients" else getattr(self.figures, name)
        return (LOWEST if value is None else Decimal(value)), ""


@office
def tariffs(request: OfficeRequest) -> HttpResponse:
    """The tariffs of the months asked for, sorted by any figure."""
    desk, query = request.desk, request.GET
    wanted = asked(query, desk)
    order = str(query.get("order", "margin"))
    order = order if order.removeprefix("-") in SORTS else "margin"
    every = rows(wanted.keys, desk)
    text = searched(query).casefold()
    found = [row for row in every if text in row.title.casefold() or text in row.code.casefold()]
    found.sort(key=lambda row: row.code)
    found.sort(key=lambda row: row.key(order.removeprefix("-")), reverse=order.startswith("-"))
    sums = total(row.figures for row in found)
    known: dict[str, Any] = {
        "tab": "tariffs",
        "page": Paginator(found, PER_PAGE).get_page(query.get("page")),
        "order": order,
        "q": searched(query),
        "sums": sums,
        "average": total(row.figures for row in every).per_minute,
        "some": bool(every),
        "with_fixed": bool(sums.fixed),
        **month_filters(wanted, desk),
    }
    if partly(request):
        return render(request, "balie/controlling/_tariff_rows.html", known)
    return render(request, "balie/controlling/tariffs.html", known | fresh(wanted.keys, desk))


def rows(months: Sequence[int], desk: Desk) -> list[Row]:
    """Every tariff with figures in these months. Four queries however many there are."""
    figures: dict[int | None, Figures] = defaultdict(Figures)
    clients: dict[int | None, set[int]] = defaultdict(set)
    for (tariff, client), one in sums_by(rows_of(months), "tariff", "client").items():
        if not one.nothing:
            figures[tariff] += one
            clients[tariff].add(client)
    known = {one.pk: one for one in Tariff.objects.filter(pk__in=[pk for pk in figures if pk])}
    titles = titles_of(known, desk)
    average = total(figures.values()).per_minute
    return [
        Row(known.get(pk or 0), titles.get(pk or 0, ""), len(clients[pk]), one, is_below(one, average))
        for pk, one in figures.items()
    ]


def titles_of(tariffs: Mapping[int, Tariff], desk: Desk) -> dict[int, str]:
    """What each is called in the reader's language, by its newest version."""
    versions = versions_of(list(tariffs.values())) if tariffs else {}
    return {
        pk: title_of(versions[pk][-1].title if versions.get(pk) else {}, desk, tariff.code)
        for pk, tariff in tariffs.items()
    }

"""One what-if: how far it is; who would pay less, who more; what could not be priced; a client's months; the file."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Abs
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from balie.controlling.compared import sums_of
from balie.controlling.draft import version_kept
from balie.controlling.models import WhatIf, WhatIfClient
from balie.controlling.whatif import amounts_of
from balie.controlling.whatif_files import what_if_file
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.web.access import office
from balie.web.downloads import download
from balie.web.office.example import untold
from balie.web.office.what_if.asking import asked_of, choices, stuck
from balie.web.request import Desk, OfficeRequest, partly

PER_PAGE = 100
ORDERS = {
    "change": "size",
    "number": "client__number",
    "name": "client__name",
    "bills": "bills",
    "present": "present",
    "other": "other",
    "difference": "difference",
    "limits": "limits_after",
}
WHICH = {
    "less": gettext_lazy("Who would pay less"),
    "more": gettext_lazy("Who would pay more"),
    "same": gettext_lazy("Who would pay the same"),
    "limits": gettext_lazy("Who would reach the cost limit"),
    "unpriced": gettext_lazy("What has no price"),
}
KINDS = {
    "less": Q(difference__lt=0),
    "more": Q(difference__gt=0),
    "same": Q(difference=0),
    "limits": Q(limits_after__gt=0),
    "unpriced": Q(other=None),
}
PROBLEMS_SHOWN = 20


@dataclass(frozen=True)
class Sums:
    """What some clients come to together: counts, and amounts of those that could be priced."""

    counts: dict[str, Any]

    @property
    def amounts(self) -> dict[str, Decimal]:
        return amounts_of(self.counts)

    @property
    def difference(self) -> Decimal:
        return self.amounts["other"] - self.amounts["present"]

    @property
    def share(self) -> float | None:
        present = self.amounts["present"]
        return float(self.difference / present) if present else None


@dataclass(frozen=True)
class Month:
    """One bill of a client."""

    period: Period
    present: Decimal
    other: Decimal | None
    before: bool
    after: bool

    @property
    def difference(self) -> Decimal | None:
        return None if self.other is None else self.other - self.present


def what_if_of(pk: int) -> WhatIf:
    return get_object_or_404(WhatIf.objects.select_related("tariff", "only_at"), pk=pk)


@office
def what_if(request: OfficeRequest, pk: int) -> HttpResponse:
    """How far it is; once it is done the clients, found by name, sorted by any figure."""
    row, query, desk = what_if_of(pk), request.GET, request.desk
    rows = found(row, query)
    page = Paginator(rows.select_related("client"), PER_PAGE).get_page(query.get("page"))
    sums = Sums(row.sums) if row.done else None
    narrowed = bool(searched(query) or which(query))
    known: dict[str, Any] = {
        **about(row, desk),
        "page": page,
        "order": order_of(query),
        "q": searched(query),
        "which": which(query),
        "sums": sums,
        "of_shown": sums_of_shown(rows) if narrowed else sums,
        "download": f"/controlling/what-if/{pk}",
    }
    if partly(request):
        return render(request, "balie/what_if/_rows.html", known)
    told = {"which_choices": WHICH.items(), "problems": problems(row, desk), **choices(desk, chosen(row))}
    return render(request, "balie/what_if/one.html", known | told)


def about(row: WhatIf, desk: Desk) -> dict[str, Any]:
    """What every page about it says of it."""
    months = [Period.from_key(key, desk.zone) for key in row.months]
    return {
        "row": row,
        "asked": asked_of(row, desk),
        "first": months[0],
        "last": months[-1],
        "stuck": stuck(row, desk),
        "share": share_done(row),
    }


def chosen(row: WhatIf) -> dict[str, str]:
    """What it was asked for, for the form that asks again."""
    return {"months": str(len(row.months)), "only_at": row.only_at.code if row.only_at else ""}


def searched(query: Any) -> str:
    return str(query.get("q", "")).strip()[:80]


def which(query: Any) -> str:
    wanted = str(query.get("which", ""))
    return wanted if wanted in WHICH else ""


def order_of(query: Any) -> str:
    order = str(query.get("order", "-change"))
    return order if order.removeprefix("-") in ORDERS else "-change"


def found(row: WhatIf, query: Any) -> QuerySet[WhatIfClient]:
    """The clients asked for, in order; what has no difference comes last."""
    rows = WhatIfClient.objects.filter(what_if=row).annotate(size=Abs("difference"))
    if text := searched(query):
        rows = rows.filter(Q(client__name__icontains=text) | Q(client__number__icontains=text))
    if kind := which(query):
        rows = rows.filter(KINDS[kind])
    order = order_of(query)
    column = F(ORDERS[order.removeprefix("-")])
    sort = column.desc(nulls_last=True) if order.startswith("-") else column.asc(nulls_last=True)
    return rows.order_by(sort, "client__number")


def sums_of_shown(rows: QuerySet[WhatIfClient]) -> Sums:
    names = ("present", "other", "bills", "limits_before", "limits_after")
    return Sums(sums_of(rows.order_by().values_list(*names)))


def problems(row: WhatIf, desk: Desk) -> list[tuple[str, list[str]]]:
    """What has no price, in the reader's language, and the numbers of the clients whose bills lack it."""
    lacking = row.rows.exclude(problem=None).select_related("client").order_by("client__number")
    by_place: dict[tuple[str, str], list[WhatIfClient]] = {}
    for one in lacking if row.done else ():
        said = one.problem or {}
        by_place.setdefault((said["code"], said["where"]), []).append(one)
    shown = list(by_place.values())[:PROBLEMS_SHOWN]
    return [(problem_told(row, rows[0], desk), [one.client.number for one in rows]) for rows in shown]


def problem_told(row: WhatIf, one: WhatIfClient, desk: Desk) -> str:
    """The first bill that lacks it, told with the prices it was asked for."""
    said = one.problem or {}
    refusal = Refused(said["code"], said["message"], said["where"])
    month = next((said[0] for said in one.months if said[2] is None), row.months[-1])
    version = version_kept(row.versions[-1], row.tariff)
    return untold(refusal, one.client, Period.from_key(month, desk.zone), version)


@office
def progress(request: OfficeRequest, pk: int) -> HttpResponse:
    """How far it is, asked for again and again by htmx; tells the page to load anew when it is done."""
    row = what_if_of(pk)
    response = render(request, "balie/what_if/_progress.html", about(row, request.desk))
    if not row.under_way:
        response["HX-Refresh"] = "true"
    return response


def share_done(row: WhatIf) -> int:
    """In percent: measuring is half of it."""
    measured = row.months_done / len(row.months)
    priced = row.clients_done / row.clients if row.clients else 0
    return round(50 * measured + 50 * priced)


@office
def client(request: OfficeRequest, pk: int, number: str) -> HttpResponse:
    """One client's bills, month by month."""
    row = what_if_of(pk)
    one = get_object_or_404(WhatIfClient.objects.select_related("client"), what_if=row, client__number=number)
    known = {
        **about(row, request.desk),
        "one": one,
        "months": [month_of(said, request.desk) for said in reversed(one.months)],
        "problem": problem_told(row, one, request.desk) if one.problem else "",
    }
    return render(request, "balie/what_if/client.html", known)


def month_of(said: Sequence[Any], desk: Desk) -> Month:
    key, present, other, before, after = said
    amount = None if other is None else Decimal(other)
    return Month(Period.from_key(key, desk.zone), Decimal(present), amount, before, after)


@office
def file(request: OfficeRequest, pk: int, format: str) -> HttpResponse:
    """The clients of the page as a file, all of them, in its order."""
    row = what_if_of(pk)
    if not row.done:
        raise Refused("not_done", _("It is not worked out yet; look again in a moment."), "what-if")
    return download(what_if_file(row, found(row, request.GET), format), f"what-if-{pk}.{format}", format)

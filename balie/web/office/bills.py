"""The bills of all clients of a month: what is to be paid, sorted and searched; prices that are missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from balie.billing.bill import Bill
from balie.billing.queries import bills as priced
from balie.billing.queries import sums_of_bills, with_parts
from balie.calls.queries import closed_months
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.statements.exports.prices import prices_file
from balie.web.access import office
from balie.web.downloads import download
from balie.web.missing import Missing, missing
from balie.web.months import choices
from balie.web.request import OfficeRequest, partly

PER_PAGE = 100
SORTS = ("number", "name", "net", "vat", "gross")
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Sums:
    """What all bills that were found come to."""

    net: Decimal
    vat: Decimal
    gross: Decimal


@office
def bills(request: OfficeRequest, month: str) -> HttpResponse:
    """All bills of a month; where a price is missing, what to do about it instead."""
    desk = request.desk
    period = desk.month(request.GET.get("month", "") or month)
    searched = request.GET.get("q", "").strip()[:80]
    order = request.GET.get("order", "number")
    order = order if order.removeprefix("-") in SORTS else "number"
    every, missing = priced_or_missing(period)
    found = ranked(matching(every, searched), order)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = with_parts(list(page.object_list))
    known = {
        "period": period,
        "months": choices(period, desk),
        "page": page,
        "order": order,
        "q": searched,
        "sums": summed(found),
        "missing": missing,
        "some": bool(every),
        "closed": period.key in closed_months(),
        "running": period >= desk.this_month,
        "download": f"/months/{period}/bills",
    }
    return render(request, "balie/bills/_rows.html" if partly(request) else "balie/bills/month.html", known)


def priced_or_missing(period: Period) -> tuple[Sequence[Bill], Missing | None]:
    """The bills, or the first price that is missing."""
    try:
        return sums_of_bills(period), None
    except Refused as refusal:
        return [], missing(refusal, period)


def matching(found: Sequence[Bill], text: str) -> list[Bill]:
    wanted = text.casefold()
    return [bill for bill in found if wanted in bill.client.name.casefold() or wanted in bill.client.number.casefold()]


def ranked(found: Sequence[Bill], order: str) -> list[Bill]:
    name = order.removeprefix("-")

    def key(bill: Bill) -> tuple[Decimal, str]:
        if name in ("number", "name"):
            return ZERO, str(getattr(bill.client, name)).casefold()
        return getattr(bill, name), ""

    return sorted(found, key=key, reverse=order.startswith("-"))


def summed(found: Sequence[Bill]) -> Sums:
    net, vat = sum((one.net for one in found), ZERO), sum((one.vat for one in found), ZERO)
    return Sums(net, vat, sum((one.gross for one in found), ZERO))


@office
def file(request: OfficeRequest, month: str, format: str) -> HttpResponse:
    """All bills of a month as one file for billing: the same as `balie price --all` gives."""
    period = request.desk.month(month)
    found = priced(period)
    if not found:
        raise Refused("no_bills", _("There is nothing to bill in %(month)s.") % {"month": period}, "month")
    return download(prices_file(found, format, one=False), f"bills-{period}.{format}", format)

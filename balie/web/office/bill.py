"""A client's bill of a month: lines with their reasons, compared with the month before, and as files."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from balie.accounts.models import Client
from balie.billing.queries import bill as priced
from balie.billing.queries import expected
from balie.calls.queries import closed_months
from balie.rules.period import Period
from balie.statements.exports.prices import prices_file
from balie.web import billed
from balie.web.access import office
from balie.web.downloads import download
from balie.web.months import choices
from balie.web.office.client import head
from balie.web.request import Desk, OfficeRequest


@office
def bill(request: OfficeRequest, number: str) -> HttpResponse:
    """The bill of a month: what is to be paid and why, and what is different from the month before."""
    desk, client = request.desk, get_object_or_404(Client, number=number)
    period = desk.month(request.GET.get("month", ""))
    known = month_of(client, period, desk) | head(client, "bill", desk)
    return render(request, "balie/bills/client.html", known)


def month_of(client: Client, period: Period, desk: Desk) -> dict[str, Any]:
    """The month and the one before it, side by side."""
    now, before = billed.told(client, period), billed.told(client, period.previous())
    compared = before.bill if before.bill and before.bill.contracts else None
    return {
        "period": period,
        "months": choices(period, desk),
        "bill": now.bill,
        "missing": now.missing,
        "summary": expected(client, period, desk.now) if now.bill and period == desk.this_month else None,
        "before": compared,
        "parts": billed.shown(now.bill, compared) if now.bill else [],
        "difference": billed.difference(now.bill, compared),
        "closed": period.key in closed_months(),
        "running": period == desk.this_month,
        "download": f"/clients/{client.number}/bill",
    }


@office
def file(request: OfficeRequest, number: str, format: str) -> HttpResponse:
    """The bill as a file for billing: the same as `balie price` gives."""
    client = get_object_or_404(Client, number=number)
    period = request.desk.month(request.GET.get("month", ""))
    data = prices_file([priced(client, period)], format, one=True)
    name = "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in client.number)
    return download(data, f"bill-{name}-{period}.{format}", format)

"""All orders: how many are where, what waits for staff, and each with the time it has been at its status."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from balie.contracts.models import Order
from balie.contracts.pipeline import ORDERS, UNDER_WAY_ALL, counts, orders
from balie.numbers.models import ManualRoute
from balie.numbers.switches.manual import asked
from balie.rules.activation import UNDER_WAY, UNFINISHED, Status
from balie.rules.stopwatch import Leg, legs
from balie.statements.exports.cells import ROWS
from balie.statements.exports.sheet import Sheet
from balie.web import written
from balie.web.access import office
from balie.web.downloads import sent
from balie.web.office.alerts import Alert
from balie.web.request import Desk, OfficeRequest, partly
from balie.web.words import ORDER_STATUSES

PER_PAGE = 50
SHOWN_TODAY = 6
TWO_DAYS = 48 * 3600  # seconds
SHEET = Sheet(
    "orders",
    {
        "order": ("text", 12),
        "client": ("text", 10),
        "name": ("text", 34),
        "service": ("text", 11),
        "tariff": ("text", 18),
        "number": ("text", 17),
        "status": ("text", 11),
        "placed": ("text", 26),
        "since": ("text", 26),
        "by": ("text", 26),
        "seconds_to_ready": ("text", 10),
        "problem": ("text", 60),
    },
)


@dataclass(frozen=True)
class Row:
    """One order as a list shows it."""

    order: Any  # with `since`
    now: datetime

    @property
    def unfinished(self) -> bool:
        return self.order.status in UNFINISHED

    @property
    def under_way(self) -> bool:
        return self.order.status in UNDER_WAY

    @property
    def lasting(self) -> str:
        """How long it has been at its status."""
        return lasting((self.now - (self.order.since or self.order.placed)).total_seconds())

    def document(self) -> Mapping[str, Any]:
        one = self.order
        times = legs(one.placed, [(step.status, step.at) for step in one.steps.all()])
        return {
            "order": one.reference,
            "client": one.client.number,
            "name": one.client.name,
            "service": one.service,
            "tariff": one.tariff.code,
            "number": one.number.number if one.number else None,
            "status": str(one.status),
            "placed": one.placed.isoformat(),
            "since": (one.since or one.placed).isoformat(),
            "by": one.by,
            "seconds_to_ready": f"{times[Leg.WHOLE]:.1f}" if Leg.WHOLE in times else None,
            "problem": one.parked or one.problem,
        }


def lasting(seconds: float) -> str:
    """31 seconds, 2 min 5 s, 3 hours 5 min, 12 days: as exact as anybody asks."""
    if seconds < TWO_DAYS:
        return written.spoken(max(0, seconds))
    days = int(seconds // 86400)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


@office
def all_orders(request: OfficeRequest) -> HttpResponse:
    """The orders asked for, sorted, under how many there are of each status and what staff must do by hand."""
    desk, query = request.desk, request.GET
    wanted = asked_for(query)
    page = Paginator(orders(**wanted), PER_PAGE).get_page(query.get("page"))
    number = counts()
    known = {
        "page": page,
        "rows": [Row(one, desk.now) for one in page],
        "q": wanted["search"],
        "status": wanted["status"],
        "order": wanted["order"],
        "figures": [(status, name, number[status]) for status, name in ORDER_STATUSES.items()],
        "all": sum(number.values()),
        "under_way": sum(number[status] for status in UNDER_WAY),
        "by_hand": by_hand(asked()),
        "download": "/orders",
    }
    return render(request, "balie/orders/_rows.html" if partly(request) else "balie/orders/list.html", known)


def asked_for(query: Mapping[str, str]) -> dict[str, str]:
    """What of the address the list goes by."""
    order, status = query.get("order", "-placed"), query.get("status", "")
    return {
        "search": query.get("q", "").strip()[:80],
        "status": status if status in {*Status, UNDER_WAY_ALL} else "",
        "order": order if order.removeprefix("-") in ORDERS else "-placed",
    }


def by_hand(rows: Sequence[ManualRoute] | Any) -> list[tuple[ManualRoute, bool]]:
    """What staff are asked to do in the phone system, and whether it is to set a number up."""
    return [(row, row.deed == ManualRoute.Deed.CONFIGURE) for row in rows]


@office
def file(request: OfficeRequest, format: str) -> HttpResponseBase:
    """The orders of the page as a file, all of them, in its order."""
    found = orders(**asked_for(request.GET)).prefetch_related("steps")
    SHEET.check_rows(found.count, format)
    rows = (SHEET.cells(Row(one, request.desk.now).document()) for one in found.iterator(ROWS))
    return sent(SHEET.parts(rows, format), f"orders-{request.desk.today}.{format}", format)


def of_today(desk: Desk) -> list[Row]:
    """The oldest orders under way, for the start page."""
    return [Row(one, desk.now) for one in orders(status=UNDER_WAY_ALL, order="placed")[:SHOWN_TODAY]]


def waiting(desk: Desk) -> Iterator[Alert]:
    """The rows of the start page: orders that cannot go on, and numbers to be taken out of a phone system by hand."""
    held = list(Order.objects.filter(status=Status.WAITING).order_by("placed"))
    if held:
        said = ngettext("%(n)s order waits.", "%(n)s orders wait.", len(held))
        why = next((one.parked or one.problem for one in held if one.parked or one.problem), "")
        rest = why or _("No number is free. Add numbers to the pool; the order goes on by itself.")
        link = reverse("order", args=[held[0].pk]) if len(held) == 1 else f"{reverse('orders')}?status=waiting"
        yield Alert("bad", said % {"n": written.count(len(held))}, rest, link, _("See why"))
    to_remove = asked().filter(deed=ManualRoute.Deed.REMOVE).count()
    if to_remove:
        said = ngettext("%(n)s number is to be taken out.", "%(n)s numbers are to be taken out.", to_remove)
        rest = _("Their clients do not have them any more; the phone system is set up by hand.")
        yield Alert("warn", said % {"n": written.count(to_remove)}, rest, reverse("orders"), _("See which"))

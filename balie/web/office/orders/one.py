"""One order: how far it is, how long each step took, what keeps it, its mails; and what a manager can do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from balie.contracts.actions import confirm_by_hand, try_again, withdraw_order
from balie.contracts.models import Order, OrderStep
from balie.contracts.pipeline import asked_for, mails_of
from balie.contracts.queries import orders
from balie.leases.queries import alive
from balie.numbers.models import ManualRoute
from balie.rules.activation import NEEDS_NUMBER, UNDER_WAY, UNFINISHED, Status
from balie.rules.errors import Refused
from balie.rules.stopwatch import Leg, legs
from balie.tariffs.queries import version_on
from balie.web import notices
from balie.web.access import office
from balie.web.office.contracts import title_of
from balie.web.office.mails import Row as MailRow
from balie.web.request import OfficeRequest, author, partly
from balie.web.words import ORDER_STATUSES

WAY = (Status.CLAIMED, Status.CONFIGURED, Status.READY, Status.ACTIVE)


@dataclass(frozen=True)
class Step:
    """A status the order reached: when, how many seconds after the one before, and after it was placed."""

    status: str
    at: datetime
    took: float
    passed: float


def order_of(pk: int) -> Order:
    return get_object_or_404(orders().prefetch_related("steps"), pk=pk)


@office
def order(request: OfficeRequest, pk: int) -> HttpResponse:
    """The whole page; asked for by htmx, what changes by itself."""
    one = order_of(pk)
    known = progress_of(one, request)
    if partly(request):
        return render(request, "balie/orders/_progress.html", known)
    version = version_on(one.tariff, request.desk.today)
    known |= {"title": title_of(version.title if version else {}, request.desk, one.tariff.code)}
    return render(request, "balie/orders/order.html", known)


def progress_of(one: Order, request: OfficeRequest) -> dict[str, Any]:
    """What changes by itself while the order is under way."""
    rows = list(one.steps.all())
    unfinished = one.status in UNFINISHED
    reached = {row.status for row in rows}
    to_come = [ORDER_STATUSES[status] for status in WAY if status not in reached]
    return {
        "order": one,
        "steps": steps(one, rows),
        "to_come": to_come if one.status in UNDER_WAY else [],
        "whole": legs(one.placed, [(row.status, row.at) for row in rows]).get(Leg.WHOLE),
        "unfinished": unfinished,
        "live": unfinished or (one.status == Status.READY and one.service in NEEDS_NUMBER),
        "next_try": one.due if unfinished and not one.parked and one.due > request.desk.now and one.number else None,
        "by_hand": asked_for(one),
        "to_configure": ManualRoute.Deed.CONFIGURE,
        "idle": unfinished and not alive(now=request.desk.now).filter(lane="orders").exists(),
        "mails": [MailRow(mail) for mail in mails_of(one)],
    }


def steps(one: Order, rows: Sequence[OrderStep]) -> list[Step]:
    """The order's history with its stopwatch."""
    found: list[Step] = []
    before = one.placed
    for row in rows:
        since, passed = row.at - before, row.at - one.placed
        found.append(Step(row.status, row.at, since.total_seconds(), passed.total_seconds()))
        before = row.at
    return found


@require_POST
@office
def again(request: OfficeRequest, pk: int) -> HttpResponse:
    """The next step is due at once, also of an order that was given up."""
    one = order_of(pk)
    if one.status in UNFINISHED:
        try_again(order=one, author=author(request))
        notices.done(request, _("The order is tried again within a few seconds."))
    else:
        notices.refused(request, _("There is nothing to try again: this order is finished."))
    return redirect("order", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@office
def withdraw(request: OfficeRequest, pk: int) -> HttpResponse:
    """Shows what taking the order back does; the button on that page does it."""
    one = order_of(pk)
    if request.method != "POST":
        return render(request, "balie/orders/withdraw.html", {"order": one, "unfinished": one.status in UNFINISHED})
    try:
        withdraw_order(order=one, author=author(request))
    except Refused as refusal:
        notices.refused(request, refusal.message)
    else:
        notices.done(request, _("The order is withdrawn; the client is told."))
    return redirect("order", pk=pk)


@require_POST
@office
def done_by_hand(request: OfficeRequest, pk: int) -> HttpResponse:
    """Somebody did in the phone system what was asked for; the order that waited for it goes on."""
    try:
        found = confirm_by_hand(row=pk, author=author(request))
    except Refused as refusal:
        notices.refused(request, refusal.message)
        found = None
    else:
        goes_on = _("Thank you; the order goes on within a few seconds.")
        notices.done(request, goes_on if found else _("Thank you; that is done."))
    return redirect("order", pk=found.pk) if found else redirect("orders")

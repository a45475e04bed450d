"""Giving notice of a service, with its last day before it is done, and taking that back. For owners of the client."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from balie.contracts.actions import cancel_service, withdraw_cancellation
from balie.contracts.actions.cancel import LONGEST_REASON
from balie.contracts.models import Cancellation, Contract
from balie.contracts.queries import cancellation_of, end_if_cancelled, last_of_chain
from balie.operator.written import long_day
from balie.rules.activation import NEEDS_NUMBER
from balie.rules.errors import Refused
from balie.web import notices
from balie.web.compared import Offer, compared
from balie.web.given import day_of
from balie.web.portal.access import ClientRequest, cancelling_owner
from balie.web.portal.tariff import own_contract, public
from balie.web.request import Desk, author


@require_http_methods(["GET", "HEAD", "POST"])
@cancelling_owner
def cancel(request: ClientRequest, pk: int) -> HttpResponse:
    """What cancelling does, with the day; the button on the page does it."""
    contract = own_contract(request, pk)
    ends = end_if_cancelled(request.client, contract.service, request.desk.today, today=request.desk.today)
    if ends is None:
        return ended_already(request, last_of_chain(contract))
    if request.method != "POST":
        return page(request, contract, ends)
    try:
        agreed = later(request, ends)
        last = cancel_service(
            client=request.client, service=contract.service, agreed=agreed, reason=request.POST.get("reason", ""),
            user=request.user, author=author(request),
        )  # fmt: skip
    except Refused as refusal:
        return page(request, contract, ends, {"where": refusal.where, "text": refusal.message}, 422)
    return done(request, last)


def ended_already(request: ClientRequest, last: Contract) -> HttpResponse:
    """Pressed twice, or in another tab: what was asked for stands. Else there is nothing to cancel."""
    if request.method == "POST" and last.end and cancellation_of(last):
        return done(request, last)
    notices.refused(request, _("This service ends already; there is nothing to cancel."))
    return redirect("portal_services")


def later(request: ClientRequest, ends: date) -> date | None:
    """A later last day, where one is wished. Refused where it is earlier than the notice rule allows."""
    if request.POST.get("when") != "later":
        return None
    wished = day_of(request.POST.get("day", "").strip(), ends, "day")
    if wished < ends:
        said = _("The earliest last day is %(day)s; choose that one or a later one.")
        raise Refused("too_early", said % {"day": long_day(ends)}, "day")
    return wished if wished > ends else None


def done(request: ClientRequest, last: Contract) -> HttpResponse:
    """Said on the page of services, with a button that takes it back."""
    standing = cancellation_of(last)
    text = _("Cancelled. The last day is %(day)s; a receipt is on its way by mail.") % {
        "day": long_day(last.end) if last.end else ""
    }
    undo = reverse("portal_withdraw_cancellation", args=[standing.pk]) if standing else ""
    notices.done(request, text, undo=undo)
    return redirect("portal_services")


@dataclass(frozen=True)
class Better:
    """Another tariff that would have cost less last month."""

    offer: Offer
    saved: Any


def better(contract: Contract, desk: Desk) -> Better | None:
    """The public tariff with which the client would have saved most last month; None where none is cheaper."""
    if contract.end is not None or contract.start > desk.today:
        return None
    others = [one for one in public(contract.service, desk.today) if one.pk != contract.tariff_id]
    _present, offers = compared(contract, others, desk)
    cheaper = [one for one in offers if one.difference is not None and one.difference < 0]
    if not cheaper:
        return None
    best = min(cheaper, key=lambda one: one.difference or 0)
    return Better(best, abs(best.difference or 0))


def page(
    request: ClientRequest, contract: Contract, ends: date, problem: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    known = {
        "client": request.client,
        "contract": contract,
        "ends": ends,
        "ends_said": long_day(ends),
        "numbered": contract.service in NEEDS_NUMBER,
        "changeable": last_of_chain(contract).end is None and contract.start <= request.desk.today,
        "better": better(contract, request.desk),
        "period": request.desk.this_month.previous(),
        "longest": LONGEST_REASON,
        "given": {name: request.POST.get(name, "")[:LONGEST_REASON] for name in ("reason", "when", "day")},
        "problem": problem or {},
    }
    return render(request, "balie/portal/cancel.html", known, status=status)


@require_POST
@cancelling_owner
def withdraw(request: ClientRequest, pk: int) -> HttpResponse:
    """The service goes on as if it had never been cancelled."""
    found = get_object_or_404(Cancellation.objects.select_related("client", "contract"), pk=pk, client=request.client)
    try:
        withdraw_cancellation(cancellation=found, author=author(request))
    except Refused as refusal:
        notices.refused(request, refusal.message)
    else:
        notices.done(request, _("The cancellation is withdrawn. Everything goes on as before."))
    return redirect("portal_services")

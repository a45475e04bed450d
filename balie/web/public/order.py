"""Ordering a tariff: what it costs first, how it can be cancelled, the terms; then the order, and its progress.

A visitor reads the same and signs up or logs in on the way; both lead back here, the code kept in the address. Opening
the page orders nothing. Codes are looked at, and wrong ones counted, as on the price lists.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from balie.accounts.models import Client
from balie.billing.bill import BilledContract, BillLine
from balie.billing.first import first_fees
from balie.contracts.actions import Wish, place_order
from balie.contracts.models import Contract
from balie.contracts.queries import following, order_under_way
from balie.operator.models import Terms
from balie.operator.terms import terms as terms_that_hold
from balie.rules.activation import UNFINISHED
from balie.rules.errors import Refused
from balie.rules.notice import end_of_notice
from balie.rules.tariff import Notice
from balie.tariffs.models import Tariff
from balie.tariffs.queries import may_take, orderable, terms_of, title_in, used_by, version_on, versions_of
from balie.web import versions, written
from balie.web.listed import listed_tariff
from balie.web.missing import UNPRICED
from balie.web.public.prices import carried, client_of, in_language, readable, unknown
from balie.web.public.registration import ORDERED
from balie.web.request import Desk, OfficeRequest, author

NOTICES = {
    Notice.NONE: gettext_lazy("You can cancel on any day; the service ends that day."),
    Notice.MONTHLY: gettext_lazy("You can cancel on any day; the service ends on the last day of the month after."),
    Notice.YEARLY: gettext_lazy(
        "The contract runs for a year at least. You can cancel until three months before the end of each contract"
        " year; otherwise it runs on for another year."
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@in_language
def order(request: OfficeRequest, code: str) -> HttpResponse:
    """The page before the order; the button on it orders."""
    response = answered(request, code)
    response["Cache-Control"], response["X-Robots-Tag"] = "private, no-store", "noindex"
    assert isinstance(response, HttpResponse)
    return response


def answered(request: OfficeRequest, code: str) -> HttpResponseBase:
    client = client_of(request)
    try:
        tariff = readable(request, code[:40])
        known = about(request, tariff, client)
    except Refused as refusal:
        return unknown(request, code, refusal)
    if request.user.is_authenticated and client is None:
        return render(request, "balie/public/order_staff.html", known)
    if client and (standing := order_under_way(client, tariff.service)):
        if request.method == "POST":  # the button, pressed twice
            return redirect("portal_order", pk=standing.pk)
        if standing.status in UNFINISHED:
            return render(request, "balie/ordering/under_way.html", {**known, "order": standing})
    if client and (contract := following(client, tariff.service, request.desk.today)):
        return render(
            request,
            "balie/ordering/has_it.html",
            {**known, "contract": contract, "can_change": can_change(contract, request.desk)},
        )
    if not may_order(tariff, client, request.desk):
        return render(request, "balie/ordering/closed.html", known, status=410)
    if client is None:
        return render(request, "balie/ordering/visitor.html", known)
    return placed(request, client, tariff) if request.method == "POST" else confirmed(request, client, tariff)


def about(request: OfficeRequest, tariff: Tariff, client: Client | None) -> dict[str, Any]:
    """What every page of an order shows. Refused where the tariff has no prices at all."""
    listed = listed_tariff(tariff, versions_of([tariff]).get(tariff.pk, []), request.desk)
    version = version_on(tariff, request.desk.today)
    first = fees_of(client or Client(language=request.desk.operator.language), tariff, request.desk)
    return {
        "frame": "balie/portal/portal.html" if client else "balie/public/public.html",
        "client": client,
        "listed": listed,
        "tariff": tariff,
        "fees": [fee_read(line, request.desk) for line in first.lines] if first else None,
        "fees_sum": first.net if first else None,
        "notice": NOTICES[Notice(version.notice)] if version else "",
        "shown": versions.mark(terms_of(version) if version else None),
        "would_end": would_end(version.notice, request.desk) if version else None,
        "carried": carried(request),
    }


def may_order(tariff: Tariff, client: Client | None, desk: Desk) -> bool:
    if version_on(tariff, desk.today) is None or not orderable(tariff, desk.today):
        return False
    return may_take(tariff, client=client, day=desk.today) or used_by(tariff, client, desk.today)


def fees_of(client: Client, tariff: Tariff, desk: Desk) -> BilledContract | None:
    """What the first bill holds before anything is used; None where a price is missing, which the list shows too."""
    try:
        return first_fees(client, tariff, desk.today)
    except Refused as refusal:
        if refusal.code not in UNPRICED:
            raise
        return None


@dataclass(frozen=True)
class Fee:
    """A fee on the first bill: what it is called, for which days (empty: once), and the amount without VAT."""

    title: str
    days: str
    amount: Decimal


def fee_read(line: BillLine, desk: Desk) -> Fee:
    """In the reader's language."""
    language, said = (get_language() or "en")[:2], line.because.get("fee") or {}
    title = title_in(language, line.titles, own=desk.operator.language, otherwise=line.item)
    first, last = (date.fromisoformat(said[name]) for name in ("first_day", "last_day"))
    return Fee(title, "" if first == last else f"{written.day(first)} – {written.day(last)}", line.amount)


def would_end(notice: str, desk: Desk) -> date:
    """The last day if it were ordered and cancelled today: the shortest it can be."""
    return end_of_notice(notice, desk.today, desk.today)


def confirmed(
    request: OfficeRequest, client: Client, tariff: Tariff, problem: str = "", status: int = 200
) -> HttpResponse:
    """The page with the button."""
    known = {**about(request, tariff, client), "terms": terms_that_hold(), "problem": problem}
    return render(request, "balie/ordering/confirm.html", known, status=status)


def placed(request: OfficeRequest, client: Client, tariff: Tariff) -> HttpResponseBase:
    """The button was pressed: the order, and on to its progress. Pressed twice it is one order."""
    terms = terms_that_hold()
    if terms and request.POST.get("agreed") != str(terms.version):
        problem = _("Read the terms and say that you agree; without that we cannot take the order.")
        return confirmed(request, client, tariff, problem, 422)
    wish, version = Wish(user=request.user, terms=version_said(terms)), version_on(tariff, request.desk.today)
    try:
        versions.refuse_others(request.POST.get("shown", ""), terms_of(version) if version else None)
        made = place_order(client=client, tariff=tariff, wish=wish, author=author(request))
    except Refused as refusal:
        status = 429 if refusal.code == "too_many_tries" else 422
        return confirmed(request, client, tariff, refusal.message, status)
    request.session.pop(ORDERED, None)
    return redirect("portal_order", pk=made.pk)


def version_said(terms: Terms | None) -> str:
    """The version of the terms as it is kept with the order."""
    return str(terms.version) if terms else ""


def can_change(contract: Contract, desk: Desk) -> bool:
    """Whether the tariff of what the client has can be changed now."""
    return contract.end is None and contract.start <= desk.today

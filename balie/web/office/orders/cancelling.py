"""Staff enter a notice that a client gave: the last day it leads to is shown before anything ends."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from balie.contracts.actions import cancel_service
from balie.contracts.models import Contract
from balie.contracts.pipeline import ending
from balie.contracts.queries import cancellation_of, last_of_chain, order_under_way, terms_on
from balie.numbers.queries import numbers_of
from balie.rules.activation import NEEDS_NUMBER, UNFINISHED
from balie.rules.errors import Refused
from balie.web import notices, written
from balie.web.access import office
from balie.web.given import day_of
from balie.web.office.client import head
from balie.web.request import OfficeRequest, author, partly

LONGEST_REASON = 500


@require_http_methods(["GET", "HEAD", "POST"])
@office
def cancel(request: OfficeRequest, pk: int) -> HttpResponse:
    """The form with the last day it leads to; posted with the day that was shown, the service ends."""
    contract = get_object_or_404(Contract.objects.select_related("client", "tariff"), pk=pk)
    given, today = request.POST if request.method == "POST" else request.GET, request.desk.today
    try:
        received = day_of(given.get("received", ""), today, "received")
        if received > today:
            raise Refused("not_yet", _("Notice cannot have been received in the future."), "received")
        shown = given.get("shown", "") if request.method == "POST" else ""
        if shown:
            return end(request, contract, received, shown)
    except Refused as refusal:
        return cancelling_page(request, contract, today, refusal.message)
    return cancelling_page(request, contract, received)


def end(request: OfficeRequest, contract: Contract, received: date, shown: str) -> HttpResponse:
    """Ends the service, as long as that is still the day the page showed."""
    client, today = contract.client, request.desk.today
    would = ending(client, contract.service, received, today=today)
    if would and would.ends.isoformat() != shown:
        return cancelling_page(request, contract, received, changed=True)
    reason = request.POST.get("reason", "")[:LONGEST_REASON]
    ended = cancel_service(
        client=client, service=contract.service, received=received, reason=reason, author=author(request)
    )
    made, last_day = cancellation_of(ended), ended.end or today
    said = _("Notice received; the service ends on %(day)s. The client is told.") % {"day": written.day(last_day)}
    undo = reverse("withdraw_cancellation", args=[made.pk]) if made and would and not would.stands else ""
    notices.done(request, said, undo=undo)
    return redirect("client_contracts", number=client.number)


def cancelling_page(
    request: OfficeRequest, contract: Contract, received: date, problem: str = "", *, changed: bool = False
) -> HttpResponse:
    """The whole page; asked for by htmx, the part with the last day."""
    client, desk = contract.client, request.desk
    would = None if problem else ending(client, contract.service, received, today=desk.today)
    version = terms_on(contract, received)
    order = order_under_way(client, contract.service)
    given = request.POST if request.method == "POST" else request.GET
    known = {
        "contract": contract,
        "received": given.get("received") or received.isoformat() if problem else received.isoformat(),
        "reason": given.get("reason", ""),
        "would": would,
        "notice": version.notice if version else "monthly",
        "numbers_with_it": list(numbers_of(client, desk.today)) if contract.service in NEEDS_NUMBER else [],
        "order": order if order and order.status in UNFINISHED else None,
        "standing": cancellation_of(last_of_chain(contract)),
        "problem": problem,
        "changed": changed,
    }
    if partly(request):
        return render(request, "balie/cancellations/_ends.html", known)
    page = known | head(client, "contracts", desk)
    return render(request, "balie/cancellations/cancel.html", page, status=422 if problem or changed else 200)

"""What a manager does about a client's contracts: change the tariff, book, cancel, enter a service by hand."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from balie.contracts.actions import (
    book,
    cancel_booking,
    delete_booking,
    enter_service,
    reopen_booking,
)
from balie.contracts.models import Booking, Contract
from balie.controlling.offers import STAFF, take_back_tariff, take_tariff
from balie.rules.errors import Refused
from balie.rules.meter import Meter
from balie.rules.period import Period
from balie.tariffs.queries import next_month, terms_of, version_on
from balie.web import notices, pricelist, written
from balie.web.access import office
from balie.web.given import day_of, whole_of
from balie.web.office.client import head
from balie.web.office.contracts import Trouble, candidates, change_page, contracts_page
from balie.web.request import OfficeRequest, author


def contract_of(pk: int) -> Contract:
    return get_object_or_404(Contract.objects.select_related("client", "tariff"), pk=pk)


def booking_of(pk: int) -> Booking:
    return get_object_or_404(Booking.objects.select_related("contract__client", "contract__tariff"), pk=pk)


@require_POST
@office
def change_to(request: OfficeRequest, pk: int) -> HttpResponse:
    """The client's service is at another tariff from next month."""
    contract, given = contract_of(pk), request.POST
    begin = next_month(request.desk.today)
    offered, unknown = candidates(contract, request.desk, begin, given.get("code", "").strip()[:40])
    wanted = next((one for one in offered if str(one.pk) == given.get("tariff", "")), None)
    if wanted is None:
        return change_page(request, contract, unknown or _("Choose one of the tariffs below."))
    try:
        changed = take_tariff(
            client=contract.client, service=contract.service, tariff=wanted, how=STAFF, author=author(request)
        )
    except Refused as refusal:
        return change_page(request, contract, refusal.message)
    said = _("From %(day)s %(client)s has the tariff %(code)s.")
    text = said % {"day": written.day(changed.start), "client": contract.client.name, "code": wanted.code}
    notices.done(request, text, undo=reverse("undo_tariff_change", args=[changed.pk]))
    return redirect("client_contracts", number=contract.client.number)


@require_POST
@office
def take_back_change(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes a coming change of tariff back: everything goes on as it is."""
    contract = contract_of(pk)

    def undo() -> str:
        take_back_tariff(client=contract.client, service=contract.service, author=author(request))
        return _("The change of tariff is taken back.")

    return done(request, contract, undo)


@require_POST
@office
def book_on(request: OfficeRequest, pk: int) -> HttpResponse:
    """Books an option on a contract from a day on."""
    contract, given = contract_of(pk), request.POST

    def deed() -> str:
        first = day_of(given.get("first_day", ""), request.desk.today, "first_day")
        made = book(
            contract=contract,
            meter=given.get("meter", ""),
            quantity=whole_of(given.get("quantity", "")),
            first_day=first,
            text=given.get("text", ""),
            author=author(request),
        )
        return _("Booked from %(day)s.") % {"day": written.day(made.first_day or first)}

    return done(request, contract, deed, form="book")


@require_POST
@office
def enter(request: OfficeRequest, pk: int) -> HttpResponse:
    """Enters another service done by hand."""
    contract, given = contract_of(pk), request.POST

    def deed() -> str:
        day = day_of(given.get("day", ""), request.desk.today, "first_day")
        quantity, text = whole_of(given.get("quantity", "")), given.get("text", "")
        enter_service(contract=contract, day=day, quantity=quantity, text=text, author=author(request))
        period = Period(day.year, day.month, request.desk.zone)
        return _("Entered; it stands on the bill of %(month)s.") % {"month": written.month(period)}

    return done(request, contract, deed, form="enter")


@require_POST
@office
def cancel(request: OfficeRequest, pk: int) -> HttpResponse:
    """Cancels a booking by its notice; the day it ends was shown on the button."""
    booking = booking_of(pk)

    def deed() -> str:
        ended = cancel_booking(booking=booking, received=request.desk.today, author=author(request))
        return _("Cancelled; it ends on %(day)s.") % {"day": written.day(ended.last_day or request.desk.today)}

    return done(request, booking.contract, deed, undo=reverse("reopen_booking", args=[pk]))


@require_POST
@office
def reopen(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes a cancellation back."""
    booking = booking_of(pk)

    def deed() -> str:
        reopen_booking(booking=booking, author=author(request))
        return _("The cancellation is taken back.")

    return done(request, booking.contract, deed)


@require_http_methods(["GET", "HEAD", "POST"])
@office
def remove(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes away what was booked or entered by mistake; asked for by a link it says first what that is."""
    booking = booking_of(pk)
    if request.method != "POST":
        return removal(request, booking)

    def deed() -> str:
        delete_booking(booking=booking, author=author(request))
        entered = booking.meter == Meter.OTHER_SERVICE
        return _("The entry is removed.") if entered else _("The booking is removed.")

    return done(request, booking.contract, deed)


def removal(request: OfficeRequest, booking: Booking) -> HttpResponse:
    """What would be removed, with what it costs: it cannot be taken back."""
    contract, desk = booking.contract, request.desk
    version = version_on(contract.tariff, booking.first_day or contract.start)
    items = [item for item in terms_of(version).items if item.meter == booking.meter] if version else []
    read = [
        pricelist.reads(item, desk.operator.currency, contract.client.language, desk.operator.language)
        for item in items
    ]
    known = {
        "contract": contract,
        "booking": booking,
        "what": booking.text or (read[0].title if read else pricelist.meter(booking.meter)),
        "price": read[0] if read else None,
    }
    return render(request, "balie/contracts/remove.html", known | head(contract.client, "contracts", desk))


def done(
    request: OfficeRequest, contract: Contract, deed: Callable[[], str], undo: str = "", form: str = ""
) -> HttpResponse:
    """Does it and goes back to the client's contracts; what is refused is said there, in the form it came from."""
    try:
        text = deed()
    except Refused as refusal:
        trouble = Trouble(f"{form}-{contract.pk}" if form else "", refusal.where, refusal.message)
        return contracts_page(request, contract.client, trouble)
    notices.done(request, text, undo=undo)
    return redirect("client_contracts", number=contract.client.number)

"""Options, user modules and caller numbers booked and cancelled, other services entered by hand."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from balie.calls.queries import closed_months
from balie.contracts.actions.change import hold, remember, shown
from balie.contracts.models import Booking, Contract
from balie.contracts.queries import DAY, billed_months, booking_end, terms_on
from balie.operator.actions import Author
from balie.rules.errors import Refused
from balie.rules.meter import BOOKED, Meter
from balie.rules.tariff import Notice
from balie.tariffs.checks import LARGEST, bad, texts, word

MOST = min(LARGEST, 1_000_000)


@transaction.atomic
def book(
    *,
    contract: Contract,
    meter: str,
    quantity: int,
    first_day: date,
    last_day: date | None = None,
    text: str = "",
    notice: str = "",
    author: Author,
) -> Booking:
    """Books so many of a meter on a contract from a day on. The same again is the same booking.

    text: what it is, as the client reads it; notice: how it is cancelled, empty for as its item or the tariff says.
    Refused outside the contract, in a closed month, and for a meter that the tariff does not price.
    """
    hold(contract.client)
    values = {"quantity": checked_quantity(quantity), "text": checked_text(text), "notice": checked_notice(notice)}
    refuse_days(contract, first_day, last_day)
    refuse_unpriced(contract, meter, first_day)
    known = Booking.objects.filter(contract=contract, meter=meter, first_day=first_day, last_day=last_day, **values)
    if standing := known.first():
        return standing
    refuse_closed(first_day, last_day)
    made = Booking.objects.create(contract=contract, meter=meter, first_day=first_day, last_day=last_day, **values)
    log_booking("booking.made", made, author)
    return made


def enter_service(*, contract: Contract, day: date, quantity: int, text: str, author: Author) -> Booking:
    """Enters another service by hand: done on one day, so many times, and what it was. The same again is the same."""
    if not text.strip():
        raise bad(_("Say what was done: the client reads it on the bill."), "text")
    return book(
        contract=contract, meter=Meter.OTHER_SERVICE, quantity=quantity, first_day=day, last_day=day, text=text,
        author=author,
    )  # fmt: skip


@transaction.atomic
def change_quantity(*, booking: Booking, quantity: int, first_day: date, author: Author) -> Booking:
    """Another quantity from a day on; what was before ends the day before. The same again returns what stands."""
    hold(booking.contract.client)
    held = Booking.objects.select_related("contract__client").get(pk=booking.pk)
    checked_quantity(quantity)
    same = {"contract": held.contract, "meter": held.meter, "text": held.text, "notice": held.notice}
    standing = Booking.objects.filter(**same, quantity=quantity, first_day=first_day).first()
    if standing or held.quantity == quantity:
        return standing or held
    refuse_days(held.contract, first_day, held.last_day)
    refuse_closed(first_day, held.last_day)
    begin = held.first_day or held.contract.start
    if first_day <= begin:
        held.quantity = quantity
        held.save(update_fields=["quantity"])
        log_booking("booking.changed", held, author)
        return held
    made = Booking.objects.create(**same, quantity=quantity, first_day=first_day, last_day=held.last_day)
    held.last_day = first_day - DAY
    held.save(update_fields=["last_day"])
    log_booking("booking.changed", made, author)
    return made


@transaction.atomic
def cancel_booking(*, booking: Booking, received: date, author: Author) -> Booking:
    """Ends a booking by its own notice, received on a day; `last_day` says when. Cancelled already: as it stands."""
    hold(booking.contract.client)
    held = Booking.objects.select_related("contract__client", "contract__tariff").get(pk=booking.pk)
    end = booking_end(held, received)
    if held.last_day and held.last_day <= end:
        return held
    held.last_day = end
    held.save(update_fields=["last_day"])
    closed = billed_months(closed_months(), end + DAY, held.contract.end)
    log_booking("booking.cancelled", held, author, received=str(received), closed=closed)
    return held


@transaction.atomic
def reopen_booking(*, booking: Booking, author: Author) -> Booking:
    """Takes a cancellation back. Refused once a closed month was billed without it."""
    hold(booking.contract.client)
    held = Booking.objects.select_related("contract__client").get(pk=booking.pk)
    if held.last_day is None:
        return held
    refuse_closed(held.last_day + DAY, held.contract.end)
    held.last_day = None
    held.save(update_fields=["last_day"])
    log_booking("booking.reopened", held, author)
    return held


@transaction.atomic
def delete_booking(*, booking: Booking, author: Author) -> None:
    """Takes away what was booked by mistake. Gone already: nothing happens. Refused once a closed month billed it."""
    hold(booking.contract.client)
    held = Booking.objects.select_related("contract__client").filter(pk=booking.pk).first()
    if held is None:
        return
    contract = held.contract
    first, last = held.first_day or contract.start, min(held.last_day or date.max, contract.end or date.max)
    if billed_months(closed_months(), first, last):
        raise Refused("closed_month", _("A closed month has billed this; cancel it instead."), "booking")
    log_booking("booking.deleted", held, author)
    held.delete()


def refuse_days(contract: Contract, first: date, last: date | None) -> None:
    if last and last < first:
        raise bad(_("The last day is before the first."), "last_day")
    if first < contract.start or (contract.end and max(first, last or first) > contract.end):
        raise bad(_("That day lies outside the contract."), "first_day")


def refuse_closed(first: date, last: date | None) -> None:
    """What a closed month billed stays: nothing begins in one."""
    months = billed_months(closed_months(), first, last)
    if months:
        month = f"{months[-1] // 100}-{months[-1] % 100:02d}"
        message = _("%(month)s is closed, its bills stay as they are. Choose a later day.") % {"month": month}
        raise Refused("closed_month", message, "first_day")


def refuse_unpriced(contract: Contract, meter: str, day: date) -> None:
    """What no item prices would never be billed."""
    if meter not in BOOKED:
        raise bad(_("This is not booked, but measured."), "meter")
    version = terms_on(contract, day)
    if version is None or not version.items.filter(meter=meter).exists():
        message = _("The tariff %(tariff)s has no item for this; it would not be billed.")
        raise Refused("not_in_tariff", message % {"tariff": contract.tariff.code}, "meter")


def checked_quantity(quantity: int) -> int:
    if not 1 <= quantity <= MOST:
        raise bad(_("This should be a whole number from %(least)s on.") % {"least": 1}, "quantity")
    return quantity


def checked_text(text: str) -> str:
    return texts({"en": text}, "text", 200).get("en", "")


def checked_notice(notice: str) -> str:
    return word(notice, Notice, "notice") if notice else ""


def log_booking(deed: str, booking: Booking, author: Author, **more: object) -> None:
    said = {
        "meter": booking.meter,
        "quantity": booking.quantity,
        "from": shown(booking.first_day),
        "to": shown(booking.last_day),
        "text": booking.text,
    }
    remember(deed, booking.contract, author, **said, **more)

"""What is booked: with its own notice, in quantities, and by hand; closed months stay as they were billed."""

from datetime import date
from typing import Any

import pytest

from balie.calls.models import ClosedMonth
from balie.contracts.actions import (
    book,
    cancel_booking,
    change_quantity,
    change_tariff,
    delete_booking,
    enter_service,
    reopen_booking,
)
from balie.contracts.models import Booking, Contract
from balie.contracts.queries import booked, booking_end, booking_since
from balie.operator.actions import Author
from balie.operator.models import LogEntry
from balie.rules.errors import Refused
from tests import make

pytestmark = pytest.mark.django_db

AUTHOR = Author("eva", make.NOW)
OPTION: dict[str, Any] = {"meter": "additional_option", "price": "9.00", "notice": "yearly"}
ITEMS = (OPTION, {"meter": "user_module", "price": "4.50"}, {"meter": "other_service", "price": "12.50"})


@pytest.fixture
def contract() -> Contract:
    """A contract since the first of the year with all that can be booked; notice of the tariff is monthly."""
    make.operator()
    return make.contract(make.client("1001"), tariff=make.tariff("BASIS", items=ITEMS))


def made(contract: Contract, meter: str = "user_module", first: date = date(2026, 11, 10), **values: Any) -> Booking:
    return book(contract=contract, meter=meter, first_day=first, author=AUTHOR, **{"quantity": 1, **values})


def refused(**values: Any) -> tuple[str, str]:
    with pytest.raises(Refused) as refusal:
        made(**values)
    return refusal.value.code, refusal.value.where


def test_same_booking_again_is_the_same(contract: Contract) -> None:
    first = made(contract)
    assert made(contract) == first
    assert made(contract, quantity=2) != first
    assert LogEntry.objects.filter(deed="booking.made").count() == 2


@pytest.mark.parametrize(
    ("meter", "notice", "end"),
    [
        ("user_module", "", date(2026, 12, 31)),  # the tariff's: a month to the end of a month
        ("user_module", "none", date(2026, 11, 23)),
        ("additional_option", "", date(2027, 3, 14)),  # the item's: three months to the end of its own year
        ("additional_option", "monthly", date(2026, 12, 31)),
    ],
)
def test_booking_ends_by_its_own_notice_then_its_items_then_the_tariffs(
    contract: Contract, meter: str, notice: str, end: date
) -> None:
    booking = made(contract, meter, date(2026, 3, 15), notice=notice)
    assert booking_end(booking, date(2026, 11, 23)) == end
    cancelled = cancel_booking(booking=booking, received=date(2026, 11, 23), author=AUTHOR)
    assert cancelled.last_day == end
    assert cancel_booking(booking=booking, received=date(2026, 11, 30), author=AUTHOR).last_day == end
    assert reopen_booking(booking=booking, author=AUTHOR).last_day is None


def test_term_of_an_option_counts_through_a_change_of_tariff(contract: Contract) -> None:
    made(contract, "additional_option", date(2026, 3, 15))
    plus = make.tariff("PLUS", items=ITEMS)
    new = change_tariff(client=contract.client, service="telephone", tariff=plus, author=AUTHOR)
    [carried] = booked(new)
    assert (carried.first_day, booking_since(carried)) == (date(2026, 12, 1), date(2026, 3, 15))
    assert booking_end(carried, date(2026, 12, 2)) == date(2027, 3, 14)


def test_booking_ends_with_its_contract_at_last(contract: Contract) -> None:
    booking = made(contract, "additional_option", date(2026, 3, 15))
    Contract.objects.update(end=date(2026, 12, 31))
    assert booking_end(Booking.objects.get(pk=booking.pk), date(2026, 11, 23)) == date(2026, 12, 31)


def test_quantity_changes_from_a_day_on_and_the_history_stays(contract: Contract) -> None:
    booking = made(contract, quantity=2)
    more = change_quantity(booking=booking, quantity=5, first_day=date(2026, 12, 1), author=AUTHOR)
    assert change_quantity(booking=booking, quantity=5, first_day=date(2026, 12, 1), author=AUTHOR) == more
    rows = [(row.quantity, row.first_day, row.last_day) for row in booked(contract)]
    assert rows == [(2, date(2026, 11, 10), date(2026, 11, 30)), (5, date(2026, 12, 1), None)]
    assert [row.quantity for row in booked(contract, day=date(2026, 12, 1))] == [5]
    assert change_quantity(booking=more, quantity=4, first_day=date(2026, 12, 1), author=AUTHOR).quantity == 4


def test_other_service_is_entered_by_hand_with_a_text(contract: Contract) -> None:
    entry = enter_service(contract=contract, day=date(2026, 11, 14), quantity=3, text="Letters sent on", author=AUTHOR)
    again = enter_service(contract=contract, day=date(2026, 11, 14), quantity=3, text="Letters sent on", author=AUTHOR)
    other = enter_service(contract=contract, day=date(2026, 11, 14), quantity=1, text="Parcel", author=AUTHOR)
    assert set(Booking.objects.filter(contract=contract, meter="other_service")) == {other, entry} and again == entry
    assert (entry.first_day, entry.last_day) == (date(2026, 11, 14), date(2026, 11, 14))
    with pytest.raises(Refused) as refusal:
        enter_service(contract=contract, day=date(2026, 11, 14), quantity=3, text=" ", author=AUTHOR)
    assert refusal.value.where == "text"


def test_what_would_never_be_billed_is_refused(contract: Contract) -> None:
    assert refused(contract=contract, meter="own_caller_number") == ("not_in_tariff", "meter")
    assert refused(contract=contract, meter="talk_time") == ("bad_value", "meter")
    assert refused(contract=contract, first=date(2025, 12, 31)) == ("bad_value", "first_day")
    assert refused(contract=contract, last_day=date(2026, 11, 9)) == ("bad_value", "last_day")
    assert refused(contract=contract, quantity=0) == ("bad_value", "quantity")
    assert refused(contract=contract, notice="weekly") == ("bad_value", "notice")


def test_closed_month_keeps_what_it_billed(contract: Contract) -> None:
    old = made(contract, first=date(2026, 10, 5))
    new = made(contract, first=date(2026, 11, 5))
    ClosedMonth.objects.create(month=202610, at=make.NOW)
    assert refused(contract=contract, first=date(2026, 10, 6)) == ("closed_month", "first_day")
    with pytest.raises(Refused, match="closed month has billed this"):
        delete_booking(booking=old, author=AUTHOR)
    delete_booking(booking=new, author=AUTHOR)
    delete_booking(booking=new, author=AUTHOR)
    assert booked(contract) == [old]
    ended = cancel_booking(booking=old, received=date(2026, 11, 23), author=AUTHOR)
    assert ended.last_day == date(2026, 12, 31)


def test_entry_by_hand_without_a_last_day_is_not_carried_into_the_next_tariff(contract: Contract) -> None:
    made(contract, "other_service", date(2026, 11, 14))
    made(contract, "other_service", date(2026, 12, 14))
    plus = make.tariff("PLUS", items=ITEMS)
    new = change_tariff(client=contract.client, service="telephone", tariff=plus, author=AUTHOR)
    assert [row.first_day for row in booked(contract)] == [date(2026, 11, 14)]
    assert [row.first_day for row in booked(new)] == [date(2026, 12, 14)]

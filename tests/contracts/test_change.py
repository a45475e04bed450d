"""A tariff changes on the first of next month, once, and can be taken back until then."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from balie.accounts.models import Client
from balie.calls.models import ClosedMonth
from balie.contracts.actions import book, change_tariff, end_contract, undo_change
from balie.contracts.models import Booking, Contract
from balie.contracts.queries import (
    coming_change,
    contract_end,
    contract_on,
    first_of_chain,
    first_starts,
    last_of_chain,
    tariff_wanted,
)
from balie.operator.actions import Author
from balie.operator.models import LogEntry
from balie.rules.errors import Refused
from balie.tariffs.models import CodeUse, Tariff
from tests import make

pytestmark = pytest.mark.django_db

AUTHOR = Author("eva", make.NOW)
TODAY = date(2026, 11, 23)
FEE: dict[str, Any] = {"meter": "basic_fee", "price": "39.00"}
MODULE: dict[str, Any] = {"meter": "user_module", "price": "4.50"}


@pytest.fixture
def bakker() -> Client:
    """A client at BASIS since the first of the year, with two modules; PLUS is public too."""
    make.operator()
    client = make.client("1001")
    contract = make.contract(client, tariff=make.tariff("BASIS", items=(FEE, MODULE)))
    book(contract=contract, meter="user_module", quantity=2, first_day=date(2026, 3, 1), author=AUTHOR)
    make.tariff("PLUS", items=(FEE, MODULE))
    return client


def to(client: Client, code: str, *, now: datetime = make.NOW) -> Contract:
    return change_tariff(
        client=client, service="telephone", tariff=Tariff.objects.get(code=code), author=Author("eva", now)
    )


def terms(client: Client) -> list[tuple[str, date, date | None]]:
    rows = Contract.objects.filter(client=client).order_by("start")
    return [(row.tariff.code, row.start, row.end) for row in rows]


def booked(client: Client) -> list[tuple[str, int, date | None, date | None]]:
    rows = Booking.objects.filter(contract__client=client).order_by("first_day", "pk")
    return [(row.contract.tariff.code, row.quantity, row.first_day, row.last_day) for row in rows]


AS_IT_WAS = [("BASIS", date(2026, 1, 1), None)]
CHANGED = [("BASIS", date(2026, 1, 1), date(2026, 11, 30)), ("PLUS", date(2026, 12, 1), None)]


def test_tariff_changes_from_the_first_of_next_month_and_bookings_go_along(bakker: Client) -> None:
    made = to(bakker, "PLUS")
    assert (made.tariff.code, made.start) == ("PLUS", date(2026, 12, 1))
    assert terms(bakker) == CHANGED
    assert booked(bakker) == [
        ("BASIS", 2, date(2026, 3, 1), None),  # bounded by its contract's end
        ("PLUS", 2, date(2026, 12, 1), None),
    ]
    assert first_starts([made]) == {made.pk: date(2026, 1, 1)}
    first = first_of_chain(made)
    assert (first.tariff.code, last_of_chain(first)) == ("BASIS", made)


def test_same_change_again_returns_what_stands(bakker: Client) -> None:
    first = to(bakker, "PLUS")
    log = LogEntry.objects.count()
    assert to(bakker, "PLUS") == first
    assert terms(bakker) == CHANGED and LogEntry.objects.count() == log
    assert to(bakker, "PLUS", now=datetime(2026, 12, 5, tzinfo=UTC)) == first
    assert terms(bakker) == CHANGED


def test_month_is_the_operators_not_utc(bakker: Client) -> None:
    # 30 November 23:30 UTC is 1 December in Amsterdam.
    assert to(bakker, "PLUS", now=datetime(2026, 11, 30, 23, 30, tzinfo=UTC)).start == date(2027, 1, 1)


def test_change_is_undone_before_it_begins_with_all_that_was_booked(bakker: Client) -> None:
    made = to(bakker, "PLUS")
    book(contract=made, meter="user_module", quantity=1, first_day=date(2026, 12, 10), author=AUTHOR)
    assert coming_change(bakker, "telephone", TODAY) == made
    standing = undo_change(client=bakker, service="telephone", author=AUTHOR)
    assert terms(bakker) == AS_IT_WAS and standing.tariff.code == "BASIS"
    assert booked(bakker) == [("BASIS", 2, date(2026, 3, 1), None), ("BASIS", 1, date(2026, 12, 10), None)]
    assert undo_change(client=bakker, service="telephone", author=AUTHOR) == standing


def test_change_that_has_begun_stays(bakker: Client) -> None:
    made = to(bakker, "PLUS")
    later = Author("eva", datetime(2026, 12, 1, 9, tzinfo=UTC))
    assert undo_change(client=bakker, service="telephone", author=later) == made
    assert terms(bakker) == CHANGED


def test_todays_tariff_takes_a_coming_change_back(bakker: Client) -> None:
    to(bakker, "PLUS")
    to(bakker, "BASIS")
    assert terms(bakker) == AS_IT_WAS and booked(bakker) == [("BASIS", 2, date(2026, 3, 1), None)]


def test_another_change_before_it_begins_replaces_the_first(bakker: Client) -> None:
    make.tariff("TOP", items=(FEE,))
    to(bakker, "PLUS")
    to(bakker, "TOP")
    assert terms(bakker) == [CHANGED[0], ("TOP", date(2026, 12, 1), None)]


def test_change_keeps_an_end_that_notice_was_given_for(bakker: Client) -> None:
    Contract.objects.update(end=date(2026, 12, 31))
    to(bakker, "PLUS")
    assert terms(bakker) == [CHANGED[0], ("PLUS", date(2026, 12, 1), date(2026, 12, 31))]


def test_contract_that_ends_this_month_cannot_change(bakker: Client) -> None:
    Contract.objects.update(end=date(2026, 11, 30))
    with pytest.raises(Refused, match="goes on next month"):
        to(bakker, "PLUS")


def test_use_of_a_code_is_counted_and_given_back(bakker: Client) -> None:
    secret = make.tariff("K7RA-2MXE-94UW", items=(FEE,))
    Tariff.objects.filter(pk=secret.pk).update(public=False, code_uses=1)
    to(bakker, secret.code)
    uses = CodeUse.objects.values_list("client__number", "kind", "about", "undone")
    assert list(uses) == [("1001", "change", "contract:1001/telephone/2026-12-01", None)]
    other = make.client("1002")
    make.contract(other)
    with pytest.raises(Refused) as used_up:
        to(other, secret.code)
    assert used_up.value.code == "unknown_code"
    assert terms(other) == AS_IT_WAS
    undo_change(client=bakker, service="telephone", author=AUTHOR)
    assert to(other, secret.code).tariff == secret
    assert [row.undone for row in CodeUse.objects.order_by("pk")] == [make.NOW, None]


def test_code_is_named_again_though_it_was_withdrawn_since(bakker: Client) -> None:
    secret = make.tariff("K7RA-2MXE-94UW", items=(FEE,))
    Tariff.objects.filter(pk=secret.pk).update(public=False, code_uses=1)
    made = to(bakker, secret.code)
    Tariff.objects.filter(pk=secret.pk).update(code_withdrawn=True)
    assert tariff_wanted(bakker, "telephone", "k7ra 2mxe 94uw", day=TODAY) == secret
    assert to(bakker, secret.code) == made
    with pytest.raises(Refused) as refused:
        tariff_wanted(make.client("1002"), "telephone", secret.code, day=TODAY)
    with pytest.raises(Refused) as unknown:
        tariff_wanted(bakker, "telephone", "NO-SUCH", day=TODAY)
    assert str(refused.value) == str(unknown.value)


def test_meter_in_two_contracts_is_refused_and_nothing_changes(bakker: Client) -> None:
    sms = make.tariff("SMS", items=({"meter": "sms", "price": "0.10"},))
    Tariff.objects.filter(pk=sms.pk).update(service="sms")
    make.contract(bakker, service="sms", tariff=sms)
    make.tariff("ALL", items=(FEE, {"meter": "sms", "price": "0.09"}))
    with pytest.raises(Refused) as refused:
        to(bakker, "ALL")
    assert refused.value.code == "meter_twice"


def test_end_says_which_closed_months_had_billed_the_days(bakker: Client) -> None:
    for month in (202608, 202609, 202610):
        ClosedMonth.objects.create(month=month, at=make.NOW)
    contract = Contract.objects.get()
    ended = end_contract(contract=contract, last_day=date(2026, 8, 31), author=AUTHOR)
    assert (ended.contract.end, ended.closed) == (date(2026, 8, 31), [202609, 202610])
    assert end_contract(contract=contract, last_day=date(2026, 8, 31), author=AUTHOR).closed == []
    assert end_contract(contract=contract, last_day=None, author=AUTHOR).closed == [202609, 202610]
    assert LogEntry.objects.filter(deed="contract.ended").get().details["closed"] == [202609, 202610]


def test_end_takes_a_later_change_back_and_ends_an_earlier_one(bakker: Client) -> None:
    to(bakker, "PLUS")
    first = Contract.objects.get(tariff__code="BASIS")
    assert end_contract(contract=first, last_day=date(2026, 12, 31), author=AUTHOR).contract.tariff.code == "PLUS"
    assert terms(bakker) == [CHANGED[0], ("PLUS", date(2026, 12, 1), date(2026, 12, 31))]
    end_contract(contract=first, last_day=date(2026, 11, 25), author=AUTHOR)
    assert terms(bakker) == [("BASIS", date(2026, 1, 1), date(2026, 11, 25))]


def test_end_by_notice_counts_from_the_first_start(bakker: Client) -> None:
    to(bakker, "PLUS", now=datetime(2026, 5, 5, tzinfo=UTC))
    plus = contract_on(bakker, "telephone", TODAY)
    assert plus and plus.start == date(2026, 6, 1)
    plus.tariff.versions.update(notice="yearly")
    assert contract_end(plus, date(2026, 9, 29)) == date(2026, 12, 31)
    assert contract_end(plus, date(2026, 10, 1)) == date(2027, 12, 31)

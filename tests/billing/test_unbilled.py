"""Closed months of many clients: each month is looked at once, whoever has a bill of it."""

from typing import Any

import pytest

from balie.billing.actions import freeze_bills
from balie.billing.queries import bills, fresh_bills, sums_of_bills, with_parts
from balie.billing.unbilled import unbilled
from balie.calls.actions import mark_closed
from balie.rules.period import Period
from tests import make

pytestmark = pytest.mark.django_db
MONTHS = [Period(2026, month) for month in (9, 10, 11)]
FEE = {"meter": "basic_fee", "price": "30.00", "in_advance": True, "title": {"nl": "Basis"}}


@pytest.fixture
def closed() -> None:
    """September and October, of three clients."""
    make.operator()
    tariff = make.tariff(items=(FEE,))
    for number in ("1001", "1002", "1003"):
        make.contract(make.client(number), tariff=tariff)
    for month in MONTHS[:2]:
        freeze_bills(bills=fresh_bills(month), now=make.NOW)
        mark_closed(month=month.key, now=make.NOW)


def test_where_every_contract_was_billed_nothing_more_is_asked(closed: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):  # the months, the contracts, how many of their months were billed
        assert unbilled(MONTHS[2]) == {}


def test_a_contract_made_for_closed_months_is_missing_in_each_of_them(closed: None) -> None:
    late = make.contract(make.client("1004"))
    assert unbilled(MONTHS[2]) == {202609: [late], 202610: [late]}


@pytest.mark.parametrize("month", MONTHS[1:])
def test_sums_of_bills_are_those_of_the_bills(closed: None, month: Period) -> None:
    whole, sums = bills(month), sums_of_bills(month)
    assert [(one.client, one.net, one.vat, one.gross) for one in sums] == [
        (one.client, one.net, one.vat, one.gross) for one in whole
    ]
    assert with_parts(sums[1:]) == whole[1:]

"""What is paid first: the fees of the first bill of an order, the same as that bill will hold."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from balie.billing.first import first_fees
from balie.billing.queries import bill
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.tariffs.models import Tariff
from tests import make

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
FEE = {"meter": "basic_fee", "price": "30.00", "in_advance": True, "title": {"nl": "Basis"}}
SETUP = {"meter": "basic_fee", "price": "50.00", "cycle": "once", "title": {"nl": "Eenmalig"}}
CALLS = {"meter": "calls_accepted", "price": "0.90"}


def tariff(**values: Any) -> Tariff:
    make.operator()
    return make.tariff(items=(FEE, SETUP, CALLS), **values)


def test_first_fees_are_this_month_the_next_and_what_is_charged_once() -> None:
    found = first_fees(make.client(), tariff(prorate=True), DAY)
    assert [(line.item, line.amount) for line in found.lines] == [
        ("Basis", Decimal("8.00")),
        ("Basis", Decimal("30.00")),
        ("Eenmalig", Decimal("50.00")),
    ]


def test_first_fees_are_what_the_bill_then_says() -> None:
    client, wanted = make.client(), tariff()
    found = first_fees(client, wanted, DAY)
    make.contract(client, tariff=wanted, start=DAY)
    assert found.net == bill(client, Period(2026, 11)).net


def test_first_fees_without_a_price_are_refused() -> None:
    make.operator()
    with pytest.raises(Refused) as refusal:
        first_fees(make.client(), make.tariff(items=({"meter": "basic_fee", "price": ""},)), DAY)
    assert refusal.value.code == "no_price"

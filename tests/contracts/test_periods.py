"""Who has a contract when."""

from datetime import date

import pytest

from balie.contracts.queries import clients_between, contracts_between, contracts_of
from tests import make

pytestmark = pytest.mark.django_db


def test_contract_with_any_day_in_a_month_counts_in_it() -> None:
    first, second, third = (make.client(number) for number in ("1001", "1002", "1003"))
    ended = make.contract(first, start=date(2026, 1, 1), end=date(2026, 10, 31))
    begun = make.contract(second, start=date(2026, 11, 30))
    make.contract(third, start=date(2026, 12, 1))
    november, october = (date(2026, 11, 1), date(2026, 11, 30)), (date(2026, 10, 31), date(2026, 10, 31))
    assert list(contracts_between(*november)) == [begun]
    assert list(clients_between(*october)) == [first]
    make.contract(first, start=date(2026, 11, 1), service="sms")
    assert list(clients_between(*november)) == [first, second]
    assert [row.service for row in contracts_of(first)] == ["telephone", "sms"]
    assert contracts_of(first).first() == ended

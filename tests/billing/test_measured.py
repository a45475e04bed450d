"""What was measured of closed months is kept: read instead of calls, and measured anew when those change."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from balie.accounts.models import Client
from balie.billing.actions import freeze_bills
from balie.billing.measured import Month, Wanted
from balie.billing.models import MeasuredMonth
from balie.billing.pricing import House
from balie.billing.queries import fresh_bills
from balie.calls.actions import correct_call, mark_closed
from balie.calls.models import Call
from balie.operator.actions import Author
from balie.operator.queries import operator
from balie.rules.period import Period
from balie.rules.tariff import Version
from balie.rules.terms import Quantity
from tests import make
from tests.rules.make import version

pytestmark = pytest.mark.django_db
ZONE = "Europe/Amsterdam"
OCTOBER = Period(2026, 10, ZONE)
NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)
TALK = {"meter": "talk_time", "price": "0.60", "unit": "minute", "increment": "60/1"}
WHOLE = (1, 31)


@pytest.fixture(autouse=True)
def office() -> None:
    """Two clients, one of them from the 16th on; October is closed."""
    make.operator(timezone=ZONE)
    tariff = make.tariff(items=({"meter": "basic_fee", "price": "20.00"}, TALK))
    for number, start in (("1001", date(2026, 1, 1)), ("1002", date(2026, 10, 16))):
        client = make.client(number)
        make.contract(client, start=start, tariff=tariff)
        for day in (5, 20):
            make.call(client, start=datetime(2026, 10, day, 9, tzinfo=UTC), talk=90)
    close(OCTOBER)


def close(period: Period) -> None:
    """As the closing of a month does it, without the paper."""
    freeze_bills(bills=fresh_bills(period), now=NOW)
    mark_closed(month=period.key, now=NOW)


def read(of: Version, number: str = "1001", days: tuple[int, int] = WHOLE) -> dict[int, Quantity]:
    month = Month.of(OCTOBER, House.of(operator()))
    wanted = Wanted((Client.objects.get(number=number).pk, *days), of, number)
    return month.quantities(wanted, month.read([wanted], month.changes()))


@contextmanager
def calls_read(times: int) -> Iterator[None]:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        yield
    assert sum(f"FROM {Call._meta.db_table}" in one["sql"] for one in asked.captured_queries) == times


def test_closing_a_month_keeps_what_its_bills_were_made_of() -> None:
    rows = MeasuredMonth.objects.order_by("client__number").values_list(
        "client__number", "month", "first_day", "last_day", "quantities"
    )
    assert list(rows) == [("1001", 202610, 1, 31, [[2, 180, 180, 0]]), ("1002", 202610, 16, 31, [[1, 90, 90, 0]])]


def test_other_prices_of_what_was_measured_read_no_calls() -> None:
    dearer = version({**TALK, "price": "0.75", "included": 5})
    with calls_read(0):
        assert read(dearer) == {0: Quantity(2, 180, 180, 0)}
        assert read(dearer, "1002", (16, 31)) == {0: Quantity(1, 90, 90, 0)}


def test_another_way_of_counting_is_measured_once() -> None:
    by_minutes = version({**TALK, "increment": "60/60"})
    with calls_read(1):
        assert read(by_minutes) == {0: Quantity(2, 180, 240, 0)}
    with calls_read(0):
        assert read(by_minutes) == {0: Quantity(2, 180, 240, 0)}


def test_days_of_a_contract_are_measured_as_such() -> None:
    assert read(version(TALK), days=(1, 15)) == {0: Quantity(1, 90, 90, 0)}
    assert read(version(TALK), days=(6, 19)) == {}


def test_a_tariff_without_usage_needs_nothing_measured() -> None:
    with calls_read(0):
        assert read(version({"meter": "basic_fee", "price": "99.00"})) == {}


def test_calls_that_change_after_closing_are_measured_anew_every_time() -> None:
    one, other = Call.objects.filter(client__number="1001").order_by("start")
    for call, left in ((one, {0: Quantity(1, 90, 90, 0)}), (other, {})):
        correct_call(call=call, reason="Test", author=Author("me", NOW), billable=False)
        with calls_read(1):
            assert read(version(TALK)) == left
        with calls_read(0):
            assert read(version(TALK)) == left
            assert read(version(TALK), "1002", (16, 31)) == {0: Quantity(1, 90, 90, 0)}


def test_many_clients_are_measured_in_one_pass_over_the_month(monkeypatch: Any) -> None:
    monkeypatch.setattr("balie.billing.measured.FEW", 1)
    by_minutes = version({**TALK, "increment": "60/60"})
    month = Month.of(OCTOBER, House.of(operator()))
    wanted = [Wanted((client.pk, *WHOLE), by_minutes, client.number) for client in Client.objects.order_by("number")]
    found = month.read(wanted, month.changes())
    assert [month.quantities(one, found) for one in wanted] == [{0: Quantity(2, 180, 240, 0)}] * 2

"""Orders and cancellations as other programs place and follow them."""

import pytest
from django.test import Client

from balie.contracts.models import Order
from balie.operator.models import LogEntry
from tests import make
from tests.api.ask import error_of, program

pytestmark = pytest.mark.django_db
ORDER = "/api/v1/orders?client=1001&tariff=BASIS"


@pytest.fixture
def office() -> Client:
    make.operator(switch={"kind": "fake"})
    make.tariff(notice="monthly")
    make.client("1001", email="info@bakker.example")
    make.number(number="+31201234501")
    return program("manager")


def test_order_with_a_key_is_the_same_order_again(office: Client) -> None:
    first, again = (office.post(ORDER, headers={"Idempotency-Key": "7"}).json() for _ in range(2))
    assert first == again and (first["status"], first["number"]) == ("claimed", "+31201234501")
    assert Order.objects.count() == 1
    assert LogEntry.objects.get(deed="order.placed").who == "test manager (API)"
    assert office.get(f"/api/v1/orders/{first['order']}").json() == first
    assert office.get("/api/v1/orders?client=1001").json()["items"] == [first]
    assert office.get("/api/v1/orders?status=ready").json()["items"] == []


def test_refusals_of_orders_are_errors_with_their_code(office: Client) -> None:
    assert error_of(office.post("/api/v1/orders?client=1001&tariff=NONE"))["code"] == "unknown_code"
    assert error_of(office.get("/api/v1/orders/2026-99999"))["code"] == "unknown_order"
    long = office.post(ORDER, headers={"Idempotency-Key": "7" * 151})
    assert (long.status_code, error_of(long)["code"]) == (422, "long_key")


def test_cancellation_says_the_end_and_again_the_same(office: Client) -> None:
    office.post(ORDER)
    address = "/api/v1/cancellations?client=1001&service=telephone"
    first, again = office.post(address).json(), office.post(address).json()
    assert first == again and list(first) == ["contract", "ends"]
    refused = office.post("/api/v1/cancellations?client=1001&service=sms")
    assert error_of(refused)["code"] == "no_contract"

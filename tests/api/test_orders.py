"""Orders and cancellations as other programs place and follow them."""

import pytest
from django.test import Client
from django.utils import timezone

from balie.contracts.actions import withdraw_cancellation
from balie.contracts.models import Cancellation, Order
from balie.operator.actions import Author
from balie.operator.models import LogEntry
from balie.tariffs.models import Tariff
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


def test_key_of_an_order_is_no_other_order_and_outlives_its_tariff(office: Client) -> None:
    make.tariff("SMS")
    Tariff.objects.filter(code="SMS").update(service="sms")
    key = {"Idempotency-Key": "7"}
    office.post(ORDER)  # without a key, and under way: asked for with one, it is known by that from then on
    first = office.post(ORDER, headers=key).json()
    other = office.post("/api/v1/orders?client=1001&tariff=SMS", headers=key)
    assert (other.status_code, error_of(other)["code"], Order.objects.count()) == (422, "key_used", 1)
    Tariff.objects.update(code_withdrawn=True)
    Order.objects.update(status="active")
    assert office.post(ORDER, headers=key).json() == {**first, "status": "active"}


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


def test_cancellation_with_a_key_is_not_given_anew_once_it_was_taken_back(office: Client) -> None:
    office.post(ORDER)
    address, key = "/api/v1/cancellations?client=1001&service=telephone", {"Idempotency-Key": "7"}
    first = office.post(address, headers=key).json()
    withdraw_cancellation(cancellation=Cancellation.objects.get(), author=Author("Kees", timezone.now()))
    assert office.post(address, headers=key).json() == {**first, "ends": None}
    other = office.post("/api/v1/cancellations?client=1001&service=sms", headers=key)
    assert (other.status_code, error_of(other)["code"]) == (422, "key_used")
    assert office.post(address, headers={"Idempotency-Key": "8"}).json() == first
    assert Cancellation.objects.count() == 2

"""Orders that meet something else: the end of the service, midnight, another order, staff, another worker."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import QuerySet

from balie.accounts.models import Client
from balie.contracts.actions import (
    cancel_service,
    change_tariff,
    end_orders,
    place_order,
    withdraw_cancellation,
    withdraw_order,
)
from balie.contracts.actions.order import MOST_A_DAY
from balie.contracts.models import Cancellation, Contract, Order
from balie.leases import actions as leases
from balie.notifications.models import Mail
from balie.numbers.actions import assign_number
from balie.numbers.models import Assignment, FakeRoute
from balie.numbers.queries import free_numbers
from balie.operator.actions import Author
from balie.operator.models import Operator
from balie.rules.errors import Refused
from balie.tariffs.models import Tariff, TariffVersion
from balie.worker import orders
from balie.worker.jobs import lane_called
from balie.worker.loop import Loop
from balie.worker.turn import LeaseLost, Turn
from tests import make

pytestmark = pytest.mark.django_db
MARIT = Author("Marit", make.NOW, 7)
TODAY, YEARS_END = date(2026, 11, 23), date(2026, 12, 31)
DAY = timedelta(days=1)
NUMBER = "+31201234501"


@pytest.fixture
def bakker() -> Client:
    """Client 1001 without a contract; tariff BASIS with a month's notice; the invented phone system."""
    make.operator(switch={"kind": "fake"})
    make.tariff(items=({"meter": "basic_fee", "price": "39.00"},), notice="monthly")
    return make.client("1001", name="Bakker", email="info@bakker.example")


@pytest.fixture(autouse=True)
def clock(time_machine: Any) -> Any:
    """The worker's clock too."""
    time_machine.move_to(make.NOW)
    return time_machine


def order(client: Client, at: datetime = make.NOW) -> Order:
    return place_order(client=client, tariff=Tariff.objects.get(code="BASIS"), author=Author("Marit", at))


def cancel(client: Client) -> Contract:
    return cancel_service(client=client, service="telephone", author=MARIT)


def work(*, chores: bool = True) -> None:
    loop = Loop(lane_called("orders"), once=True)
    loop.chores_at = 0.0 if chores else float("inf")
    assert loop.run().failed == 0


def steps(placed: Order) -> list[str]:
    return [step.status for step in placed.steps.all()]


def test_number_claimed_after_notice_was_given_ends_with_the_service(bakker: Client) -> None:
    placed = order(bakker)
    cancel(bakker)
    make.number(number=NUMBER)
    work()
    assert (steps(placed)[-1], Assignment.objects.get().last_day) == ("ready", YEARS_END)
    withdraw_cancellation(cancellation=Cancellation.objects.get(), author=MARIT)
    assert Assignment.objects.get().last_day is None


def test_number_of_an_order_taken_back_after_notice_rests_from_that_day(bakker: Client) -> None:
    make.number(number=NUMBER)
    placed = order(bakker)
    cancel(bakker)
    assert Assignment.objects.get().last_day == YEARS_END
    withdraw_order(order=placed, author=MARIT)
    assert Assignment.objects.get().last_day == TODAY


@pytest.mark.parametrize("numbers", [0, 1])
def test_order_whose_service_is_over_by_midnight_is_taken_back_before_the_chore_looks(
    bakker: Client, numbers: int, clock: Any
) -> None:
    TariffVersion.objects.update(notice="none")
    if numbers:
        make.number(number=NUMBER)
    placed = order(bakker)
    cancel(bakker)
    clock.move_to(make.NOW + DAY)
    make.number(number="+31201234502")
    work(chores=False)
    assert steps(placed) == (["claimed", "configured", "withdrawn"] if numbers else ["waiting", "withdrawn"])
    assert not Contract.objects.exists() and not FakeRoute.objects.exists()
    assert Assignment.objects.filter(last_day=None).count() == 0
    assert Mail.objects.filter(kind="order_ready").count() == 0


@pytest.mark.parametrize("called", [False, True])
def test_number_never_in_service_is_free_once_the_phone_system_forgot_it(bakker: Client, called: bool) -> None:
    Operator.objects.update(switch={"kind": "fake", "down": "prove"})
    make.number(number=NUMBER)
    placed = order(bakker)
    work()
    if called:
        make.call(bakker, callee=NUMBER, start=make.NOW + timedelta(seconds=1))
    withdraw_order(order=placed, author=MARIT)
    assert list(free_numbers(TODAY)) == [], "the phone system still knows it"
    Operator.objects.update(switch={"kind": "fake"})
    work()
    assert [str(number) for number in free_numbers(TODAY)] == ([] if called else [NUMBER])
    assert placed.number is not None and not FakeRoute.objects.exists()


def test_a_stranger_does_not_use_the_pool_up(bakker: Client) -> None:
    kees = make.user("kees@bakker.example", role="", client=bakker, owner=True)
    make.number(number=NUMBER)
    own = Author("Kees", make.NOW, kees.pk)
    for _turn in range(MOST_A_DAY):
        placed = place_order(client=bakker, tariff=Tariff.objects.get(), author=own)
        assert str(placed.number) == NUMBER
        withdraw_order(order=placed, author=own)
        work()
    with pytest.raises(Refused, match="several times today"):
        place_order(client=bakker, tariff=Tariff.objects.get(), author=own)
    assert str(order(bakker).number) == NUMBER, "staff order for it"


def test_a_client_has_three_orders_under_way_at_most(bakker: Client) -> None:
    own = Author("Kees", make.NOW, make.user("kees@bakker.example", role="", client=bakker, owner=True).pk)
    tariffs = [make.tariff(service) for service in ("one", "two", "three", "four")]
    for tariff in tariffs[:3]:
        Tariff.objects.filter(pk=tariff.pk).update(service=tariff.code)
        made = place_order(client=bakker, tariff=Tariff.objects.get(pk=tariff.pk), author=own)
        Order.objects.filter(pk=made.pk).update(status="waiting")
    with pytest.raises(Refused, match="under way"):
        place_order(client=bakker, tariff=tariffs[3], author=own)


def test_number_of_an_order_taken_back_stays_configured_for_its_clients_next_order(bakker: Client, clock: Any) -> None:
    Operator.objects.update(quarantine_days=0, switch={"kind": "fake", "down": "prove"})
    make.number(number=NUMBER)
    first = order(bakker)
    work()
    Operator.objects.update(switch={"kind": "fake", "down": "remove"})
    withdraw_order(order=first, author=MARIT)
    work()
    clock.move_to(make.NOW + DAY)
    second = order(bakker, make.NOW + DAY)
    assert str(second.number) == NUMBER
    Operator.objects.update(switch={"kind": "fake"})
    work()
    assert steps(second)[-1] == "ready"
    assert list(FakeRoute.objects.values_list("number", "order")) == [(NUMBER, second.reference)]


def test_ready_order_whose_service_goes_on_at_another_tariff_is_not_over(bakker: Client) -> None:
    make.number(number=NUMBER)
    placed = order(bakker)
    work()
    plus = make.tariff("PLUS", items=({"meter": "basic_fee", "price": "49.00"},))
    change_tariff(client=bakker, service="telephone", tariff=plus, author=MARIT)
    end_orders(today=YEARS_END, now=make.NOW)
    placed.refresh_from_db()
    assert placed.status == "ready"


def test_contract_agreed_for_later_stays_when_an_order_is_taken_back(bakker: Client) -> None:
    placed = order(bakker)
    contract = Contract.objects.get()
    Contract.objects.filter(pk=contract.pk).update(end=YEARS_END)
    make.contract(bakker, start=date(2027, 1, 1), end=date(2027, 1, 31))
    later = make.contract(bakker, start=date(2027, 6, 1))
    withdraw_order(order=placed, author=MARIT)
    assert list(Contract.objects.all()) == [later]


def test_notice_is_not_taken_back_while_the_number_will_be_another_clients(bakker: Client) -> None:
    make.number(number=NUMBER)
    order(bakker)
    cancel(bakker)
    given = assign_number(number=NUMBER, client=make.client("1002"), first_day=date(2027, 1, 5))
    with pytest.raises(Refused, match=r"\+31201234501 is assigned again from 5 January 2027"):
        withdraw_cancellation(cancellation=Cancellation.objects.get(), author=MARIT)
    assert Assignment.objects.get(client=bakker).last_day == YEARS_END
    given.delete()
    withdraw_cancellation(cancellation=Cancellation.objects.get(), author=MARIT)
    assert Assignment.objects.get().last_day is None


@pytest.mark.parametrize("down", ["", "remove"])
def test_removal_by_a_worker_that_lost_its_hold_is_thrown_away(bakker: Client, down: str) -> None:
    make.number(number=NUMBER)
    withdraw_order(order=order(bakker), author=MARIT)
    Operator.objects.update(switch={"kind": "fake", "down": down})
    lost = held(orders.due_to_remove(make.NOW))
    held(Order.objects.filter(pk=lost.pk), at=make.NOW + DAY)
    with pytest.raises(LeaseLost):
        orders.remove(lost, Turn(lost, orders.LEASE))
    assert Order.objects.values_list("removed", "tries").get() == (None, 0)


def held(due: QuerySet[Order], at: datetime = make.NOW) -> Order:
    found = leases.claim(due, now=at, length=orders.LEASE)
    assert found
    return found

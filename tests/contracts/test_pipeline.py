"""Orders and cancellations as staff see them: found, counted, timed; and what notice would do."""

from datetime import date, timedelta

import pytest

from balie.accounts.models import Client
from balie.contracts.actions import cancel_service, confirm_by_hand, place_order
from balie.contracts.models import Cancellation, Order
from balie.contracts.pipeline import (
    Ending,
    Notices,
    asked_for,
    cancellations,
    counts,
    ending,
    mails_of,
    orders,
    state_counts,
    times,
    under_way,
)
from balie.operator.actions import Author
from balie.operator.models import Operator
from balie.rules.activation import Status
from balie.rules.errors import Refused
from balie.rules.stopwatch import Leg
from balie.tariffs.models import Tariff
from balie.worker.jobs import lane_called
from balie.worker.loop import Loop
from tests import make
from tests.web import make_pool

pytestmark = pytest.mark.django_db
NOW, MINUTE = make_pool.NOW, timedelta(minutes=1)
TODAY = NOW.date()
MARIT = Author("Marit", NOW, 7)


@pytest.fixture
def clients() -> tuple[Client, Client]:
    make.operator(low_stock=0)
    make.tariff(notice="monthly")
    make.tariff("PLUS")
    return make.client("1001", name="Bakker"), make.client("1002", name="Studio Kraan")


def test_orders_are_found_by_reference_client_number_and_tariff(clients: tuple[Client, Client]) -> None:
    bakker, kraan = clients
    first = make_pool.order(bakker)
    second = make_pool.order(kraan, None, placed=NOW - MINUTE)

    def found(search: str, status: str = "") -> list[Order]:
        return list(orders(search=search, status=status))

    assert found("") == [first, second] == found("basis")
    assert found(first.reference) == [first] == found("bakker") == found("020 123 8888".replace(" ", ""))
    assert found("studio kraan") == [second] == found("1002") == found("", "waiting")
    assert found("", "under_way") == [first, second] and found("2026-99999") == found("nobody") == []


def test_orders_say_since_when_they_are_where_they_are(clients: tuple[Client, Client]) -> None:
    went = make_pool.went(make_pool.order(clients[0]), (Status.CONFIGURED, 2), (Status.READY, 5))
    waits = make_pool.order(clients[1], None)
    since = {one.pk: one.since for one in orders()}
    assert since == {went.pk: NOW + timedelta(seconds=5), waits.pk: NOW}
    assert {status: number for status, number in counts().items() if number} == {Status.READY: 1, Status.WAITING: 1}
    assert list(under_way()) == [waits]


@pytest.mark.parametrize("order", ["placed", "client", "number", "tariff", "status", "since"])
def test_orders_are_sorted_both_ways(clients: tuple[Client, Client], order: str) -> None:
    plus = make.tariff("ZZ")
    first = make_pool.order(clients[0], placed=NOW - MINUTE, status=Status.WAITING)
    second = make_pool.order(clients[1], "+31201239999", tariff=plus)
    assert [*orders(order=order)] == [first, second] and [*orders(order=f"-{order}")] == [second, first]


def test_times_are_of_telephone_orders_placed_since_then(clients: tuple[Client, Client]) -> None:
    make_pool.went(make_pool.order(clients[0]), (Status.CONFIGURED, 2), (Status.READY, 5))
    make_pool.went(make_pool.order(clients[1], "+31201239999", placed=NOW - MINUTE), (Status.READY, 9))
    make_pool.order(clients[0], None, service="sms", status=Status.ACTIVE)
    found = times(NOW - MINUTE)
    assert sorted(found[Leg.WHOLE]) == [5, 9] and found[Leg.CONFIGURED] == [2] and found[Leg.FIRST_CALL] == []
    assert times(NOW)[Leg.WHOLE] == [5]


def test_mails_of_an_order_are_its_own_in_order(clients: tuple[Client, Client]) -> None:
    bakker = clients[0]
    Client.objects.filter(pk=bakker.pk).update(email="info@bakker.example")
    bakker.refresh_from_db()
    Operator.objects.update(mailboxes={"orders": "orders@x.example"})
    make.number(number="+31201234501")
    placed = place_order(client=bakker, tariff=Tariff.objects.get(code="BASIS"), author=MARIT)
    make.mail(about="client:1001", key="order:17:else")
    assert [mail.kind for mail in mails_of(placed)] == ["order_new", "order_claimed"]


def test_what_was_done_by_hand_lets_its_order_go_on(clients: tuple[Client, Client]) -> None:
    bakker = clients[0]
    make.number(number="+31201234501")
    placed = place_order(client=bakker, tariff=Tariff.objects.get(code="BASIS"), author=MARIT)
    Loop(lane_called("orders"), once=True).run()
    placed.refresh_from_db()
    row = asked_for(placed)
    assert placed.status == Status.WAITING and row and placed.due > NOW
    assert confirm_by_hand(row=row.pk, author=MARIT) == placed
    assert asked_for(placed) is None
    Loop(lane_called("orders"), once=True).run()
    placed.refresh_from_db()
    assert placed.status == Status.READY
    with pytest.raises(Refused, match="not asked for"):
        confirm_by_hand(row=99, author=MARIT)


def test_end_is_said_before_anything_ends_and_is_the_one_that_comes(clients: tuple[Client, Client]) -> None:
    bakker, kraan = clients
    contract = make.contract(bakker)
    said = ending(bakker, "telephone", date(2026, 11, 1), today=TODAY)
    assert said == Ending(contract, date(2026, 12, 31), stands=False)
    ended = cancel_service(client=bakker, service="telephone", received=date(2026, 11, 1), author=MARIT)
    assert ended.end == said.ends
    again = ending(bakker, "telephone", TODAY, today=TODAY)
    assert again and again.stands and again.ends == said.ends
    earlier = ending(bakker, "telephone", date(2026, 9, 30), today=TODAY)
    assert earlier and not earlier.stands and earlier.ends == date(2026, 10, 31)
    assert ending(kraan, "telephone", TODAY, today=TODAY) is None


def test_cancellations_are_narrowed_down_and_counted(clients: tuple[Client, Client]) -> None:
    bakker, kraan = clients
    for client in clients:
        make.contract(client)
    coming = make_pool.notice(bakker, reason="Too dear")
    over = make_pool.notice(kraan, ends=TODAY - timedelta(days=1), at=NOW - timedelta(days=40))
    gone = make_pool.notice(kraan, at=NOW - timedelta(days=60), withdrawn=NOW)

    def found(**wanted: object) -> list[Cancellation]:
        return list(cancellations(TODAY, Notices(**wanted)))  # type: ignore[arg-type]

    assert found() == [coming, over, gone]
    assert found(state="coming") == [coming] and found(state="over") == [over] and found(state="withdrawn") == [gone]
    assert found(search="dear bakker") == [coming] and found(search="kraan") == [over, gone]
    assert found(since=over.received, until=over.received) == [over] and found(service="sms") == []
    assert state_counts(TODAY) == {"coming": 1, "over": 1, "withdrawn": 1}
    assert list(cancellations(TODAY, order="ends")) == [over, gone, coming]

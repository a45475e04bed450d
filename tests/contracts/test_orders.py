"""An order becomes a service: the contract, the number, the statuses, the mails; and is taken back."""

from datetime import UTC, date, datetime, timedelta

import pytest

from balie.accounts.models import Client
from balie.contracts.actions import Wish, begin_later, cancel_service, change_tariff, place_order, withdraw_order
from balie.contracts.models import Contract, Order, OrderStep
from balie.contracts.queries import order_document, order_under_way
from balie.notifications.models import Mail
from balie.numbers.models import Assignment, FakeRoute
from balie.operator.actions import Author
from balie.operator.models import LogEntry, Operator
from balie.operator.written import long_day
from balie.rules.activation import Status
from balie.rules.errors import Refused
from balie.tariffs.models import CodeUse, Tariff
from balie.worker.jobs import lane_called
from balie.worker.loop import Loop
from tests import make

pytestmark = pytest.mark.django_db
MARIT = Author("Marit", make.NOW, 7)
TODAY = date(2026, 11, 23)
NUMBER = "+31201234501"
FEE = {"meter": "basic_fee", "price": "39.00", "cycle": "monthly"}


@pytest.fixture
def bakker() -> Client:
    """Client 1001 without a contract; tariff BASIS; the fake phone system; a mailbox of each kind."""
    boxes = {name: f"{name}@delinde.example" for name in ("orders", "tasks", "cancellations")}
    make.operator(switch={"kind": "fake"}, mailboxes=boxes, low_stock=0)
    make.tariff(items=(FEE,), notice="monthly")
    return make.client("1001", name="Bakker", email="info@bakker.example", language="nl")


def basis() -> Tariff:
    return Tariff.objects.get(code="BASIS")


def order(client: Client, *, at: datetime = make.NOW, wish: Wish | None = None) -> Order:
    return place_order(client=client, tariff=basis(), wish=wish, author=Author("Marit", at))


def work() -> None:
    Loop(lane_called("orders"), once=True).run()


def mails(*kinds: str) -> list[tuple[str, str]]:
    rows = Mail.objects.order_by("created", "pk").values_list("kind", "recipient")
    return [row for row in rows if not kinds or row[0] in kinds]


def test_order_claims_a_number_and_makes_a_contract_at_once(bakker: Client) -> None:
    make.number(number=NUMBER)
    placed = order(bakker)
    assert (placed.status, str(placed.number), placed.reference) == ("claimed", NUMBER, f"2026-{placed.pk:05d}")
    contract = Contract.objects.get()
    assert (placed.contract, contract.start, contract.end) == (contract, TODAY, None)
    held = Assignment.objects.get()
    assert (held.client, held.first_day, held.last_day) == (bakker, TODAY, None)
    assert mails() == [("order_new", "orders@delinde.example"), ("order_claimed", "info@bakker.example")]


def test_worker_takes_an_order_to_ready_and_each_status_is_mailed_once(bakker: Client) -> None:
    make.number(number=NUMBER)
    placed = order(bakker)
    work()
    work()
    placed.refresh_from_db()
    assert placed.status == Status.READY
    assert [step.status for step in placed.steps.all()] == ["claimed", "configured", "ready"]
    assert [kind for kind, _to in mails()] == ["order_new", "order_claimed", "order_configured", "order_ready"]
    assert Mail.objects.get(kind="order_ready").subject == "Uw nummer is klaar: 020 123 4501"


def test_first_call_makes_the_order_active(bakker: Client) -> None:
    make.number(number=NUMBER)
    placed = order(bakker)
    work()
    make.call(bakker, start=make.NOW - timedelta(days=1))  # before it was ordered
    work()
    placed.refresh_from_db()
    assert placed.status == Status.READY
    make.call(bakker, start=make.NOW + timedelta(minutes=1))
    work()
    placed.refresh_from_db()
    assert placed.status == Status.ACTIVE
    assert Mail.objects.filter(kind="order_active").count() == 1
    assert order_under_way(bakker, "telephone") is None


def test_order_without_a_free_number_waits_says_so_and_goes_on_by_itself(bakker: Client) -> None:
    placed = order(bakker)
    work()
    placed.refresh_from_db()
    assert (placed.status, placed.number) == ("waiting", None)
    assert order_document(placed)["number"] is None
    told = mails("order_waiting", "order_stuck")
    assert told == [("order_waiting", "info@bakker.example"), ("order_stuck", "tasks@delinde.example")]
    make.number(number=NUMBER)
    work()
    placed.refresh_from_db()
    assert [step.status for step in placed.steps.all()] == ["waiting", "claimed", "configured", "ready"]


@pytest.mark.parametrize("down", ["configure", "prove"])
def test_phone_system_that_is_down_makes_the_order_wait_and_go_on(bakker: Client, down: str) -> None:
    make.number(number=NUMBER)
    Operator.objects.update(switch={"kind": "fake", "down": down})
    placed = order(bakker)
    for _attempt in range(3):
        work()
        Order.objects.update(due=make.NOW)
    placed.refresh_from_db()
    assert (placed.status, placed.tries) == ("waiting", 3) and placed.problem
    assert Mail.objects.filter(kind="order_waiting").count() == 1
    Operator.objects.update(switch={"kind": "fake"})
    work()
    placed.refresh_from_db()
    assert (placed.status, placed.tries, placed.problem) == ("ready", 0, "")
    known = [step.status for step in placed.steps.all()]
    assert (
        known
        == {
            "configure": ["claimed", "waiting", "ready"],
            "prove": ["claimed", "configured", "waiting", "ready"],
        }[down]
    )


def test_same_order_again_is_the_order_that_stands(bakker: Client) -> None:
    make.number(number=NUMBER)
    make.number(number="+31201234502")
    assert order(bakker) == order(bakker)
    assert (Order.objects.count(), Contract.objects.count(), Assignment.objects.count()) == (1, 1, 1)


def test_service_a_client_has_already_is_refused(bakker: Client) -> None:
    make.contract(bakker)
    with pytest.raises(Refused) as refused:
        order(bakker)
    assert refused.value.code == "service_exists"
    assert not Order.objects.exists() and not Assignment.objects.exists()


def test_service_that_ends_is_refused_with_its_last_day(bakker: Client) -> None:
    last = TODAY + timedelta(days=4)
    first = make.contract(bakker, end=last)
    with pytest.raises(Refused) as refused:
        order(bakker)
    assert refused.value.code == "service_exists"
    assert f"has this service until {long_day(last)}." in refused.value.message
    make.contract(bakker, start=last + timedelta(days=1), tariff=first.tariff)
    with pytest.raises(Refused, match="change its tariff instead"):
        order(bakker)


def test_key_of_a_program_gives_the_same_order_also_when_it_is_over(bakker: Client) -> None:
    make.number(number=NUMBER)
    first = order(bakker, wish=Wish(key="a"))
    withdraw_order(order=first, author=MARIT)
    assert order(bakker, wish=Wish(key="a")) == first
    with pytest.raises(Refused, match="another client"):
        order(make.client("1002"), wish=Wish(key="a"))


def test_withdrawn_order_leaves_no_contract_and_its_number_rests(bakker: Client) -> None:
    make.number(number=NUMBER)
    Tariff.objects.update(public=False)
    placed = order(bakker)
    withdraw_order(order=placed, author=MARIT)
    withdraw_order(order=placed, author=MARIT)
    placed.refresh_from_db()
    assert (placed.status, placed.contract) == ("withdrawn", None)
    assert not Contract.objects.exists()
    assert Assignment.objects.get().last_day == TODAY
    assert CodeUse.objects.get().undone is not None
    assert Mail.objects.filter(kind="order_withdrawn").count() == 1
    again = order(bakker)
    assert (again.status, again.number) == ("waiting", None)


def test_order_that_is_ready_is_cancelled_not_withdrawn(bakker: Client) -> None:
    make.number(number=NUMBER)
    placed = order(bakker)
    work()
    placed.refresh_from_db()
    with pytest.raises(Refused, match="cancel the service"):
        withdraw_order(order=placed, author=MARIT)


def test_contract_begins_on_the_day_the_service_works(bakker: Client) -> None:
    Tariff.objects.update(public=False)
    placed = order(bakker)
    for days in (1, 20):
        begin_later(today=TODAY + timedelta(days=days), author=MARIT)
    contract = Contract.objects.get()
    assert (contract.start, contract.order) == (date(2026, 12, 13), placed)
    assert CodeUse.objects.get().about == "contract:1001/telephone/2026-12-13"


def test_order_that_waits_goes_on_at_the_tariff_it_was_changed_to(bakker: Client) -> None:
    placed = order(bakker)
    plus = make.tariff("PLUS", items=(FEE,))
    change_tariff(client=bakker, service="telephone", tariff=plus, author=MARIT)
    begin_later(today=date(2026, 12, 5), author=MARIT)
    contract = Contract.objects.get()
    placed.refresh_from_db()
    assert (contract.tariff, contract.start, placed.contract) == (plus, date(2026, 12, 5), contract)


def test_order_whose_contract_was_cancelled_and_is_over_is_taken_back(bakker: Client) -> None:
    placed = order(bakker)
    assert cancel_service(client=bakker, service="telephone", author=MARIT).end == date(2026, 12, 31)
    begin_later(today=date(2027, 1, 1), author=MARIT)
    placed.refresh_from_db()
    assert placed.status == "withdrawn" and not Contract.objects.exists()


def test_service_without_a_number_is_active_at_once(bakker: Client) -> None:
    Tariff.objects.update(service="sms")
    placed = order(bakker)
    assert (placed.status, placed.number, placed.contract is not None) == ("active", None, True)
    assert [kind for kind, _to in mails()] == ["order_new", "order_in_use"]


def test_resting_and_kept_back_numbers_are_not_given_out(bakker: Client) -> None:
    make.number(make.client("1002"), NUMBER, last=TODAY - timedelta(days=90))
    kept = make.number(number="+31201234502")
    kept.kept_back = "ours"
    kept.save()
    placed = order(bakker)
    assert placed.number is None
    begin = make.NOW + timedelta(days=1)
    withdraw_order(order=placed, author=MARIT)
    assert str(order(bakker, at=begin).number) == NUMBER


def test_who_ordered_gets_the_mails_beside_the_clients_own_address(bakker: Client) -> None:
    make.number(number=NUMBER)
    kees = make.user("kees@bakker.example", role="", client=bakker, language="de")
    order(bakker, wish=Wish(user=kees))
    assert mails("order_claimed") == [
        ("order_claimed", "info@bakker.example"),
        ("order_claimed", "kees@bakker.example"),
    ]
    assert LogEntry.objects.get(deed="order.placed").about == "client:1001"
    assert OrderStep.objects.count() == 1


def test_order_nobody_called_ends_with_its_service_and_the_next_one_is_new(bakker: Client) -> None:
    make.number(number=NUMBER)
    placed = order(bakker)
    work()
    Contract.objects.update(end=TODAY)
    assert order(bakker) == placed
    again = order(bakker, at=make.NOW + timedelta(days=1))
    placed.refresh_from_db()
    assert (placed.status, again.status, again == placed) == ("ended", "waiting", False)
    assert Mail.objects.filter(kind="order_withdrawn").count() == 0


def test_number_of_an_ended_service_is_taken_out_of_the_phone_system(bakker: Client) -> None:
    make.number(number=NUMBER)
    placed = order(bakker, at=datetime(2025, 1, 1, 9, tzinfo=UTC))
    work()
    assert FakeRoute.objects.count() == 1
    Assignment.objects.update(last_day=date(2025, 4, 30))
    work()
    work()
    placed.refresh_from_db()
    assert placed.removed is not None and not FakeRoute.objects.exists()


def test_who_waited_first_gets_the_first_number(bakker: Client) -> None:
    first = order(bakker)
    second = order(make.client("1002"))
    make.number(number=NUMBER)
    third = order(make.client("1003"))
    assert third.number is None
    work()
    for placed in (first, second, third):
        placed.refresh_from_db()
    assert [placed.status for placed in (first, second, third)] == ["ready", "waiting", "waiting"]

"""Whatever is ordered, taken back, cancelled and worked on: pool and contracts are as a plain slow model says."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balie.accounts.models import Client
from balie.contracts.actions import cancel_service, place_order, try_again, withdraw_cancellation, withdraw_order
from balie.contracts.models import Cancellation, Contract, Order
from balie.numbers.actions import put_numbers
from balie.numbers.models import Assignment, FakeRoute
from balie.operator.actions import Author
from balie.operator.models import Operator
from balie.rules.activation import UNFINISHED, given_up
from balie.rules.errors import Refused
from balie.rules.notice import end_of_notice
from balie.tariffs.models import Tariff
from balie.worker.jobs import lane_called
from balie.worker.loop import Loop
from tests import make

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
REST, DAY = 3, timedelta(days=1)
NOTICE = {"1001": "none", "1002": "none", "1003": "monthly"}
DOWN = ("", "", "configure", "prove", "remove", "always")
who = st.sampled_from(sorted(NOTICE))
OPS = st.one_of(
    st.tuples(st.just("order"), who),
    st.tuples(st.just("withdraw"), who),
    st.tuples(st.just("cancel"), who, st.integers(0, 4)),
    st.tuples(st.just("uncancel"), who),
    st.tuples(st.just("call"), who),
    st.tuples(st.just("retry"), who),
    st.tuples(st.just("days"), st.sampled_from([1, 1, 2, 4, 5, 40])),
    st.tuples(st.just("load"), st.integers(1, 2)),
    st.tuples(st.just("switch"), st.sampled_from(DOWN)),
    st.tuples(st.just("work"), st.booleans()),
    st.tuples(st.just("work"), st.just(True)),
)


@dataclass(eq=False)
class Span:
    """A number is a client's."""

    number: str
    client: str
    first: date
    last: date | None = None


@dataclass(eq=False)
class Deal:
    """A contract, and the notice given of it: its end before, and the spans that end with it."""

    client: str
    start: date
    end: date | None = None
    notice: "tuple[date, list[Span]] | None" = None


@dataclass(eq=False)
class Wanted:
    """An order."""

    client: str
    deal: Deal | None
    placed: datetime
    status: str = "waiting"
    span: Span | None = None
    failing: datetime | None = None
    parked: bool = False
    removed: bool = False
    ready: date | None = None


@dataclass
class Model:
    """What should be, said as plainly as can be: lists, looked through from the start each time."""

    now: datetime = BEGIN
    numbers: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    orders: list[Wanted] = field(default_factory=list)
    routes: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[str, str, datetime]] = field(default_factory=list)  # whose, to which number, when
    down: str = ""

    @property
    def today(self) -> date:
        return self.now.date()

    def free(self) -> list[str]:
        hindered = {one.number for one in self.spans if one.last is None or one.last >= self.today - REST * DAY}
        return [number for number in sorted(self.numbers) if number not in hindered]

    def running(self, client: str) -> Deal | None:
        own = [one for one in self.deals if one.client == client and (one.end is None or one.end >= self.today)]
        return min(own, key=lambda one: one.start, default=None)

    def last_order(self, client: str) -> Wanted | None:
        return next((one for one in reversed(self.orders) if one.client == client), None)

    def order(self, client: str) -> bool:
        self.end_orders(client)
        last = self.last_order(client)
        if last and last.status in (*UNFINISHED, "ready"):
            return True
        if self.running(client):
            return False
        self.deals.append(Deal(client, self.today))
        waiting = [one for one in self.orders if one.status == "waiting" and one.span is None and not one.parked]
        self.orders.append(Wanted(client, self.deals[-1], self.now))
        if not waiting or len(self.free()) > len(waiting):
            self.claim(self.orders[-1])
        return True

    def claim(self, order: Wanted) -> bool:
        if not self.free() or order.deal is None:
            return False
        order.span = Span(self.free()[0], order.client, self.today, order.deal.end)
        self.spans.append(order.span)
        if order.deal.notice:
            order.deal.notice[1].append(order.span)
        order.status, order.failing = "claimed", None
        return True

    def withdraw(self, client: str) -> bool:
        last = self.last_order(client)
        if last and last.status in UNFINISHED:
            self.finish(last)
        return last is not None and last.status == "withdrawn"

    def finish(self, order: Wanted) -> None:
        if order.deal:
            self.deals.remove(order.deal)
        if order.span and (order.span.last is None or order.span.last > self.today):
            order.span.last = self.today
        order.status, order.deal, order.parked = "withdrawn", None, False

    def cancel(self, client: str, back: int) -> bool:
        deal = self.running(client)
        if deal is None:
            return False
        before = [one for one in self.deals if one.client == client]
        first = deal.start
        while earlier := [one for one in before if one.end == first - DAY]:
            first = earlier[0].start
        ends = end_of_notice(NOTICE[client], self.today - back * DAY, first, deal.start)
        if deal.end and deal.end <= ends:
            return True
        until = max(ends, self.today)  # a number whose service is over since days rests from today
        spans = [one for one in self.spans if one.client == client and one.first <= until]
        spans = [one for one in spans if one.last is None or (deal.notice and one in deal.notice[1])]
        deal.notice, deal.end = (ends, spans), ends
        for span in spans:
            span.last = until
        return True

    def uncancel(self, client: str) -> bool:
        deal = self.running(client)
        if deal is None or deal.notice is None:
            return False
        for span in deal.notice[1]:
            span.last = None
        deal.notice = deal.end = None
        return True

    def call(self, client: str) -> None:
        last = self.last_order(client)
        if last and last.span:
            self.calls.append((client, last.span.number, self.now))
            self.first_calls()

    def first_calls(self) -> None:
        """A number may be called before it was shown to work; that counts once it was."""
        for order in self.orders:
            if order.status == "ready" and self.was_called(order):
                order.status = "active"

    def was_called(self, order: Wanted) -> bool:
        own = (order.client, order.span.number if order.span else "")
        return any(one[:2] == own and one[2] >= order.placed for one in self.calls)

    def retry(self, client: str) -> None:
        last = self.last_order(client)
        if last and last.status in UNFINISHED:
            last.parked, last.failing = False, None

    def end_orders(self, client: str = "") -> None:
        for order in self.orders:
            if client and order.client != client:
                continue
            if order.status == "ready" and not self.running(order.client):
                order.status = "ended"

    def late(self, order: Wanted) -> None:
        if order.deal and order.deal.end and order.deal.end < self.today:
            self.finish(order)
        elif order.deal:
            order.deal.start = max(order.deal.start, self.today)

    def work(self, chores: bool) -> None:
        unfinished = [one for one in self.orders if one.status in UNFINISHED]
        if chores:
            self.first_calls()
        for order in unfinished if chores else []:
            self.late(order)
        if chores:
            self.end_orders()
        for order in unfinished:
            if order.status in UNFINISHED and not order.parked:
                self.advance(order)
        for order in self.orders:
            self.remove(order)

    def advance(self, order: Wanted) -> None:
        if order.span is None:
            if self.free():
                self.late(order)
            if not self.claim(order):
                return
        assert order.span
        if self.down not in ("configure", "always"):
            self.routes[order.span.number] = order.client
        if self.down in ("configure", "prove", "always"):
            order.failing, order.status = order.failing or self.now, "waiting"
            order.parked = given_up(self.now - order.failing)
            return
        self.late(order)
        if order.deal:
            order.status, order.failing, order.ready = "ready", None, self.today

    def remove(self, order: Wanted) -> None:
        if order.span is None or order.removed or self.down in ("remove", "always"):
            return
        over = order.span.last is not None and order.span.last < self.today
        if order.status == "withdrawn" or (over and order.status not in UNFINISHED):
            order.removed = True
            newer = [one for one in self.orders if one.span and one.span.number == order.span.number]
            if self.routes.get(order.span.number) == order.client and newer[-1] is order:
                del self.routes[order.span.number]
            if order.status == "withdrawn":
                self.forget(order, order.span.number)

    def forget(self, order: Wanted, number: str) -> None:
        """What was taken back and never called leaves no rest behind."""
        if self.was_called(order):
            return
        own = [one for one in self.spans if (one.number, one.client) == (number, order.client)]
        for span in own:
            if span.first >= order.placed.date() and span.last is not None:
                self.spans.remove(span)


class Real:
    """The same verbs of Balie. False where it refuses."""

    def __init__(self) -> None:
        self.now = BEGIN

    def last(self, client: str) -> Order | None:
        return Order.objects.filter(client__number=client).order_by("pk").last()

    def refuses(self, deed: Any, **said: Any) -> bool:
        try:
            deed(**said, author=Author("test", self.now))
        except Refused:
            return False
        return True

    def order(self, client: str) -> bool:
        wanted = {"client": Client.objects.get(number=client), "tariff": Tariff.objects.get(code=NOTICE[client])}
        return self.refuses(place_order, **wanted)

    def withdraw(self, client: str) -> bool:
        last = self.last(client)
        return last is not None and self.refuses(withdraw_order, order=last)

    def cancel(self, client: str, back: int) -> bool:
        if not Contract.objects.filter(client__number=client).exclude(end__lt=self.now.date()).exists():
            return False
        of, day = Client.objects.get(number=client), self.now.date() - back * DAY
        return self.refuses(cancel_service, client=of, service="telephone", received=day)

    def uncancel(self, client: str) -> bool:
        given = Cancellation.objects.filter(client__number=client, withdrawn=None).order_by("pk").last()
        return given is not None and self.refuses(withdraw_cancellation, cancellation=given)

    def call(self, client: str) -> None:
        last = self.last(client)
        if last and last.number:
            make.call(last.client, callee=last.number.number, start=self.now)
            lane = lane_called("orders")
            lane.chores[0].run(self.now)

    def retry(self, client: str) -> None:
        if last := self.last(client):
            try_again(order=last, author=Author("test", self.now))

    def work(self, chores: bool) -> None:
        loop = Loop(lane_called("orders"), once=True)
        loop.chores_at = 0.0 if chores else float("inf")
        assert loop.run().failed == 0


def play(ops: list[tuple[Any, ...]]) -> None:
    """Does the same in both; after each deed both say the same."""
    model, real = Model(), Real()
    for name, *said in ops:
        model.now += timedelta(minutes=2)
        if name == "days":
            model.now = datetime.combine(model.today + said[0] * DAY, BEGIN.timetz())
        real.now = model.now
        with time_machine.travel(model.now, tick=False):
            if name == "load":
                fresh = [f"+3120123{len(model.numbers) + more:04d}" for more in range(said[0])]
                model.numbers += fresh
                put_numbers(fresh)
            elif name == "switch":
                model.down = said[0]
                Operator.objects.update(switch={"kind": "fake", "down": said[0]})
            elif name != "days":
                assert getattr(real, name)(*said) == getattr(model, name)(*said), (name, said)
        compare(model)
        hold_true()


def compare(model: Model) -> None:
    """Every table is as the model says."""
    spans = Assignment.objects.values_list("number__number", "client__number", "first_day", "last_day")
    key = [(one.number, one.client, one.first, one.last) for one in model.spans]
    assert sorted(spans, key=str) == sorted(key, key=str)
    deals = Contract.objects.values_list("client__number", "start", "end")
    assert sorted(deals, key=str) == sorted(((one.client, one.start, one.end) for one in model.deals), key=str)
    orders = Order.objects.order_by("pk").values_list("client__number", "status", "number__number")
    assert list(orders) == [(one.client, one.status, one.span and one.span.number) for one in model.orders]
    assert [bool(one.parked) for one in Order.objects.order_by("pk")] == [one.parked for one in model.orders]
    assert dict(FakeRoute.objects.values_list("number", "client")) == model.routes
    for row, one in zip(Order.objects.order_by("pk").select_related("contract"), model.orders, strict=True):
        if row.contract and one.ready:
            assert row.contract.start == one.ready


def hold_true() -> None:
    """What must hold whatever the model thinks."""
    rows = [
        (row.number_id, row.first_day or date.min, row.last_day or date.max)
        for row in Assignment.objects.order_by("number", "first_day")
    ]
    assert all(first <= last for _number, first, last in rows)
    assert all(
        number != other or (first - last).days > REST
        for (number, _first, last), (other, first, _last) in pairwise(rows)
    )
    for order in Order.objects.all():
        assert (order.contract_id is None) == (order.status == "withdrawn")
    under_way = Order.objects.filter(status__in=UNFINISHED)
    for order in under_way.exclude(number=None):
        assert Assignment.objects.filter(number=order.number, client=order.client).exists()
        assert under_way.filter(number=order.number).count() == 1
    for client in Client.objects.all():
        own = Order.objects.filter(client=client, status__in=UNFINISHED)
        assert own.count() <= 1
        assert Assignment.objects.filter(client=client, last_day=None).count() <= 1


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(ops=st.lists(OPS, min_size=4, max_size=24))
def test_pool_orders_and_contracts_are_as_a_plain_model_says(
    ops: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Which of the due orders a worker takes is chance; here the first, as the model does.
    monkeypatch.setattr("balie.leases.actions.random.shuffle", lambda rows: None)
    with transaction.atomic():
        make.operator(switch={"kind": "fake"}, quarantine_days=REST, timezone="UTC")
        for client, notice in NOTICE.items():
            make.client(client)
            if not Tariff.objects.filter(code=notice).exists():
                make.tariff(notice, notice=notice)
        play(ops)
        transaction.set_rollback(True)

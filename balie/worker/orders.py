"""The jobs that make orders work: number, phone system, proof, first call; and that take numbers out again.

A turn takes an order as far as it goes. What the phone system does happens outside of any transaction and may be
repeated; what came of it is stored while the lease is ours.
"""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import translation

from balie.contracts import queries
from balie.contracts.actions import (
    Overtaken,
    begin_later,
    claim_for,
    end_orders,
    note_first_calls,
    reach,
    record_removed,
    wait,
    wait_to_remove,
)
from balie.contracts.models import Order
from balie.leases import actions as leases
from balie.leases.faults import fault
from balie.numbers import alarm
from balie.numbers.switches import Route, Switch, SwitchProblem
from balie.numbers.switches.chosen import switch
from balie.operator.actions import Author
from balie.operator.models import Operator
from balie.operator.queries import operator
from balie.rules.activation import Status
from balie.tariffs.queries import local_day
from balie.worker.turn import LeaseLost, Turn

LEASE = timedelta(minutes=2)  # longer than any step of any switch takes


def due(now: datetime) -> QuerySet[Order]:
    """Orders with a step to try; none before there is an operator."""
    return queries.orders_due(now) if Operator.objects.exists() else Order.objects.none()


def advance(order: Order, turn: Turn) -> None:
    """Takes one order as many steps as it goes, and stores each. What does not work is tried again later."""
    ours = operator()
    try:
        if order.number is None and not claim_for(order=order, now=turn.now()):
            leases.give_back(order)
            return
        fault("order-claimed-stored")
        with translation.override(ours.language):  # what goes wrong is read by staff
            configure_and_prove(order, switch(ours, now=turn.now()), turn)
        leases.give_back(order)
    except SwitchProblem as problem:
        keep_waiting(order, problem, turn)
    except Overtaken:
        raise LeaseLost from None


def configure_and_prove(order: Order, system: Switch, turn: Turn) -> None:
    """Tells the phone system, and shows that calls come out right. Told again before each proof that is repeated."""
    route = route_of(order)
    if order.status != Status.CONFIGURED:
        system.configure(route)
        fault("order-switched")
    if order.status == Status.CLAIMED:
        reach(order=order, status=Status.CONFIGURED, now=turn.now())
    turn.keep()
    system.prove(route)
    fault("order-proven")
    reach(order=order, status=Status.READY, now=turn.now())


def keep_waiting(order: Order, problem: SwitchProblem, turn: Turn) -> None:
    try:
        wait(order=order, why=problem.why, at_once=problem.waits_for_staff, now=turn.now())
    except Overtaken:
        raise LeaseLost from None


def route_of(order: Order) -> Route:
    assert order.number
    return Route(order.number.number, order.client.number, order.client.name, order.reference)


def due_to_remove(now: datetime) -> QuerySet[Order]:
    """Orders whose number the phone system should forget."""
    return queries.orders_to_remove(now) if Operator.objects.exists() else Order.objects.none()


def remove(order: Order, turn: Turn) -> None:
    """The phone system forgets a number that is its client's no longer."""
    ours = operator()
    try:
        with translation.override(ours.language):
            switch(ours, now=turn.now()).remove(route_of(order))
        fault("order-removed")
        record_removed(order=order, now=turn.now())
    except SwitchProblem as problem:
        keep_waiting_to_remove(order, problem, turn)
    except Overtaken:
        raise LeaseLost from None


def keep_waiting_to_remove(order: Order, problem: SwitchProblem, turn: Turn) -> None:
    try:
        wait_to_remove(order=order, why=problem.why, now=turn.now())
    except Overtaken:
        raise LeaseLost from None


def first_calls(now: datetime) -> int:
    """Orders whose number was called are active."""
    return note_first_calls(now=now)


def put_off(now: datetime) -> int:
    """Contracts of services that do not work yet begin today at the earliest; orders of services that are over end."""
    if not Operator.objects.exists():
        return 0
    today = local_day(now)
    return begin_later(today=today, author=Author("worker", now)) + end_orders(today=today, now=now)


def stock(now: datetime) -> bool:
    """The alarm that too few numbers are free is raised, or over."""
    return Operator.objects.exists() and alarm.look(now=now)

"""An order goes from step to step. Each step is one transaction: the new status, its history and its mails, or nothing.

What the phone system does lies between them, outside of any transaction (balie.worker.orders).
"""

from datetime import datetime

from django.db import transaction

from balie.contracts import letters
from balie.contracts.actions.cancel import end_with_service
from balie.contracts.actions.change import hold
from balie.contracts.actions.order import log, move
from balie.contracts.models import Contract, Order, OrderStep
from balie.contracts.queries import orders_with_a_call, was_called
from balie.leases import actions as leases
from balie.leases.faults import fault
from balie.leases.models import FREE
from balie.numbers.actions import claim_number, forget_claim
from balie.operator.actions import Author
from balie.rules.activation import TOLD_AFTER, UNFINISHED, Status, given_up, may_follow, pause
from balie.tariffs.queries import local_day


class Overtaken(Exception):
    """Somebody else has the order by now, or it was taken back: what this worker did is thrown away."""


WELL = {"tries": 0, "failing_since": None, "problem": "", "told": None}


@transaction.atomic
def claim_for(*, order: Order, now: datetime) -> bool:
    """A free number becomes the order's client's, for as long as its service goes on. False while none is free, and
    where the service was over before it began: then the order is taken back. Raises Overtaken.
    """
    hold(order.client)
    if not leases.own(order).filter(status=order.status).exists():
        raise Overtaken
    if not begins_today(order, now):
        return False
    number = claim_number(client=order.client, day=local_day(now))
    if number is None:
        return False
    order.number = number
    if order.contract:
        end_with_service(contract=order.contract, number=number)
    reach(order=order, status=Status.CLAIMED, now=now)
    return True


@transaction.atomic
def reach(*, order: Order, status: Status, now: datetime) -> None:
    """The order is in its next status, as long as the lease is still this worker's. Raises Overtaken else."""
    assert may_follow(order.status, status), f"{order.status} -> {status}"
    hold(order.client)
    values = {**WELL, "status": status, "number": order.number, "due": now}
    if not leases.own(order).filter(status=order.status).update(**values):
        raise Overtaken
    for name, value in values.items():
        setattr(order, name, value)
    if status == Status.READY and not begins_today(order, now):
        return
    OrderStep.objects.create(order=order, status=status, at=now)
    letters.tell_status(order, now=now)
    fault(f"order-{status}")


def begins_today(order: Order, now: datetime) -> bool:
    """The order's contract, as it stands now, begins today at the earliest: nobody waits for the chore that does it.

    False when it is over by now; then the order is taken back.
    """
    today = local_day(now)
    order.contract = Contract.objects.filter(order=order).select_related("client").first()
    if order.contract and order.contract.start < today:
        move(order, order.contract, today, Author("worker", now))
    return order.status != Status.WITHDRAWN


@transaction.atomic
def wait(*, order: Order, why: str, at_once: bool = False, now: datetime) -> bool:
    """The step did not work: tried again after a pause, for a day. The client is told once, staff after a minute.

    at_once: staff are told now, since a person has to do something. False, and parked with the reason, once the day is
    over. Raises Overtaken when the order is not this worker's any more.
    """
    since = order.failing_since or now
    tries = order.tries + 1
    tell = order.told is None and (at_once or now - since >= TOLD_AFTER)
    values = {
        "status": Status.WAITING,
        "tries": tries,
        "failing_since": since,
        "problem": why[:2000],
        "due": now + pause(tries),
        "told": now if tell else order.told,
    }
    over = given_up(now - since) and not at_once
    more = {"parked": why[:2000]} if over else {"attempts": 0}
    if not leases.own(order).filter(status=order.status).update(lease_until=FREE, **values, **more):
        raise Overtaken
    before, order.status, order.failing_since = order.status, Status.WAITING, since
    if before != Status.WAITING:
        OrderStep.objects.create(order=order, status=Status.WAITING, at=now)
        letters.tell_status(order, now=now)
    if tell or over:
        letters.tell_staff(order, why, over=over, now=now)
    fault("order-waits")
    return not over


@transaction.atomic
def note_first_calls(*, now: datetime) -> int:
    """Orders whose number was called for the first time are active; how many."""
    found = list(orders_with_a_call())
    for order in found:
        # No lease: this touches no phone system, and the condition lets it happen once.
        if Order.objects.filter(pk=order.pk, status=Status.READY).update(status=Status.ACTIVE):
            order.status = Status.ACTIVE
            OrderStep.objects.create(order=order, status=Status.ACTIVE, at=now)
            letters.tell_status(order, now=now)
            fault("order-active")
    return len(found)


def try_again(*, order: Order, author: Author) -> None:
    """Staff mended the cause: the next step is due at once, also of an order that was given up."""
    again = Order.objects.filter(pk=order.pk, status__in=UNFINISHED)
    if again.update(due=author.now, parked="", attempts=0, failing_since=None, tries=0):
        log("order.tried_again", order, author)


@transaction.atomic
def record_removed(*, order: Order, now: datetime) -> None:
    """The phone system has forgotten the order's number. Raises Overtaken when the lease was lost.

    That of an order taken back, which nobody called, was never in service and is free at once: orders taken back one
    after the other would use the pool up.
    """
    if not leases.give_back(order, removed=now, problem=""):
        raise Overtaken
    if order.status == Status.WITHDRAWN and order.number and not was_called(order):
        forget_claim(number=order.number, client=order.client, since=local_day(order.placed))


def wait_to_remove(*, order: Order, why: str, now: datetime) -> None:
    """The phone system did not forget the number: tried again after a pause, for as long as it takes."""
    tries = order.tries + 1
    if not leases.give_back(order, tries=tries, problem=why[:2000], due=now + pause(tries)):
        raise Overtaken

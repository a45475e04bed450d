"""How far an order is, as its client reads it: the steps with their times, what happens next, why it waits.

Texts only. What staff are told of a problem is not for clients, and is not here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from balie.contracts.models import Order, OrderStep
from balie.rules.activation import NEEDS_NUMBER, UNFINISHED, Status


@dataclass(frozen=True)
class Step:
    """One line of the progress. state: done, now, next."""

    title: str
    state: str
    at: datetime | None = None
    seconds: float | None = None  # since the step before, where that says something

    @property
    def icon(self) -> str:
        return {"done": "good", "now": "wait"}.get(self.state, "next")


@dataclass(frozen=True)
class Progress:
    """An order's steps, and in a heading and a sentence what happens next. live: the page asks again by itself."""

    order: Order
    steps: Sequence[Step]
    heading: str
    text: str
    live: bool

    @property
    def works(self) -> bool:
        """Whether the client can divert its telephone."""
        return self.order.status in (Status.READY, Status.ACTIVE)

    @property
    def kind(self) -> str:
        """How the heading is marked."""
        if self.works:
            return "good"
        return "undo" if self.order.status == Status.WITHDRAWN else "wait"

    @property
    def withdrawable(self) -> bool:
        return self.order.status in UNFINISHED


Times = Mapping[str, datetime]
WITH_NUMBER = (Status.CLAIMED, Status.CONFIGURED, Status.READY, Status.ACTIVE)


def progress(order: Order, rows: Iterable[OrderStep]) -> Progress:
    """Of an order and its history."""
    times: dict[str, datetime] = {}
    for row in rows:
        times.setdefault(row.status, row.at)
    heading, text = said(order)
    return Progress(order, list(steps(order, times)), heading, text, order.status in UNFINISHED)


def steps(order: Order, times: Times) -> Iterable[Step]:
    """Every step there is, from the order on; of one that was taken back those that were done."""
    yield Step(_("Ordered"), "done", order.placed)
    wanted = WITH_NUMBER if order.service in NEEDS_NUMBER else (Status.ACTIVE,)
    names = titles(order)
    withdrawn, passed, before = order.status == Status.WITHDRAWN, reached(order, times), order.placed
    for place, status in enumerate(wanted):
        at = times.get(status)
        if place < passed:
            yield Step(names[status], "done", at, (at - before).total_seconds() if at else None)
            before = at or before
        elif not withdrawn:
            yield Step(names[status], "now" if place == passed else "next")
    if withdrawn:
        yield Step(_("Taken back"), "done", times.get(Status.WITHDRAWN))


def reached(order: Order, times: Times) -> int:
    """How many of the steps are done: by what was reached once, and what stands."""
    if order.service not in NEEDS_NUMBER:
        return int(order.status == Status.ACTIVE)
    done = [place + 1 for place, status in enumerate(WITH_NUMBER) if status in times or order.status == status]
    return max([*done, int(order.number_id is not None)])


def titles(order: Order) -> dict[Status, str]:
    active = _("The first call has come") if order.service in NEEDS_NUMBER else _("The service is yours")
    return {
        Status.CLAIMED: _("A number is reserved"),
        Status.CONFIGURED: _("The number is set up"),
        Status.READY: _("Tested: it works"),
        Status.ACTIVE: active,
    }


def said(order: Order) -> tuple[str, str]:
    """What the order is at, and what that means for who reads it."""
    if order.status == Status.WAITING:
        return waits(order)
    if order.status == Status.ACTIVE and order.service not in NEEDS_NUMBER:
        return _("Your service is in use"), _("You find everything about it on your own pages.")
    found = {
        Status.CLAIMED: (
            _("We are setting your number up"),
            _("This takes a few seconds. Please do not divert your telephone yet."),
        ),
        Status.CONFIGURED: (
            _("We are testing your number"),
            _("This takes a few seconds. Please do not divert your telephone yet."),
        ),
        Status.READY: (
            _("Your number is ready"),
            _("Divert your telephone to it now: from the first call on, we answer for you."),
        ),
        Status.ACTIVE: (_("Your number is in use"), _("Calls arrive here. This is how you divert your telephone.")),
        Status.WITHDRAWN: (
            _("This order was taken back"),
            _("Nothing is billed. If you have diverted your telephone already, switch that off with ##21#."),
        ),
    }
    return found[Status(order.status)]


def waits(order: Order) -> tuple[str, str]:
    """Why it waits, in the client's words; what it need not do."""
    if order.number_id is None:
        return (
            _("Your order waits for a number"),
            _(
                "All our numbers are given out just now; we have asked for more. As soon as one is free it is yours,"
                " and we write to you. You need not do anything, and pay from the day your number is ready."
            ),
        )
    if order.parked:
        return (
            _("Your order takes longer than it should"),
            _("Our colleagues are looking after it. We write to you as soon as your number is ready."),
        )
    return (
        _("One moment, it takes a little longer"),
        _(
            "Setting your number up did not work at once. We try it again by itself, and write to you as soon as it is"
            " ready. You need not do anything, and pay from that day."
        ),
    )

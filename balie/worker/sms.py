"""The job that sends SMS: whoever holds the line's lease gives what is due to the gateway, at the gateway's speed.

One line is kept from turn to turn. An SMS is written down as on its way before the gateway gets it; only what the
gateway answers makes it sent. Receipts that come by the line are confirmed once they are stored.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import translation

from balie.leases import actions as leases
from balie.leases.faults import fault
from balie.messages.actions import (
    forget_strays,
    hear,
    left_behind,
    line_down,
    line_works,
    opt_out,
    put_back,
    settle,
    take,
)
from balie.messages.gateways import Gateway, GatewayDown, Outcome, Rejected, Sms
from balie.messages.gateways.chosen import gateway
from balie.messages.models import Line, Outgoing
from balie.messages.outbox import sms_due
from balie.operator.actions import Author
from balie.operator.models import Operator
from balie.worker.turn import LeaseLost, Stopped, Turn

LEASE = timedelta(seconds=90)  # longer than a gateway waits for any answer
TAKEN = 25  # at once; that many at most, and what lies ready or is under way at the gateway, are unknown after a kill
SETTLED = 100
SETTLE_SECONDS = 0.5
THROTTLED_SECONDS = 1.0
IDLE_SECONDS = 0.5
OWN_LINE = "smpp"  # where receipts come by the line, and it is kept open for them

_kept: dict[str, Gateway] = {}


def due(now: datetime) -> QuerySet[Line]:
    """The line, where there is something to send, or receipts may come by it."""
    operator = Operator.objects.first()
    kind = operator.sms_gateway.get("kind") if operator else None
    return Line.objects.all() if kind and (kind == OWN_LINE or sms_due(now).exists()) else Line.objects.none()


def forget(now: datetime) -> int:
    """Receipts of ids that nobody got to know."""
    return forget_strays(now=now)


def send(line: Line, turn: Turn) -> None:
    """Sends what is due and stores receipts; on a line of its own goes on doing so until told to stop."""
    operator = Operator.objects.get()
    with translation.override(operator.language):  # what goes wrong is read by staff
        left_behind()
        try:
            there = kept(operator.sms_gateway)
            stay = operator.sms_gateway.get("kind") == OWN_LINE and not turn.worker.once
            work(Sending(there, turn), line, operator.sms_gateway, stay=stay)
        except GatewayDown as problem:
            drop_lines()
            if not line_down(line, why=problem.why[:2000], now=turn.now()):
                raise LeaseLost from None
        else:
            leases.give_back(line, problem="", since=None)


def work(sending: "Sending", line: Line, settings: dict[str, Any], *, stay: bool) -> None:
    """Rounds of sending and listening; one that does nothing is the last unless the line is one to stay on."""
    while True:
        busy = sending.round()
        line_works(line)
        if sending.over:
            raise sending.over
        if busy:
            continue
        if not stay or Operator.objects.get().sms_gateway != settings:
            return
        sending.turn.doing = ""
        time.sleep(IDLE_SECONDS)
        sending.hold()


def kept(settings: dict[str, Any]) -> Gateway:
    """The line of the last turn, or a new one where the settings are others by now."""
    name = json.dumps(settings, sort_keys=True)
    if name not in _kept:
        drop_lines()
        _kept[name] = gateway(settings)
    return _kept[name]


def drop_lines() -> None:
    while _kept:
        _kept.popitem()[1].close()


@dataclass
class Sending:
    """SMS on their way over one gateway. over: why nothing more is to be taken."""

    gateway: Gateway
    turn: Turn
    over: Stopped | LeaseLost | None = None
    waiting: list[Outgoing] = field(default_factory=list)  # taken and not yet asked for by the gateway
    open: dict[str, Outgoing] = field(default_factory=dict)  # given to the gateway, no outcome yet
    outcomes: list[Outcome] = field(default_factory=list)
    settled_at: float = field(default_factory=time.monotonic)
    throttled: bool = False

    def round(self) -> bool:
        """Sends all that is due, then listens. False when there was nothing of either."""
        sent = self.send()
        heard = self.listen()
        if self.throttled and self.hold():
            time.sleep(THROTTLED_SECONDS)
            self.throttled = False
        return sent or heard

    def send(self) -> bool:
        anything = False
        try:
            for outcome in self.gateway.submit(self.texts()):
                if outcome is not None:
                    anything = True
                    fault("sms-answered")
                    self.open.pop(outcome.key, None)
                    self.outcomes.append(outcome)
                    self.throttled |= isinstance(outcome, Rejected) and outcome.again
                if len(self.outcomes) >= SETTLED or time.monotonic() - self.settled_at > SETTLE_SECONDS:
                    self.settle()
            self.unsent()
        except GatewayDown:
            self.unsent()
            raise
        finally:
            self.settle()
            put_back(self.waiting)
            self.waiting, self.open = [], {}
        return anything

    def unsent(self) -> None:
        """What the gateway was given and has no outcome of when it ended as it should was not sent."""
        self.waiting += self.open.values()

    def texts(self) -> Iterator[Sms]:
        """What is due, a few written down as on their way at a time."""
        while self.hold():
            if not self.waiting:
                self.waiting = take(now=self.turn.now(), most=TAKEN)
                fault("sms-taken")
            if not self.waiting:
                return
            row = self.waiting.pop(0)
            self.open[row.mark] = row
            yield Sms(row.mark, row.sender, row.recipient, row.text)

    def settle(self) -> None:
        self.settled_at = time.monotonic()
        if self.outcomes:
            settle(self.outcomes, now=self.turn.now())
            self.outcomes = []
            fault("sms-settled")

    def listen(self) -> bool:
        """Stores the receipts that came, and who wants no more; then says so to the gateway."""
        receipts, stops = self.gateway.receipts(), self.gateway.stops()
        if not receipts and not stops:
            return False
        now = self.turn.now()
        hear(receipts, now=now)
        for number in stops:
            opt_out(number=number, author=Author("STOP", now))
        fault("sms-heard")
        self.gateway.confirm()
        return True

    def hold(self) -> bool:
        """Keeps the lease; False once nothing more is to be taken."""
        if self.over is None:
            try:
                self.turn.keep()
            except (Stopped, LeaseLost) as over:
                self.over = over
        return self.over is None

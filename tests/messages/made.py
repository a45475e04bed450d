"""SMS of ours for tests, a gateway that does as a script says, and the lane that sends."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.utils import timezone

from balie.accounts.models import Client
from balie.leases.models import FREE
from balie.messages.actions import queue_sms
from balie.messages.gateways import Accepted, GatewayDown, Outcome, Receipt, Rejected, Sms, Unknown
from balie.messages.models import Line, Message, Outgoing, SmsMonth
from balie.operator.actions import Author
from balie.worker import sms
from balie.worker.jobs import lane_called
from balie.worker.loop import Loop, Tally
from tests import make

TO = "+31612345678"
ACCEPTED, AGAIN, NO, NOBODY_KNOWS = "accepted", "again", "no", "unknown"


@dataclass
class Scripted:
    """A gateway. answers: by the text what comes of it, accepted unless said; before: called with each SMS it takes."""

    answers: dict[str, str] = field(default_factory=dict)
    before: Callable[[Sms], None] | None = None
    down: bool = False
    parts: int = 1
    after: Callable[[], None] | None = None  # called once nothing more came for a moment
    given: list[Sms] = field(default_factory=list)
    waiting: list[Receipt] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    confirmed: int = 0
    closed: int = 0

    def submit(self, texts: Iterable[Sms]) -> Iterator[Outcome | None]:
        if self.down:
            raise GatewayDown("Nobody answers.")
        for text in texts:
            if self.before:
                self.before(text)
            self.given.append(text)
            yield self.outcome(text)
        if self.after:
            time.sleep(0.1)
            yield None
            self.after()

    def outcome(self, text: Sms) -> Outcome:
        match self.answers.get(text.text, ACCEPTED):
            case "again":
                return Rejected(text.key, "queue full", again=True)
            case "no":
                return Rejected(text.key, "bad number", again=False)
            case "unknown":
                return Unknown(text.key, "line broke")
        return Accepted(text.key, tuple(f"{len(self.given)}-{part}" for part in range(self.parts)))

    def receipts(self) -> list[Receipt]:
        return list(self.waiting)

    def stops(self) -> list[str]:
        return list(self.stopped)

    def confirm(self) -> None:
        self.confirmed += len(self.waiting)
        self.waiting, self.stopped = [], []

    def look(self) -> str:
        return "there"

    def close(self) -> None:
        self.closed += 1

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.given]


def an_operator(**values: Any) -> Client:
    """An operator with a gateway, and client 1001."""
    make.operator(**{"language": "en", "sms_gateway": {"kind": "fake"}, "timezone": "Europe/Amsterdam", **values})
    return make.client("1001")


def scripted(monkeypatch: pytest.MonkeyPatch, **values: Any) -> Scripted:
    """Takes the place of the gateway that the settings name."""
    made = Scripted(**values)
    sms.drop_lines()
    monkeypatch.setattr(sms, "gateway", lambda settings: made)
    monkeypatch.setattr(sms, "THROTTLED_SECONDS", 0)
    return made


def an_sms(client: Client, text: str = "Hello", *, to: str = TO, **values: Any) -> Outgoing:
    return queue_sms(client=client, to=to, text=text, author=Author("Marit", timezone.now()), **values)


def work() -> Tally:
    """The lane until nothing is due; a gateway that was down is tried at once."""
    Line.objects.update(lease_until=FREE)
    return Loop(lane_called("sms"), once=True).run()


def states() -> dict[str, str]:
    """By text what became of each."""
    return dict(Outgoing.objects.order_by("pk").values_list("text", "state"))


def counted() -> tuple[int, int, int]:
    """Messages, and what the sums say of messages and parts."""
    sums = list(SmsMonth.objects.values_list("messages", "parts"))
    return Message.objects.count(), sum(one for one, _parts in sums), sum(parts for _one, parts in sums)

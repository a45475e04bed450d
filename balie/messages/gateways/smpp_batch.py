"""Texts on their way over one SMPP line: their parts, the window of those without an answer, what came of each text.

A text of several parts is one text: all its parts are taken, or it is refused. What the gateway took of it cannot be
taken back, so parts refused for now are sent again from here, and nobody above ever sends a text twice for one of them.
So are texts that only came too quickly, for a while: the gateway is slow, and not in want of anything else.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from smpplib import consts

from balie.messages.gateways import Accepted, Outcome, Rejected, Sms, Unknown
from balie.messages.gateways.pace import Pace
from balie.messages.gateways.smpp_line import SUBMIT_ANSWER, Line, Pdu, said
from balie.messages.gateways.smpp_receipts import answered
from balie.messages.gateways.smpp_texts import Impossible, Part, addresses, parts

LATER = {
    consts.SMPP_ESME_RTHROTTLED, consts.SMPP_ESME_RMSGQFUL, consts.SMPP_ESME_RSYSERR, consts.SMPP_ESME_RX_T_APPN,
}  # fmt: skip
PARTS_SECONDS = 30.0  # for which the rest of a text is tried of which the gateway has a part
SPEED_SECONDS = 10.0  # for which a text is tried that only came too quickly
STEP_SECONDS = 1.0


@dataclass(eq=False)
class Text:
    """A text taken. todo: its parts still to be written; out: those without an answer; ids: of those it has."""

    sms: Sms
    parts: list[Part]
    since: float
    todo: deque[int] = field(default_factory=deque)
    out: int = 0
    ids: dict[int, str] = field(default_factory=dict)
    refusal: Rejected | None = None
    too_quick: bool = False  # nothing else is said against it
    done: bool = False


@dataclass(frozen=True)
class Waiting:
    """A part that was written and has no answer."""

    text: Text
    part: int
    written: float


class Batch:
    """What one call of `submit` sends. reference: gives the next number by which parts are put together."""

    def __init__(self, line: Line, texts: Iterable[Sms], pace: Pace, reference: Callable[[], int]) -> None:
        self.line, self.source, self.pace, self.reference = line, iter(texts), pace, reference
        self.is_empty = False  # the source
        self.begun: deque[Text] = deque()
        self.waiting: dict[int, Waiting] = {}
        self.outcomes: list[Outcome] = []

    @property
    def is_done(self) -> bool:
        return self.is_empty and not self.waiting and not any(text.todo and not text.done for text in self.begun)

    def fill(self) -> None:
        """Writes what window and pace let through, taking texts as there is room for them."""
        now, data = time.monotonic(), bytearray()
        ready: list[tuple[int, Waiting, int]] = []  # with where each ends in data
        while (
            not self.line.ended
            and self.line.tested_at is None
            and len(self.waiting) + len(ready) < self.line.place.window
        ):
            if self.pace.wait(now) > 0 or (text := self.next(now)) is None:
                break
            part = text.todo.popleft()
            sequence, pdu = self.pdu(text, part)
            data += pdu
            ready.append((sequence, Waiting(text, part, now), len(data)))
            self.pace.went(now)
        gone = self.line.write(bytes(data)) if data else 0
        for sequence, one, end in ready:
            if end <= gone:
                self.waiting[sequence] = one
                one.text.out += 1
            else:
                one.text.todo.append(one.part)
                self.begin(one.text)

    def next(self, now: float) -> Text | None:
        """The text of which the next part goes; None: there is none left."""
        while self.begun:
            if self.begun[0].todo and not self.begun[0].refusal and not self.begun[0].done:
                return self.begun[0]
            self.begun.popleft()
        for sms in self.source:
            try:
                addresses(sms)
                text = Text(sms, parts(sms.text, self.reference()), now)
            except Impossible as impossible:
                self.outcomes.append(Rejected(sms.key, impossible.why, again=False))
                continue
            text.todo.extend(range(len(text.parts)))
            self.begun.append(text)
            return text
        self.is_empty = True
        return None

    def pdu(self, text: Text, number: int) -> tuple[int, bytes]:
        part = text.parts[number]
        return self.line.made(
            "submit_sm", **addresses(text.sms), data_coding=part.data_coding, esm_class=part.esm_class,
            short_message=part.octets, registered_delivery=1,
        )  # fmt: skip

    def begin(self, text: Text) -> None:
        if text not in self.begun:
            self.begun.appendleft(text)

    def take(self, pdu: Pdu) -> None:
        """An answer. One that came too late, or to nothing, changes nothing."""
        one = self.waiting.pop(pdu.sequence, None)
        if one is None:
            return
        text, now = one.text, time.monotonic()
        text.out -= 1
        if pdu.command == SUBMIT_ANSWER and pdu.status == consts.SMPP_ESME_ROK:
            text.ids[one.part] = answered(pdu.name, self.line.place.ids)
            self.pace.took(now)
        else:
            again = pdu.status in LATER
            if again:
                self.pace.refused(now, one.written)
            text.todo.append(one.part)
            quick = pdu.status == consts.SMPP_ESME_RTHROTTLED
            text.too_quick = quick and (text.too_quick or text.refusal is None)
            if text.refusal is None or not again:
                text.refusal = Rejected(text.sms.key, said(pdu.status), again)
        if not text.done and not text.out:
            self.settle(text, now)

    def settle(self, text: Text, now: float) -> None:
        """A text of which nothing is without an answer: done, or the rest of it goes."""
        refusal = text.refusal
        if not text.todo:
            self.finish(text, Accepted(text.sms.key, tuple(text.ids[part] for part in sorted(text.ids))))
        elif refusal is None:
            return
        elif refusal.again and now - text.since < self.patience(text):
            text.refusal = None
            self.begin(text)
        elif not text.ids:
            self.finish(text, refusal)
        else:
            self.finish(text, in_part(text, refusal.why))

    @staticmethod
    def patience(text: Text) -> float:
        """Seconds for which a text that was put off is sent again from here."""
        if text.ids:
            return PARTS_SECONDS
        return SPEED_SECONDS if text.too_quick else 0

    def expire(self) -> None:
        """Gives up answers that are overdue. Nothing else came for a while either: nothing more goes by this line
        before there was a sign of life.
        """
        now, timeout = time.monotonic(), self.line.place.timeout
        while self.waiting:
            sequence, one = next(iter(self.waiting.items()))
            if now - one.written < timeout:
                break
            del self.waiting[sequence]
            one.text.out -= 1
            self.finish(one.text, Unknown(one.text.sms.key, _("The SMS gateway did not say whether it took it.")))
            if now - self.line.heard_at > timeout / 2:
                self.line.test()

    def lose(self) -> None:
        """The line is over: what came of each text that has no outcome yet."""
        texts = {one.text.sms.key: one.text for one in self.waiting.values()}
        texts |= {text.sms.key: text for text in self.begun}
        for text in texts.values():
            if text.out:
                self.finish(text, Unknown(text.sms.key, self.line.ended))
            elif text.ids:
                self.finish(text, in_part(text, self.line.ended))
            else:
                self.finish(text, Rejected(text.sms.key, self.line.ended, again=True))

    def finish(self, text: Text, outcome: Outcome) -> None:
        if not text.done:
            text.done = True
            self.outcomes.append(outcome)

    def given(self) -> list[Outcome]:
        """Outcomes since the last look."""
        given, self.outcomes = self.outcomes, []
        return given

    def wait(self) -> float:
        """Seconds for which there is nothing to do unless something is heard."""
        now, place = time.monotonic(), self.line.place
        waits = [STEP_SECONDS]
        if self.waiting:
            waits.append(next(iter(self.waiting.values())).written + place.timeout - now)
        if self.line.tested_at is not None:
            waits.append(self.line.tested_at + place.step - now)
        elif len(self.waiting) < place.window and not (self.is_empty and not self.begun):
            waits.append(self.pace.wait(now))
        return max(0.0, min(waits))


def in_part(text: Text, why: str) -> Rejected:
    """The gateway has some parts of a text and not the others: nobody can read that, and sending all of it again would
    pay for those twice.
    """
    taken = _("The SMS gateway took %(some)s of %(all)s parts only: %(why)s")
    return Rejected(text.sms.key, taken % {"some": len(text.ids), "all": len(text.parts), "why": why}, again=False)

"""An SMS gateway that speaks SMPP 3.4: one line over which texts go and receipts come, or a line for each.

smpp_place.py     the setting: where it is, how fast, how its ids are written
smpp_line.py      the connection: binding, signs of life, whole PDUs
smpp_texts.py     texts in the networks' letters, split into parts
smpp_batch.py     texts on their way, and what came of each
smpp_receipts.py  what is delivered to us
pace.py           how fast texts go

No thread keeps the lines: whoever calls `submit` or `receipts` every few seconds does. A line that broke in between is
opened again.
"""

import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from smpplib import consts

from balie.messages.gateways import GatewayDown, Outcome, Receipt, Sms
from balie.messages.gateways.pace import Pace
from balie.messages.gateways.smpp_batch import Batch
from balie.messages.gateways.smpp_line import DELIVER, InUse, Line, Pdu, answer, bound
from balie.messages.gateways.smpp_place import Place
from balie.messages.gateways.smpp_receipts import Stop, read

QUIET_SECONDS = 10.0  # of silence, after which a line is tested before a text is written to it
LOOK_SECONDS = 1.0  # that a look for receipts takes at most
MORE_SECONDS = 0.02  # that the next receipt may be behind the one before
MOST_KEPT = 5_000  # receipts not stored yet; the gateway is asked to keep the others
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0  # seconds between attempts to open a line for receipts


@dataclass(frozen=True)
class Delivered:
    """What came and is not stored yet; the line it came by waits for our answer."""

    said: Receipt | Stop
    line: Line
    sequence: int


class Smpp:
    """A `Gateway`. Also hears who wants no SMS any more: `stops`."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.pace = Pace(place.per_second or None)
        self.sends, self.hears = place.ways[0], place.ways[-1]
        self.lines: dict[str, Line] = {}
        self.kept: list[Delivered] = []
        self.given: list[Delivered] = []
        self.references = secrets.randbelow(256)
        self.wait, self.again_at = FIRST_WAIT, 0.0

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Smpp":
        """Of the setting `sms_gateway`. Raises GatewayDown for what cannot be."""
        return cls(Place.parse(settings))

    def submit(self, texts: Iterable[Sms]) -> Iterator[Outcome]:
        line = self.sure(self.sends, min(QUIET_SECONDS, self.place.idle))
        batch = Batch(line, texts, self.pace, self.reference)
        while True:
            batch.fill()
            yield from batch.given()
            if line.ended or batch.is_done:
                break
            for pdu in self.hear(line, batch.wait()):
                batch.take(pdu)
            batch.expire()
            line.keep()
            self.mind(self.hears, beside=line)
        for pdu in self.hear(line, 0):  # what it answered before it broke
            batch.take(pdu)
        batch.lose()
        yield from batch.given()

    def receipts(self) -> list[Receipt]:
        """Those not confirmed come again. No line: none, and the next look tries to have one."""
        line, until, wait = self.tended(), time.monotonic() + LOOK_SECONDS, 0.0
        while line and not line.ended and time.monotonic() < until:
            before = len(self.kept)
            self.hear(line, wait)
            if len(self.kept) == before:
                break
            wait = MORE_SECONDS
        self.given = [one for one in self.kept if isinstance(one.said, Receipt)]
        return [one.said for one in self.given if isinstance(one.said, Receipt)]

    def stops(self) -> list[str]:
        """Numbers that want no SMS any more, of the last look; to be asked for between `receipts` and `confirm`."""
        found = [(one, one.said.number) for one in self.kept if isinstance(one.said, Stop)]
        self.given += [one for one, _number in found]
        return [number for _one, number in found]

    def confirm(self) -> None:
        """What came by a line that is over cannot be confirmed: it comes again."""
        for line in self.lines.values():
            answers = [answer("deliver_sm_resp", one.sequence) for one in self.given if one.line is line]
            if answers:
                line.write(b"".join(answers))
        gone = {id(one) for one in self.given}
        self.kept, self.given = [one for one in self.kept if id(one) not in gone], []

    def look(self) -> str:
        about = {"place": self.place.written, "user": self.place.user}
        try:
            for way in self.place.ways:
                self.sure(way, 0)
        except InUse:
            return _("The SMS gateway at %(place)s answers; the line of %(user)s is in use.") % about
        return _("The SMS gateway at %(place)s answers and lets %(user)s in.") % about

    def close(self) -> None:
        for way in self.place.ways:
            self.leave(way)

    def leave(self, way: str) -> None:
        if line := self.lines.pop(way, None):
            line.leave()

    def sure(self, way: str, quiet: float) -> Line:
        """A line on which something was heard so many seconds ago at most, opened anew where there is none. Raises
        GatewayDown.
        """
        line = self.lines.get(way)
        if line and self.answers(line, quiet):
            return line
        return self.opened(way)

    def answers(self, line: Line, quiet: float) -> bool:
        self.hear(line, 0)
        if time.monotonic() - line.heard_at < quiet:
            return not line.ended
        line.test()
        while not line.ended and line.tested_at is not None:
            self.hear(line, line.tested_at + line.place.step - time.monotonic())
            line.keep()
        return not line.ended

    def tended(self) -> Line | None:
        """The line for receipts; not opened at every look where it cannot be had."""
        line = self.lines.get(self.hears)
        if line and not line.ended:
            if line.tested_at is not None:  # who looks after a while finds the sign of life first
                self.hear(line, 0)
            line.keep()
        self.mind(self.sends, beside=line)
        if line and not line.ended:
            return line
        if time.monotonic() < self.again_at:
            return None
        try:
            return self.opened(self.hears)
        except GatewayDown:  # whoever sends is told, and so is who looks
            return None

    def mind(self, way: str, beside: Line | None) -> None:
        """Where there are two lines, the other one answers signs of life too, and is tested."""
        line = self.lines.get(way)
        if line and line is not beside and not line.ended:
            self.hear(line, 0)
            line.keep()

    def opened(self, way: str) -> Line:
        self.leave(way)
        try:
            line = self.lines[way] = bound(self.place, way)
        except GatewayDown:
            self.again_at = time.monotonic() + self.wait
            self.wait = min(LONGEST_WAIT, 2 * self.wait)
            raise
        self.wait, self.again_at = FIRST_WAIT, 0.0
        return line

    def hear(self, line: Line, seconds: float) -> list[Pdu]:
        """Answers that came; what was delivered is kept."""
        answers = []
        for pdu in line.hear(seconds):
            if pdu.command == DELIVER:
                self.keep(line, pdu)
            else:
                answers.append(pdu)
        return answers

    def keep(self, line: Line, pdu: Pdu) -> None:
        said = read(pdu.whole, self.place.ids, self.place.zone)
        if said is None:  # whatever else people write to us: nobody here reads it
            line.answer("deliver_sm_resp", pdu.sequence)
        elif len(self.kept) >= MOST_KEPT:
            line.answer("deliver_sm_resp", pdu.sequence, consts.SMPP_ESME_RMSGQFUL)
        else:
            self.kept.append(Delivered(said, line, pdu.sequence))

    def reference(self) -> int:
        """The next number by which a telephone puts parts together."""
        self.references = (self.references + 1) % 256
        return self.references

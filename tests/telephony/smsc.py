"""An SMS gateway for tests that speaks SMPP 3.4 from the other side: it takes texts, names them, sends receipts.

    python -m tests.telephony.smsc [--port 2775] [--per-second 500] [--receipts]

It does what real ones do on bad days too, see `Ways`. Everything happens in one thread of its own.
"""

import argparse
import asyncio
import ssl
import struct
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any

from tests.telephony.smpp_pdus import DELIVERED, Taken, appendix_b, delivery, letters, receipt_of, taken

BIND = {0x1: "receiver", 0x2: "transmitter", 0x9: "transceiver"}
SUBMIT, DELIVER, UNBIND, ENQUIRE, ANSWER = 0x4, 0x5, 0x6, 0x15, 0x80000000
OK, UNKNOWN_COMMAND, WRONG_STATE, ALREADY_BOUND, BAD_PASSWORD = 0x0, 0x3, 0x4, 0x5, 0xE
QUEUE_FULL, THROTTLED = 0x14, 0x58


@dataclass(frozen=True)
class Ways:
    """What it is like. per_second, window: what it takes at most. late: seconds until it answers, and until a receipt.

    refusing: the status of every answer to bind. both: whether it knows lines for sending and receipts in one.
    drop: at which text the line breaks, and whether before or after the answer to it ("unread": before it is
    taken). mute: texts that get no answer; deaf: nor do signs of life. refuse: the status with which a text is
    refused. receipts: how many of each text; held: not before `release_all`, the last first. id_form, receipt_form:
    how ids are written in answers and in receipts. fields, line: whether receipts have the optional fields, and the
    text of appendix B.
    """

    password: str = "geheim"
    window: int = 10_000
    per_second: float = 0
    answer_late: float = 0
    receipt_late: float = 0
    refusing: int = OK
    once_only: bool = False
    both: bool = True
    drop: tuple[int, str] = (0, "")
    mute: frozenset[int] = frozenset()
    deaf: bool = False
    refuse: Mapping[int, int] = field(default_factory=dict)
    receipts: int = 0
    held: bool = False
    state: int = DELIVERED
    id_form: str = "{:d}"
    receipt_form: str = "{:d}"
    fields: bool = True
    line: bool = True


@dataclass
class Book:
    """What happened."""

    taken: list[Taken] = field(default_factory=list)
    submitted: int = 0
    refused: int = 0
    binds: list[tuple[str, str, str]] = field(default_factory=list)  # how, name, password
    enquiries: int = 0
    answers: list[tuple[int, int]] = field(default_factory=list)  # command and status of answers to us
    confirmed: list[str] = field(default_factory=list)  # ids of receipts that the other side has
    most_open: int = 0
    unbinds: int = 0

    def texts(self) -> list[tuple[str, str, str]]:
        """From, to and text of what a telephone would show, in the order in which the first parts came."""
        found: dict[Any, dict[int, bytes]] = {}
        about: dict[Any, Taken] = {}
        for one in self.taken:
            key: Any = one.number
            number, octets = 1, one.octets
            if one.esm_class & 0x40:
                head = octets[: octets[0] + 1]
                assert head[:3] == b"\x05\x00\x03" and len(octets) <= (140 if one.coding == 8 else 159), head
                key, number, octets = (one.recipient, head[3], head[4]), head[5], octets[6:]
            while number in found.get(key, ()):  # the same reference, used again
                key = (key, "again")
            found.setdefault(key, {})[number] = octets
            about.setdefault(key, one)
        return [
            (about[key].sender[2], about[key].recipient[2],
             "".join(letters(parts[n], about[key].coding) for n in sorted(parts)))
            for key, parts in found.items()
        ]  # fmt: skip


class Smsc:
    """The gateway, at a port of this machine. `ways` may be changed at any time."""

    def __init__(self, ways: Ways | None = None, port: int = 0, secured: ssl.SSLContext | None = None) -> None:
        self.ways, self.port, self.secured = ways or Ways(), port, secured
        self.book = Book()
        self.lines: list[Talk] = []
        self.lately: deque[float] = deque()
        self.held: list[int] = []  # texts whose receipts wait for their turn, or for a line
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()
        self.does(self.listen())

    def run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()
        self.loop.close()

    def does(self, deed: Coroutine[Any, Any, Any]) -> Any:
        done: Future[Any] = asyncio.run_coroutine_threadsafe(deed, self.loop)
        return done.result(60)

    def now(self, deed: Callable[[], Any]) -> Any:
        """In its own thread."""

        async def called() -> Any:
            return deed()

        return self.does(called())

    async def listen(self) -> None:
        self.server = await self.loop.create_server(lambda: Talk(self), "127.0.0.1", self.port, ssl=self.secured)
        self.port = self.server.sockets[0].getsockname()[1]

    @property
    def settings(self) -> dict[str, str]:
        host = "localhost" if self.secured else "127.0.0.1"
        return {"kind": "smpp", "url": f"smpp://balie@{host}:{self.port}", "password": self.ways.password}

    def set(self, **ways: Any) -> None:
        self.ways = replace(self.ways, **ways)

    def hang_up(self) -> None:
        """Every line breaks, and is broken when this is over."""

        async def broken() -> None:
            self.drop_lines()
            await asyncio.sleep(0)  # the transports close after this turn of the loop

        self.does(broken())

    def drop_lines(self) -> None:
        for line in list(self.lines):
            line.transport.abort()

    def gone(self) -> None:
        """Every line breaks, and nobody answers until it is back."""

        async def away() -> None:
            self.server.close()
            self.drop_lines()
            await asyncio.sleep(0)

        self.does(away())

    def back(self) -> None:
        self.does(self.listen())

    def stop(self) -> None:
        async def last() -> None:
            self.server.close()
            self.drop_lines()
            await asyncio.sleep(0)

        self.does(last())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    def send(self, command: int, body: bytes = b"") -> None:
        """A request to whoever is bound."""
        self.now(lambda: [line.request(command, body) for line in self.lines if line.bound])

    def send_raw(self, data: bytes) -> None:
        def write() -> None:
            for line in self.lines:
                line.transport.write(data)

        self.now(write)

    def write_from(self, sender: str, octets: bytes, *, coding: int = 0, esm_class: int = 0) -> None:
        """Somebody writes an SMS to us."""
        self.send(DELIVER, delivery((1, 1, sender), (1, 1, "31201234501"), esm_class, coding, octets))

    def receipt(self, written: str, *, state: int = DELIVERED, line: str | None = None, fields: bool = True) -> None:
        """A receipt for an id, known or not."""
        self.send(DELIVER, receipt_of(written, state, line, fields))

    def allows(self) -> bool:
        """Whether one more fits into this second."""
        now = time.monotonic()
        while self.lately and self.lately[0] <= now - 1:
            self.lately.popleft()
        if self.ways.per_second and len(self.lately) >= self.ways.per_second:
            return False
        self.lately.append(now)
        return True

    def release_all(self) -> None:
        self.now(self.release)

    def hold(self, one: Taken) -> None:
        self.held += [one.number] * self.ways.receipts
        if self.ways.receipts and not self.ways.held:
            self.loop.call_later(self.ways.receipt_late, self.release)

    def release(self) -> None:
        """Sends the receipts that wait, over the first line there is."""
        line = next((line for line in self.lines if line.bound in ("transceiver", "receiver")), None)
        if line is None:
            return
        held, self.held = self.held, []
        for number in reversed(held) if self.ways.held else held:
            line.receipt(number)


class Talk(asyncio.Protocol):
    """One line."""

    transport: asyncio.Transport

    def __init__(self, smsc: Smsc) -> None:
        self.smsc, self.data, self.bound = smsc, bytearray(), ""
        self.open = 0
        self.numbers = 0
        self.sent: dict[
            int, tuple[int, str]
        ] = {}  # receipts without an answer, of text and as they name it; they come again

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.smsc.lines.append(self)

    def connection_lost(self, error: Exception | None) -> None:
        self.smsc.lines.remove(self)
        self.smsc.held += [number for number, _written in self.sent.values() if number]

    def data_received(self, data: bytes) -> None:
        self.data += data
        while len(self.data) >= 16 and not self.transport.is_closing():
            length, command, status, sequence = struct.unpack_from(">4I", self.data)
            if len(self.data) < length:
                break
            body = bytes(self.data[16:length])
            del self.data[:length]
            self.pdu(command, status, sequence, body)

    def pdu(self, command: int, status: int, sequence: int, body: bytes) -> None:
        if command == SUBMIT:
            self.submit(sequence, body)
        elif command in BIND:
            self.bind(command, sequence, body)
        elif command == ENQUIRE:
            self.smsc.book.enquiries += 1
            if not self.smsc.ways.deaf:
                self.answer(command, sequence)
        elif command == UNBIND:
            self.smsc.book.unbinds += 1
            self.answer(command, sequence)
            self.transport.close()
        elif command & ANSWER:
            self.smsc.book.answers.append((command, status))
            if command == DELIVER | ANSWER and (receipt := self.sent.pop(sequence, None)) and status == OK:
                self.smsc.book.confirmed.append(receipt[1])

    def answer(self, command: int, sequence: int, status: int = OK, body: bytes = b"") -> None:
        self.transport.write(struct.pack(">4I", 16 + len(body), command | ANSWER, status, sequence) + body)

    def request(self, command: int, body: bytes) -> int:
        self.numbers += 1
        self.transport.write(struct.pack(">4I", 16 + len(body), command, OK, self.numbers) + body)
        return self.numbers

    def bind(self, command: int, sequence: int, body: bytes) -> None:
        name, password = (part.decode() for part in body.split(b"\0")[:2])
        smsc = self.smsc
        smsc.book.binds.append((BIND[command], name, password))
        status = smsc.ways.refusing or (OK if password == smsc.ways.password else BAD_PASSWORD)
        if smsc.ways.once_only and any(line.bound for line in smsc.lines):
            status = ALREADY_BOUND
        if BIND[command] == "transceiver" and not smsc.ways.both:
            return self.answer(0, sequence, UNKNOWN_COMMAND)
        if status == OK:  # before who asked knows it, and looks
            self.bound = BIND[command]
        self.answer(command, sequence, status, b"smsc\0" if status == OK else b"")
        if status == OK and smsc.held and not smsc.ways.held:
            smsc.release()
        return None

    def submit(self, sequence: int, body: bytes) -> None:
        smsc, ways = self.smsc, self.smsc.ways
        smsc.book.submitted += 1
        number = smsc.book.submitted
        self.open += 1
        smsc.book.most_open = max(smsc.book.most_open, self.open)
        if number == ways.drop[0] and ways.drop[1] == "unread":
            return self.transport.abort()
        status = ways.refuse.get(number, OK) if self.bound in ("transceiver", "transmitter") else WRONG_STATE
        if status == OK and (self.open > ways.window or not smsc.allows()):
            status = THROTTLED
        if status != OK:
            smsc.book.refused += 1
            return self.later(ways.answer_late, sequence, status, b"")
        one = taken(number, body)
        smsc.book.taken.append(one)
        if number == ways.drop[0] and ways.drop[1] == "before":
            return self.transport.abort()
        if number in ways.mute:
            return None
        self.later(ways.answer_late, sequence, OK, ways.id_form.format(number).encode() + b"\0")
        if number == ways.drop[0]:
            return self.transport.close()  # after what was written
        if one.registered & 1:
            smsc.hold(one)
        return None

    def later(self, seconds: float, sequence: int, status: int, body: bytes) -> None:
        """The answer to a submit_sm."""
        if seconds:
            self.smsc.loop.call_later(seconds, self.later, 0, sequence, status, body)
            return
        self.open -= 1
        self.answer(SUBMIT, sequence, status, body)

    def receipt(self, number: int) -> None:
        ways = self.smsc.ways
        written = ways.receipt_form.format(number)
        line = appendix_b(written, ways.state) if ways.line else ""
        sequence = self.request(DELIVER, receipt_of(written, ways.state, line, ways.fields))
        self.sent[sequence] = number, written


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--per-second", type=float, default=0)
    options.add_argument("--receipts", action="store_true")
    asked = options.parse_args()
    smsc = Smsc(Ways(per_second=asked.per_second, receipts=int(asked.receipts)), asked.port)
    print(smsc.port, flush=True)
    for _line in sys.stdin:  # each line asks how far it is; the end of them ends it
        book = smsc.book
        print(book.submitted, len(book.taken), book.refused, len(book.confirmed), book.most_open, flush=True)
    smsc.stop()


if __name__ == "__main__":
    main()

"""Lines to the test gateway, texts for them, and what came of those."""

import select
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from balie.messages.gateways import Gateway, Outcome, Receipt, Sms, smpp, smpp_batch, smpp_line
from balie.messages.gateways.smpp import Smpp
from tests.telephony.smsc import Smsc

HERE = "+31201234501"
LONG = "Terugbelverzoek van dhr. De Vries, tel 0612345678, betreft offerte € 1.250. " * 5


@contextmanager
def line(smsc: Smsc, **asked: Any) -> Iterator[Smpp]:
    """The gateway as the settings name it, with these things asked for in the address."""
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    made = Smpp.of({**smsc.settings, "url": f"{smsc.settings['url']}?{query}".rstrip("?")})
    try:
        yield made
    finally:
        made.close()


def hurried(gateway: Smpp, **asked: Any) -> None:
    """From now on these times hold on the lines that are open; opening one takes as long as it takes."""
    for one in gateway.lines.values():
        one.place = replace(one.place, **asked)


class Clock:
    """The stopwatch of the gateway's lines, which may be moved on: as for a process that stood still meanwhile."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = 0.0
        for module in (smpp, smpp_batch, smpp_line):
            monkeypatch.setattr(module, "time", self)

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead

    def goes(self, seconds: float) -> None:
        self.ahead += seconds


def answered(connection: socket.socket) -> None:
    """Waits until there is something to be read on it."""
    assert select.select([connection], [], [], 60)[0]


def texts(count: int, text: str = "Hallo") -> list[Sms]:
    return [Sms(f"k{n}", HERE, f"+3161234{n:04d}", f"{text} {n}") for n in range(1, count + 1)]


def sent(gateway: Gateway, some: Iterable[Sms]) -> dict[str, Outcome]:
    """What came of each; an outcome for every text that was taken, and one only."""
    found = [one for one in gateway.submit(some) if one]
    by_key = {one.key: one for one in found}
    assert len(by_key) == len(found)
    return by_key


def until(true: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.005)


def heard(gateway: Smpp, count: int) -> list[Receipt]:
    """The receipts once there are so many."""
    found: list[Receipt] = []

    def there() -> bool:
        found[:] = gateway.receipts()
        return len(found) >= count

    until(there)
    return found


class Breaking:
    """A connection that breaks after so many octets, once something was answered to them."""

    def __init__(self, connection: socket.socket, octets: int) -> None:
        self.connection, self.octets = connection, octets

    def __getattr__(self, name: str) -> object:
        return getattr(self.connection, name)

    def send(self, data: bytes) -> int:
        if not self.octets:
            answered(self.connection)
            raise BrokenPipeError
        gone = self.connection.send(data[: self.octets])
        self.octets -= gone
        return gone

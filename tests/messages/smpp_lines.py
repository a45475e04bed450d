"""Lines to the test gateway, texts for them, and what came of those."""

import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from balie.messages.gateways import Gateway, Outcome, Receipt, Sms
from balie.messages.gateways.smpp import Smpp
from tests.telephony.smsc import Smsc

HERE = "+31201234501"
LONG = "Terugbelverzoek van dhr. De Vries, tel 0612345678, betreft offerte € 1.250. " * 5


@contextmanager
def line(smsc: Smsc, **asked: Any) -> Iterator[Smpp]:
    """The gateway as the settings name it, with these things asked for in the address."""
    query = "&".join(f"{name}={value}" for name, value in {"timeout": 3, **asked}.items())
    made = Smpp.of({**smsc.settings, "url": f"{smsc.settings['url']}?{query}"})
    try:
        yield made
    finally:
        made.close()


def texts(count: int, text: str = "Hallo") -> list[Sms]:
    return [Sms(f"k{n}", HERE, f"+3161234{n:04d}", f"{text} {n}") for n in range(1, count + 1)]


def sent(gateway: Gateway, some: Iterable[Sms]) -> dict[str, Outcome]:
    """What came of each; an outcome for every text that was taken, and one only."""
    found = [one for one in gateway.submit(some) if one]
    by_key = {one.key: one for one in found}
    assert len(by_key) == len(found)
    return by_key


def until(true: Callable[[], bool], seconds: float = 20.0) -> None:
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
    """A connection that breaks after so many octets, a moment later."""

    def __init__(self, connection: socket.socket, octets: int) -> None:
        self.connection, self.octets = connection, octets

    def __getattr__(self, name: str) -> object:
        return getattr(self.connection, name)

    def send(self, data: bytes) -> int:
        if not self.octets:
            time.sleep(0.1)
            raise BrokenPipeError
        gone = self.connection.send(data[: self.octets])
        self.octets -= gone
        return gone

"""Sends in a thread of its own, so that a gateway goes on taking texts while we write down what came of those before.

Whoever asks reads and writes the database, the gateway does not: so this is for gateways that need none of ours.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from queue import Empty, SimpleQueue

from django.utils.translation import get_language, override

from balie.messages.gateways import Gateway, Outcome, Receipt, Sms

TICK_SECONDS = 0.25  # after which who asked may do something else, where nothing came
AHEAD = 50  # texts that lie ready; at the database's slowest a gateway takes no more while outcomes are stored


class Ahead:
    """A gateway as it is, but for its `submit`."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway

    def submit(self, texts: Iterable[Sms]) -> Iterator[Outcome | None]:
        """As of any gateway; None now and then while nothing comes. Texts taken that lay ready when it ended have no
        outcome: they were not sent.
        """
        source = iter(texts)
        first = next(source, None)
        if first is None:  # the line is looked at, as ever; a thread is for texts
            yield from self.gateway.submit(())
            return
        belt = Belt(self.gateway, get_language() or "en")
        try:
            yield from belt.carry(chain((first,), source))
        finally:
            belt.stop()

    def receipts(self) -> list[Receipt]:
        return self.gateway.receipts()

    def stops(self) -> list[str]:
        return self.gateway.stops()

    def confirm(self) -> None:
        self.gateway.confirm()

    def look(self) -> str:
        return self.gateway.look()

    def close(self) -> None:
        self.gateway.close()


class Belt:
    """Texts on their way to a thread that sends them, and outcomes on their way back."""

    def __init__(self, gateway: Gateway, language: str) -> None:
        self.gateway, self.language = gateway, language
        self.ready: SimpleQueue[Sms | None] = SimpleQueue()  # None: there are no more
        self.came: SimpleQueue[Outcome | None] = SimpleQueue()  # None: it is over
        self.crew = ThreadPoolExecutor(1, "sms")

    def run(self) -> None:
        try:
            with override(self.language):
                for outcome in self.gateway.submit(iter(self.ready.get, None)):
                    if outcome is not None:
                        self.came.put(outcome)
        finally:
            self.came.put(None)

    def carry(self, texts: Iterator[Sms]) -> Iterator[Outcome | None]:
        done: Future[None] = self.crew.submit(self.run)
        more = True
        while True:
            while more and self.ready.qsize() < AHEAD:
                sms = next(texts, None)
                more = sms is not None
                self.ready.put(sms)
            try:
                outcome = self.came.get(timeout=TICK_SECONDS)
            except Empty:
                yield None
                continue
            if outcome is None:
                return done.result()  # raises what it raised
            yield outcome

    def stop(self) -> None:
        """Nothing more is sent than what is under way; waits for that."""
        try:
            while True:
                self.ready.get_nowait()
        except Empty:
            self.ready.put(None)
        self.crew.shutdown()

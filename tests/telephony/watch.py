"""The stopwatch beside a scenario: one clock and one list of events for all telephones."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.telephony.leg import Leg


class Watch:
    """Seconds since the start of the run, what was seen then, and the legs of the run with what they heard."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.start()

    def start(self) -> None:
        """Begin a new run at 0 s with nothing seen."""
        with self.lock:
            self.zero = time.time()
            self.events: list[tuple[float, str]] = []
            self.legs: list[Leg] = []

    def note(self, text: str) -> None:
        with self.lock:
            self.events.append((round(self.now(), 1), text))

    def now(self) -> float:
        """Seconds since the start of the run."""
        return time.time() - self.zero

"""One process a lane, started again when it dies, stopped with its parent whatever happens to that."""

import logging
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from balie.worker.process import Stop

log = logging.getLogger(__name__)
# The names alone, the jobs are in jobs.py. Whoever looks after the processes must not import those: polars takes
# SIGINT for itself, in a way that does not wake a waiting server.
LANE_NAMES = ("orders", "imports", "closings", "sms", "mails")
STOP_SECONDS = 20.0  # how long a lane may take to stop in good order
LONGEST_PAUSE = 60.0
STEADY_SECONDS = 60.0  # a process that ran for so long did not die of its start


@dataclass
class Hand:
    """One lane's process and how often it died lately."""

    lane: str
    process: subprocess.Popen[bytes]
    started: float
    pause: float = 1.0
    again_at: float | None = None


@dataclass
class Crew:
    """The processes of all lanes. `command` gives the command line of one lane's process."""

    lanes: Iterable[str]
    command: Callable[[str], list[str]]
    clock: Callable[[], float] = time.monotonic
    hands: list[Hand] = field(default_factory=list)

    def start(self) -> None:
        self.hands = [Hand(lane, self.spawn(lane), self.clock()) for lane in self.lanes]

    def spawn(self, lane: str) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C in a terminal reaches us only, and we stop the lanes in good order.
        return subprocess.Popen(self.command(lane), stdin=subprocess.DEVNULL, start_new_session=True)

    def look_after(self) -> None:
        """Starts again what died, sooner or later depending on how often it did. To be called every second or so."""
        for hand in self.hands:
            if hand.process.poll() is None:
                continue
            now = self.clock()
            if hand.again_at is None:
                hand.pause = 1.0 if now - hand.started > STEADY_SECONDS else min(hand.pause * 2, LONGEST_PAUSE)
                hand.again_at = now + hand.pause
                code = hand.process.returncode
                log.error("the worker of %s ended (%d); starts again in %.0f s", hand.lane, code, hand.pause)
            if now >= hand.again_at:
                self.start_again(hand, now)

    def start_again(self, hand: Hand, now: float) -> None:
        try:
            hand.process, hand.started, hand.again_at = self.spawn(hand.lane), now, None
        except OSError as problem:
            # No memory, no processes left: the machine may recover, and the others go on.
            hand.again_at = now + LONGEST_PAUSE
            log.error("the worker of %s cannot start: %s", hand.lane, problem)

    def run(self, stop: Stop) -> None:
        """Looks after the lanes until told to stop, then stops them."""
        self.start()
        try:
            while not stop.wait(1.0):
                self.look_after()
        finally:
            self.stop()

    def stop(self) -> None:
        """Asks every lane to stop, waits, and ends what does not listen: rows survive a kill."""
        for hand in self.hands:
            hand.process.terminate()
        end = self.clock() + STOP_SECONDS
        for hand in self.hands:
            try:
                hand.process.wait(max(0.1, end - self.clock()))
            except subprocess.TimeoutExpired:
                hand.process.kill()
                hand.process.wait()

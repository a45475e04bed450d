"""How fast texts go to a gateway: what the settings allow, and what the gateway itself lately took. Times are seconds
of a stopwatch, given by who asks; nothing waits here.

Most gateways count by the second. So a refusal for speed waits until the second it was counted in is over, and from
then on texts go a little slower than they were taken; undisturbed, they go faster again, first hardly, then quickly. A
gateway that refuses before a second is over may also mean a shorter time: then what it takes is found out by going
faster every second.
"""

import math
from collections import deque

SECOND = 1.0
BELOW = 0.97  # of what was taken in the last second: under the gateway's limit
SLOWEST = 0.2  # texts a second
LONGEST_PAUSE = 8.0
GROWTH = 0.0005  # by e^(GROWTH · seconds²): a thirtieth in eight seconds, double in forty
SEARCH = 0.4  # by e^(SEARCH · seconds): half as many again every second
LATE = 0.05  # seconds that a late waking may catch up


class Pace:
    """most: texts a second that the settings allow; None: as many as the gateway takes."""

    def __init__(self, most: float | None = None) -> None:
        self.most = most
        self.learned: float | None = None  # texts a second, when they went on after the last refusal
        self.is_guess = False  # learned from less than a second
        self.refused_at = self.resumed_at = 0.0
        self.next_at = self.went_at = self.busy_since = 0.0
        self.pause = 0.0
        self.lately: deque[float] = deque()  # when texts were taken, of the last second

    def wait(self, now: float) -> float:
        """Seconds until the next text may go; none or less: now."""
        return self.next_at - now

    def went(self, now: float) -> None:
        """A text was written to the line."""
        rate = self.rate(now)
        since = self.next_at if now - self.next_at < LATE else now
        self.next_at = now if rate is None else since + 1 / rate
        if not self.went_at or now - self.went_at > LONGEST_PAUSE:
            self.busy_since = now
        self.went_at = now

    def took(self, now: float) -> None:
        """The gateway took one."""
        self.pause = 0.0
        self.lately.append(now)
        self.forget(now)

    def refused(self, now: float, written: float) -> None:
        """The gateway refused one for its speed. written: when it went; what went before the last refusal was already
        answered with slowing down.
        """
        if self.learned is not None and written <= self.refused_at:
            return
        self.forget(now)
        taken, before = len(self.lately), self.rate(now)
        slower = taken * BELOW if taken else (before or SECOND) / 2
        self.learned = max(SLOWEST, slower if before is None else min(slower, before))
        self.is_guess = now - self.busy_since < SECOND
        if self.pause or not taken:  # refused again after a pause: a longer one
            self.pause = min(LONGEST_PAUSE, max(SECOND, 2 * self.pause))
        else:
            self.pause = max(1 / self.learned, self.lately[0] + SECOND - now)
        self.refused_at, self.resumed_at = now, now + self.pause
        self.next_at = self.resumed_at

    def rate(self, now: float) -> float | None:
        """Texts a second that may go; None: any number."""
        if self.learned is None:
            return self.most
        seconds = max(0.0, now - self.resumed_at)
        power = SEARCH * seconds if self.is_guess else GROWTH * seconds**2
        grown = self.learned * math.exp(min(50.0, power))
        return grown if self.most is None else min(self.most, grown)

    def forget(self, now: float) -> None:
        while self.lately and self.lately[0] <= now - SECOND:
            self.lately.popleft()

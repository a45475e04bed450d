"""How often agents leave a call without a note, and whether one does so more than the team. Pure.

An interval after Wilson (1927): it holds for few calls too, and never leaves 0 to 1. Months are watched by a p-chart
after Shewhart. Both are explained, with worked values, in docs/recording.md.
"""

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054  # 97.5 % of the normal distribution lie below
LEAST_CALLS = 30
SIGMAS = 3  # a month outside of limits so wide is no chance: about 3 in 1,000 would be


@dataclass(frozen=True)
class Share:
    """A share with its 95 % interval, as fractions."""

    share: float
    low: float
    high: float


def wilson(missing: int, calls: int, *, z: float = Z95) -> Share:
    """The share of `missing` in `calls` and its interval; of no calls nothing is known: 0 to 1."""
    if calls == 0:
        return Share(0.0, 0.0, 1.0)
    share = missing / calls
    middle = share + z * z / (2 * calls)
    half = z * sqrt(share * (1 - share) / calls + z * z / (4 * calls * calls))
    scale = 1 + z * z / calls
    return Share(share, max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale))


def is_marked(own: Share, *, calls: int, team: float, least: int = LEAST_CALLS) -> bool:
    """Whether an agent leaves out more than the team: its interval lies above the team's share, on enough calls."""
    return calls >= least and own.low > team


def by_chance(team: float, calls: int, *, z: float = Z95) -> tuple[float, float]:
    """Between which shares 95 % of agents with so many calls (not 0) would lie, did all leave out as much as the team.

    An agent lies above it exactly where its own interval lies above the team's share: the same said the other way.
    """
    half = z * sqrt(team * (1 - team) / calls)
    return max(0.0, team - half), min(1.0, team + half)


@dataclass(frozen=True)
class Control:
    """A month of a p-chart, as fractions: the share, and between what it stays by chance alone."""

    share: float
    low: float
    high: float

    @property
    def side(self) -> int:
        """1: more than chance explains, -1: less, 0: neither."""
        return (self.share > self.high) - (self.share < self.low)


def control(missing: int, calls: int, *, usual: float) -> Control:
    """A month with so many calls (not 0) against the usual share of all months together."""
    low, high = by_chance(usual, calls, z=SIGMAS)
    return Control(missing / calls, low, high)

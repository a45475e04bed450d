"""How often agents leave a call without a note, and whether one does so more than the team. Pure.

An interval after Wilson (1927): it holds for few calls too, and never leaves 0 to 1.
"""

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054  # 97.5 % of the normal distribution lie below
LEAST_CALLS = 30


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

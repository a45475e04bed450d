"""How a month will end: from a weekday and holiday profile, at the level of the month so far, with an 80 % band. Pure.

A client with little history leans on the profile of all clients: each kind of day starts with PRIOR_DAYS of their days,
at its own level. Figures are estimates and therefore floats; money is priced from the quantities they lead to.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt

HOLIDAY = 7  # after the weekdays 0 (Monday) to 6
KINDS = HOLIDAY + 1
PRIOR_DAYS = 4.0
PRIOR_SHARE = 0.35  # of an expected month: how much of it weighs as much as the month so far
Z80 = 1.2815515655446004  # standard deviations that hold the middle 80 %
LEAST_DISPERSION = 1.0
LEVEL_SPREAD = 0.08  # how far a month's level strays from the one before, as a share


def kind_of(day: date, holidays: Collection[date]) -> int:
    """The kind of a day: its weekday, or a public holiday."""
    return HOLIDAY if day in holidays else day.weekday()


@dataclass(frozen=True)
class Profile:
    """How much happens on a day of each kind, on average, and how much days scatter around that (1: as by chance)."""

    means: tuple[float, ...]
    dispersion: float = LEAST_DISPERSION

    def expected(self, days: Iterable[date], holidays: Collection[date]) -> float:
        return sum(self.means[kind_of(day, holidays)] for day in days)


NOTHING = Profile((0.0,) * KINDS)


def profile(history: Mapping[date, float], holidays: Collection[date], prior: Profile | None = None) -> Profile:
    """What a history of days says. history: every day of it, those without calls with 0.

    prior: of all clients; only its shape counts, its level is the history's own.
    """
    if not history:
        return prior or NOTHING
    sums, counts = [0.0] * KINDS, [0] * KINDS
    for day, amount in history.items():
        sums[kind_of(day, holidays)] += amount
        counts[kind_of(day, holidays)] += 1
    shape = prior.means if prior else tuple(sum(sums) / len(history) for _ in range(KINDS))
    usual = sum(mean * count for mean, count in zip(shape, counts, strict=True))
    level = sum(sums) / usual if usual else 0.0
    weight = PRIOR_DAYS if prior else 0.5
    means = tuple(
        (total + weight * level * mean) / (count + weight)
        for total, count, mean in zip(sums, counts, shape, strict=True)
    )
    return Profile(means, dispersion(history, means, holidays))


def dispersion(history: Mapping[date, float], means: tuple[float, ...], holidays: Collection[date]) -> float:
    """The scatter of days around their mean, as a multiple of what chance alone would give."""
    scatter = [
        (amount - mean) ** 2 / mean for day, amount in history.items() if (mean := means[kind_of(day, holidays)]) > 0
    ]
    return max(LEAST_DISPERSION, sum(scatter) / len(scatter)) if scatter else LEAST_DISPERSION


@dataclass(frozen=True)
class Forecast:
    """What a month comes to: so far, expected, and the band that holds it four times in five."""

    so_far: float
    expected: float
    low: float
    high: float

    def factor(self, end: float) -> float:
        """By how much the month so far is multiplied to come to `end`; 1 where nothing has happened yet."""
        return end / self.so_far if self.so_far > 0 else 1.0


def forecast(
    so_far: float, known: Profile, *, done: Collection[date], left: Collection[date], holidays: Collection[date]
) -> Forecast:
    """The month's end from what happened on the days that are done. Days are local.

    The level of the days left is the month's own, held by the history's where few days are done.
    """
    usual_done, usual_left = known.expected(done, holidays), known.expected(left, holidays)
    held = PRIOR_SHARE * (usual_done + usual_left)
    level = (so_far + held) / (usual_done + held) if usual_done + held else 1.0
    coming = level * usual_left
    trust = usual_done / (usual_done + held) if usual_done + held else 0.0
    spread = sqrt(known.dispersion * coming + (LEVEL_SPREAD * coming * (1.5 - trust)) ** 2)
    low, high = coming - Z80 * spread, coming + Z80 * spread
    return Forecast(so_far, so_far + coming, so_far + max(0.0, low), so_far + high)

"""How a month will end: from a profile of weekdays and holidays at its present level, with an 80 % band. Pure.

Three things are learned of the days seen, those of the running month among them: how days differ (a shape, leaning on
that of all clients as far as the own calls are few), the level (recent days weigh most), and the scatter. Figures are
estimates and therefore floats; money is priced from the quantities they lead to. Why the constants are what they are:
docs/decisions/forecast.md; bench/forecast.py measures them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import ceil, floor, sqrt

SUNDAY, HOLIDAY = 6, 7  # after the weekdays 0 (Monday) to 6
KINDS = HOLIDAY + 1
HALF_LIFE = 20.0  # days after which a day weighs half for the level
PRIOR_DAYS = 4.0  # so many days of a kind weigh as much as what all clients say of it; of a holiday, as the Sundays
PRIOR_AVERAGE = 0.5  # days of the average, in each kind of day of all clients together
PRIOR_DISPERSION, PRIOR_DISPERSION_CALLS = 1.15, 100.0  # the scatter to begin with, and the calls it weighs
LEAST_DISPERSION = 1.0
LENGTHS = 0.3  # how much calls differ in what they bring: the square of the deviation against the mean
Z80 = 1.2815515655446004  # standard deviations that hold the middle 80 %
SKEW80 = (Z80**2 - 1) / 6  # how much of the skewness moves both ends of the band
CHRISTMAS = (12, 25)
EVE = (12, 24)  # from here to the year's end days are half a holiday, where Christmas is one

Parts = tuple[tuple[int, float], ...]  # kinds of day with their shares, together 1
Shape = tuple[float, ...]  # how much happens on each kind of day, against an average day
FLAT: Shape = (1.0,) * KINDS
FADED = tuple(0.5 ** (days / HALF_LIFE) for days in range(400))  # what a day weighs that many days later


@lru_cache(maxsize=4096)
def parts_of(day: date, holidays: frozenset[date]) -> Parts:
    """What kind of day it is: its weekday, a public holiday, or half and half between Christmas and New Year."""
    if day in holidays:
        return ((HOLIDAY, 1.0),)
    if (day.month, day.day) >= EVE and date(day.year, *CHRISTMAS) in holidays:
        return ((day.weekday(), 0.5), (HOLIDAY, 0.5))
    return ((day.weekday(), 1.0),)


def by_kind(amounts: Iterable[tuple[date, float]], holidays: frozenset[date]) -> list[float]:
    """The amounts of days summed by kind of day."""
    found = [0.0] * KINDS
    for day, amount in amounts:
        for kind, share in parts_of(day, holidays):
            found[kind] += share * amount
    return found


def shape_of(history: Mapping[date, float], holidays: frozenset[date]) -> Shape:
    """The shape of all clients together. history: every day of it, those on which nothing happened with 0."""
    total = sum(history.values())
    if not total:
        return FLAT
    usual = total / len(history)
    sums, counts = by_kind(history.items(), holidays), by_kind(((day, 1.0) for day in history), holidays)
    means = [(one + PRIOR_AVERAGE * usual) / (count + PRIOR_AVERAGE) for one, count in zip(sums, counts, strict=True)]
    means[HOLIDAY] = (sums[HOLIDAY] + PRIOR_DAYS * means[SUNDAY]) / (counts[HOLIDAY] + PRIOR_DAYS)
    return tuple(mean / usual for mean in means)


@dataclass(frozen=True)
class Profile:
    """What is to be expected of one client's days, and how much that can be trusted.

    means: on a day of each kind at the present level; behind: on how many calls each of them stands; recent: on how
    many the level stands; dispersion: how much days scatter, as a multiple of what chance alone would give.
    """

    means: tuple[float, ...] = (0.0,) * KINDS
    behind: tuple[float, ...] = (1.0,) * KINDS
    recent: float = 0.0
    dispersion: float = PRIOR_DISPERSION

    def by_kind(self, days: Iterable[date], holidays: frozenset[date]) -> list[float]:
        """What is expected on these days, by kind of day."""
        counts = by_kind(((day, 1.0) for day in days), holidays)
        return [count * mean for count, mean in zip(counts, self.means, strict=True)]

    def expected(self, days: Iterable[date], holidays: frozenset[date]) -> float:
        return sum(self.by_kind(days, holidays))


NOTHING = Profile()


def profile(history: Mapping[date, float], holidays: frozenset[date], shape: Shape = FLAT) -> Profile:
    """What the days seen say. history: every day of it up to the last one that is over, those without calls with 0.

    shape: of all clients; its level does not count.
    """
    total = sum(history.values())
    if not total:
        return NOTHING
    own, behind = own_shape(history, holidays, shape)
    last, shares = max(history), {day: on(own, day, holidays) for day in history}
    weights = {day: FADED[min((last - day).days, len(FADED) - 1)] for day in history}
    recent = sum(weight * history[day] for day, weight in weights.items())
    level = recent / sum(weight * shares[day] for day, weight in weights.items())
    overall = total / sum(shares.values())
    usual = {day: overall * share for day, share in shares.items()}
    return Profile(tuple(level * mean for mean in own), behind, recent, dispersion(history, usual))


def own_shape(history: Mapping[date, float], holidays: frozenset[date], shape: Shape) -> tuple[Shape, Shape]:
    """What is usual on each kind of a client's days, and the calls that stands on: as far as it has had few of them, it
    is as all clients have it at this client's level; a holiday as its own Sundays."""
    sums, counts = by_kind(history.items(), holidays), by_kind(((day, 1.0) for day in history), holidays)
    level = sum(sums) / (sum(count * one for count, one in zip(counts, shape, strict=True)) or 1.0)
    known = [one + PRIOR_DAYS * level * usual for one, usual in zip(sums, shape, strict=True)]
    known[HOLIDAY] = sums[HOLIDAY] + PRIOR_DAYS * known[SUNDAY] / (counts[SUNDAY] + PRIOR_DAYS)
    return tuple(one / (count + PRIOR_DAYS) for one, count in zip(known, counts, strict=True)), tuple(known)


def on(shape: Shape, day: date, holidays: frozenset[date]) -> float:
    """How much a shape says of a day."""
    return sum(share * shape[kind] for kind, share in parts_of(day, holidays))


def dispersion(history: Mapping[date, float], usual: Mapping[date, float]) -> float:
    """The scatter of days around what is usual, as a multiple of what chance alone would give."""
    scatter = sum((amount - usual[day]) ** 2 for day, amount in history.items())
    known = scatter + PRIOR_DISPERSION * PRIOR_DISPERSION_CALLS
    return max(LEAST_DISPERSION, known / (sum(usual.values()) + PRIOR_DISPERSION_CALLS))


@dataclass(frozen=True)
class Forecast:
    """What a month comes to: so far, expected, and the band that holds it four times in five, both ends within."""

    so_far: float
    expected: float
    low: float
    high: float

    def factor(self, end: float) -> float:
        """By how much the month so far is multiplied to come to `end`; 1 where nothing has happened yet."""
        return end / self.so_far if self.so_far > 0 else 1.0

    def at_least(self, begun: float) -> "Forecast":
        """The same when so much has come already, on days too that are not over yet."""
        return Forecast(begun, *(max(begun, end) for end in (self.expected, self.low, self.high)))


def forecast(so_far: float, known: Profile, left: Iterable[date], holidays: frozenset[date]) -> Forecast:
    """The end, from what happened on the days that are over and the profile of all days seen. Days are local.

    Whole things are counted: both ends are whole numbers within the band; where there is none, the one next to what is
    expected.
    """
    found = forecast_of_amount(so_far, known, left, holidays, lengths=0.0)
    low, high = ceil(found.low), floor(found.high)
    if low > high:
        low = high = round(found.expected)
    return Forecast(so_far, found.expected, low, high)


def forecast_of_amount(
    so_far: float, known: Profile, left: Iterable[date], holidays: frozenset[date], *, lengths: float = LENGTHS
) -> Forecast:
    """The same of what grows with the calls, minutes and money, in calls: the band is wider, since calls are not of
    one length, and how long they are on average is known from those so far only."""
    kinds = known.by_kind(left, holidays)
    coming = sum(kinds)
    if not coming:
        return Forecast(so_far, so_far, so_far, so_far)
    scatter = variance(known, kinds)
    if lengths and so_far:
        scatter += lengths * (coming + coming**2 / so_far)
    low, high = band(coming, scatter, known.dispersion)
    return Forecast(so_far, so_far + coming, so_far + max(0.0, low), so_far + max(0.0, high))


def variance(known: Profile, kinds: Sequence[float]) -> float:
    """Of what is to come: chance on those days, and that level and shape are known from so many calls only."""
    coming = sum(kinds)
    unknown = coming**2 / known.recent + sum(one**2 / of for one, of in zip(kinds, known.behind, strict=True) if of)
    return known.dispersion * (coming + unknown)


def band(mean: float, variance: float, dispersion: float) -> tuple[float, float]:
    """The middle 80 % of a negative binomial distribution, by its first three moments (Cornish and Fisher)."""
    deviation = sqrt(variance)
    skewness = (2 * variance / mean - dispersion) / deviation
    middle = mean + deviation * skewness * SKEW80
    return middle - Z80 * deviation, middle + Z80 * deviation


def course(
    so_far: float, known: Profile, left: Iterable[date], holidays: frozenset[date], *, lengths: float = LENGTHS
) -> Iterator[tuple[date, Forecast]]:
    """Of each day left what the amount will have come to when it is over."""
    days: list[date] = []
    for day in left:
        days.append(day)
        yield day, forecast_of_amount(so_far, known, days, holidays, lengths=lengths)


def straight_line(so_far: float, done: int, days: int) -> float:
    """What a month of so many days comes to if it goes on as on the days that are over; what a forecast must beat."""
    return so_far / done * days if done else 0.0

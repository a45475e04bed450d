"""Shares with their interval, drawn small beside each other, and months with their limits. Geometry only.

A bar goes from the lowest to the highest share chance allows, a dot marks what was counted, a line the team's share.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from balie.web import written
from balie.web.charts import RIGHT, SIGN, SIZES, TOP, Line, Scale, nice_step, units

WIDTH = 132  # of a small drawing, in its units
EDGE = 5  # half a dot
THOUSAND = 1000


@dataclass(frozen=True)
class Interval:
    """One row's drawing; numbers as text, since a template would write them in the reader's language."""

    start: str
    width: str
    dot: str
    team: str


def interval(low: float, high: float, share: float, *, team: float, most: float) -> Interval:
    """Shares as fractions; most: what the right edge means, the same for all rows."""
    left, right = place(low, most), place(high, most)
    return Interval(units(left), units(max(right - left, 2)), units(place(share, most)), units(place(team, most)))


def place(share: float, most: float) -> float:
    return EDGE + (WIDTH - 2 * EDGE) * min(share, most) / most


@dataclass(frozen=True)
class Mark:
    """One month: share None where there is nothing to show. name: in the table; label: under the axis."""

    label: str
    name: str
    share: float | None = None
    low: float = 0.0
    high: float = 0.0
    side: int = 0  # 1: more than the limits, -1: less


@dataclass(frozen=True)
class Place:
    """One month as drawn."""

    x: str
    width: str
    middle: str
    label: str
    said: str
    y: str = ""
    top: str = ""
    height: str = ""
    out: bool = False


@dataclass(frozen=True)
class Picture:
    """The chart at one width; runs: points of the lines between months that follow each other."""

    kind: str
    width: int
    height: int
    left: int
    right: int
    plot: str
    usual: str
    lines: list[Line]
    places: list[Place]
    runs: list[str]


@dataclass(frozen=True)
class Chart:
    """Months with their limits, and the usual share. note: said beside the line of the usual share."""

    title: str
    marks: Sequence[Mark]
    usual: float
    summary: str = ""

    @property
    def pictures(self) -> list[Picture]:
        return [drawn(self, *size) for size in SIZES]


def drawn(chart: Chart, kind: str, width: int, height: int) -> Picture:
    """At one width; in thousandths, from nothing on."""
    highest = max([max(mark.share or 0, mark.high) for mark in chart.marks] + [chart.usual, 0.01]) * THOUSAND
    scale = Scale.upto(highest, nice_step(highest), height)
    values = range(0, scale.most + 1, scale.step)
    texts = [written.share_tenths(value / THOUSAND) for value in values]
    lines = [
        Line(units(scale.y(value)), units(scale.y(value) + 4), text, value == 0)
        for value, text in zip(values, texts, strict=True)
    ]
    left = round(14 + SIGN * max(map(len, texts)))
    room = (width - left - RIGHT) / max(1, len(chart.marks))
    every = 1 if room >= SIGN * max((len(mark.label) for mark in chart.marks), default=0) + 6 else 3
    last = len(chart.marks) - 1
    places = [
        placed(mark, left + room * at, room, scale, labelled=(last - at) % every == 0)
        for at, mark in enumerate(chart.marks)
    ]
    usual = units(scale.y(chart.usual * THOUSAND))
    plot = units(scale.base - TOP)
    return Picture(kind, width, height, left, width - RIGHT, plot, usual, lines, places, runs(places))


def placed(mark: Mark, left: float, room: float, scale: Scale, *, labelled: bool) -> Place:
    label, middle = mark.label if labelled else "", units(left + room / 2)
    if mark.share is None:
        return Place(units(left), units(room), middle, label, mark.name)
    top, foot = scale.y(mark.high * THOUSAND), scale.y(mark.low * THOUSAND)
    said = f"{mark.name}: {written.share_tenths(mark.share)}"
    y = units(scale.y(mark.share * THOUSAND))
    return Place(
        units(left), units(room), middle, label, said, y, units(top), units(max(foot - top, 1)), bool(mark.side)
    )


def runs(places: Sequence[Place]) -> list[str]:
    """The line, broken where a month has nothing."""
    found: list[list[str]] = [[]]
    for one in places:
        if one.y:
            found[-1].append(f"{one.middle},{one.y}")
        elif found[-1]:
            found.append([])
    return [" ".join(points) for points in found if len(points) > 1]

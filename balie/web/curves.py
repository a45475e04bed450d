"""A month that grows day by day, as SVG from the server: what came as a line, what is expected as a broken one with its
band. Drawn at three widths like every chart (balie.web.charts); shapes in templates/balie/charts/_curve.html."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from balie.web.charts import RIGHT, SIGN, SIZES, TOP, Line, Scale, nice_step, units

EVERY = 5  # days between labels


@dataclass(frozen=True)
class Point:
    """What it has come to when a day is over. Of days that are over low and high are the value."""

    label: str  # under the axis, where there is room
    name: str  # in the table and when pointed at
    value: float
    low: float
    high: float
    over: bool
    shaded: bool = False  # a weekend
    said: tuple[str, str, str] = ("", "", "")  # value, low and high as they are written


@dataclass(frozen=True)
class Spot:
    """One day as drawn."""

    x: str
    width: str
    middle: str
    label: str
    shaded: bool
    said: str


@dataclass(frozen=True)
class Picture:
    """A curve at one width."""

    kind: str
    width: int
    height: int
    left: int
    right: int
    plot: str
    lines: list[Line]
    spots: list[Spot]
    came: str  # points of the line of what came
    coming: str  # of what is expected, from where the other ends
    band: str  # the outline of the band, from the same place


@dataclass(frozen=True)
class Curve:
    """The days of a month with what they mean."""

    title: str
    heading: str  # of the first column of its table
    points: Sequence[Point]
    value_name: str
    summary: str = ""  # what it shows, in a sentence, for who does not see it

    @property
    def pictures(self) -> list[Picture]:
        return [drawn(self, *size) for size in SIZES]

    @property
    def empty(self) -> bool:
        return not any(point.high for point in self.points)


def drawn(curve: Curve, kind: str, width: int, height: int) -> Picture:
    """The curve at one width; its heights always from zero."""
    highest = max((point.high for point in curve.points), default=0.0)
    # A line more than under bars, for a band is narrow.
    scale = Scale.upto(highest, nice_step(highest * 0.8), height)
    lines = scale.lines()
    left = round(14 + SIGN * max(len(line.text) for line in lines))
    room = (width - left - RIGHT) / max(1, len(curve.points))
    came = [point for point in curve.points if point.over]
    ahead = list(enumerate(curve.points))[max(0, len(came) - 1) :]

    def at(place: int, value: float) -> str:
        return f"{units(left + room * (place + 0.5))},{units(scale.y(value))}"

    return Picture(
        kind=kind,
        width=width,
        height=height,
        left=left,
        right=width - RIGHT,
        plot=units(scale.base - TOP),
        lines=lines,
        spots=list(spots(curve.points, left, room)),
        came=" ".join(at(place, point.value) for place, point in enumerate(came)),
        coming=" ".join(at(place, point.value) for place, point in ahead),
        band=" ".join(outline(ahead, at)),
    )


def spots(points: Sequence[Point], left: float, room: float) -> Iterator[Spot]:
    """Where each day is pointed at; every fifth has its label, and the last."""
    last = len(points) - 1
    for place, point in enumerate(points):
        labelled = place == last or ((place == 0 or (place + 1) % EVERY == 0) and last - place >= EVERY - 1)
        x = left + room * place
        said = f"{point.name}: {point.said[0]}"
        if not point.over:
            said += f" ({point.said[1]} – {point.said[2]})"
        label = point.label if labelled else ""
        yield Spot(units(x), units(room), units(x + room / 2), label, point.shaded, said)


def outline(ahead: Sequence[tuple[int, Point]], at: Callable[[int, float], str]) -> Iterator[str]:
    """Along the highs and back along the lows."""
    for place, point in ahead:
        yield at(place, point.high)
    for place, point in reversed(ahead):
        yield at(place, point.low)

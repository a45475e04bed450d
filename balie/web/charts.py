"""Charts as SVG from the server: geometry here, shapes in templates/balie/charts/. At most two colours and grey.

Every chart is drawn three times, for a wide, a middling and a narrow place (the style sheet shows one), since text that
scales with the picture cannot be read on a telephone. Figures stand in a table under it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from balie.web import written

SIZES = (("wide", 660, 212), ("middle", 450, 200), ("narrow", 330, 180))
TOP, BOTTOM, RIGHT = 26, 26, 8  # room for labels, in the picture's units (pixels when shown full size)
SIGN = 7.2  # about the width of a letter


@dataclass(frozen=True)
class Column:
    """One place on the axis: a bar, a second part on top of it, what is usual behind it."""

    label: str  # under the axis
    value: int  # below nothing it hangs down from zero, in the status colour
    bad: int = 0  # part on top of the value, in the status colour: missed calls
    usual: float | None = None
    shaded: bool = False  # a weekend
    quiet: bool = False  # not the one this page is about
    tick: bool = True  # whether its label is written where there is room for few
    name: str = ""  # in the table and when pointed at; the label where empty

    @property
    def total(self) -> int:
        return self.value + self.bad

    @property
    def said(self) -> str:
        return self.name or self.label


@dataclass(frozen=True)
class Bar:
    """A rectangle to draw; numbers as text, since a template would write them in the reader's language."""

    kind: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Slot:
    """One column as drawn."""

    x: str
    width: str
    middle: str
    label: str
    shaded: bool
    said: str
    bars: list[Bar]


@dataclass(frozen=True)
class Line:
    """A line across with its figure at the left."""

    y: str
    text_y: str
    text: str
    zero: bool


@dataclass(frozen=True)
class Note:
    """A label written into the picture, beside what it speaks of."""

    x: str
    y: str
    text: str
    anchor: str


@dataclass(frozen=True)
class Drawing:
    """A chart at one width."""

    kind: str  # wide, middle or narrow
    width: int
    height: int
    left: int
    right: int
    base: str
    plot: str
    lines: list[Line]
    slots: list[Slot]
    notes: list[Note]


@dataclass(frozen=True)
class Chart:
    """Columns with what they mean; `note` speaks of the column `noted`."""

    key: str  # unique on its page
    title: str
    heading: str  # of the first column of its table
    columns: Sequence[Column]
    value_name: str
    bad_name: str = ""
    usual_name: str = ""
    note: str = ""
    noted: int | None = None
    summary: str = ""  # what it shows, in a sentence, for who does not see it

    @property
    def drawings(self) -> list[Drawing]:
        return [drawn(self, *size) for size in SIZES]

    @property
    def empty(self) -> bool:
        return not any(column.total or column.usual for column in self.columns)


def drawn(chart: Chart, kind: str, width: int, height: int) -> Drawing:
    """The chart at one width."""
    highest = max((max(column.total, column.usual or 0, 0) for column in chart.columns), default=0)
    lowest = min((min(column.value, 0) for column in chart.columns), default=0)
    scale = Scale.upto(highest, nice_step(highest - lowest), height, lowest=lowest)
    lines = scale.lines()
    left = round(14 + SIGN * max(len(line.text) for line in lines))
    room = (width - left - RIGHT) / max(1, len(chart.columns))
    every = room >= SIGN * max((len(column.label) for column in chart.columns), default=0) + 6
    slots = [
        slot(column, left + room * at, room, scale, labelled=every or column.tick)
        for at, column in enumerate(chart.columns)
    ]
    return Drawing(
        kind=kind,
        width=width,
        height=height,
        left=left,
        right=width - RIGHT,
        base=units(scale.base),
        plot=units(scale.base - TOP),
        lines=lines,
        slots=slots,
        notes=notes(chart, scale, room, left=left, right=width - RIGHT),
    )


@dataclass(frozen=True)
class Scale:
    """From figures to heights; always with zero."""

    most: int
    step: int
    base: float  # the foot of the picture, at `least`
    least: int = 0

    @classmethod
    def upto(cls, highest: float, step: int, height: int, *, lowest: float = 0) -> "Scale":
        """Of a picture so high, with a line every `step`, from not above the lowest figure to not below the highest."""
        least = floor(lowest / step) * step
        return cls(max(0 if least else step, ceil(highest / step) * step), step, height - BOTTOM, least)

    def y(self, value: float) -> float:
        return self.base - (self.base - TOP) * (value - self.least) / (self.most - self.least)

    def lines(self) -> list[Line]:
        values = range(self.least, self.most + 1, self.step)
        return [Line(units(self.y(v)), units(self.y(v) + 4), written.count(v), v == 0) for v in values]


def nice_step(highest: float) -> int:
    """The distance between lines: 1, 2 or 5 times a power of ten, so that three or four lines are drawn."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if highest <= step * factor * 4:
                return step * factor
        step *= 10


def slot(column: Column, left: float, room: float, scale: Scale, *, labelled: bool) -> Slot:
    """One column's rectangles: what is usual wide and pale, the figures narrower in front of it."""
    wide = min(room * 0.74, 56)
    narrow = wide * 0.62 if column.usual is not None else wide
    middle = left + room / 2
    bars, zero = [], scale.y(0)
    if column.usual:
        bars.append(bar("usual", middle, wide, scale.y(column.usual), zero))
    if column.value > 0:
        bars.append(bar("quiet" if column.quiet else "value", middle, narrow, scale.y(column.value), zero))
    elif column.value:
        bars.append(bar("bad", middle, narrow, zero, scale.y(column.value)))
    if column.bad:
        bars.append(bar("bad", middle, narrow, scale.y(column.total), scale.y(column.value)))
    said = f"{column.said}: {written.count(column.total)}"
    return Slot(units(left), units(room), units(middle), column.label if labelled else "", column.shaded, said, bars)


def bar(kind: str, middle: float, width: float, top: float, base: float) -> Bar:
    """A rectangle standing on `base`; anything above nothing is at least visible."""
    height = max(base - top, 1.5)
    return Bar(kind, units(middle - width / 2), units(base - height), units(width), units(height))


def notes(chart: Chart, scale: Scale, room: float, *, left: float, right: float) -> list[Note]:
    """The direct label, above its column; turned inwards where it would leave the picture."""
    if chart.noted is None or not chart.note:
        return []
    middle = left + room * (chart.noted + 0.5)
    reach = len(chart.note) * SIGN / 2
    near = int(reach // room) + 1
    under = chart.columns[max(0, chart.noted - near) : chart.noted + near + 1]
    y = scale.y(max(max(column.total, column.usual or 0) for column in under)) - 8
    if middle - reach < left:
        return [Note(units(left + 2), units(y), chart.note, "start")]
    if middle + reach > right:
        return [Note(units(right), units(y), chart.note, "end")]
    return [Note(units(middle), units(y), chart.note, "middle")]


def units(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


@dataclass(frozen=True)
class Trend:
    """A few months as small bars beside a figure, the last one in colour."""

    values: Sequence[int]
    said: str

    @property
    def bars(self) -> list[Bar]:
        most = max(self.values, default=0) or 1
        last = len(self.values) - 1
        heights = [max(18 * value / most, 1) for value in self.values]
        return [
            Bar("value" if at == last else "quiet", units(at * 9), units(20 - height), "7", units(height))
            for at, height in enumerate(heights)
        ]

    @property
    def width(self) -> int:
        return max(1, len(self.values) * 9 - 2)

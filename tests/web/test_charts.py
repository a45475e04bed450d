"""Charts: bars stand on zero, labels stay inside, every figure is in the table too."""

import pytest

from balie.web.charts import SIZES, Chart, Column, Trend, drawn, nice_step


def chart(*columns: Column, note: str = "", noted: int | None = None) -> Chart:
    return Chart(key="c", title="Calls", heading="Hour", columns=columns, value_name="Taken", note=note, noted=noted)


@pytest.mark.parametrize(
    ("highest", "step"), [(0, 1), (1, 1), (4, 1), (5, 2), (9, 5), (52, 20), (100, 50), (401, 200), (90_000, 50_000)]
)
def test_lines_are_at_round_figures(highest: float, step: int) -> None:
    assert nice_step(highest) == step


@pytest.mark.parametrize("size", SIZES)
def test_bars_stand_on_zero_and_on_each_other(size: tuple[str, int, int]) -> None:
    drawing = drawn(chart(Column("9", 30, bad=10, usual=20.0), Column("10", 0)), *size)
    bars = {bar.kind: bar for bar in drawing.slots[0].bars}
    foot = {kind: float(bar.y) + float(bar.height) for kind, bar in bars.items()}
    assert foot["value"] == foot["usual"] == float(drawing.base)
    assert foot["bad"] == pytest.approx(float(bars["value"].y))
    assert float(bars["value"].height) == pytest.approx(3 * float(bars["bad"].height), abs=0.2)
    assert drawing.slots[1].bars == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("noted", [0, 12, 23])
def test_a_note_stays_inside_the_picture(size: tuple[str, int, int], noted: int) -> None:
    note = "1.234, 567 mehr als gewöhnlich"
    columns = [Column(str(hour), 100 if hour == noted else hour) for hour in range(24)]
    drawing = drawn(chart(*columns, note=note, noted=noted), *size)
    written = drawing.notes[0]
    reach = len(note) * 7.2
    left = {"start": 0.0, "middle": reach / 2, "end": reach}[written.anchor]
    assert float(written.x) - left >= 0
    assert float(written.x) - left + reach <= drawing.width + 1
    assert float(written.y) >= 10


def test_a_note_stands_above_its_neighbours() -> None:
    drawing = drawn(chart(Column("9", 10), Column("10", 100), Column("11", 10), note="10", noted=0), *SIZES[2])
    assert float(drawing.notes[0].y) < float(drawing.slots[1].bars[0].y)


def test_figures_in_a_picture_have_a_point_in_every_language(settings: object) -> None:
    drawing = drawn(chart(*(Column(str(n), n) for n in range(7))), *SIZES[0])
    numbers = [value for slot in drawing.slots for value in (slot.x, slot.width, slot.middle)]
    assert all(float(number) >= 0 for number in numbers)


def test_nothing_to_draw_is_said_instead() -> None:
    assert chart(Column("9", 0, usual=0.0)).empty
    assert not chart(Column("9", 0, usual=0.5)).empty


def test_a_trend_ends_in_colour_and_keeps_nothing_visible() -> None:
    bars = Trend([0, 5, 10], "").bars
    assert [bar.kind for bar in bars] == ["quiet", "quiet", "value"]
    assert [bar.height for bar in bars] == ["1", "9", "18"]


@pytest.mark.parametrize("size", SIZES)
def test_bars_below_nothing_hang_down_from_zero_in_the_status_colour(size: tuple[str, int, int]) -> None:
    drawing = drawn(chart(Column("Sep", -30), Column("Oct", 60)), *size)
    (down,), (up,) = (slot.bars for slot in drawing.slots)
    zero = next(line for line in drawing.lines if line.zero)
    assert (down.kind, up.kind) == ("bad", "value")
    assert float(down.y) == float(zero.y) == pytest.approx(float(up.y) + float(up.height), abs=0.11)
    assert float(up.height) == pytest.approx(2 * float(down.height), abs=0.2)
    assert [line.text for line in drawing.lines] == ["−50", "0", "50", "100"]
    assert float(drawing.lines[0].y) == float(drawing.base)


def test_only_what_is_below_nothing_ends_at_zero() -> None:
    drawing = drawn(chart(Column("Sep", -3), Column("Oct", -8)), *SIZES[0])
    assert [line.text for line in drawing.lines] == ["−8", "−6", "−4", "−2", "0"]

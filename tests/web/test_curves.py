"""Curves: the band closes around what is expected, both lines meet, labels do not touch."""

import pytest

from balie.web.charts import SIZES
from balie.web.curves import Curve, Point, drawn


def curve(over: int, of: int, *, rise: float = 10.0) -> Curve:
    """A month that rises evenly; each day ahead widens the band by one to both sides."""
    points = [
        Point(
            label=str(day),
            name=f"day {day}",
            value=rise * day,
            low=rise * day - max(0, day - over),
            high=rise * day + max(0, day - over),
            over=day <= over,
            said=("a", "b", "c"),
        )
        for day in range(1, of + 1)
    ]
    return Curve(title="Revenue", heading="Day", points=points, value_name="EUR")


def pairs(text: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (one.split(",") for one in text.split())]


@pytest.mark.parametrize("size", SIZES)
def test_lines_meet_at_the_last_day_that_is_over(size: tuple[str, int, int]) -> None:
    picture = drawn(curve(15, 30), *size)
    came, coming = pairs(picture.came), pairs(picture.coming)
    assert (len(came), len(coming)) == (15, 16)
    assert came[-1] == coming[0]
    assert [x for x, _y in came + coming[1:]] == sorted(x for x, _y in came + coming[1:])


@pytest.mark.parametrize("size", SIZES)
def test_band_lies_around_the_line_and_inside_the_picture(size: tuple[str, int, int]) -> None:
    picture = drawn(curve(15, 30), *size)
    band, coming = pairs(picture.band), pairs(picture.coming)
    highs, lows = band[: len(coming)], band[len(coming) :][::-1]
    assert highs[0] == lows[0] == coming[0]
    assert all(high[1] <= line[1] <= low[1] for high, line, low in zip(highs, coming, lows, strict=True))
    assert all(0 <= x <= picture.width and 0 <= y <= picture.height for x, y in band)


def test_month_that_has_just_begun_is_all_ahead() -> None:
    picture = drawn(curve(0, 31), *SIZES[0])
    assert picture.came == "" and len(pairs(picture.coming)) == 31


@pytest.mark.parametrize(
    ("days", "labels"), [(30, "1 5 10 15 20 25 30"), (31, "1 5 10 15 20 25 31"), (28, "1 5 10 15 20 28")]
)
def test_every_fifth_day_has_its_label_and_the_last(days: int, labels: str) -> None:
    spots = drawn(curve(10, days), *SIZES[2]).spots
    assert " ".join(spot.label for spot in spots if spot.label) == labels
    assert (spots[9].said, spots[10].said) == ("day 10: a", "day 11: a (b – c)")


def test_month_without_anything_is_said_instead() -> None:
    assert curve(10, 30, rise=0.0).points[0].high == 0
    assert Curve(title="", heading="", points=[Point("1", "1", 0, 0, 0, over=False)], value_name="").empty
    assert not curve(10, 30).empty

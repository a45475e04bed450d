"""How a month will end, from a profile of weekdays and holidays at its present level."""

import random
from collections.abc import Iterable
from datetime import date, timedelta
from math import exp

import pytest

from balie.rules.forecast import (
    FLAT,
    HOLIDAY,
    NOTHING,
    Profile,
    course,
    forecast,
    forecast_of_amount,
    parts_of,
    profile,
    shape_of,
    straight_line,
)

CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)})
NOVEMBER = [date(2026, 11, day) for day in range(1, 31)]
HALF = NOVEMBER[:15], NOVEMBER[15:]


def days(first: date, count: int) -> list[date]:
    return [first + timedelta(days=at) for at in range(count)]


def steady(of: Iterable[date], calls: float = 10.0) -> dict[date, float]:
    """So many calls on working days, none else."""
    return {day: calls if day.weekday() < 5 else 0.0 for day in of}


SUMMER = days(date(2026, 6, 1), 153)  # to the end of October
WEEK = shape_of(steady(SUMMER), frozenset())


def test_holidays_are_days_of_their_own() -> None:
    assert parts_of(date(2026, 12, 25), CHRISTMAS) == ((HOLIDAY, 1.0),)
    assert parts_of(date(2026, 11, 23), CHRISTMAS) == ((0, 1.0),)


def test_days_between_christmas_and_new_year_are_half_a_holiday_where_christmas_is_one() -> None:
    assert parts_of(date(2026, 12, 28), CHRISTMAS) == ((0, 0.5), (HOLIDAY, 0.5))
    assert parts_of(date(2026, 12, 28), frozenset()) == ((0, 1.0),)
    assert parts_of(date(2027, 1, 4), CHRISTMAS) == ((0, 1.0),)


def test_profile_tells_working_days_from_weekends() -> None:
    known = profile(steady(SUMMER), frozenset(), WEEK)
    assert known.means[0] > 9.5 and known.means[6] < 0.3


def test_holiday_nobody_has_had_yet_is_like_a_sunday() -> None:
    known = profile(steady(SUMMER), frozenset(), WEEK)
    assert known.means[HOLIDAY] == pytest.approx(known.means[6], abs=0.05)
    december = days(date(2026, 12, 21), 7)
    assert known.expected(december, CHRISTMAS) == pytest.approx(35, abs=2)  # three days and half Christmas Eve


def test_short_history_leans_on_everybodys_shape() -> None:
    monday_only = {date(2026, 11, 2): 4.0}
    own = profile(monday_only, frozenset(), WEEK)
    assert own.means[6] < 0.2 < 3.0 < own.means[1] < 5.0


def test_long_history_has_a_shape_of_its_own() -> None:
    weekends = {day: 10.0 if day.weekday() > 4 else 0.0 for day in SUMMER}
    own = profile(weekends, frozenset(), WEEK)
    assert own.means[0] < 1 and own.means[5] > 8


def test_client_without_any_call_is_expected_to_have_none() -> None:
    assert profile({}, frozenset(), WEEK) is NOTHING
    assert profile(dict.fromkeys(NOVEMBER, 0.0), frozenset(), WEEK) is NOTHING
    assert forecast(0.0, NOTHING, NOVEMBER, frozenset()).high == 0
    assert shape_of({}, frozenset()) == FLAT


def test_new_client_is_forecast_at_its_own_level() -> None:
    """Not at that of all clients together, of whom only the shape is borrowed."""
    since = NOVEMBER[8:15]
    everybody = shape_of(steady(SUMMER, calls=300), frozenset())
    known = profile(steady(since, calls=5), frozenset(), everybody)
    found = forecast(25.0, known, HALF[1], frozenset())
    assert 75 < found.expected < 85 and found.high < 125


def test_month_of_weekends_to_come_ends_lower_than_the_straight_line() -> None:
    seen = steady([*SUMMER, *NOVEMBER[:27]])
    left = NOVEMBER[27:]  # Saturday, Sunday and a Monday
    so_far = sum(seen[day] for day in NOVEMBER[:27])
    found = forecast(so_far, profile(seen, frozenset(), WEEK), left, frozenset())
    assert abs(found.expected - sum(steady(NOVEMBER).values())) < 1
    assert straight_line(so_far, 27, 30) - 210 > 10
    assert found.low <= found.expected <= found.high


def test_straight_line_is_the_mean_of_the_days_that_are_over() -> None:
    assert straight_line(60.0, 15, 31) == 124.0
    assert straight_line(0.0, 0, 31) == 0.0


def test_month_that_is_over_is_what_it_is() -> None:
    found = forecast(200.0, Profile((7.0,) * 8, recent=100.0), [], frozenset())
    assert (found.expected, found.low, found.high) == (200.0, 200.0, 200.0)


def test_busier_month_than_usual_is_expected_to_stay_busier() -> None:
    seen = {**dict.fromkeys(SUMMER, 10.0), **dict.fromkeys(HALF[0], 20.0)}
    found = forecast(300.0, profile(seen, frozenset()), HALF[1], frozenset())
    assert 480 < found.expected < 560


def test_calls_that_have_come_today_are_the_least_that_can_be() -> None:
    found = forecast(10.0, profile(dict.fromkeys(HALF[0], 1.0), frozenset()), NOVEMBER[29:], frozenset())
    assert found.expected == pytest.approx(11, abs=0.1)
    assert found.at_least(14.0) == type(found)(14.0, 14.0, 14.0, 14.0)


def test_ends_of_the_band_are_whole_calls_within_it() -> None:
    known = profile(dict.fromkeys(HALF[0], 3.0), frozenset())
    found, exact = (
        forecast(45.0, known, HALF[1], frozenset()),
        forecast_of_amount(45.0, known, HALF[1], frozenset(), lengths=0.0),
    )
    assert exact.low <= found.low < exact.low + 1 and exact.high - 1 < found.high <= exact.high
    assert found.low == int(found.low) and found.high == int(found.high)


def test_rare_calls_have_a_band_that_begins_at_those_so_far() -> None:
    seen = dict.fromkeys(SUMMER, 0.0) | {date(2026, 10, 30): 1.0}
    found = forecast(1.0, profile(seen, frozenset()), HALF[1], frozenset())
    assert found.low == 1 and 1 <= found.high <= 3


def test_what_grows_with_calls_has_a_wider_band_than_calls() -> None:
    known = profile(dict.fromkeys(HALF[0], 5.0), frozenset())
    calls, amount = forecast(75.0, known, HALF[1], frozenset()), forecast_of_amount(75.0, known, HALF[1], frozenset())
    assert amount.expected == calls.expected
    assert amount.low < calls.low and calls.high < amount.high


def test_course_climbs_to_the_end_of_the_month() -> None:
    known = profile(steady([*SUMMER, *HALF[0]]), frozenset(), WEEK)
    found = list(course(100.0, known, HALF[1], frozenset()))
    ends = [made.expected for _day, made in found]
    assert [day for day, _made in found] == HALF[1]
    assert ends == sorted(ends)
    assert ends[-1] == forecast_of_amount(100.0, known, HALF[1], frozenset()).expected
    assert ends[0] - 100 == pytest.approx(10, abs=0.5)  # the 16th is a Monday


@pytest.mark.parametrize("mean", [2.0, 10.0, 60.0])
def test_band_holds_about_four_months_in_five_however_many_calls(mean: float) -> None:
    """Days scatter more than chance alone would have it, and the level strays from month to month."""
    within, of = 0, 500
    for seed in range(of):
        chance = random.Random(seed)
        level = mean * chance.lognormvariate(0, 0.05)
        seen = {day: poisson(chance, level * chance.lognormvariate(0, 0.2)) for day in [*SUMMER[-90:], *NOVEMBER]}
        known = profile({day: seen[day] for day in [*SUMMER[-90:], *HALF[0]]}, frozenset())
        found = forecast(sum(seen[day] for day in HALF[0]), known, HALF[1], frozenset())
        within += found.low <= sum(seen[day] for day in NOVEMBER) <= found.high
    assert 0.74 < within / of < 0.88


def poisson(chance: random.Random, mean: float) -> float:
    limit, product, count = exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return float(count)

"""How a month will end, from a profile of weekdays and holidays."""

import random
from collections.abc import Iterable
from datetime import date, timedelta

from balie.rules.forecast import HOLIDAY, NOTHING, Profile, forecast, kind_of, profile

CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 26)})


def days(first: date, count: int) -> list[date]:
    return [first + timedelta(days=at) for at in range(count)]


def steady(of: Iterable[date]) -> dict[date, float]:
    """Ten calls on working days, none else."""
    return {day: 10.0 if day.weekday() < 5 else 0.0 for day in of}


def test_holidays_are_days_of_their_own() -> None:
    assert [kind_of(day, CHRISTMAS) for day in days(date(2026, 12, 24), 4)] == [3, HOLIDAY, HOLIDAY, 6]


def test_profile_tells_working_days_from_weekends() -> None:
    known = profile(steady(days(date(2026, 6, 1), 140)), frozenset())
    assert known.means[0] > 9.5 and known.means[6] < 0.3


def test_short_history_leans_on_everybodys_profile() -> None:
    everybody = profile(steady(days(date(2026, 6, 1), 140)), frozenset())
    monday_only = {date(2026, 11, 2): 4.0}
    own = profile(monday_only, frozenset(), everybody)
    assert own.means[6] < 0.2 < 3.0 < own.means[1] < 5.0


def test_no_history_is_everybodys_profile_or_nothing() -> None:
    everybody = Profile((1.0,) * 8)
    assert profile({}, frozenset(), everybody) is everybody
    assert profile({}, frozenset()) is NOTHING


def test_month_of_weekends_to_come_ends_lower_than_the_straight_line() -> None:
    november = days(date(2026, 11, 1), 30)
    known = profile(steady(days(date(2026, 6, 1), 150)), frozenset())
    done, left = november[:27], november[27:]  # Saturday, Sunday and a Monday are left
    found = forecast(sum(steady(done).values()), known, done=done, left=left, holidays=frozenset())
    assert abs(found.expected - sum(steady(november).values())) < 2
    assert found.low <= found.expected <= found.high


def test_month_that_is_over_is_what_it_is() -> None:
    november = days(date(2026, 11, 1), 30)
    found = forecast(200.0, Profile((7.0,) * 8), done=november, left=[], holidays=frozenset())
    assert (found.expected, found.low, found.high) == (200.0, 200.0, 200.0)


def test_busier_month_than_usual_is_expected_to_stay_busier() -> None:
    november = days(date(2026, 11, 1), 30)
    found = forecast(300.0, Profile((10.0,) * 8), done=november[:15], left=november[15:], holidays=frozenset())
    assert 500 < found.expected < 600


def test_band_holds_about_four_months_in_five() -> None:
    chance = random.Random(7)
    november, known, within = days(date(2026, 11, 1), 30), Profile((20.0,) * 8, dispersion=1.0), 0
    for _ in range(400):
        level = chance.gauss(1, 0.06)
        amounts = [max(0.0, chance.gauss(20 * level, 20**0.5)) for _day in november]
        found = forecast(sum(amounts[:15]), known, done=november[:15], left=november[15:], holidays=frozenset())
        within += found.low <= sum(amounts) <= found.high
    assert 0.72 < within / 400 < 0.93

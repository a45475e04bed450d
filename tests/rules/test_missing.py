"""Wilson's interval against published values, and who is marked."""

from math import hypot

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from balie.rules.missing import by_chance, control, is_marked, wilson


@pytest.mark.parametrize(
    ("missing", "calls", "low", "high"),
    [
        # Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I,
        # method 3: Wilson's score interval without continuity correction.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0000),
    ],
)
def test_interval_is_the_published_one(missing: int, calls: int, low: float, high: float) -> None:
    found = wilson(missing, calls)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_difference_of_two_shares_is_the_published_one() -> None:
    """56/70 - 48/80 in Newcombe, Interval estimation for the difference …, Statistics in Medicine 17 (1998), method 10,
    which is made of the two intervals: 0.0524 to 0.3339."""
    first, second = wilson(56, 70), wilson(48, 80)
    low = 0.2 - hypot(first.share - first.low, second.high - second.share)
    high = 0.2 + hypot(first.high - first.share, second.share - second.low)
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


def test_of_no_calls_nothing_is_known() -> None:
    found = wilson(0, 0)
    assert (found.share, found.low, found.high) == (0.0, 0.0, 1.0)


@given(st.integers(1, 10**7).flatmap(lambda calls: st.tuples(st.integers(0, calls), st.just(calls))))
def test_interval_holds_the_share_and_stays_within_0_and_1(counts: tuple[int, int]) -> None:
    missing, calls = counts
    found = wilson(missing, calls)
    other = wilson(calls - missing, calls)
    slack = 1e-12
    assert 0 <= found.low <= found.share + slack <= found.high + 2 * slack <= 1 + 2 * slack
    assert other.low == pytest.approx(1 - found.high, abs=1e-9)


@pytest.mark.parametrize(
    ("missing", "calls", "team", "marked"),
    [
        (30, 30, 0.5, True),
        (29, 29, 0.5, False),  # too few calls, however many are missing
        (6, 30, 0.0950, True),
        (6, 30, 0.0951, False),  # the interval begins at 0.09505
        (0, 30, 0.0, False),
        (0, 300, 0.2, False),  # less than the team is no mark
    ],
)
def test_agent_is_marked(missing: int, calls: int, team: float, marked: bool) -> None:
    assert is_marked(wilson(missing, calls), calls=calls, team=team) == marked


@given(st.integers(1, 3000), st.integers(0, 3000), st.floats(0.001, 0.6))
def test_more_than_chance_makes_of_the_teams_share_is_an_interval_above_it(
    calls: int, missing: int, team: float
) -> None:
    own, (low, high) = wilson(min(missing, calls), calls), by_chance(team, calls)
    assume(abs(own.share - high) > 1e-9)  # exactly on the edge, digits decide
    assert (own.share > high) == (own.low > team) and low <= team <= high


def test_limits_of_a_month_are_those_of_the_published_chart() -> None:
    # NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.3.2: 50 chips a wafer, 0.2313 of them bad.
    held = control(12, 50, usual=0.2313)
    assert (round(held.low, 4), round(held.high, 4), held.side) == (0.0524, 0.4102, 0)
    assert (control(21, 50, usual=0.2313).side, control(2, 50, usual=0.2313).side) == (1, -1)


def test_limits_are_wider_in_a_month_with_fewer_calls_and_never_below_nothing() -> None:
    wide, narrow = control(4, 100, usual=0.04), control(16, 400, usual=0.04)
    assert (round(wide.low, 4), round(wide.high, 4)) == (0.0, 0.0988)
    assert (round(narrow.low, 4), round(narrow.high, 4)) == (0.0106, 0.0694)

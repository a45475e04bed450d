"""What an accepted offer brought: exact, of whole months only."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from balie.rules.gained import Gained, gained

CENTS = st.decimals(min_value=-100_000, max_value=100_000, places=2)


def test_without_a_whole_month_nothing_is_said() -> None:
    assert gained(Decimal("-1.00"), []) is None


def test_months_are_measured_by_an_average_month_before() -> None:
    won = gained(Decimal("-1.00"), [Decimal("40.00"), Decimal("30.00"), Decimal("35.01")])
    assert won == Gained(Decimal("-1.00"), 3, Decimal("105.01"))
    assert (won.average, won.a_month, won.total) == (Fraction(10501, 300), Fraction(10801, 300), Decimal("108.01"))


def test_offer_that_brings_less_than_before_has_lost() -> None:
    won = gained(Decimal("10.00"), [Decimal("4.00")])
    assert won and (won.a_month, won.total) == (Fraction(-6), Decimal("-6.00"))


@given(CENTS, st.lists(CENTS, min_size=1, max_size=40))
def test_total_is_the_average_gain_times_the_months(before: Decimal, margins: list[Decimal]) -> None:
    won = gained(before, margins)
    assert won and won.a_month * won.months == Fraction(won.total)

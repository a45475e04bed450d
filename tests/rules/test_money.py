"""Amounts are exact until they are rounded, halves away from zero."""

from decimal import Decimal
from fractions import Fraction

import pytest

from balie.rules.money import cents_of, rounded


@pytest.mark.parametrize(
    ("exact", "cents", "amount"),
    [
        ("0.005", 2, "0.01"),
        ("-0.005", 2, "-0.01"),
        ("0.0049999999999999999999999999999999", 2, "0.00"),
        ("2.675", 2, "2.68"),
        ("1234.5", 0, "1235.00"),
        ("-1234.5", 0, "-1235.00"),
        ("1234.49", 0, "1234.00"),
        ("12345678901234567890.125", 2, "12345678901234567890.13"),
        ("0", 2, "0.00"),
    ],
)
def test_halves_go_away_from_zero(exact: str, cents: int, amount: str) -> None:
    assert str(rounded(Fraction(exact), cents)) == amount


def test_thirds_are_rounded_once() -> None:
    assert rounded(Fraction(1, 3) * 3) == Decimal("1.00")


def test_currencies_without_cents_round_to_whole_units() -> None:
    assert [cents_of(currency) for currency in ("EUR", "CHF", "JPY", "KRW", "ISK", "TND")] == [2, 2, 0, 0, 0, 2]

"""Amounts: exact until rounded, in one place, halves away from zero. Pure."""

from decimal import Decimal
from fractions import Fraction

from babel.numbers import get_currency_precision


def cents_of(currency: str) -> int:
    """How many decimals amounts of a currency are rounded to: 2, or 0 where there are no cents."""
    return min(2, int(get_currency_precision(currency)))


def rounded(exact: Fraction, cents: int = 2) -> Decimal:
    """The amount with two decimals, rounded to so many of them, halves away from zero."""
    return quotient(exact.numerator, exact.denominator, cents)


def quotient(numerator: int, denominator: int, cents: int = 2) -> Decimal:
    """The same of a fraction that need not be in its lowest terms; the denominator is positive."""
    whole = (2 * abs(numerator) * 10**cents + denominator) // (2 * denominator)
    return Decimal((-whole if numerator < 0 else whole) * 10 ** (2 - cents)).scaleb(-2)

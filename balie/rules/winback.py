"""Which tariff fits a client that gave notice, and what is kept when it stays. Pure and exact."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from balie.rules.margin import Margin
from balie.rules.money import rounded

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Fit:
    """The same months at one tariff. `reaches`: whether their margin is what is wanted of contracts at it."""

    tariff: int  # id
    made: Margin
    reaches: bool


def best_fit(present: Fit, others: Iterable[Fit]) -> Fit:
    """The tariff at which the client would have paid least, of those that still pay for the work; the present one
    where none is cheaper, the first of equal ones."""
    cheaper = [one for one in others if one.reaches and one.made.revenue < present.made.revenue]
    return min(cheaper, key=lambda one: one.made.revenue, default=present)


def a_year(amount: Decimal | Fraction, months: int, *, cents: int = 2) -> Decimal:
    """What so many months came to, as a year of such months: 300.00 in three months are 1200.00."""
    return rounded(Fraction(amount) * MONTHS_A_YEAR / months, cents)

"""What an accepted offer brought: the months at the new tariff against an average month before. Pure and exact."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Gained:
    """Margins net. `before`: of an average month for which the offer was made; `after`: of all whole months since."""

    before: Decimal
    months: int
    after: Decimal

    @property
    def average(self) -> Fraction:
        """The margin of an average month since."""
        return Fraction(self.after) / self.months

    @property
    def a_month(self) -> Fraction:
        """How much more an average month brings than one did before; negative where it brings less."""
        return self.average - Fraction(self.before)

    @property
    def total(self) -> Decimal:
        """How much more all of them brought together."""
        return self.after - self.before * self.months


def gained(before: Decimal, margins: Sequence[Decimal]) -> Gained | None:
    """before: the margin of an average month; margins: of every whole month since. None without such a month."""
    if not margins:
        return None
    return Gained(before, len(margins), sum(margins, Decimal(0)))

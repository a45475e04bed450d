"""What the watch measures a contract by: what its tariff says, else what the operator does. Reads nothing itself."""

from dataclasses import dataclass
from decimal import Decimal

from balie.operator.models import Operator
from balie.tariffs.models import Tariff


@dataclass(frozen=True)
class Yardstick:
    """target_percent: the margin that is wanted; months: how many that are over; step: of fees and limits offered."""

    target_percent: Decimal
    months: int
    step: Decimal


def yardstick(tariff: Tariff, operator: Operator) -> Yardstick:
    """That of contracts at this tariff."""
    target, months, step = tariff.target_margin_percent, tariff.margin_months, tariff.offer_step
    return Yardstick(
        operator.target_margin_percent if target is None else target,
        operator.margin_months if months is None else months,
        operator.offer_step if step is None else step,
    )

"""The lines of a bill and what they are summed to. Each line can say why it is what it is. Pure.

Amounts are Decimal with two places (currencies without cents: .00); quantities are pieces or billed seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from balie.rules.meter import Meter
from balie.rules.tariff import Item, Unit
from balie.rules.why import Why

# The meters of the extra lines, which no item has.
COST_LIMIT = "cost_limit"
MINIMUM_REVENUE = "minimum_revenue"


class Line(NamedTuple):
    """One line of a bill. `position` is the item's; None for the extra lines, whose title is empty.

    quantity     pieces, or billed seconds after included ones are taken off; 0 under a reached cost limit
    price        per `unit`, as written; of the first step
    for_month    the first day of the month the line is for (of a yearly fee: in which its days begin)
    """

    position: int | None
    meter: Meter | str
    quantity: int
    unit: Unit
    price: str
    amount: Decimal
    vat_percent: Decimal
    for_month: date
    why: Why
    title: Mapping[str, str] = MappingProxyType({})
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class LimitState:
    """How a tariff's cost limit stands: `sum` is S; `reached`: S > limit; `task`: S beyond the tolerance too."""

    limit: Decimal
    sum: Decimal
    reached: bool
    task: bool


@dataclass(frozen=True, slots=True)
class Priced:
    """One contract's part of a bill. `limit` is there whenever the tariff has one."""

    contract: int
    service: str
    tariff: str
    since: date | None
    lines: tuple[Line, ...]
    limit: LimitState | None

    @property
    def net(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class VatPart:
    """The net sum at one rate and its VAT."""

    percent: Decimal
    net: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """What a bill comes to; `rates` from the lowest."""

    net: Decimal
    vat: Decimal
    gross: Decimal
    rates: tuple[VatPart, ...]

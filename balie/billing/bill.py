"""What a month costs a client, as pages, exports and the API show it: priced now, or frozen. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from balie.accounts.models import Client
from balie.rules.period import Period
from balie.rules.tariff import Version
from balie.rules.terms import Quantity
from balie.rules.why import Why, plain


@dataclass(frozen=True)
class BillLine:
    """One line of a bill. `amount` is rounded already; `quantity` are pieces, or billed seconds after included ones.

    position: of the item in its tariff, from 0; None for what belongs to no item (limit, minimum).
    for_month: the month a fee is for; of usage the month it happened in.
    correction_of: the closed month that this line corrects (rating.md 18), else None.
    reason: why this amount, where it was priced now; `told` and `said` where it was kept or put together.
    """

    item: str  # the title in the client's language
    meter: str
    quantity: int
    unit: str  # piece, minute (quantity in seconds), second
    price: str  # as given; empty where there is none
    amount: Decimal
    vat_percent: Decimal
    reason: Why | None = None
    said: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    position: int | None = None
    for_month: Period | None = None
    correction_of: Period | None = None

    @property
    def why(self) -> str:
        """Why this amount, in English."""
        return self.said or str(self.reason or "")

    @property
    def because(self) -> Mapping[str, Any]:
        """Why this amount, for pages: the parts of balie.rules.why as plain values, what does not apply left out."""
        found: Mapping[str, Any] = plain(self.reason) if self.reason else self.told
        return found


@dataclass(frozen=True)
class LimitState:
    """How a contract stands against its tariff's cost limit: `sum` of the flagged lines, limit and tolerance."""

    limit: Decimal
    sum: Decimal
    reached: bool  # sum above the limit
    task: bool  # sum above the limit and its tolerance


@dataclass(frozen=True)
class Used:
    """What was measured for a part of a bill that is priced now: by the items (positions) of this version."""

    version: Version
    quantities: Mapping[int, Quantity]


@dataclass(frozen=True)
class BilledContract:
    """The part of a bill that comes from one contract."""

    service: str
    tariff: str  # its code
    lines: tuple[BillLine, ...]
    cost_limit: LimitState | None = None
    contract: int | None = None  # its id
    first_day: date | None = None  # of the tariff version
    start: date | None = None  # of the contract
    end: date | None = None
    terms: Mapping[str, Any] = field(default_factory=dict)  # what it was priced by (balie.billing.frozen)
    used: Used | None = None

    @property
    def net(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal("0.00"))


@dataclass(frozen=True)
class VatRate:
    """What is taxed at one rate: net, the tax on it and both."""

    percent: Decimal
    net: Decimal
    vat: Decimal

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat


@dataclass(frozen=True)
class Bill:
    """What one client pays for one month. frozen: when the month was closed; None while it may still change."""

    client: Client
    period: Period
    currency: str
    contracts: tuple[BilledContract, ...]
    net: Decimal
    vat: Decimal
    gross: Decimal
    rates: tuple[VatRate, ...] = ()
    frozen: datetime | None = None

    @property
    def lines(self) -> list[BillLine]:
        return [line for contract in self.contracts for line in contract.lines]

    @property
    def document(self) -> dict[str, Any]:
        """The JSON of `balie price`."""
        return {
            "client": self.client.number,
            "month": str(self.period),
            "currency": self.currency,
            "contracts": [part_document(part) for part in self.contracts],
            "net": written(self.net),
            "vat": written(self.vat),
            "gross": written(self.gross),
        }


@dataclass(frozen=True)
class Expected:
    """What a client must at least expect at the end of a month: the cost summary (product.md 3).

    bill: usage up to `until`, and the fees the client could not escape any more by giving notice today; its lines are
    the detailed summary, these sums (net, they add up to the bill's) the short one:
    usage: what calls and SMS cost so far; fees: of contracts and bookings; limits: what cost limit and minimum revenue
    add; corrections: of closed months.
    """

    bill: Bill
    until: datetime
    usage: Decimal
    fees: Decimal
    limits: Decimal
    corrections: Decimal


def part_document(part: BilledContract) -> dict[str, Any]:
    limit = part.cost_limit
    state = limit and {
        "limit": written(limit.limit),
        "sum": written(limit.sum),
        "reached": limit.reached,
        "task": limit.task,
    }
    lines = [line_document(line) for line in part.lines]
    return {"service": part.service, "tariff": part.tariff, "lines": lines, "cost_limit": state}


def line_document(line: BillLine) -> dict[str, Any]:
    """One line. `for`: the month it is for; `correction_of` only where it corrects a closed month."""
    document: dict[str, Any] = {
        "item": line.item,
        "meter": line.meter,
        "quantity": line.quantity,
        "unit": line.unit,
        "price": line.price,
        "amount": written(line.amount),
        "why": line.why,
        "vat_percent": f"{line.vat_percent.normalize():f}",
    }
    if line.for_month:
        document["for"] = str(line.for_month)
    if line.correction_of:
        document["correction_of"] = str(line.correction_of)
    return document


def written(amount: Decimal) -> str:
    """An amount as every export writes it: with two decimals."""
    return f"{amount:.2f}"

"""What clients earned and cost as files: JSON for programs, CSV and XLSX with one row a client."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from balie.controlling.ranking import Figures, total
from balie.rules.period import Period
from balie.statements.exports.sheet import Sheet

SHEET = Sheet(
    "margins",
    {
        "client": ("text", 10),
        "name": ("text", 34),
        "from": ("text", 9),
        "to": ("text", 9),
        "currency": ("text", 9),
        "revenue": ("money", 12),
        "cost": ("money", 12),
        "margin": ("money", 12),
        "margin_percent": ("money", 15),
        "fixed_costs": ("money", 12),
        "after_fixed_costs": ("money", 17),
        "handled_seconds": ("duration", 16),
        "revenue_per_minute": ("money", 19),
        "price_missing": ("text", 14),
        "uneconomical": ("text", 13),
    },
)
Row = tuple[str, str, Figures, bool]  # number, name, figures, whether a task says that it does not pay


def margins_file(rows: Sequence[Row], format: str, *, first: Period, last: Period, currency: str) -> bytes:
    """The rows in their order; below them, in a sheet, their sums. Refused for a format there is not."""
    every = total(row[2] for row in rows)
    sums = {
        "revenue": every.revenue,
        "cost": every.cost,
        "margin": every.margin,
        "fixed_costs": every.fixed,
        "after_fixed_costs": every.left,
        "handled_seconds": every.handling,
    }
    return SHEET.file([document(row, first, last, currency) for row in rows], format, sums=sums)


def document(row: Row, first: Period, last: Period, currency: str) -> dict[str, Any]:
    """One client: amounts as strings with two decimals; null where there is nothing to divide by."""
    client, name, figures, uneconomical = row
    return {
        "client": client,
        "name": name,
        "from": str(first),
        "to": str(last),
        "currency": currency,
        "revenue": f"{figures.revenue:.2f}",
        "cost": f"{figures.cost:.2f}",
        "margin": f"{figures.margin:.2f}",
        "margin_percent": optional(figures.percent),
        "fixed_costs": f"{figures.fixed:.2f}",
        "after_fixed_costs": f"{figures.left:.2f}",
        "handled_seconds": figures.handling,
        "revenue_per_minute": optional(figures.per_minute),
        "price_missing": bool(figures.unpriced),
        "uneconomical": uneconomical,
    }


def optional(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"

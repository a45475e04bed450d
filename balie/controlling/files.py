"""What clients earned and cost as files: JSON for programs, CSV and XLSX with one row a client."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from balie.controlling.ranking import Figures, total
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.statements.exports import csv, json, xlsx

FORMATS = ("json", "csv", "xlsx")
COLUMNS = {
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
}
SUMMED = ("revenue", "cost", "margin", "fixed_costs", "after_fixed_costs")
Row = tuple[str, str, Figures, bool]  # number, name, figures, whether a task says that it does not pay


def margins_file(rows: Sequence[Row], format: str, *, first: Period, last: Period, currency: str) -> bytes:
    """The rows in their order. Refused for a format there is not."""
    if format not in FORMATS:
        raise Refused("bad_format", f"There is no format {format!r}; there are {', '.join(FORMATS)}.", "format")
    documents = [document(row, first, last, currency) for row in rows]
    if format == "json":
        return json.file_of(documents)
    cells = [tuple(told(name, value) for name, value in one.items()) for one in documents]
    if format == "csv":
        return csv.file_of_rows(tuple(COLUMNS), cells)
    every = total(row[2] for row in rows)
    sums: dict[str, tuple[str, Any]] = {"client": ("text", "total"), "handled_seconds": ("duration", every.handling)}
    summed = document(("", "", every, False), first, last, currency)
    sums |= {name: ("money", Decimal(summed[name])) for name in SUMMED}
    numbers = (tuple(number(name, one[name]) for name in COLUMNS) for one in documents)
    return xlsx.file_of_rows("margins", tuple(COLUMNS), COLUMNS, numbers, sums)


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


def told(name: str, value: Any) -> Any:
    """A cell of CSV. An amount below nothing is a number and no formula."""
    if isinstance(value, bool):
        return "true" if value else ""
    if value and COLUMNS[name][0] == "money":
        return Decimal(value)
    return "" if value is None else value


def number(name: str, value: Any) -> Any:
    """A cell of XLSX: amounts as numbers, what there is not as an empty cell."""
    if COLUMNS[name][0] == "money":
        return None if value is None else Decimal(value)
    return told(name, value)

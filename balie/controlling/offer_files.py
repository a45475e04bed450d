"""Offers and what became of them as files: JSON for programs, CSV and XLSX with one row an offer."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from balie.controlling.outcomes import Outcome
from balie.rules.errors import Refused
from balie.statements.exports import csv, json, xlsx

FORMATS = ("json", "csv", "xlsx")
COLUMNS = {
    "client": ("text", 10),
    "name": ("text", 34),
    "service": ("text", 11),
    "changes": ("text", 11),
    "fee": ("money", 10),
    "code": ("text", 18),
    "state": ("text", 10),
    "made": ("text", 26),
    "sent": ("text", 26),
    "to": ("text", 30),
    "accepted": ("text", 26),
    "how": ("text", 6),
    "declined": ("text", 26),
    "reason": ("text", 40),
    "margin_before": ("money", 14),
    "months": ("count", 8),
    "margin_after": ("money", 13),
    "gained": ("money", 12),
}


def offers_file(found: Sequence[Outcome], format: str) -> bytes:
    """The offers in their order; below them, in a sheet, what was gained in all. Refused for a format there is not."""
    if format not in FORMATS:
        raise Refused("bad_format", f"There is no format {format!r}; there are {', '.join(FORMATS)}.", "format")
    documents = [one.document() for one in found]
    if format == "json":
        return json.file_of(documents)
    rows = [tuple(cell(name, one[name]) for name in COLUMNS) for one in documents]
    if format == "csv":
        return csv.file_of_rows(tuple(COLUMNS), rows)
    every = sum((one.gained.total for one in found if one.gained), Decimal(0))
    sums: dict[str, tuple[str, Any]] = {"client": ("text", "total"), "gained": ("money", every)}
    return xlsx.file_of_rows("offers", tuple(COLUMNS), COLUMNS, rows, sums)


def cell(name: str, value: Any) -> Any:
    """Amounts as numbers, so that one below nothing is no formula; what there is not as an empty cell."""
    if COLUMNS[name][0] == "text":
        return value or ""
    return Decimal(value) if isinstance(value, str) else value

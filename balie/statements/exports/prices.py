"""Bills as files for billing: JSON as `balie price` prints it, CSV and XLSX with one row a line of a bill."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from balie.billing.bill import Bill, BilledContract, BillLine
from balie.statements.exports import json
from balie.statements.exports.sheet import Sheet

COLUMNS = {
    "client": ("text", 10),
    "name": ("text", 30),
    "month": ("text", 9),
    "currency": ("text", 9),
    "service": ("text", 11),
    "tariff": ("text", 18),
    "item": ("text", 30),
    "meter": ("text", 18),
    "quantity": ("count", 10),
    "unit": ("text", 8),
    "price": ("text", 9),
    "amount": ("money", 12),
    "vat_percent": ("text", 11),
    "for": ("text", 9),
    "correction_of": ("text", 14),
    "why": ("text", 80),
}
SHEET = Sheet("prices", COLUMNS)
FORMATS = SHEET.formats
Cells = tuple[Any, ...]


def prices_file(bills: Sequence[Bill], format: str, *, one: bool) -> bytes:
    """Bills as a file. one: of a single client, whose JSON is no list."""
    if format == "json":
        return json.file_of(bills[0].document if one else [bill.document for bill in bills])
    return SHEET.table(rows(bills), format, sums={"amount": sum((bill.net for bill in bills), Decimal(0))})


def rows(bills: Sequence[Bill]) -> Iterator[Cells]:
    for bill in bills:
        for part in bill.contracts:
            for line in part.lines:
                yield cells(bill, part, line)


def cells(bill: Bill, part: BilledContract, line: BillLine) -> Cells:
    """The cells of COLUMNS. The amount is a number: a credit is no formula."""
    return (
        bill.client.number,
        bill.client.name,
        str(bill.period),
        bill.currency,
        part.service,
        part.tariff,
        line.item,
        line.meter,
        line.quantity,
        line.unit,
        line.price,
        line.amount.quantize(Decimal("0.01")),
        f"{line.vat_percent.normalize():f}",
        str(line.for_month or ""),
        str(line.correction_of or ""),
        line.why,
    )

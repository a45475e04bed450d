"""Reports as XLSX for people: real dates, times and durations, the header frozen, a filter, the sums below.

The names are those of the CSV, so that a formula or a program finds its column. What a file is made of: `book`.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

from balie.statements.exports import book
from balie.statements.exports.table import MONTH, call_cells, month_cells, sms_cells
from balie.statements.queries import CallReport, MonthReport, Row
from balie.statements.sms import SmsReport, SmsRow

# Kind of the cell and width of the column, in characters.
CALL_COLUMNS = {
    "date": ("date", 11),
    "time": ("time", 9),
    "direction": ("text", 11),
    "caller": ("text", 17),
    "agent": ("text", 8),
    "duration": ("duration", 10),
    "type": ("text", 17),
    "service": ("text", 11),
    "callee": ("text", 17),
    "key": ("text", 26),
    "late": ("text", 6),
    "billable": ("text", 8),
}
SMS_COLUMNS = {
    "date": ("date", 11),
    "time": ("time", 10),
    "from": ("text", 17),
    "to": ("text", 17),
    "parts": ("count", 8),
    "late": ("text", 6),
}
MONTH_COLUMNS = {
    name: ("text", 10) if name == "client" else ("text", 34) if name == "name" else ("count", len(name) + 2)
    for name in MONTH
} | {name: ("duration", len(name) + 2) for name in MONTH if name.endswith("_seconds")}


T = TypeVar("T")


class Tally(Generic[T]):
    """Rows as they pass: counted, and one figure of each added up. They pass once."""

    def __init__(self, rows: Iterable[T], figure: Callable[[T], int]) -> None:
        self.rows, self.figure = rows, figure
        self.count = self.total = 0

    def __iter__(self) -> Iterator[T]:
        for row in self.rows:
            self.count, self.total = self.count + 1, self.total + self.figure(row)
            yield row

    def sums(self, counted: str, column: str, kind: str) -> book.Sums:
        """What stands below the rows. counted: the kind of cell that says how many; kind: of the figure's."""
        return {"date": ("text", "total"), "time": (counted, self.count), column: (kind, self.total)}


def calls(report: CallReport) -> bytes:
    """The calls; below them how many there are and their duration. Refused for more than a sheet holds."""
    book.check_rows(len(report.rows))
    return b"".join(call_parts(report.rows, report.client.number))


def call_parts(rows: Iterable[Row], title: str) -> Iterator[bytes]:
    """The same part by part, while the calls are read."""
    tally = Tally(rows, lambda row: row.duration)
    # A date and a time as Excel counts them come from the start itself, not from the texts of the CSV.
    cells = ((row.start, row.start.time(), *call_cells(row)[2:]) for row in tally)
    return book.parts(title, CALL_COLUMNS, cells, lambda: tally.sums("calls", "duration", "duration"))


def month(report: MonthReport) -> bytes:
    """One row a client; below them the sums."""
    rows = [month_cells(line) for line in report.lines]
    sums: dict[str, tuple[str, Any]] = {"client": ("text", "total")}
    for place, name in enumerate(MONTH[2:], start=2):
        sums[name] = (MONTH_COLUMNS[name][0], sum(int(row[place]) for row in rows))
    return b"".join(book.parts(str(report.period), MONTH_COLUMNS, rows, lambda: sums))


def sms(report: SmsReport) -> bytes:
    """The SMS; below them how many there are and their parts. Refused for more than a sheet holds."""
    book.check_rows(len(report.rows))
    return b"".join(sms_parts(report.rows, report.client.number))


def sms_parts(rows: Iterable[SmsRow], title: str) -> Iterator[bytes]:
    """The same part by part, while the SMS are read."""
    tally = Tally(rows, lambda row: row.parts)
    cells = ((row.sent_at, row.sent_at.time(), *sms_cells(row)[2:]) for row in tally)
    return book.parts(title, SMS_COLUMNS, cells, lambda: tally.sums("messages", "parts", "count"))

"""Reports as XLSX for people: real dates, times and durations, the header frozen, a filter, the sums below.

Row by row in constant memory. The names are those of the CSV, so that a formula or a program finds its column.
"""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from balie.rules.errors import Refused
from balie.statements.exports.cells import harmless
from balie.statements.exports.table import CALLS, MONTH, SMS, call_cells, month_cells, sms_cells
from balie.statements.queries import CallReport, MonthReport
from balie.statements.sms import SmsReport

DAY = 86400  # a duration is a part of a day
MOST_ROWS = 1_048_576 - 2  # of a sheet, without header and sums
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}
FORMATS: dict[str, dict[str, Any]] = {
    "text": {"num_format": "@"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
    "time": {"num_format": "hh:mm:ss", "align": "left"},
    "duration": {"num_format": "[h]:mm:ss"},
    "count": {"num_format": "#,##0"},
    "money": {"num_format": "#,##0.00"},
    "share": {"num_format": "0.0 %"},
    "calls": {"num_format": '#,##0 "calls"', "align": "left"},
    "messages": {"num_format": '#,##0 "SMS"', "align": "left"},
}
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
Column = tuple[str, int]
NOTHING = ("", None)


def calls(report: CallReport) -> bytes:
    """The calls; below them how many there are and their duration."""
    if len(report.rows) > MOST_ROWS:
        said = _("A sheet holds %(most)s calls; this month has more. Take csv.") % {"most": MOST_ROWS}
        raise Refused("too_many_rows", said, "format")
    # A date and a time as Excel counts them come from the start itself, not from the texts of the CSV.
    rows = ((row.start, row.start.time(), *call_cells(row)[2:]) for row in report.rows)
    sums = {"date": ("text", "total"), "time": ("calls", len(report.rows)), "duration": ("duration", _talk(report))}
    return file_of_rows(report.client.number, CALLS, CALL_COLUMNS, rows, sums)


def _talk(report: CallReport) -> int:
    return sum(row.duration for row in report.rows)


def month(report: MonthReport) -> bytes:
    """One row a client; below them the sums."""
    rows = [month_cells(line) for line in report.lines]
    sums: dict[str, tuple[str, Any]] = {"client": ("text", "total")}
    for place, name in enumerate(MONTH[2:], start=2):
        sums[name] = (MONTH_COLUMNS[name][0], sum(int(row[place]) for row in rows))
    return file_of_rows(str(report.period), MONTH, MONTH_COLUMNS, rows, sums)


def sms(report: SmsReport) -> bytes:
    """The SMS; below them how many there are and their parts."""
    if len(report.rows) > MOST_ROWS:
        said = _("A sheet holds %(most)s SMS; this month has more. Take csv.") % {"most": MOST_ROWS}
        raise Refused("too_many_rows", said, "format")
    rows = ((row.sent_at, row.sent_at.time(), *sms_cells(row)[2:]) for row in report.rows)
    sums = {"date": ("text", "total"), "time": ("messages", len(report.rows)), "parts": ("count", report.parts)}
    return file_of_rows(report.client.number, SMS, SMS_COLUMNS, rows, sums)


def file_of_rows(
    title: str,
    header: Sequence[str],
    columns: dict[str, Column],
    rows: Iterable[Sequence[Any]],
    sums: dict[str, tuple[str, Any]],
) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    book.set_properties({"title": title})
    plain = {kind: book.add_format(look) for kind, look in FORMATS.items()}
    bold = {kind: book.add_format(look | {"bold": True, "top": 1}) for kind, look in FORMATS.items()}
    head = book.add_format({"bold": True, "bottom": 1})
    sheet = book.add_worksheet("balie")
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    for place, name in enumerate(header):
        kind, width = columns[name]
        sheet.set_column(place, place, width, plain[kind])  # also of cells that have nothing
        sheet.write_string(0, place, name, head)
    last, kinds = 0, [columns[name][0] for name in header]
    for last, row in enumerate(rows, start=1):
        for place, (kind, cell) in enumerate(zip(kinds, row, strict=True)):
            if cell not in NOTHING:
                _write(sheet, last, place, kind, cell, plain)
    sheet.autofilter(0, 0, last, len(header) - 1)
    for place, name in enumerate(header):
        kind, cell = sums.get(name, ("text", ""))
        _write(sheet, last + 1, place, kind, cell, bold)
    book.close()
    return out.getvalue()


def _write(sheet: Worksheet, row: int, place: int, kind: str, cell: Any, looks: dict[str, Any]) -> None:
    if kind in ("date", "time"):
        sheet.write_datetime(row, place, cell.replace(tzinfo=None) if kind == "time" else cell.date(), looks[kind])
    elif kind == "duration":
        sheet.write_number(row, place, cell / DAY, looks[kind])
    elif kind in ("count", "calls", "messages", "money", "share") and cell is not None:
        sheet.write_number(row, place, cell, looks[kind])
    elif cell:
        sheet.write_string(row, place, harmless(cell), looks[kind])
    else:
        sheet.write_blank(row, place, None, looks[kind])

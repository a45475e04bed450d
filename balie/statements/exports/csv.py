"""Reports as CSV for programs: UTF-8 without a mark, commas, quotes where needed, CRLF (RFC 4180), the JSON's names.

People get XLSX: a Dutch or German Excel opens commas in one column, and semicolons would break everybody else.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from balie.statements.exports.cells import ROWS, batched, harmless
from balie.statements.exports.table import CALLS, MONTH, SMS, call_cells, month_cells, sms_cells
from balie.statements.queries import CallReport, MonthReport
from balie.statements.sms import SmsReport


def calls(report: CallReport) -> bytes:
    return file_of_rows(CALLS, (call_cells(row) for row in report.rows))


def month(report: MonthReport) -> bytes:
    return file_of_rows(MONTH, (month_cells(line) for line in report.lines))


def sms(report: SmsReport) -> bytes:
    return file_of_rows(SMS, (sms_cells(row) for row in report.rows))


def file_of_rows(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    return b"".join(parts_of_rows(header, rows))


def parts_of_rows(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The same file part by part: however long it is, its beginning comes at once and nothing waits in memory."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    harmless_rows = ([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    for some in batched(harmless_rows, ROWS):
        writer.writerows(some)
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()
    yield out.getvalue().encode()  # the header, where there are no rows

"""Reports as CSV for programs: UTF-8 without a mark, commas, quotes where needed, CRLF (RFC 4180), the JSON's names.

People get XLSX: a Dutch or German Excel opens commas in one column, and semicolons would break everybody else.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from balie.statements.exports.cells import ROWS, batched, harmless
from balie.statements.exports.table import CALLS, MONTH, SMS, call_cells, month_cells, sms_cells
from balie.statements.queries import CallReport, MonthReport, Row
from balie.statements.sms import SmsReport, SmsRow


def calls(report: CallReport) -> bytes:
    return b"".join(call_parts(report.rows))


def call_parts(rows: Iterable[Row], title: str = "") -> Iterator[bytes]:
    """The same part by part. title: of a sheet only."""
    return parts_of_rows(CALLS, map(call_cells, rows))


def month(report: MonthReport) -> bytes:
    return file_of_rows(MONTH, (month_cells(line) for line in report.lines))


def sms(report: SmsReport) -> bytes:
    return b"".join(sms_parts(report.rows))


def sms_parts(rows: Iterable[SmsRow], title: str = "") -> Iterator[bytes]:
    """The same part by part."""
    return parts_of_rows(SMS, map(sms_cells, rows))


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

"""Reports as CSV for programs: UTF-8 without a mark, commas, quotes where needed, CRLF (RFC 4180), the JSON's names.

People get XLSX: a Dutch or German Excel opens commas in one column, and semicolons would break everybody else.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from balie.statements.exports.cells import harmless
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
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue().encode()

"""Reports as files, one module a format. Every format takes its rows and sums from the same report."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from importlib import import_module
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.calls.queries import CallFilter, clients_calls, closed_months
from balie.messages.queries import SmsFilter, clients_messages
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.statements.exports.cells import ROWS
from balie.statements.queries import CallReport, MonthReport, Row, call_report, call_rows, statement_pdf
from balie.statements.sms import SmsReport, SmsRow, sms_report, sms_rows

MEDIA_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}

Report = CallReport | MonthReport | SmsReport
# What a report is called, in its file's name and in each format's module.
KINDS: dict[type[Report], str] = {CallReport: "calls", MonthReport: "month", SmsReport: "sms"}
MODULES: dict[tuple[type[Report], str], str] = {(SmsReport, "pdf"): "sms_pdf"}


def calls_file(
    client: Client,
    period: Period,
    format: str,
    *,
    now: datetime,
    revision: int | None = None,
    wanted: CallFilter | None = None,
    order: str = "start",
) -> bytes:
    """A client's calls of a month in one of the four formats, numbers hidden as the client's privacy says.

    As PDF a closed month is the kept statement, the newest revision unless told which; a running month, or a part of
    the calls (`wanted`), is set now. Refused for a revision that does not exist.
    """
    check_format(format)
    if revision is not None and (format != "pdf" or wanted):
        said = _("Only whole statements have revisions, and they are PDF files.")
        raise Refused("no_revision", said, "revision")
    if format == "pdf" and not wanted and (revision is not None or period.key in closed_months()):
        return statement_pdf(client, period, revision)
    return file_of(call_report(client, period, wanted=wanted, order=order), format, now=now)


def calls_parts(
    client: Client,
    period: Period,
    format: str,
    *,
    now: datetime,
    wanted: CallFilter | None = None,
    order: str = "start",
) -> Iterator[bytes]:
    """The same part by part, for who sends it on: the first at once, and never all of it in memory.

    A PDF is one part. Refused at once, as above, and for a sheet of more calls than it holds.
    """
    check_format(format)
    if format == "pdf":
        return iter([calls_file(client, period, format, now=now, wanted=wanted, order=order)])

    def rows() -> Iterator[Row]:
        return call_rows(client, period, wanted=wanted, order=order, at_once=ROWS)

    if format == "xlsx":
        check_rows(clients_calls(client, period), rows)
    parts: Iterator[bytes] = import_module(f"{__name__}.{format}").call_parts(rows(), client.number)
    return parts


def sms_parts(
    client: Client, period: Period, format: str, *, now: datetime, wanted: SmsFilter | None = None
) -> Iterator[bytes]:
    """A client's SMS of a month, likewise."""
    check_format(format)
    if format == "pdf":
        return iter([file_of(sms_report(client, period, wanted=wanted), format, now=now)])

    def rows() -> Iterator[SmsRow]:
        return sms_rows(client, period, wanted=wanted, at_once=ROWS)

    if format == "xlsx":
        check_rows(clients_messages(client, period), rows)
    parts: Iterator[bytes] = import_module(f"{__name__}.{format}").sms_parts(rows(), client.number)
    return parts


def check_rows(whole: QuerySet[Any], rows: Callable[[], Iterable[Any]]) -> None:
    """Refused where a sheet does not hold the rows. They are counted only where the whole list is too long for it."""
    from balie.statements.exports import book  # XlsxWriter waits until somebody wants it

    if whole.count() > book.MOST_ROWS:
        book.check_rows(sum(1 for _row in rows()))


def file_of(report: Report, format: str, *, now: datetime) -> bytes:
    """A report as a file. A PDF says when it was made (`now`); the others do not."""
    check_format(format)
    # typst and XlsxWriter wait until somebody wants them
    module = import_module(f"{__name__}.{MODULES.get((type(report), format), format)}")
    written: Callable[..., bytes] = getattr(module, KINDS[type(report)])
    return written(report, now=now) if format == "pdf" else written(report)


def check_format(format: str) -> None:
    if format not in MEDIA_TYPES:
        said = _("There is no format %(format)s; there are %(known)s.")
        raise Refused("bad_format", said % {"format": repr(format), "known": ", ".join(MEDIA_TYPES)}, "format")


def file_name(report: Report, format: str) -> str:
    """calls-1001-2026-11.csv, sms-…, month-2026-11.xlsx: only letters, digits and signs every system takes."""
    if isinstance(report, MonthReport):
        return f"month-{report.period}.{format}"
    number = "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in report.client.number)
    return f"{KINDS[type(report)]}-{number}-{report.period}.{format}"

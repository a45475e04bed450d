"""Reports as JSON, for the command, the API and files: the keys of the public contract."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from balie.calls.queries import MonthLine, Sums
from balie.statements.exports.cells import ROWS, batched
from balie.statements.queries import CallReport, MonthReport, Row
from balie.statements.sms import SmsReport, SmsRow


def calls_document(report: CallReport) -> list[dict[str, Any]]:
    return [call_document(row) for row in report.rows]


def call_document(row: Row) -> dict[str, Any]:
    """One call. `late` (after the month was closed) and `billable` only where they say something."""
    document: dict[str, Any] = {
        "date": row.date,
        "time": row.time,
        "direction": row.direction,
        "caller": row.caller,
        "agent": row.agent,
        "duration": row.duration,
        "type": row.type,
        "service": row.service,
        "callee": row.callee,
        "key": row.key,
    }
    if row.late:
        document["late"] = True
    if not row.billable:
        document["billable"] = False
    return document


def month_document(report: MonthReport) -> dict[str, Any]:
    return {
        "month": str(report.period),
        "clients": [client_document(line) for line in report.lines],
        "unassigned": {"calls": report.unassigned},
    }


def client_document(line: MonthLine) -> dict[str, Any]:
    return {
        "client": line.client.number,
        "name": line.client.name,
        "inbound": _sums(line.inbound) | {"missed": line.inbound.missed},
        "forwarded": _sums(line.forwarded),
        "outbound": _sums(line.outbound),
        "sms": {"parts": line.sms},
    }


def _sums(sums: Sums) -> dict[str, int]:
    return {"calls": sums.calls, "seconds": sums.seconds}


def sms_document(row: SmsRow) -> dict[str, Any]:
    """One SMS. `late` (after the month was closed) only where it says something."""
    document = {"date": row.date, "time": row.time, "from": row.sender, "to": row.recipient, "parts": row.parts}
    return document | ({"late": True} if row.late else {})


def sms(report: SmsReport) -> bytes:
    return b"".join(sms_parts(report.rows))


def sms_parts(rows: Iterable[SmsRow], title: str = "") -> Iterator[bytes]:
    """The same part by part, in their order. title: of a sheet only."""
    return parts_of(map(sms_document, rows))


def calls(report: CallReport) -> bytes:
    return file_of(calls_document(report))


def call_parts(rows: Iterable[Row], title: str = "") -> Iterator[bytes]:
    """The same part by part."""
    return parts_of(map(call_document, rows))


def month(report: MonthReport) -> bytes:
    return file_of(month_document(report))


def parts_of(documents: Iterable[Any]) -> Iterator[bytes]:
    """A list as `file_of` writes it, part by part."""
    between = "["
    for some in batched(documents, ROWS):
        yield (between + ", ".join(json.dumps(one, ensure_ascii=False) for one in some)).encode()
        between = ", "
    yield b"[]\n" if between == "[" else b"]\n"


def file_of(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode() + b"\n"

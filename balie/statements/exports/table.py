"""Reports as rows of cells, for the formats that are tables: the names of the JSON, nested ones joined with `_`."""

from balie.calls.queries import MonthLine
from balie.statements.queries import Row
from balie.statements.sms import SmsRow

CALLS = (
    "date",
    "time",
    "direction",
    "caller",
    "agent",
    "duration",
    "type",
    "service",
    "callee",
    "key",
    "late",
    "billable",
)
MONTH = (
    "client",
    "name",
    "inbound_calls",
    "inbound_seconds",
    "inbound_missed",
    "forwarded_calls",
    "forwarded_seconds",
    "outbound_calls",
    "outbound_seconds",
    "sms_parts",
)

SMS = ("date", "time", "from", "to", "parts", "late")


def call_cells(row: Row) -> tuple[str | int, ...]:
    """The cells of CALLS; `late` and `billable` are empty where the JSON leaves them out."""
    return (
        row.date,
        row.time,
        row.direction,
        row.caller,
        row.agent,
        row.duration,
        row.type,
        row.service,
        row.callee,
        row.key,
        "true" if row.late else "",
        "" if row.billable else "false",
    )


def month_cells(line: MonthLine) -> tuple[str | int, ...]:
    """The cells of MONTH."""
    inbound, forwarded, outbound = line.inbound, line.forwarded, line.outbound
    return (
        line.client.number,
        line.client.name,
        inbound.calls,
        inbound.seconds,
        inbound.missed,
        forwarded.calls,
        forwarded.seconds,
        outbound.calls,
        outbound.seconds,
        line.sms,
    )


def sms_cells(row: SmsRow) -> tuple[str | int, ...]:
    """The cells of SMS; `late` is empty where the JSON leaves it out."""
    return row.date, row.time, row.sender, row.recipient, row.parts, "true" if row.late else ""

"""The recording of a month as a file: JSON and CSV for programs, XLSX and PDF for people."""

from datetime import datetime

from balie.quality.queries import recording_document
from balie.rules.period import Period
from balie.statements.exports.sheet import Sheet

FORMATS = ("json", "csv", "xlsx", "pdf")
COLUMNS = {
    "agent": ("text", 8),
    "calls": ("count", 8),
    "notes": ("count", 8),
    "missing": ("count", 9),
    "share": ("share", 8),
    "low": ("share", 8),
    "high": ("share", 8),
    "marked": ("text", 8),
    "incorrect": ("count", 10),
}


def recording_file(period: Period, format: str, *, now: datetime) -> bytes:
    """One row an agent; JSON also says the team's. Shares are fractions. A PDF says when it was made (now).

    Refused for a format there is not.
    """
    if format == "pdf":
        from balie.quality.paper import recording_pdf  # typst waits until somebody wants it

        return recording_pdf(period, now=now)
    sheet = Sheet(f"recording {period}", COLUMNS, FORMATS)
    sheet.check(format)
    document = recording_document(period)
    sums = {"agent": "team"} | {name: document["team"][name] for name in ("calls", "missing", "share")}
    return sheet.file(document["agents"], format, sums=sums, whole=document)

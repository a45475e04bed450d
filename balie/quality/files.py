"""The recording of a month as a file: JSON and CSV for programs, XLSX and PDF for people."""

from datetime import datetime

from balie.quality.queries import recording_document
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.statements.exports import csv, json, xlsx

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
    if format not in FORMATS:
        raise Refused("bad_format", f"There is no format {format!r}; there are {', '.join(FORMATS)}.", "format")
    if format == "pdf":
        from balie.quality.paper import recording_pdf  # typst waits until somebody wants it

        return recording_pdf(period, now=now)
    document = recording_document(period)
    if format == "json":
        return json.file_of(document)
    rows = [[marked(name, agent[name]) for name in COLUMNS] for agent in document["agents"]]
    if format == "csv":
        return csv.file_of_rows(tuple(COLUMNS), rows)
    team = document["team"]
    sums = {"agent": ("text", "team"), "calls": ("count", team["calls"]), "missing": ("count", team["missing"]),
            "share": ("share", team["share"])}  # fmt: skip
    return xlsx.file_of_rows(f"recording {period}", tuple(COLUMNS), COLUMNS, rows, sums)


def marked(name: str, value: object) -> object:
    """Yes as a word, no as an empty cell."""
    return ("true" if value else "") if name == "marked" else value

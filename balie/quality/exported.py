"""Call notes as files: CSV and JSON for programs, XLSX for people; agents by code, times local."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from balie.notes.models import Note
from balie.operator.queries import operator
from balie.rules.call import veil
from balie.statements.exports import json
from balie.statements.exports.sheet import Sheet

MOST = 100_000
COLUMNS = {
    "note": ("text", 9),
    "date": ("date", 11),
    "time": ("time", 9),
    "client": ("text", 9),
    "agent": ("text", 8),
    "call": ("text", 22),
    "caller": ("text", 17),
    "caller_name": ("text", 22),
    "reason": ("text", 26),
    "text": ("text", 60),
    "promised": ("text", 30),
    "outcome": ("text", 11),
    "callback": ("text", 17),
    "email": ("text", 24),
    "urgency": ("text", 9),
    "fields": ("text", 30),
    "version": ("count", 8),
    "read": ("text", 6),
}
SHEET = Sheet("notes", COLUMNS)


def notes_file(notes: Iterable[Note], format: str, *, for_client: bool, apart: bool = True) -> bytes:
    """One row a note. for_client: the caller's number as far as the client's privacy lets it be seen.

    apart: agents have their codes, and notes the key of their call, which says whose it was.

    Refused for a format there is not.
    """
    zone, whole = ZoneInfo(operator().timezone), format == "xlsx"
    rows = ((str(note.pk) if whole else note.pk, *at(note, zone, whole=whole), *cells(note, for_client, apart))
            for note in notes)  # fmt: skip
    if format == "json":
        return json.file_of([dict(zip(COLUMNS, row, strict=True)) for row in rows])
    return SHEET.table(rows, format)


def at(note: Note, zone: ZoneInfo, *, whole: bool) -> tuple[Any, Any]:
    """Day and time: as spreadsheets count them, else as text."""
    local = note.at.astimezone(zone)
    return (local, local.time()) if whole else (f"{local:%Y-%m-%d}", f"{local:%H:%M:%S}")


def cells(note: Note, for_client: bool, apart: bool) -> tuple[Any, ...]:
    caller = veil(note.caller, note.client.hide_numbers) if for_client else note.caller
    agent, call = (note.agent.code, note.call.key if note.call else "") if apart else ("", "")
    fields = "; ".join(f"{name}: {value}" for name, value in note.fields.items() if value)
    return (
        note.client.number, agent, call, caller, note.caller_name, note.reason,
        note.text, note.promised, str(note.outcome), note.callback, note.email, str(note.urgency), fields, note.version,
        "true" if note.read else "",
    )  # fmt: skip

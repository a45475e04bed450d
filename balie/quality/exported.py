"""Call notes as files: CSV and JSON for programs, XLSX for people; agents by code, times local."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from balie.notes.models import Note
from balie.operator.queries import operator
from balie.rules.call import veil
from balie.statements.exports.cells import ROWS
from balie.statements.exports.sheet import Sheet

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


class Facts(NamedTuple):
    """A note as the database has it. For READ, in their order."""

    note: int
    at: datetime
    client: str
    privacy: str
    agent: str
    call: str | None
    caller: str
    caller_name: str
    reason: str
    text: str
    promised: str
    outcome: str
    callback: str
    email: str
    urgency: str
    fields: dict[str, str]
    version: int
    is_read: bool


READ = (
    "pk", "at", "client__number", "client__hide_numbers", "agent__code", "call__key", "caller", "caller_name", "reason",
    "text", "promised", "outcome", "callback", "email", "urgency", "fields", "version", "is_read",
)  # fmt: skip


def notes_file(notes: QuerySet[Note], format: str, *, for_client: bool, apart: bool = True) -> bytes:
    """One row a note. for_client: the caller's number as far as the client's privacy lets it be seen.

    apart: agents have their codes, and notes the key of their call, which says whose it was.

    Refused for a format there is not, and as XLSX for more notes than a sheet holds.
    """
    return b"".join(notes_parts(notes, format, for_client=for_client, apart=apart))


def notes_parts(notes: QuerySet[Note], format: str, *, for_client: bool, apart: bool = True) -> Iterator[bytes]:
    """The same part by part, while they are read. Refused at once, as above."""
    SHEET.check_rows(notes.count, format)
    return SHEET.parts(rows_of(notes, for_client, apart, whole=format == "xlsx"), format)


def rows_of(notes: QuerySet[Note], for_client: bool, apart: bool, *, whole: bool) -> Iterator[tuple[Any, ...]]:
    """One query, read as it goes. whole: times as spreadsheets count them."""
    zone = ZoneInfo(operator().timezone)
    rows = notes.annotate(is_read=ExpressionWrapper(Q(read__isnull=False), BooleanField()))
    for read in rows.values_list(*READ).iterator(ROWS):
        note = Facts(*read)
        yield (str(note.note) if whole else note.note, *at(note, zone, whole=whole), *cells(note, for_client, apart))


def at(note: Facts, zone: ZoneInfo, *, whole: bool) -> tuple[Any, Any]:
    """Day and time: as spreadsheets count them, else as text."""
    local = note.at.astimezone(zone)
    return (local, local.time()) if whole else (f"{local:%Y-%m-%d}", f"{local:%H:%M:%S}")


def cells(note: Facts, for_client: bool, apart: bool) -> tuple[Any, ...]:
    caller = veil(note.caller, note.privacy) if for_client else note.caller
    agent, call = (note.agent, note.call or "") if apart else ("", "")
    fields = "; ".join(f"{name}: {value}" for name, value in note.fields.items() if value) if note.fields else ""
    return (
        note.client, agent, call, caller, note.caller_name, note.reason, note.text, note.promised, note.outcome,
        note.callback, note.email, note.urgency, fields, note.version, "true" if note.is_read else "",
    )  # fmt: skip

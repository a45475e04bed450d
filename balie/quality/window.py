"""The notes and calls of some local days, and of the days on either side: what is looked at together.

Everything is read in a few queries however many there are, as plain rows told apart by ids; what it means is said by
balie.quality.belonging and balie.quality.looking.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from balie.calls.models import Call
from balie.notes.models import Note
from balie.operator.queries import operator
from balie.rules.call import CallType, Direction

DAY = timedelta(days=1)
AT_ONCE = 20_000
OUTBOUND = (CallType.OUTBOUND_FIXED, CallType.OUTBOUND_MOBILE, CallType.OUTBOUND_OTHER)
TALKED = (CallType.ACCEPTED, *OUTBOUND)
NO_FIELDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Window:
    """Local days, both included; `begin` and `end` (not included) are moments in UTC, as those of notes and calls are:
    two of one zone are compared several times as fast."""

    first: date
    last: date
    zone: str

    @property
    def begin(self) -> datetime:
        return datetime.combine(self.first, time(), ZoneInfo(self.zone)).astimezone(UTC)

    @property
    def end(self) -> datetime:
        return datetime.combine(self.last + DAY, time(), ZoneInfo(self.zone)).astimezone(UTC)

    @property
    def wider(self) -> "Window":
        """With the day on either side: a note of one day may belong to a call of the other."""
        return Window(self.first - DAY, self.last + DAY, self.zone)

    def parts(self, days: int) -> Iterator["Window"]:
        """The same days, so many at a time."""
        first = self.first
        while first <= self.last:
            last = min(self.last, first + (days - 1) * DAY)
            yield Window(first, last, self.zone)
            first = last + DAY


def window(first: date, last: date) -> Window:
    """These local days of the operator."""
    return Window(first, last, operator().timezone)


class CallRow(NamedTuple):
    """A call that a note can be about. handled: it is one of those that have a handling time (rating 7)."""

    pk: int
    source: int
    key: str
    client: int | None
    agent: int | None
    start: datetime
    end: datetime
    talk: int
    handling: int
    inbound: bool
    handled: bool
    caller: str


CALL = ("pk", "source_id", "key", "client_id", "agent_id", "ring", "talk", "handling", "direction", "type", "caller")


def as_text(column: str) -> Cast:
    """A moment or JSON as text: read here, it takes a fifth of the time of Django's ways."""
    return Cast(column, TextField())


def moment(text: str) -> datetime:
    """As the databases write one: PostgreSQL with +00 at its end, SQLite without; both mean UTC."""
    return datetime.fromisoformat(text if text[-3] == "+" else text + "+00:00")


def call_rows(calls: QuerySet[Call]) -> dict[int, CallRow]:
    """By id."""
    found, talked, second = {}, frozenset(map(str, TALKED)), timedelta(seconds=1)
    rows = calls.order_by().values_list(*CALL, as_text("start")).iterator(chunk_size=AT_ONCE)
    for pk, source, key, client, agent, ring, talk, handling, direction, type, caller, at in rows:
        start = moment(at)
        end, handled = start + (ring + talk) * second, talk > 0 and type in talked
        inbound = direction == Direction.INBOUND
        found[pk] = CallRow(pk, source, key, client, agent, start, end, talk, handling, inbound, handled, caller)
    return found


def calls_in(window: Window) -> dict[int, CallRow]:
    """Calls an agent talked in, by id: accepted inbound ones, and those on behalf of a client. From a day before on."""
    rows = Call.objects.filter(start__gte=window.begin - DAY, start__lt=window.end)
    return call_rows(rows.filter(type__in=TALKED))


class NoteRow(NamedTuple):
    """A note as it is looked at."""

    at: datetime
    received: datetime
    fields: Mapping[str, str]
    pk: int
    client_id: int
    agent_id: int
    call_id: int | None
    given: str
    version: int
    text: str
    outcome: str
    callback: str
    email: str
    caller: str
    caller_name: str
    reason: str
    promised: str

    def said(self, name: str) -> str:
        """What stands in a field: one of the client's own, or one that every note has."""
        if name in self.fields:
            return str(self.fields[name])
        return str(getattr(self, name)) if name in STANDARD else ""


STANDARD = ("caller", "caller_name", "reason", "promised", "email", "callback", "text")


def notes_in(window: Window) -> list[NoteRow]:
    """Notes by their first submission, the earliest first; and those that name a call of these days."""
    at = Q(at__gte=window.begin, at__lt=window.end)
    about = Q(call__start__gte=window.begin, call__start__lt=window.end) & ~Q(given="") & ~at
    found = [*note_rows(Note.objects.filter(at)), *note_rows(Note.objects.filter(about))]
    return sorted(found, key=lambda note: (note.at, note.pk))


def note_rows(notes: QuerySet[Note]) -> Iterator[NoteRow]:
    texts = (as_text("at"), as_text("received"), as_text("fields"))
    rows: QuerySet[Note, tuple[Any, ...]] = notes.order_by().values_list(*texts, *NoteRow._fields[len(texts) :])
    for at, received, fields, *others in rows.iterator(chunk_size=AT_ONCE):
        own = NO_FIELDS if fields == "{}" else json.loads(fields)
        yield NoteRow(moment(at), moment(received), own, *others)


def calls_of(notes: Iterable[NoteRow], known: Mapping[int, CallRow]) -> dict[int, CallRow]:
    """Calls that notes name and that lie outside the days looked at, or are of another kind: by id."""
    wanted = {note.call_id for note in notes if note.call_id and note.given} - set(known)
    return call_rows(Call.objects.filter(pk__in=wanted)) if wanted else {}

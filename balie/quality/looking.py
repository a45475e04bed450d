"""What is wrong with the notes of some days, and which call each belongs to. Reads; balie.quality.actions writes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from balie.operator.queries import operator
from balie.quality.around import Copies, Reach, Surroundings, known_until, names, passed_on, reach
from balie.quality.belonging import Belonging, belong
from balie.quality.models import CheckSetting, RecordingSettings
from balie.quality.window import CallRow, NoteRow, Window, calls_in, calls_of, notes_in
from balie.rules.recording import Finding, Limits, findings

SURE_AFTER = timedelta(days=1)  # call data that is not there by then will not come by itself


class Looked(NamedTuple):
    """One note of the days looked at: the call it is about, and what is wrong."""

    note: NoteRow
    call: CallRow | None
    findings: Sequence[Finding]


@dataclass(frozen=True)
class Look:
    """Some days with their notes and calls (by id), and which belong together; also of the day on either side."""

    days: Window
    notes: Sequence[NoteRow]
    calls: Mapping[int, CallRow]
    belonging: Belonging
    unsure: frozenset[int]
    newest: datetime | None
    settings: RecordingSettings
    now: datetime

    def looked(self) -> Iterator[Looked]:
        """Every note submitted on these days, with its call and what is wrong with it."""
        around, rules = self.surroundings(), limits()
        begin, end = self.days.begin, self.days.end
        for note in self.notes:
            if begin <= note.at < end:
                seen, stands = around.noted(note), around.stands(note, self.knows(note))
                yield Looked(note, self.belonging.calls.get(note.pk), findings(seen, stands, rules))

    def surroundings(self) -> Surroundings:
        wider, zone = self.days.wider, self.days.zone
        reached: Reach = reach(self.notes)
        return Surroundings(
            self.belonging, passed_on(wider), reached, names(), Copies(ZoneInfo(zone)), self.unsure,
            operator().country,
        )  # fmt: skip

    def knows(self, note: NoteRow) -> bool:
        """Whether a call of the note would be there, had there been one: data reaches so far, or a day has passed."""
        until = note.at + timedelta(minutes=self.settings.tolerance)
        return self.now - note.at > SURE_AFTER or (self.newest is not None and until <= self.newest)


def settings() -> RecordingSettings:
    """How recording is watched; the standard where nothing was set."""
    return RecordingSettings.objects.first() or RecordingSettings(id=1)


def limits() -> Limits:
    """The parameters of the checks as they are set."""
    rows = {row.code: row for row in CheckSetting.objects.all()}
    usual = Limits()
    short, late = rows.get("short_text"), rows.get("late_note")
    return Limits(
        shortest=short.parameter if short and short.parameter is not None else usual.shortest,
        late_after=timedelta(minutes=late.parameter) if late and late.parameter is not None else usual.late_after,
        off=frozenset(code for code, row in rows.items() if not row.on),
    )


def look(days: Window, *, now: datetime) -> Look:
    """Reads these days, and brings notes and calls together."""
    notes, calls = notes_in(days.wider), calls_in(days.wider)
    calls |= calls_of(notes, calls)
    newest, set_as = known_until(), settings()
    unsure = frozenset(note.pk for note in notes if not note.given and is_unsure(note, newest, now))
    belonging = belong(notes, calls, tolerance=set_as.tolerance * 60, unsure=unsure)
    return Look(days, notes, calls, belonging, unsure, newest, set_as, now)


def is_unsure(note: NoteRow, newest: datetime | None, now: datetime) -> bool:
    """Whether the call of a note may still come: the phone systems' data does not reach to it yet."""
    return now - note.at <= SURE_AFTER and (newest is None or newest < note.at)

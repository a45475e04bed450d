"""What is wrong with the notes of some days, and which call each is about. Writes nothing; balie.quality.actions does.

First everything is read, then looked at without the database: in another thread, while the database writes what came
of the days before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from balie.operator.queries import operator
from balie.quality.around import Copies, Names, Reach, Surroundings, known_until, names, reach
from balie.quality.belonging import Belonging, belong
from balie.quality.models import CheckSetting, RecordingSettings
from balie.quality.onward import PassedOn, passed_on, put_through
from balie.quality.window import CallRow, NoteRow, Window, calls_in, calls_of, notes_in
from balie.rules.recording import Finding, Limits, Outcome, findings

SURE_AFTER = timedelta(days=1)  # call data that is not there by then will not come by itself
LONGEST_AFTER = timedelta(hours=24)  # a note sent later than this says nothing of how long the call was handled


class Looked(NamedTuple):
    """One note of the days looked at: the call it is about, and what is wrong."""

    note: NoteRow
    call: CallRow | None
    findings: Sequence[Finding]


@dataclass(frozen=True)
class Stand:
    """Some days as the tables have them: notes and calls (by id), also of the day on either side, and all that counts
    for what is wrong with them."""

    days: Window
    now: datetime
    notes: Sequence[NoteRow]
    calls: Mapping[int, CallRow]
    newest: datetime | None
    passed_on: PassedOn
    reach: Reach
    names: Names
    settings: RecordingSettings
    limits: Limits
    region: str

    def knows(self, note: NoteRow) -> bool:
        """Whether a call of the note would be there, had there been one: data reaches so far, or a day has passed."""
        until = note.at + timedelta(minutes=self.settings.tolerance)
        return self.now - note.at > SURE_AFTER or (self.newest is not None and until <= self.newest)

    def is_unsure(self, note: NoteRow) -> bool:
        """Whether the call of a note may still come: the phone systems' data does not reach to it yet."""
        return self.now - note.at <= SURE_AFTER and (self.newest is None or self.newest < note.at)


@dataclass(frozen=True)
class Look:
    """What came of looking: every note submitted on these days, and the seconds of handling of calls (by id) that have
    others than are stored."""

    days: Window
    now: datetime
    looked: Sequence[Looked]
    calls: Mapping[int, CallRow]
    handled: Mapping[int, int]


def stand(days: Window, *, now: datetime) -> Stand:
    """Reads these days. A handful of queries."""
    notes, calls = notes_in(days.wider), calls_in(days.wider)
    calls |= calls_of(notes, calls)
    return Stand(
        days, now, notes, calls, known_until(), passed_on(days.wider), reach(notes), names(), settings(), limits(),
        operator().country,
    )  # fmt: skip


def look(stand: Stand) -> Look:
    """Brings notes and calls together, and says what is wrong. Asks the database nothing."""
    unsure = frozenset(note.pk for note in stand.notes if not note.given and stand.is_unsure(note))
    belonging = belong(stand.notes, stand.calls, tolerance=stand.settings.tolerance * 60, unsure=unsure)
    said = {
        call.pk for note in stand.notes if note.outcome == Outcome.FORWARDED and (call := belonging.calls.get(note.pk))
    }
    through = put_through(stand.passed_on, stand.calls.values(), said)
    copies = Copies(ZoneInfo(stand.days.zone))
    around = Surroundings(belonging, through, stand.reach, stand.names, copies, unsure, stand.region)
    begin, end, looked = stand.days.begin, stand.days.end, []
    for note in stand.notes:
        if begin <= note.at < end:
            seen, stands = around.noted(note), around.stands(note, stand.knows(note))
            looked.append(Looked(note, belonging.calls.get(note.pk), findings(seen, stands, stand.limits)))
    return Look(stand.days, stand.now, looked, stand.calls, handled(stand, belonging))


def handled(stand: Stand, belonging: Belonging) -> dict[int, int]:
    """Seconds of handling (rating 7) of the calls that began on these days, by id: those with another than is stored.

    Notes of the day after count too. Calls of the day before are left alone: not all of their notes are at hand.
    """
    most = timedelta(minutes=stand.settings.most_after)
    first: dict[int, datetime] = {}
    for note in stand.notes:
        if call := belonging.calls.get(note.pk):
            first.setdefault(call.pk, note.at)  # the earliest note comes first
    begin, end, found = stand.days.begin, stand.days.end, {}
    for call in stand.calls.values():
        if call.handled and begin <= call.start < end:
            seconds = handling(call, first.get(call.pk), most)
            if seconds != call.handling:
                found[call.pk] = seconds
    return found


def handling(call: CallRow, first_note: datetime | None, most: timedelta) -> int:
    """From the first ring to the submission of the first note, at most so long after its end; else the talk time."""
    if first_note is None or not call.end <= first_note <= call.end + LONGEST_AFTER:
        return call.talk
    return int((min(first_note, call.end + most) - call.start).total_seconds())


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

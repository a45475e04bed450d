"""Which call each note is about: the one it names, else the one it is matched with. Reads nothing; window.py does."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from balie.quality.window import CallRow, NoteRow
from balie.rules.matching import Moment, Spell, apart, cost, matched

# A note is about an accepted call rather than about one that the agent made, unless it would be a late note then.
MADE_IS_FURTHER = 25 * 60
# And hardly about one that had not begun.
NOT_BEGUN_IS_FURTHER = 30 * 60


@dataclass
class Belonging:
    """Which call each note is about (note's id -> call), and the notes that came second."""

    calls: dict[int, CallRow] = field(default_factory=dict)
    second: set[int] = field(default_factory=set)


Pair = tuple[int, int]  # agent and client, by id


def belong(
    notes: Sequence[NoteRow], calls: Mapping[int, CallRow], *, tolerance: int, unsure: frozenset[int] = frozenset()
) -> Belonging:
    """The calls of these notes, one to one where they name none. tolerance: seconds.

    Of one whose calls nearby all have a note it is a second note of the nearest that had begun, or has none; but not
    while its own call may still come (unsure, by id): then it has none yet.
    """
    found = Belonging()
    for note in notes:
        call = calls.get(note.call_id) if note.given and note.call_id else None
        if call and call.key == note.given:
            found.calls[note.pk] = call
    taken = {call.pk for call in found.calls.values()}
    free = spells(call for call in calls.values() if call.pk not in taken)
    for pair, moments in unsettled(notes, found).items():
        for number, key in matched(
            moments, free.get(pair, ()), tolerance=tolerance, early=NOT_BEGUN_IS_FURTHER
        ).items():
            found.calls[number] = calls[key]
    join_nearest(notes, calls, found, tolerance, unsure)
    mark_second(notes, found)
    return found


def unsettled(notes: Iterable[NoteRow], found: Belonging) -> dict[Pair, list[Moment]]:
    """Notes without a call yet, by agent and client. Those, too, that name a call which is gone."""
    waiting: dict[Pair, list[Moment]] = defaultdict(list)
    for note in notes:
        if note.pk not in found.calls:
            waiting[note.agent_id, note.client_id].append(Moment(note.pk, int(note.at.timestamp())))
    return waiting


def spells(calls: Iterable[CallRow]) -> dict[Pair, list[Spell]]:
    """Calls by agent and client."""
    found: dict[Pair, list[Spell]] = defaultdict(list)
    for call in calls:
        if call.agent is not None and call.client is not None:
            start, end = int(call.start.timestamp()), int(call.end.timestamp())
            extra = 0 if call.inbound else MADE_IS_FURTHER
            found[call.agent, call.client].append(Spell(call.pk, start, end, extra, call.key))
    return found


def join_nearest(
    notes: Sequence[NoteRow],
    calls: Mapping[int, CallRow],
    found: Belonging,
    tolerance: int,
    unsure: frozenset[int],
) -> None:
    """Notes that are one too many go to the nearest call, which has one already.

    Never to one that begins after them: they would come before the note that is about it, and blame that one.
    """
    left = unsettled((note for note in notes if note.pk not in unsure), found)
    if not left:
        return
    everything = spells(call for call in calls.values() if (call.agent, call.client) in left)
    for pair, moments in left.items():
        for moment in moments:
            begun = (one for one in everything.get(pair, ()) if one.start <= moment.at)
            near = [one for one in begun if apart(moment, one) <= tolerance]
            if near:
                nearest = min(near, key=lambda one: (cost(moment, one, early=0), one.start, one.name))
                found.calls[moment.number] = calls[nearest.key]


def mark_second(notes: Iterable[NoteRow], found: Belonging) -> None:
    """Of the notes of one call all but one are second: the first that names it stays, else the first."""
    alone: dict[int, NoteRow] = {}
    several: dict[int, list[NoteRow]] = defaultdict(list)
    for note in notes:
        call = found.calls.get(note.pk)
        if call is not None and (first := alone.setdefault(call.pk, note)) is not note:
            held = several[call.pk]
            held.extend([note] if held else [first, note])
    for held in several.values():
        first = min(held, key=lambda one: (not one.given, one.at, one.pk))
        found.second |= {note.pk for note in held if note.pk != first.pk}

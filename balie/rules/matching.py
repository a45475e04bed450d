"""Which note belongs to which call, where the agent did not say. Pure.

Notes and calls of one agent and client are brought together one to one: as many as possible, and of all ways to do so
the one with the least time between them in all, also where calls overlap; of several such the one with the smallest
squares, which is most even: after two calls the first note is the first call's. Where even these are equal it is
always the same way, whatever the order in which notes and calls came. Times are whole seconds.

Each note in turn takes the call that makes everything cheapest, and notes before it move on to others where that is
cheaper: shortest augmenting paths, as in the Hungarian method. Calls and notes have prices, which keep a search to what
lies around the note. That no pairs need cross holds only for calls of which none lies within another: an agent who puts
one caller on hold has such calls.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import accumulate
from typing import NamedTuple


class Spell(NamedTuple):
    """A call: its key, first and last second; extra: so many seconds further away from every note than it lies.

    name: the order of calls of the same seconds, since keys may be given in the order in which calls came.
    """

    key: int
    start: int
    end: int
    extra: int = 0
    name: str = ""


class Moment(NamedTuple):
    """A note: its number, and the second in which it was submitted."""

    number: int
    at: int


def apart(moment: Moment, spell: Spell) -> int:
    """Seconds between a note and a call; 0 while the call lasts."""
    return max(spell.start - moment.at, moment.at - spell.end, 0)


def cost(moment: Moment, spell: Spell, *, early: int) -> int:
    """How unlikely it is that they belong together, in seconds: those between them, and what else counts against it."""
    return apart(moment, spell) + spell.extra + (early if moment.at < spell.start else 0)


def matched(moments: Sequence[Moment], spells: Sequence[Spell], *, tolerance: int, early: int = 0) -> dict[int, int]:
    """Note -> call, of one agent and client.

    tolerance: most seconds between the two; early: so many seconds further is a call that had not begun yet.
    """
    notes = sorted(moments, key=lambda one: (one.at, one.number))
    calls = sorted(spells, key=lambda one: (one.start, one.end, one.name, one.key))
    pairing = Pairing(nearby(notes, calls, tolerance, early))
    for note in range(len(notes)):
        pairing.place(note)
    taken = enumerate(pairing.call_of)
    return {notes[note].number: calls[call].key for note, call in taken if call is not None}


Near = list[tuple[int, int]]  # cost and place of a call, the cheapest first


def nearby(notes: Sequence[Moment], calls: Sequence[Spell], tolerance: int, early: int) -> list[Near]:
    """Per note the calls within the tolerance. notes, calls: in order of time."""
    most = tolerance + early + max((one.extra for one in calls), default=0)
    # No sum of squares is as much as one second.
    second = 1 + len(notes) * most * most
    starts = [one.start for one in calls]
    until = list(accumulate((one.end for one in calls), max))  # the last second of this call and all before it
    found = []
    for note in notes:
        places = range(bisect_left(until, note.at - tolerance), bisect_right(starts, note.at + tolerance))
        near = []
        for place in places:
            call = calls[place]
            if apart(note, call) <= tolerance:
                away = cost(note, call, early=early)
                near.append((away * second + away * away, place))
        near.sort()
        found.append(near)
    return found


@dataclass
class Pairing:
    """Which call each note has so far (places, None for none) at the least cost, and the prices that show it.

    No call costs a note less than both prices together, and its own exactly as much. To have none costs more than any
    way of having calls.
    """

    near: Sequence[Near]
    call_of: list[int | None] = field(default_factory=list)
    note_of: dict[int, int] = field(default_factory=dict)
    of_notes: list[int] = field(default_factory=list)
    of_calls: dict[int, int] = field(default_factory=dict)  # 0 or less; 0 while it is nobody's
    none: int = 0

    def __post_init__(self) -> None:
        self.call_of = [None] * len(self.near)
        self.of_notes = [0] * len(self.near)
        self.none = 1 + sum(near[-1][0] for near in self.near if near)

    def place(self, note: int) -> None:
        """Gives a note its call, at the least cost of all so far together."""
        near = self.near[note]
        if near and near[0][1] not in self.note_of:
            # Nobody has its nearest: most notes need no search.
            cost, call = near[0]
            self.of_notes[note], self.call_of[note], self.note_of[call] = cost, call, note
            return
        search = Search(self, note)
        search.run()
        search.settle()


@dataclass
class Search:
    """The cheapest way to find a call for one more note: who gives up which call, in a row that ends at a free one.

    Or at a note that has none from then on: `left`.
    """

    pairing: Pairing
    note: int
    reached: dict[int, int] = field(default_factory=dict)  # call -> cost of getting there
    wanted_by: dict[int, int] = field(default_factory=dict)
    queue: list[tuple[int, int]] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    least: int = 0
    free: int | None = None
    left: int = -1

    def run(self) -> None:
        self.least, self.left = self.pairing.none, self.note
        self.look(self.note, 0)
        while self.queue and self.queue[0][0] < self.least:
            cost, call = heappop(self.queue)
            if cost == self.reached[call]:
                self.done.append(call)
                self.look(self.pairing.note_of[call], cost)

    def look(self, note: int, before: int) -> None:
        """What the note could have instead. before: the cost of taking its call away."""
        pairing = self.pairing
        base = before - pairing.of_notes[note]
        if base + pairing.none < self.least:
            self.least, self.free, self.left = base + pairing.none, None, note
        for own, call in pairing.near[note]:
            if base + own >= self.least:
                break  # prices of calls only add to it
            cost = base + own - pairing.of_calls.get(call, 0)
            if cost < min(self.least, self.reached.get(call, self.least)):
                self.reached[call], self.wanted_by[call] = cost, note
                if call in pairing.note_of:
                    heappush(self.queue, (cost, call))
                else:
                    self.least, self.free = cost, call

    def settle(self) -> None:
        """Moves the prices by what was learnt, and the notes to their new calls."""
        pairing = self.pairing
        for call in self.done:
            spared = self.least - self.reached[call]
            pairing.of_calls[call] = pairing.of_calls.get(call, 0) - spared
            pairing.of_notes[pairing.note_of[call]] += spared
        pairing.of_notes[self.note] += self.least
        passed = self.free
        if passed is None:
            passed, pairing.call_of[self.left] = pairing.call_of[self.left], None
        while passed is not None:
            note = self.wanted_by[passed]
            pairing.note_of[passed] = note
            passed, pairing.call_of[note] = pairing.call_of[note], passed

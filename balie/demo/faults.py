"""What goes wrong with notes at De Linde: a few of everything the checks look for, planted where it could happen.

Each fault takes a note that is right and gives what stands there instead, mostly one note, at times two.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from balie.demo.noted import Written
from balie.demo.trades import TRADES
from balie.rules.recording import Outcome

SHARE = 0.017  # of notes something is wrong with
NEVER_MENDED = 0.15  # share of what went wrong long ago that is still there
CARELESS = {"208": 2.2, "212": 1.6}  # agents with more of it
QUIET = ("1017", "1034", "1029", "1031")  # clients with few calls
COLLEAGUE = {"201": "203", "203": "204", "204": "205", "205": "206", "206": "207", "207": "201", "208": "203"}
SHORT = ("Bel terug", "Zie vorige", "Tbv offerte", "Vraagje", "Komt later")
ADDRESSES = ("j.visser@gmail", "info@@post.example", "m.jansen.post.example", "k smit@thuis.example")
NUMBERS = ("", "06 1234", "onbekend", "0205")

Fault = Callable[[Written, Random], Sequence[Written]]


def no_call(note: Written, lot: Random) -> Sequence[Written]:
    """The wrong client was chosen, while it rang: nobody called that one."""
    other = lot.choice([number for number in QUIET if number != note.client])
    return [replace(note, client=other, named=False)]


def other_client(note: Written, lot: Random) -> Sequence[Written]:
    """The wrong client was chosen for this call."""
    others = [number for number in QUIET if number != note.client]
    return [replace(note, client=lot.choice(others), named=True)]


def other_agent(note: Written, lot: Random) -> Sequence[Written]:
    """A colleague wrote it down."""
    return [replace(note, agent=COLLEAGUE.get(note.agent, "203"), named=True)]


def outcome(note: Written, lot: Random) -> Sequence[Written]:
    """It says put through, and nobody was."""
    if note.call.put_through:
        return [note]
    return [replace(note, said=replace(note.said, outcome=Outcome.FORWARDED, callback="", promised=""))]


def callback_number(note: Written, lot: Random) -> Sequence[Written]:
    """No number, or half of one."""
    return [replace(note, said=replace(note.said, outcome=Outcome.CALLBACK, callback=lot.choice(NUMBERS)))]


def bad_email(note: Written, lot: Random) -> Sequence[Written]:
    return [replace(note, said=replace(note.said, email=lot.choice(ADDRESSES)))]


def empty_text(note: Written, lot: Random) -> Sequence[Written]:
    return [replace(note, said=replace(note.said, text=""))]


def short_text(note: Written, lot: Random) -> Sequence[Written]:
    return [replace(note, said=replace(note.said, text=lot.choice(SHORT)))]


def copied_text(note: Written, lot: Random) -> Sequence[Written]:
    """The words of the agent's note before this one are still on the clipboard."""
    return [replace(note, copies=True)]


def late_note(note: Written, lot: Random) -> Sequence[Written]:
    """Written down after the break."""
    return [note.moved(note.call.end + timedelta(minutes=lot.randrange(36, 170)))]


def two_notes(note: Written, lot: Random) -> Sequence[Written]:
    """Something was forgotten, and written as a note of its own."""
    more = replace(
        note.said, text=f"{note.said.reason}: {note.said.caller_name} belde nog iets na, zie eerdere notitie."
    )
    return [note, replace(note, key=f"{note.key}+", said=more, named=True).moved(note.at + timedelta(minutes=4))]


def missing_field(note: Written, lot: Random) -> Sequence[Written]:
    """What the client wants to know was not asked."""
    needed = [one.name for one in TRADES[note.client].fields if one.required]
    return [replace(note, said=replace(note.said, fields=dict.fromkeys(needed, "")))]


def undelivered(note: Written, lot: Random) -> Sequence[Written]:
    """The client's mailbox was full."""
    return [replace(note, lost=True)]


def impossible_times(note: Written, lot: Random) -> Sequence[Written]:
    """The clock of the agent's computer was slow."""
    return [replace(note, at=note.call.start - timedelta(minutes=lot.randrange(11, 50)), named=True)]


FAULTS: tuple[Fault, ...] = (
    no_call, other_client, other_agent, outcome, callback_number, bad_email, empty_text, short_text, copied_text,
    late_note, two_notes, missing_field, undelivered, impossible_times,
)  # fmt: skip
NEEDS_FIELD = frozenset(number for number, trade in TRADES.items() if any(one.required for one in trade.fields))


def gone_wrong(note: Written, lot: Random, *, long_ago: bool) -> Sequence[Written]:
    """The notes that were really taken: mostly this one, as it should be."""
    share = SHARE * NEVER_MENDED if long_ago else SHARE
    if lot.random() >= share * CARELESS.get(note.agent, 1.0):
        return [note]
    fault = lot.choice(FAULTS)
    if fault is missing_field and note.client not in NEEDS_FIELD:
        fault = short_text
    return fault(note, lot)

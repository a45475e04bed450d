"""What became of notes in which something was wrong: they are looked at, agents mend some, the manager says that some
are right as they are."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import fields, replace
from datetime import datetime, timedelta
from random import Random

from balie.accounts.models import Agent
from balie.demo.noted import Talked, number_left, said
from balie.leases import actions as leases
from balie.notes.actions import Said, correct_note
from balie.notes.known import was_passed_on
from balie.notes.models import Note
from balie.operator.actions import Author
from balie.quality.actions import dismiss_finding
from balie.quality.models import Finding, Review
from balie.quality.reviewing import draw_notes, mark_seen, put_review
from balie.rules.period import Period
from balie.rules.recording import Outcome
from balie.worker import recording
from balie.worker.turn import Turn

MANAGER = "Marit de Boer"
MENDED, RIGHT = 0.6, 0.5  # shares of findings that an agent mends, that the manager says are right
REASONS: Mapping[str, tuple[str, ...]] = {
    "late_note": ("Storing van de computers, afgesproken met de klant", "Lang gesprek erna, klant weet ervan"),
    "two_notes": ("Aanvulling op de eerste notitie, hoort zo",),
    "other_agent": ("Overgenomen bij de wisseling van de dienst",),
    "no_call": ("Doorgegeven aan de balie, zonder gesprek",),
    "impossible_times": ("Klok van de werkplek liep achter, is gelijkgezet",),
}
# Score and comment; the last ones have not been read by their agents yet.
REVIEWS = (
    ("5", "Helder, volledig, en meteen een tijd afgesproken. Zo doen."),
    ("4", "Goede notitie. Zet het nummer dat de beller noemt er ook bij."),
    ("2", "Hieruit weet de klant niet wat hij moet doen. Vraag door: waar, sinds wanneer, hoe dringend?"),
    ("4", "Prima. Let op de spelling van de naam, daar wordt op gezocht."),
    ("3", "Klopt, maar er is iets toegezegd dat niet in de instructie staat."),
    ("5", "Mooi rustig gebleven en niets vergeten."),
    ("4", "Goed doorgevraagd."),
    ("3", "Kan korter: eerst wat er moet gebeuren, dan het verhaal."),
)
WAIT_FOR_REVIEW = 3


def check(period: Period, now: datetime) -> None:
    """What the worker does day by day, for a whole month; what was found is mailed at once."""
    recording.check_month(period, now=now)
    recording.tell(now)


def look(now: datetime) -> None:
    """What the worker would look at within the next minutes: days that are not any more as they were."""
    recording.ask(now)
    while row := leases.claim(recording.due(now), now=now, length=recording.LEASE):
        recording.look(row, Turn(row, recording.LEASE))


def mend(period: Period, now: datetime) -> None:
    """Agents mend some notes of a month in which something was found."""
    mended = set()
    for finding in found(period, MENDS, now):
        lot, note = Random(f"{finding.note.key} {finding.code}"), finding.note
        if lot.random() < MENDED and note.version == 1 and note.pk not in mended:
            mended.add(note.pk)
            mend_note(note, finding.code, lot, now)


def dismiss(period: Period, now: datetime) -> None:
    """The manager says that some of what was found in a month is right as it is."""
    for finding in found(period, REASONS, now):
        lot = Random(f"{finding.note.key} {finding.code}")
        if lot.random() < RIGHT:
            dismiss_finding(finding=finding, reason=lot.choice(REASONS[finding.code]), author=Author(MANAGER, now))


def found(period: Period, codes: Collection[str], now: datetime) -> Iterable[Finding]:
    """What of these checks is open of a month."""
    rows = Finding.objects.filter(month=period.key, closed=None, code__in=codes, opened__lte=now).order_by("pk")
    return rows.select_related("note__client", "note__agent", "note__call__client", "note__call__agent")


def mend_note(note: Note, code: str, lot: Random, now: datetime) -> None:
    """The agent writes what should have stood there at once. Nothing where the note's call is not known."""
    call = note.call
    if call is None or call.client is None or call.agent is None:
        return
    seconds, through = call.ring + call.talk, was_passed_on(call)
    talked = Talked(
        call.pk,
        call.source_id,
        call.key,
        call.start,
        seconds,
        call.caller,
        call.client.number,
        call.agent.code,
        through,
    )
    known = Said(**{one.name: getattr(note, one.name) for one in fields(Said)})
    at = min(now, note.at + timedelta(minutes=lot.randrange(40, 900)))
    right = MENDS[code](known, said(talked, lot), number_left(call.caller, lot))
    correct_note(note=note, said=right, version=note.version, author=Author(str(note.agent), at))


def new_text(known: Said, right: Said, number: str) -> Said:
    return replace(known, text=right.text, reason=right.reason)


def new_number(known: Said, right: Said, number: str) -> Said:
    return replace(known, callback=number)


def no_email(known: Said, right: Said, number: str) -> Said:
    return replace(known, email=right.email)


def only_message(known: Said, right: Said, number: str) -> Said:
    return replace(known, outcome=Outcome.MESSAGE)


def all_fields(known: Said, right: Said, number: str) -> Said:
    return replace(known, fields={**known.fields, **right.fields})


MENDS: Mapping[str, Callable[[Said, Said, str], Said]] = {
    "short_text": new_text,
    "empty_text": new_text,
    "copied_text": new_text,
    "callback_number": new_number,
    "bad_email": no_email,
    "outcome": only_message,
    "missing_field": all_fields,
}


def review(period: Period, now: datetime) -> None:
    """The manager looks at some notes of a month; some more were drawn and wait. Done once."""
    if Review.objects.exists():
        return
    lot, author = Random("reviews"), Author(MANAGER, now)
    wanted = len(REVIEWS) + WAIT_FOR_REVIEW
    draw_notes(period=period, wanted=wanted, agent=None, own=None, author=author, chance=lot)
    drawn = list(Review.objects.order_by("pk")[: len(REVIEWS)])
    for place, (one, (score, comment)) in enumerate(zip(drawn, REVIEWS, strict=False)):
        at = now + timedelta(minutes=4 * place + 3)
        put_review(review=one, score=score, comment=comment, known=one.at.isoformat(), author=Author(MANAGER, at))
    for agent in Agent.objects.all():
        mark_seen(agent=agent, reviews=[one.pk for one in drawn[:5]], now=now + timedelta(hours=2))

"""How the desks stand at De Linde when the demo opens: what was begun, what a client has read, and what it says is
wrong."""

from datetime import datetime, timedelta

from balie.accounts.models import Agent, Client
from balie.demo.noted import Talked
from balie.demo.noting import LEFT, LEFT_FOR, LEFT_TO, talked
from balie.demo.people import Person
from balie.notes.actions import keep_draft, mark_all_read
from balie.notes.models import Note
from balie.operator.actions import Author
from balie.quality.complaints import complain
from balie.quality.models import CLIENT_WRONG, Finding

READS, READER = "1001", "Kees Bakker"
READ = timedelta(hours=16)  # ago
COMPLAINT = "Het huisnummer klopt niet: de monteur stond voor een dichte deur. Graag navragen."
COMPLAINED = timedelta(days=3)


def begin_notes(now: datetime) -> None:
    """One agent has begun the notes of two of its last calls, and one without a call."""
    agent = Agent.objects.get(code=LEFT_TO)
    calls = [call for call in talked(now - LEFT_FOR, now) if call.agent == LEFT_TO][-LEFT:]
    for call in calls[1:3]:
        keep(agent, f"call:{call.source}:{call.key}", begun(call), call.end + timedelta(seconds=40))
    keep(
        agent,
        "client:1008:",
        {"client": "1008", "text": "Balie vraagt of we deze week ook de", "outcome": "message"},
        now,
    )


def begun(call: Talked) -> dict[str, str]:
    """What is in the form when the next telephone rings."""
    person = Person(call.client, call.caller, "nl")
    return {
        "caller_name": person.name,
        "caller": call.caller,
        "text": "Belt over de afspraak, kan niet meer op",
        "outcome": "message",
    }


def keep(agent: Agent, place: str, said: dict[str, str], at: datetime) -> None:
    keep_draft(agent=agent, place=place, said=said, author=Author(str(agent), at))


def read_notes(now: datetime) -> None:
    """The client that logs in has read what is not of today, and said once that a note is wrong."""
    client = Client.objects.get(number=READS)
    mark_all_read(client=client, until=now - READ, now=now - READ + timedelta(minutes=5))
    if Finding.objects.filter(client=client, code=CLIENT_WRONG).exists():
        return
    with_address = Note.objects.filter(client=client, at__lt=now - COMPLAINED, text__contains=" aan de ").order_by(
        "-at"
    )
    if note := with_address.first():
        complain(note=note, text=COMPLAINT, author=Author(READER, note.at + timedelta(hours=20)))

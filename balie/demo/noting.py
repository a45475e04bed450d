"""The agents of De Linde write down their calls. Old notes are put in at once; those of the last day are taken and
mailed one by one, as at a desk.

The same calls again give the same notes, which are there already.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db.models import F, Q

from balie.accounts.models import Agent, Client
from balie.calls.models import Call
from balie.demo.faults import gone_wrong
from balie.demo.noted import Talked, Written, written
from balie.leases import actions as leases
from balie.notes.actions import Earlier, take_history, take_note
from balie.notes.models import ExemptCaller, Note
from balie.notifications.models import Mail
from balie.operator.actions import Author
from balie.rules.call import CallType, Direction

MAILED = timedelta(hours=3)  # ago; of older notes the mails are not kept
LOST = timedelta(days=8)  # ago; what could not be delivered before was put right
LONG_AGO = timedelta(days=34)
FULL = "552 5.2.2 Mailbox full"
LEFT, LEFT_TO = 4, "201"  # so many last calls this agent has not written down yet
LEFT_FOR = timedelta(days=2)
SPEAKS = {"direction": Direction.INBOUND, "type": CallType.ACCEPTED}


class Staff:
    """Clients and agents by number and code."""

    def __init__(self) -> None:
        self.clients = {client.number: client for client in Client.objects.all()}
        self.agents = {agent.code: agent for agent in Agent.objects.all()}


def write_down(since: datetime, until: datetime, present: datetime, now: datetime) -> None:
    """Notes of the calls that began within this time and are known, as far as agents got to it by now.

    present: when the demo is built; now: the moment it is told of.
    """
    calls = list(talked(since, until))
    if now >= present:
        calls = without_last(calls, present)
    notes = [note for note in kept(calls, present) if max(note.at, note.received) <= now]
    single = {note.key for note in notes if note.at >= present - (LOST if note.lost else MAILED)}
    staff = Staff()
    take_history([earlier(note, staff) for note in notes if note.key not in single])
    there = set(Note.objects.filter(key__in=single).values_list("key", flat=True))
    for note in notes:
        if note.key in single - there:
            take(note, staff)


def talked(since: datetime, until: datetime) -> Iterator[Talked]:
    """Accepted calls that need a note and have none, in order of time. Three queries."""
    within = Call.objects.filter(start__gte=since, start__lt=until)
    onward = within.filter(direction=Direction.FORWARDED).values_list("key", flat=True)
    put_through = {key.rpartition("/")[0] for key in onward}
    exempt = set(ExemptCaller.objects.values_list("client", "number"))
    rows = within.filter(**SPEAKS, notes=None).exclude(Q(client=None) | Q(agent=None)).order_by("start", "key")
    names = ("pk", "source_id", "key", "start", "seconds", "caller", "client__number", "agent__code", "client_id")
    for *row, client in rows.annotate(seconds=F("ring") + F("talk")).values_list(*names):
        call = Talked._make([*row, row[2] in put_through])
        if (client, call.caller) not in exempt:
            yield call


def without_last(calls: list[Talked], present: datetime) -> list[Talked]:
    """Without the last calls of one agent: they wait at its desk."""
    own = [call for call in calls if call.agent == LEFT_TO and call.start > present - LEFT_FOR]
    left = {call.pk for call in own[-LEFT:]}
    return [call for call in calls if call.pk not in left]


def kept(calls: Iterable[Talked], present: datetime) -> Iterator[Written]:
    """The notes of these calls as they were taken, some with something wrong."""
    last: dict[tuple[str, date], str] = {}
    for call in calls:
        right, lot = written(call)
        long_ago = call.start < present - LONG_AGO
        for note in gone_wrong(right, lot, long_ago=long_ago) if right else ():
            day = (note.agent, note.at.date())
            if note.copies and day in last:
                note = replace(note, said=replace(note.said, text=last[day]))
            last[day] = note.said.text
            yield note


def earlier(note: Written, staff: Staff) -> Earlier:
    call = (note.call.pk, note.call.key) if note.named else None
    client, agent = staff.clients[note.client], staff.agents[note.agent]
    return Earlier(note.key, client, agent, note.said, note.at, note.received, call)


def take(note: Written, staff: Staff) -> None:
    """Takes one note as at a desk; the mail of a lost one is given up."""
    client, agent = staff.clients[note.client], staff.agents[note.agent]
    call = Call.objects.get(pk=note.call.pk) if note.named else None
    author = Author(str(agent), note.received)
    taken = take_note(client=client, agent=agent, said=note.said, call=call, at=note.at, key=note.key, author=author)
    if note.lost:
        for mail in Mail.objects.filter(deliveries__note=taken, deliveries__copy=False, sent=None):
            leases.park(mail, why=FULL, problem=FULL)

"""What an agent of the demo writes down about a call: drawn at random, always the same for the same call."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from balie.demo.customers import CUSTOMERS, Customer
from balie.demo.operator import ZONE
from balie.demo.people import TAILS, THROUGH, Person, Words
from balie.demo.trades import TRADES
from balie.notes.actions import Said
from balie.notes.models import Urgency
from balie.rules.recording import Outcome

LOCAL = ZoneInfo(ZONE)
CUSTOMER_OF = {customer.number: customer for customer in CUSTOMERS}
FORGETS = {"208": 0.092}  # share of calls without a note; the others:
FORGET = 0.026
LEAVES_EMPTY = 0.35  # of fields that need not be filled in
MATCHED = 0.06  # notes that came while it rang: they name no call
TAIL, EMAIL = 0.35, 0.08
ASKED_EMAIL = ("1012",)  # clients that want to know it
WITHOUT_NUMBER = ("", "anonymous")


class Talked(NamedTuple):
    """An accepted call as agents know it. put_through: somebody outside was connected."""

    pk: int
    source: int
    key: str
    start: datetime
    seconds: int  # from the first ring to the end
    caller: str
    client: str
    agent: str
    put_through: bool

    @property
    def end(self) -> datetime:
        return self.start + timedelta(seconds=self.seconds)

    @property
    def mark(self) -> str:
        """What is drawn hangs on it, and the note is known by it."""
        return f"demo:{self.source}:{self.key}"


@dataclass(frozen=True)
class Written:
    """A note as it is going to be taken. named: it says which call it is about."""

    call: Talked
    key: str
    client: str
    agent: str
    said: Said
    at: datetime
    received: datetime
    named: bool = True
    copies: bool = False  # it has the words of the agent's note before it
    lost: bool = False  # its mail cannot be delivered

    def moved(self, at: datetime) -> "Written":
        return replace(self, at=at, received=at)


def written(call: Talked) -> tuple[Written | None, Random]:
    """What was written down, None for a call that was forgotten; and the lot, for what happens to it besides."""
    lot = Random(call.mark)
    if lot.random() < FORGETS.get(call.agent, FORGET):
        return None, lot
    at = call.end + timedelta(seconds=after(lot))
    named = lot.random() >= MATCHED
    return Written(call, call.mark, call.client, call.agent, said(call, lot), at, at, named), lot


def after(lot: Random) -> int:
    """Seconds from the end of a call to its note: agents write while they speak; now and then the next caller waits."""
    if lot.random() < 0.03:
        return lot.randrange(240, 1300)
    return min(180, int(4 + lot.lognormvariate(2.7, 0.6)))


def said(call: Talked, lot: Random) -> Said:
    """The words of one note."""
    customer, trade = CUSTOMER_OF[call.client], TRADES[call.client]
    topic = lot.choices(trade.topics, [topic.weight for topic in trade.topics])[0]
    hidden = call.caller in WITHOUT_NUMBER
    person = Person(call.client, call.key if hidden else call.caller, customer.language)
    boss, second = trade.people
    local = call.start.astimezone(LOCAL)
    words = Words(lot, customer.language, local.hour * 60 + local.minute, boss=boss, second=second)
    outcome = Outcome.FORWARDED if call.put_through else topic.outcome
    return Said(
        text=text_of(topic.text, customer, words, second if call.put_through else ""),
        outcome=outcome,
        callback=number_left(call.caller, lot) if outcome == Outcome.CALLBACK else "",
        caller="" if hidden else call.caller,
        caller_name=person.name,
        email=person.email if call.client in ASKED_EMAIL or lot.random() < EMAIL else "",
        reason=topic.reason,
        promised="" if call.put_through else topic.promised.format_map(words),
        urgency=Urgency.URGENT if lot.random() < topic.urgent else Urgency.NORMAL,
        fields={
            one.name: one.filled.format_map(words)
            for one in trade.fields
            if one.required or lot.random() > LEAVES_EMPTY
        },
    )


def text_of(words: str, customer: Customer, known: Words, through: str) -> str:
    """The text, at times with one more sentence. through: to whom the caller was put through."""
    found = [words.format_map(known)]
    if through:
        found.append(THROUGH[customer.language].format(who=through))
    elif known.drawn.random() < TAIL:
        found.append(known.drawn.choice(TAILS[customer.language]).format_map(known))
    return " ".join(found)


def number_left(caller: str, lot: Random) -> str:
    """The number to call back: the one that was seen, else one that the caller said."""
    return f"06 8765 {lot.randrange(10_000):04d}" if caller in WITHOUT_NUMBER else caller

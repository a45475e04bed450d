"""A note is taken: stored, and queued to whoever gets it, in one transaction.

What looks wrong is stored too; the checks of balie.quality find it. Refused is only what cannot be stored.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.models import Agent, Client
from balie.calls.models import Call
from balie.leases.faults import fault
from balie.notes.delivery import deliver
from balie.notes.models import LONGEST_TEXT, Note, Urgency
from balie.operator.actions import Author
from balie.operator.queries import operator
from balie.rules.errors import Refused
from balie.rules.phone import e164
from balie.rules.recording import Outcome
from balie.rules.text import storable

LONGEST_KEY = 200
FIRST_YEAR, LAST_YEAR = 1970, 2199  # beyond them no clock of any zone reads them
international = lru_cache(maxsize=10_000)(e164)  # the same people call again
LONGEST_NUMBER = 80
WORDS = {
    "caller_name": 200,
    "reason": 200,
    "promised": 500,
    "callback": LONGEST_NUMBER,
    "email": 254,
    "caller": LONGEST_NUMBER,
}  # most characters


@dataclass(frozen=True)
class Said:
    """What an agent says in a note. fields: the client's own, by name. caller, callback: numbers as typed."""

    text: str
    outcome: str = Outcome.NONE
    callback: str = ""
    caller: str = ""
    caller_name: str = ""
    email: str = ""
    reason: str = ""
    promised: str = ""
    urgency: str = Urgency.NORMAL
    fields: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def take_note(
    *, client: Client, agent: Agent, said: Said, call: Call | None = None, at: datetime | None = None, key: str = "",
    author: Author,
) -> Note:  # fmt: skip
    """Stores a note and queues it to the client's recipients and the operator's quality address.

    call: that the agent, or the phone, named; at: when it was submitted, now unless said. key: of who may send it
    twice, as long as it likes; the same key again gives the note there is, whatever it says, and is refused for another
    client. Refused for words too long to store.
    """
    key = kept_key(key)
    if key and (standing := note_of_key(key, client)):
        return standing
    if at and not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise Refused("bad_value", _("No note is of the year %(year)s.") % {"year": at.year}, "at")
    values = stored(said)
    fields = {
        "client": client, "agent": agent, "call": call, "given": call.key if call else "", "at": at or author.now,
        "received": author.now, "by": author.who, **values,
    }  # fmt: skip
    if key:
        note, new = Note.objects.get_or_create(key=key, defaults=fields)
        if not new:
            return refuse_others(note, client)
    else:
        note = Note.objects.create(**fields)
    deliver(note, now=author.now)
    fault("note-taken")
    return note


def kept_key(key: str) -> str:
    """The key as the table holds it: of one that does not fit its beginning, for people, and a digest of all of it."""
    if len(key) <= LONGEST_KEY and storable(key) == key:
        return key
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{storable(key)[: LONGEST_KEY - len(digest) - 1]}#{digest}"


def note_of_key(key: str, client: Client) -> Note | None:
    """The note a program sent with this key. Refused where it was another client's: that note would be lost."""
    found = Note.objects.filter(key=key).first()
    return refuse_others(found, client) if found else None


def refuse_others(note: Note, client: Client) -> Note:
    """The note, where it was taken for this client, whoever has it since."""
    first = note.versions.order_by("version").first()
    if (first.said["client_id"] if first else note.client_id) != client.pk:
        raise Refused("key_used", _("This key was used for another client's note."), "key")
    return note


def stored(said: Said, region: str = "") -> dict[str, Any]:
    """What is said as the table holds it. Refused, at its field, where it is too long or cannot be.

    region: of numbers without a country (NL); the operator's unless given.
    """
    values: dict[str, Any] = {name: " ".join(storable(getattr(said, name)).split()) for name in WORDS}
    for name, text in values.items():
        if len(text) > (most := WORDS[name]):
            raise too_long(len(text), most, name)
    if len(said.text) > LONGEST_TEXT:
        raise too_long(len(said.text), LONGEST_TEXT, "text")
    for name, known in (("outcome", list(Outcome)), ("urgency", Urgency.values)):
        if getattr(said, name) not in known:
            raise Refused("bad_value", _("Choose one of: %(known)s.") % {"known": ", ".join(known)}, name)
    values["caller"] = international(values["caller"], region or operator().country)
    text = storable(said.text).replace("\r\n", "\n").strip()
    fields = {storable(str(name)): storable(str(value)).strip() for name, value in said.fields.items()}
    if (together := sum(len(name) + len(value) for name, value in fields.items())) > LONGEST_TEXT:
        raise too_long(together, LONGEST_TEXT, "fields")
    return {**values, "text": text, "outcome": said.outcome, "urgency": said.urgency, "fields": fields}


def too_long(characters: int, most: int, where: str) -> Refused:
    said = _("This has %(characters)s characters; %(most)s are stored.")
    return Refused("too_long", said % {"characters": characters, "most": most}, where)

"""What is wrong with a call note: each check looks at one note with what stands around it. Pure.

CHECKS is the list; a check gives a Finding or None. Wording, settings in tables and mails lie elsewhere.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from balie.rules.phone import can_be_called

# Words joined by single dots before the @; behind it a host as the domain name system allows it, its last part two
# signs or more.
EMAIL = re.compile(
    r"(?P<person>[^@.\s\"(),:;<>\[\]\\]+(?:\.[^@.\s\"(),:;<>\[\]\\]+)*)"
    r"@(?:[^\W_](?:[^\W_]|-){0,62}(?<!-)\.)+[^\W\d_](?:[^\W_]|-){0,61}[^\W_]"
)
LONGEST_EMAIL, LONGEST_PERSON = 254, 64
HIDDEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")  # no width, no ink
NO_FIELDS: Mapping[str, str] = MappingProxyType({})


class Outcome(StrEnum):
    """What came of the call, as the agent says it."""

    FORWARDED = "forwarded"
    CALLBACK = "callback"
    MESSAGE = "message"
    NONE = "none"


class Talk(NamedTuple):
    """A call as checks see it. `key`: what tells calls apart; `passed_on`: an outside number was connected.

    client, agent: empty where the phone system's data does not say; then nobody is blamed for another one.
    """

    key: str
    client: str
    agent: str
    start: datetime
    end: datetime
    passed_on: bool = False


class Noted(NamedTuple):
    """A note as checks see it. at: when it was submitted; given: the agent named its call; fields: the client's own."""

    number: int
    client: str
    agent: str
    at: datetime
    text: str
    outcome: str = Outcome.NONE
    callback: str = ""
    emails: tuple[str, ...] = ()  # addresses that somebody gave: recipients', the caller's
    given: bool = False
    fields: Mapping[str, str] = NO_FIELDS


class Around(NamedTuple):
    """What stands around a note.

    call: given or matched; calls_known: call data reaches far enough that a missing call is none; copied: an earlier
    note of that agent and day has the same words; second: another note of the same call came before; delivered: None
    while it is on its way; needed: names of the fields the client requires; received: when we got the note.
    """

    call: Talk | None
    region: str
    received: datetime
    calls_known: bool = True
    copied: bool = False
    second: bool = False
    delivered: bool | None = None
    reachable: bool = True
    needed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limits:
    """The parameters of checks, and which are switched off."""

    shortest: int = 15  # characters
    late_after: timedelta = timedelta(minutes=30)
    slack: timedelta = timedelta(minutes=2)  # between the clocks of agents and phone systems
    off: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: the check's code, and figures that say why."""

    code: str
    figures: Mapping[str, str | list[str]] = field(default_factory=dict)


Check = Callable[[Noted, Around, Limits], Finding | None]


def no_call(note: Noted, around: Around, limits: Limits) -> Finding | None:
    """No call of this agent and client within the tolerance."""
    return Finding("no_call") if around.call is None and around.calls_known else None


def other_client(note: Noted, around: Around, limits: Limits) -> Finding | None:
    """The call is another client's."""
    call = around.call
    if call is None or call.client in ("", note.client):
        return None
    return Finding("other_client", {"call": call.client, "note": note.client})


def other_agent(note: Noted, around: Around, limits: Limits) -> Finding | None:
    """Another agent had the call."""
    call = around.call
    if call is None or call.agent in ("", note.agent):
        return None
    return Finding("other_agent", {"call": call.agent, "note": note.agent})


def outcome(note: Noted, around: Around, limits: Limits) -> Finding | None:
    """It says that the caller was put through, and the call was not."""
    if note.outcome != Outcome.FORWARDED or around.call is None or around.call.passed_on:
        return None
    return Finding("outcome")


def callback_number(note: Noted, around: Around, limits: Limits) -> Finding | None:
    """The caller wants to be called back, and the number is missing or cannot be one."""
    if note.outcome != Outcome.CALLBACK or can_be_called(note.callback.strip(), around.region):
        return None
    return Finding("callback_number", {"number": note.callback.strip()})


def bad_email(note: Noted, around: Around, limits: Limits) -> Finding | None:
    """An address that was given cannot be one."""
    wrong = next((email for email in note.emails if not is_email(email)), None)
    return Finding("bad_email", {"email": wrong}) if wrong is not None else None


def empty_text(note: Noted, around: Around, limits: Limits) -> Finding | None:
    """Nothing was written down."""
    return None if written(note.text) else Finding("empty_text")


def short_text(note: Noted, around: Around, limits: Limits) -> Finding | None:
    """Hardly anything was written down."""
    length = len(written(note.text))
    return Finding("short_text", {"characters": str(length)}) if 0 < length < limits.shortest else None


def copied_text(note: Noted, around: Around, limits: Limits) -> Finding | None:
    """The words of an earlier note of that agent that day."""
    return Finding("copied_text") if around.copied and written(note.text) else None


def late_note(note: Noted, around: Around, limits: Limits) -> Finding | None:
    """Long after the call."""
    if around.call is None or note.at - around.call.end <= limits.late_after:
        return None
    minutes = int((note.at - around.call.end).total_seconds() // 60)
    return Finding("late_note", {"minutes": str(minutes)})


def two_notes(note: Noted, around: Around, limits: Limits) -> Finding | None:
    """Another note of the same call came before."""
    return Finding("two_notes") if around.second else None


def missing_field(note: Noted, around: Around, limits: Limits) -> Finding | None:
    """A field the client requires is empty. Figures: `field`; where it is not the only one, all of them in `fields`."""
    empty = [name for name in around.needed if not note.fields.get(name, "").strip()]
    if not empty:
        return None
    return Finding("missing_field", {"field": empty[0], **({"fields": empty} if empty[1:] else {})})


def undelivered(note: Noted, around: Around, limits: Limits) -> Finding | None:
    """Nobody can get it: the client has no recipient, or the mail was given up."""
    return Finding("undelivered") if not around.reachable or around.delivered is False else None


def impossible_times(note: Noted, around: Around, limits: Limits) -> Finding | None:
    """Before its call began, or after we received it."""
    early = around.call is not None and note.at < around.call.start - limits.slack
    return Finding("impossible_times") if early or note.at > around.received + limits.slack else None


CHECKS: tuple[Check, ...] = (
    no_call,
    other_client,
    other_agent,
    outcome,
    callback_number,
    bad_email,
    empty_text,
    short_text,
    copied_text,
    late_note,
    two_notes,
    missing_field,
    undelivered,
    impossible_times,
)
CODES = tuple(check.__name__ for check in CHECKS)


def findings(note: Noted, around: Around, limits: Limits) -> list[Finding]:
    """Everything that is wrong with a note, in the order of CHECKS."""
    found = []
    for check in CHECKS:
        one = check(note, around, limits)
        if one is not None and one.code not in limits.off:
            found.append(one)
    return found


@lru_cache(maxsize=64)  # several checks of one note ask
def written(text: str) -> str:
    """Words as they are counted: blanks in a row are one, signs nobody sees are none, é is one sign however it came."""
    if not text.isascii():
        text = HIDDEN.sub("", unicodedata.normalize("NFC", text))
    return " ".join(text.split())


def plain(text: str) -> str:
    """Words as they are compared: capitals do not matter either."""
    return written(text).casefold()


@lru_cache(maxsize=4096)  # clients' addresses are looked at with each of their notes
def is_email(text: str) -> bool:
    """Whether this can be somebody's address; whether it is one, only a mail tells."""
    address = text.strip()
    # Signs that nobody sees come with copied text; no server knows such an address.
    found = EMAIL.fullmatch(address) if len(address) <= LONGEST_EMAIL and address.isprintable() else None
    return found is not None and len(found["person"]) <= LONGEST_PERSON

"""Twilio: its Calls, as the API gives them (JSON, pages or single calls) or as CSV with a line of names.

A call that <Dial> made has a parent, and the two are legs of one call. Twilio's own part, menus and music, is nobody's
talk: only a leg with somebody at its end counts. client: and sip: are inside, numbers are outside. Times are GMT.
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from balie.cdr.generic import Flaw, cell
from balie.cdr.lines import line_place
from balie.cdr.parties import NOBODY, OUTSIDE, channel, mark, user_of
from balie.cdr.records import Columns, Leg, LineTaker, RecordTaker, did, later, whole
from balie.cdr.settled import MOVED
from balie.rules.errors import Phrase, Refused

COLUMNS = Columns({
    "sid": ("sid", "CallSid"), "parent": ("parent_call_sid",), "from": ("from",), "to": ("to",),
    "status": ("status",), "start": ("start_time",), "end": ("end_time",), "duration": ("duration",),
    "direction": ("direction",), "account": ("account_sid",), "created": ("date_created",),
})  # fmt: skip
NEEDED = ("sid", "parent", "from", "to", "status", "start", "direction", "duration")
RUNNING = ("queued", "initiated", "ringing", "in-progress")
OVER = ("completed", "busy", "failed", "no-answer", "canceled")
INBOUND, DIALLED, ORDERED = "inbound", "outbound-dial", "outbound-api"
ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")
USUAL = re.compile(r"[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d) \+0000")
MONTHS = {
    "Jan": "01", "Feb": "02", "Mar": "03", "Apr": "04", "May": "05", "Jun": "06",
    "Jul": "07", "Aug": "08", "Sep": "09", "Oct": "10", "Nov": "11", "Dec": "12",
}  # fmt: skip
INSIDE = ("client:", "sip:", "sips:")
NUMBER = re.compile(r"\+[0-9]{7,15}")  # as Twilio writes all numbers; an extension has no plus


class Calls(LineTaker, RecordTaker):
    """The calls of one file."""

    what = "Calls (Twilio)"

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__(options)
        self.header: list[str] = []
        self.places: dict[str, int] = {}
        self.known: dict[tuple[str, ...], dict[str, int]] = {}  # the same for objects, by their names

    def names_columns(self, fields: list[str]) -> bool:
        if self.places:
            return fields == self.header
        self.header, self.places = fields, COLUMNS.places(fields)
        if missing := [name for name in NEEDED if name not in self.places]:
            names = ", ".join(COLUMNS.names[name] for name in missing)
            said = Phrase("This is no list of calls of Twilio: it has no column %(names)s.", names=names)
            raise Refused("no_columns", said, line_place(1))
        return True

    def leg(self, line: int, fields: list[str]) -> Leg | None:
        return self.call(line, {name: cell(fields, self.places, name) for name in self.places})

    def record(self, line: int, value: dict[str, Any]) -> Leg | None:
        names = tuple(value)
        places = self.known.get(names)
        if places is None:
            places = self.known[names] = COLUMNS.places(list(names))
        if missing := [name for name in ("sid", "status", "direction") if name not in places]:
            raise Flaw(Phrase("no %(column)s", column=missing[0]))
        return self.call(line, {name: text_of(value[names[place]]) for name, place in places.items()})

    def call(self, line: int, of: dict[str, str]) -> Leg | None:
        """A call that is over; one that goes on is read when it is."""
        status, way = of["status"].casefold(), of["direction"].casefold()
        if status in RUNNING:
            self.running += 1
            return None
        if status not in OVER:
            raise Flaw(none_of("status", status, (*RUNNING, *OVER)))
        if way not in (INBOUND, DIALLED, ORDERED):
            raise Flaw(none_of("direction", way, (INBOUND, DIALLED, ORDERED)))
        spoken = whole(of.get("duration", ""), "duration")
        start, has_begun = begin(of), bool(of.get("start"))
        end = moment(of["end"], "end_time") if has_begun and of.get("end") else later(start, spoken, "duration")
        if end < start:
            raise Flaw(Phrase("%(column)s is before %(other)s", column="end_time", other="start_time"))
        lasts = int((end - start).total_seconds())
        call = of.get("parent") or of["sid"]
        leg = Leg(line, uniqueid=of["sid"], linkedid=call, start=start, end=end, duration=lasts)
        if status == "completed":
            spoken = min(spoken, lasts)
            leg = leg._replace(answer=end - timedelta(seconds=spoken), billsec=spoken, disposition="ANSWERED")
        return with_ends(leg, of, way)


def begin(of: dict[str, str]) -> datetime:
    """When a call began; of one that never did (canceled or failed while it was queued) when it was ordered."""
    if of.get("start"):
        return moment(of["start"], "start_time")
    if of.get("created"):
        return moment(of["created"], "date_created")
    raise Flaw(
        Phrase(
            "no %(column)s, as calls have none that never began: fetch the list with %(other)s too and read it again",
            column="start_time", other="date_created",
        )
    )  # fmt: skip


def with_ends(leg: Leg, of: dict[str, str], way: str) -> Leg:
    """The leg with both its ends."""
    sid, parent, caller, called = of["sid"], of.get("parent", ""), of.get("from", ""), of.get("to", "")
    near, far = end_of(caller), end_of(called)
    leg = leg._replace(src=number_of(caller), dst=number_of(called))
    account = of.get("account", "")
    if way == DIALLED and parent:
        # The number shown may be one of ours: who called is for the parent to say.
        leg = leg._replace(channel=channel(near, parent), dstchannel=channel(far, sid), sequence=1)
        return leg._replace(lastapp=MOVED, lastdata=mark(parent))
    if way == INBOUND and near == OUTSIDE:
        return leg._replace(channel=channel(near, sid), userfield=did(leg.dst))
    # Of calls out the account (of a client, where each has one) says whose they are; of others the number called does.
    if way == INBOUND:
        return leg._replace(channel=channel(near, sid), accountcode=account)
    if far != OUTSIDE:  # the program fetched somebody inside: what he is connected with are calls of their own
        return leg._replace(channel=channel(far, sid), src=leg.dst, accountcode=account)
    return leg._replace(channel=channel(NOBODY, sid), dstchannel=channel(far, sid), accountcode=account)


def end_of(party: str) -> str:
    """The endpoint: client:anna and sip:anna@host as written; a number is outside, behind a SIP trunk too."""
    is_inside = party.casefold().startswith(INSIDE) and not NUMBER.fullmatch(number_of(party))
    return party if is_inside else OUTSIDE


def number_of(party: str) -> str:
    return user_of(party) if party.casefold().startswith(INSIDE[1:]) else party


def none_of(column: str, text: str, known: tuple[str, ...]) -> Phrase:
    return Phrase(
        "%(column)s %(text)s is none of %(known)s", column=column, text=repr(text[:40]), known=", ".join(known)
    )


def text_of(value: Any) -> str:
    return "" if value is None else str(value).strip()


def moment(text: str, column: str) -> datetime:
    """UTC's wall clock of Mon, 23 Nov 2026 08:29:34 +0000 and of 2026-11-23T08:29:34Z. Raises Flaw."""
    usual = USUAL.fullmatch(text)
    if usual and usual[2] in MONTHS:
        text = f"{usual[3]}-{MONTHS[usual[2]]}-{usual[1]} {usual[4]}"
    try:
        found = datetime.fromisoformat(text) if ISO.match(text) else parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        found = datetime.min  # noqa: DTZ901
    if 1990 <= found.year <= 2200:
        return (found if found.tzinfo is None else found.astimezone(UTC)).replace(tzinfo=None, microsecond=0)
    raise Flaw(
        Phrase(
            "%(column)s %(text)s is no time such as %(example)s",
            column=column, text=repr(text[:40]), example="Mon, 23 Nov 2026 08:29:34 +0000",
        )
    )  # fmt: skip

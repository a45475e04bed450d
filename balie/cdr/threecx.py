"""3CX: cdr.log, one line a call, no line of names, nothing quoted.

The order of the columns is the administrator's. Known are the order 3CX offers first (historyid, callid, duration …),
the same with callid first, and the shorter one that begins with time-start; which it is, is told line by line. Names,
which may hold commas, stand last. `Ext.` before a number says that it is inside.
"""

import re
from datetime import datetime

from balie.cdr.generic import Flaw, digest, seconds
from balie.cdr.parties import OUTSIDE, channel, is_inside
from balie.cdr.records import Leg, LineTaker, did, elapsed, wall
from balie.cdr.settled import PASSED
from balie.rules.errors import Phrase

TIMES = ("duration", "time-start", "time-answered", "time-end")
PARTIES = (
    "reason-terminated", "from-no", "to-no", "from-dn", "to-dn", "dial-no", "reason-changed", "final-number",
    "final-dn", "bill-code", "bill-rate", "bill-cost", "bill-name", "chain",
)  # fmt: skip
# What may follow the chain; types are told from names by the words they are.
TYPES = ("from-type", "to-type", "final-type")
LONG = ("historyid", "callid", *TIMES, *PARTIES)
SHORT = (
    "time-start", "dial-no", "from-dn", "duration", "time-answered", "time-end", "reason-terminated", "reason-changed",
    "missed-queue-calls", "from-no", "to-no", "to-dn", "final-number", "final-dn", *TYPES,
)  # fmt: skip
NEEDED = {LONG: LONG.index("final-dn") + 1, SHORT: SHORT.index("final-dn") + 1}
MOMENT = re.compile(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d")
LENGTH = re.compile(r"\d+:\d\d:\d\d")
EXTENSION = "Ext."
PERSON = "extension"
LINES = ("line", "externalline", "provider")
WORDS = frozenset({
    PERSON, *LINES, "queue", "ivr", "ringgroup", "voicemail", "script", "confplace", "fax",
    "outboundrule", "parking", "specialmenu",
})  # fmt: skip
PUT_THROUGH = "Replaced"  # reason-changed begins so where somebody who spoke put another in his place


class Log(LineTaker):
    """The lines of one file."""

    what = "cdr.log (3CX)"

    def split(self, text: str) -> list[str]:
        return [field.strip() for field in text.split(",")]

    def leg(self, line: int, fields: list[str]) -> Leg:
        of = named(fields)
        start, end = moment(of["time-start"], "time-start"), moment(of["time-end"], "time-end")
        answer = moment(of["time-answered"], "time-answered") if of["time-answered"] else None
        caller, first = of["from-no"], of["to-no"] or of["dial-no"]
        final = of["final-number"] or first
        spoken = 0
        if answer is not None:
            spoken = elapsed(answer, end, self.zone)
            if of["duration"]:  # of the conversation, cut to seconds
                spoken = min(spoken, seconds(of["duration"], "duration", "."))
        call = identity(of)
        leg = Leg(
            line,
            uniqueid=call,
            linkedid=call,
            channel=channel(calling_end(of), call),
            start=start,
            end=end,
            duration=elapsed(start, end, self.zone),
            src=number_of(caller),
            dst=number_of(of["dial-no"] or first),
        )
        if not (final and is_person(of, at_once=answer == start and end_of(final) != OUTSIDE)):
            answer = None
        if answer is not None:
            leg = leg._replace(answer=answer, billsec=spoken, disposition="ANSWERED")
        leg = leg._replace(dstchannel=channel(end_of(final), f"{call}/to") if final else "")
        return inbound(leg, of, final) if calling_end(of) == OUTSIDE else outbound(leg, of, final)


def inbound(leg: Leg, of: dict[str, str], final: str) -> Leg:
    """A call from outside. The number called is lost in most files; the extension it went to first says whose it is."""
    dialled = next((each for each in (of["dial-no"], of["to-no"]) if each and end_of(each) == OUTSIDE), "")
    first = of["to-no"] or of["dial-no"]
    passed = end_of(final) == OUTSIDE and final != first
    leg = leg._replace(
        dst=number_of(dialled),
        userfield=did(number_of(dialled)),
        accountcode="" if dialled or end_of(first) == OUTSIDE else f"{EXTENSION}{number_of(of['to-dn'] or first)}",
    )
    if not passed:
        # Nothing says that it left again: an outside number is the one called, and nobody took the call.
        return leg if end_of(final) != OUTSIDE else leg._replace(dstchannel="", disposition="NO ANSWER", answer=None)
    by_person = of["reason-changed"].startswith(PUT_THROUGH) and end_of(first) != OUTSIDE and leg.answer is not None
    return leg._replace(
        dst="" if not dialled else leg.dst,
        lastdata=f"line/{number_of(final)}@outside",
        lastapp=PASSED if by_person else "Dial",
        # Who put it through: `balie.cdr.settled` makes a leg of its own of it.
        userfield=";".join(part for part in (leg.userfield, f"by:{end_of(first)}" if by_person else "") if part),
    )


def outbound(leg: Leg, of: dict[str, str], final: str) -> Leg:
    """A call from an extension; a billing code dialled behind the number names the client."""
    return leg._replace(dst=number_of(final), accountcode=of.get("bill-code", "").lstrip("*"))


def named(fields: list[str]) -> dict[str, str]:
    """A line's columns by name. Raises Flaw where it is in no order that is known."""
    order = order_of(fields)
    if order is None or len(fields) < NEEDED[order]:
        raise Flaw(Phrase("the columns are in no order that is known; a source of the format generic can say its own"))
    of = dict.fromkeys((*LONG, *SHORT), "")
    of |= dict(zip(order, fields, strict=False))
    if order is LONG:
        if of["callid"].startswith("Call "):
            of["historyid"], of["callid"] = of["callid"], of["historyid"]
        rest = [field.casefold() for field in fields[len(LONG) :]]
        begin = next((at for at in range(len(rest) - 2) if rest[at] in WORDS and rest[at + 1] in WORDS), len(rest))
        of |= dict(zip(TYPES, rest[begin:], strict=False))
    return of


def order_of(fields: list[str]) -> tuple[str, ...] | None:
    """The order of a line's columns: where a duration and times stand."""
    if len(fields) > 5 and MOMENT.fullmatch(fields[0]) and MOMENT.fullmatch(fields[5]):
        return SHORT
    if len(fields) > 5 and MOMENT.fullmatch(fields[3]) and (LENGTH.fullmatch(fields[2]) or not fields[2]):
        return LONG
    return None


def identity(of: dict[str, str]) -> str:
    """What the call is known by: both numbers it has, for either may be used again; without any a digest."""
    known = [of["historyid"].removeprefix("Call ").strip(), of["callid"]]
    if any(known):
        return "-".join(part for part in known if part)
    return digest(*(of[name] for name in ("time-start", "time-end", "from-no", "from-dn", "to-no", "dial-no")))


def moment(text: str, column: str) -> datetime:
    return wall(text, column, "2026/11/23 09:29:34", text.replace("/", "-"))


def end_of(party: str) -> str:
    """The endpoint of Ext.201, 201 and +31612345678."""
    bare = number_of(party)
    inside = party.startswith(EXTENSION) or is_inside(bare)
    return bare if inside and bare else OUTSIDE


def calling_end(of: dict[str, str]) -> str:
    """The endpoint of whoever called: as the type says, where there is one, else as his number looks."""
    kind = of["from-type"].casefold()
    if kind in LINES:
        return OUTSIDE
    return of["from-dn"] if kind == PERSON and is_inside(of["from-dn"]) else end_of(of["from-no"])


def number_of(party: str) -> str:
    return party.removeprefix(EXTENSION).strip()


def is_person(of: dict[str, str], *, at_once: bool) -> bool:
    """Whether who answered in the end was somebody, not a queue or a menu.

    Where no types are written: nobody inside takes up a call within its first second (at_once), and a machine stays
    where it was. Outside, a gateway that answers before the other end does is no machine.
    """
    kind = (of["final-type"] if of["final-number"] else of["to-type"]).casefold()
    if kind in WORDS:
        return kind in (PERSON, *LINES, "outboundrule")
    return bool(of["final-number"]) or not at_once

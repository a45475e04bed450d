"""Kamailio's acc module: cdrs.csv, a line a conversation, and acc.csv, a line a transaction.

Both may come, of the same calls too: what belongs to one SIP call is one call. A proxy knows numbers and addresses, so
who is inside is told from the numbers (`balie.cdr.parties`). The first line names the columns; without one they stand
in the module's own order.
"""

from datetime import timedelta
from typing import Any

from balie.cdr.generic import Flaw, cell, digest, seconds
from balie.cdr.lines import line_place
from balie.cdr.parties import OUTSIDE, channel, end_of, user_of
from balie.cdr.records import Columns, Leg, LineTaker, did, elapsed, wall
from balie.cdr.settled import ANSWER, OVER, WHOLE
from balie.rules.errors import Phrase, Refused

CDRS: dict[str, tuple[str, ...]] = {
    "start": ("start_time",), "end": ("end_time",), "duration": ("duration",), "caller": ("caller", "src_user"),
    "did": ("did",), "dest": ("dest", "dst_user"), "call": ("callid",),
    "account": ("account",),
}  # fmt: skip
ACC: dict[str, tuple[str, ...]] = {
    "method": ("method",), "call": ("callid",), "code": ("sip_code",), "time": ("time",), "caller": ("src_user",),
    "did": ("did",), "dest": ("dst_user",), "account": ("account",),
}  # fmt: skip
# The order without a first line that names it.
PLAIN_CDRS = ("id", "start_time", "end_time", "duration", "caller", "did", "dest", "callid")
PLAIN_ACC = (
    "id", "method", "from_tag", "to_tag", "callid", "sip_code", "sip_reason", "time", "src_user", "dst_user", "src_ip",
)  # fmt: skip
LONGEST_ID = 120  # of a SIP call's identity as a key; longer ones are known by a digest


class Accounting(LineTaker):
    """The lines of one file."""

    what = "cdrs.csv, acc.csv (Kamailio)"

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__(options)
        self.places: dict[str, int] = {}

    def names_columns(self, fields: list[str]) -> bool:
        if self.places and fields and fields[0].strip().isdigit():
            return False
        names = [field.strip().casefold() for field in fields]
        if "callid" in names:
            self.places = Columns(ACC if "method" in names else CDRS).places(fields)
            needed = ("method", "code", "time", "caller") if "method" in names else ("start", "caller", "dest")
            if missing := [name for name in needed if name not in self.places]:
                known = (ACC if "method" in names else CDRS)[missing[0]]
                said = Phrase("The file's first line has no column %(column)s.", column=repr(known[0]))
                raise Refused("no_column", said, line_place(1))
            return True
        if not self.places and len(fields) in (len(PLAIN_CDRS), len(PLAIN_ACC)):
            plain = PLAIN_CDRS if len(fields) == len(PLAIN_CDRS) else PLAIN_ACC
            self.places = Columns(CDRS if plain is PLAIN_CDRS else ACC).places(list(plain))
        return False

    def leg(self, line: int, fields: list[str]) -> Leg | None:
        if not self.places:
            raise Flaw(Phrase("%(found)s columns, and no first line that names them", found=len(fields)))
        of = {name: cell(fields, self.places, name) for name in self.places}
        call = of["call"]
        if not call:
            raise Flaw(Phrase("does not say which call it belongs to"))
        of["call"] = call if len(call) <= LONGEST_ID else digest(call)
        return self.transaction(line, of) if "method" in self.places else self.conversation(line, of)

    def conversation(self, line: int, of: dict[str, str]) -> Leg:
        """A line of cdrs.csv. Its duration may begin with the first ring, for all it says.

        Of a call nobody answered the module writes the start as the end too, and a duration of nothing.
        """
        start = wall(of["start"], "start_time")
        if of.get("duration", "").strip("0.") == "" and of.get("end", of["start"]) == of["start"]:
            leg = ends(Leg(line, start=start, end=start), of)
            return leg._replace(uniqueid=f"{leg.linkedid}/cdr")
        if of.get("duration"):
            spoken = seconds(of["duration"], "duration", ".")
        else:
            spoken = elapsed(start, wall(of.get("end", ""), "end_time"), self.zone)
        leg = ends(Leg(line, start=start, end=start + timedelta(seconds=max(spoken, 0)), lastapp=WHOLE), of)
        return leg._replace(
            uniqueid=f"{leg.linkedid}/cdr", answer=start, duration=spoken, billsec=spoken, disposition="ANSWERED"
        )

    def transaction(self, line: int, of: dict[str, str]) -> Leg | None:
        """A line of acc.csv: an INVITE that was answered or not, or a BYE; others are no calls."""
        at = wall(of["time"], "time")
        method, code = of["method"].upper(), of["code"]
        if not (code.isascii() and code.isdigit() and len(code) == 3):
            raise Flaw(Phrase("%(column)s %(text)s is no SIP status", column="sip_code", text=repr(code[:40])))
        if method not in ("INVITE", "BYE"):
            return None
        leg = Leg(line, start=at, end=at, sequence=1)
        if method == "BYE":  # whoever sent it: a channel of its own, which connects nobody
            call = of["call"]
            name = channel("Local/over", call)
            return leg._replace(uniqueid=f"{call}/BYE", linkedid=call, channel=name, lastapp=OVER, sequence=2)
        leg = ends(leg, of)
        leg = leg._replace(uniqueid=f"{leg.linkedid}/{code}")
        if code.startswith("2"):
            return leg._replace(answer=at, disposition="ANSWERED", lastapp=ANSWER)
        return leg


def ends(leg: Leg, of: dict[str, str]) -> Leg:
    """The leg with both its ends. What a number was sent on to says who took it, what was dialled whose call it is."""
    call, caller, dest = of["call"], user_of(of["caller"]), user_of(of.get("dest", ""))
    dialled = user_of(of.get("did", ""))
    near, far = end_of(caller), end_of(dest) if dest else ""
    leg = leg._replace(linkedid=call, src=caller, channel=channel(near, call), accountcode=of.get("account", ""))
    if near != OUTSIDE:
        called = dialled if dialled and end_of(dialled) == OUTSIDE else dest
        return leg._replace(dst=called, dstchannel=channel(far, f"{call}/{far}") if far else "")
    if far != OUTSIDE:
        return leg._replace(
            dst=dialled, userfield=did(dialled), dstchannel=channel(far, f"{call}/{far}") if far else ""
        )
    if not dialled or same(dest, dialled):  # nobody inside was found yet: the number is the one that was called
        return leg._replace(dst=dest, userfield=did(dest))
    return leg._replace(
        dst=dest, userfield=did(dialled), dstchannel=channel(far, f"{call}/{far}"), lastdata=f"line/{dest}@outside"
    )


def same(one: str, other: str) -> bool:
    return one.strip("+0") == other.strip("+0")

"""Kamailio's acc module: cdrs.csv, a line a conversation, and acc.csv, a line a transaction.

Both may come, of the same calls too: what belongs to one SIP call is one call. A proxy knows numbers and addresses, so
who is inside is told by columns of the operator's own (direction, auth_user, account) and only then from the numbers
(`balie.cdr.parties`). The first line names the columns; without one they stand in the module's own order.
"""

import re
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from balie.cdr.generic import Flaw, cell, digest, seconds
from balie.cdr.lines import line_place
from balie.cdr.parties import NOBODY, OUTSIDE, channel, end_of, is_inside, user_of
from balie.cdr.records import Columns, Leg, LineTaker, did, elapsed, wall
from balie.cdr.settled import ANSWER, OVER, WHOLE
from balie.rules.call import same_number
from balie.rules.errors import Phrase, Refused

# Of the operator's own: dst_ouser is what the configuration that Kamailio brings calls the number called.
OWN: dict[str, tuple[str, ...]] = {
    "did": ("did", "dst_ouser"), "account": ("account",), "direction": ("direction",), "login": ("auth_user",),
}  # fmt: skip
CDRS: dict[str, tuple[str, ...]] = {
    "start": ("start_time",), "end": ("end_time",), "duration": ("duration",), "caller": ("caller", "src_user"),
    "dest": ("dest", "dst_user"), "call": ("callid",), **OWN,
}  # fmt: skip
ACC: dict[str, tuple[str, ...]] = {
    "method": ("method",), "call": ("callid",), "code": ("sip_code",), "time": ("time", "time_hires"),
    "caller": ("src_user",), "dest": ("dst_user",), **OWN,
}  # fmt: skip
# The order without a first line that names it.
PLAIN_CDRS = ("id", "start_time", "end_time", "duration", "caller", "did", "dest", "callid")
PLAIN_ACC = (
    "id", "method", "from_tag", "to_tag", "callid", "sip_code", "sip_reason", "time", "src_user", "dst_user", "src_ip",
)  # fmt: skip
INBOUND, OUTBOUND = ("inbound", "incoming", "in"), ("outbound", "outgoing", "out")
EPOCH = re.compile(r"\d{9,10}(?:\.\d{1,9})?")
FRACTION = re.compile(r"\.\d{1,9}$")
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
        began = moment(of["start"], "start_time", self.zone)
        start, name = began.wall, f"/cdr{began.epoch}"
        if of.get("duration", "").strip("0.") == "" and of.get("end", of["start"]) == of["start"]:
            leg = ends(Leg(line, start=start, end=start), of)
            return leg._replace(uniqueid=leg.linkedid + name)
        if of.get("duration"):
            spoken = seconds(of["duration"], "duration", ".")
        else:
            over = moment(of.get("end", ""), "end_time", self.zone).wall
            # Not more than it was, where both times have fractions of a second.
            spoken = elapsed(start, over, self.zone) - int(began.has_fraction and over > start)
        leg = ends(Leg(line, start=start, end=start + timedelta(seconds=max(spoken, 0)), lastapp=WHOLE), of)
        return leg._replace(
            uniqueid=leg.linkedid + name, answer=start, duration=spoken, billsec=spoken, disposition="ANSWERED"
        )

    def transaction(self, line: int, of: dict[str, str]) -> Leg | None:
        """A line of acc.csv: an INVITE that was answered or not, or a BYE; others are no calls."""
        told = moment(of["time"], "time", self.zone)
        at = told.wall
        method, code = of["method"].upper(), of["code"]
        if not (code.isascii() and code.isdigit() and len(code) == 3):
            raise Flaw(Phrase("%(column)s %(text)s is no SIP status", column="sip_code", text=repr(code[:40])))
        if method not in ("INVITE", "BYE"):
            return None
        leg = Leg(line, start=at, end=at, sequence=1)
        if method == "BYE":  # whoever sent it: a channel of its own, which connects nobody
            call = of["call"]
            name = channel("Local/over", call)
            leg = leg._replace(uniqueid=f"{call}/BYE{told.epoch}", linkedid=call, channel=name)
            return leg._replace(lastapp=OVER, sequence=2)
        leg = ends(leg, of)
        leg = leg._replace(uniqueid=f"{leg.linkedid}/{code}{told.epoch}")
        if code.startswith("2"):
            # A begun second before the answer is no talk: with the end cut off likewise nothing is counted too much.
            answer = at + timedelta(seconds=int(told.has_fraction))
            return leg._replace(answer=answer, disposition="ANSWERED", lastapp=ANSWER)
        return leg


class Moment(NamedTuple):
    """A time of the source's clock, cut to seconds. epoch: as a leg's identity ends with it where it was given so."""

    wall: datetime
    has_fraction: bool = False
    epoch: str = ""


def moment(text: str, column: str, zone: ZoneInfo) -> Moment:
    """A time of acc: 2026-11-23 09:29:34, or seconds since 1970, each with or without fractions. Raises Flaw."""
    if EPOCH.fullmatch(text):
        whole, _, fraction = text.partition(".")
        clock = datetime.fromtimestamp(int(whole), zone).replace(tzinfo=None)
        return Moment(wall(f"{clock:%Y-%m-%d %H:%M:%S}", column), fraction.strip("0") != "", f"-{whole}.0")
    bare = FRACTION.sub("", text)
    return Moment(wall(bare.replace("T", " "), column), text[len(bare) :].strip(".0") != "")


def ends(leg: Leg, of: dict[str, str]) -> Leg:
    """The leg with both its ends. What a number was sent on to says who took it, what was dialled whose call it is."""
    call, caller, dest = of["call"], user_of(of["caller"]), user_of(of.get("dest", ""))
    dialled = user_of(of.get("did", ""))
    far = end_of(dest) if dest else ""
    goes_out = far == OUTSIDE and (not dialled or same_number(dest, dialled))
    near = calling_end(of, caller, goes_out=goes_out)
    leg = leg._replace(linkedid=call, src=caller, channel=channel(near, call), accountcode=of.get("account", ""))
    if near != OUTSIDE:
        called = dialled if dialled and end_of(dialled) == OUTSIDE else dest
        return leg._replace(dst=called, dstchannel=channel(far, f"{call}/{far}") if far else "")
    if far != OUTSIDE:
        return leg._replace(
            dst=dialled, userfield=did(dialled), dstchannel=channel(far, f"{call}/{far}") if far else ""
        )
    if not dialled or same_number(dest, dialled):  # nobody inside was found yet: the number is the one that was called
        return leg._replace(dst=dest, userfield=did(dest))
    return leg._replace(
        dst=dest, userfield=did(dialled), dstchannel=channel(far, f"{call}/{far}"), lastdata=f"line/{dest}@outside"
    )


def calling_end(of: dict[str, str], caller: str, *, goes_out: bool) -> str:
    """The endpoint of whoever called: what the record says of it first, then what his number looks like.

    An agent may show a number of the operator's: then his login says who he is, or the client's account that he called
    for somebody. goes_out: to the outside number that was dialled; an account says nothing of what was sent on there.
    """
    way, login = of.get("direction", "").casefold(), user_of(of.get("login", ""))
    if way in INBOUND:
        return OUTSIDE
    near = end_of(caller)
    if near != OUTSIDE:
        return near
    if is_inside(login):
        return login
    return NOBODY if way in OUTBOUND or (goes_out and of.get("account")) else OUTSIDE

"""STARFACE: output.csv of its connection data, a line for each step of a call and each user it concerned.

Account 0 is outside, another one a user or group; a step is a redirection or a transfer of the same call. No column
has the number that was called: where it is lost, the provider's line names the client. The first line names the
columns; without one they stand in the order of STARFACE's documentation.
"""

import csv
import re
from datetime import datetime
from typing import Any

from balie.cdr.generic import Flaw, cell
from balie.cdr.lines import line_place
from balie.cdr.parties import NOBODY, OUTSIDE, channel, is_inside
from balie.cdr.records import Columns, Leg, LineTaker, did, elapsed, wall, whole
from balie.cdr.settled import OWN
from balie.rules.errors import Phrase, Refused

PLAIN = (
    "id", "callid", "callstepid", "callleguuid", "cdraccountid", "calleraccountid", "callercallerid",
    "calledaccountid", "calledcallerid", "serviceid", "starttime", "ringingtime", "linktime", "callresulttime",
    "callresult", "callresultcausedby", "lineid", "linename", "callbacknumber", "answeredelsewhere", "incoming",
    "answered", "hasvoicemail", "hasmonitor", "hasfax", "deleted", "privatecall", "callbacknumberextern",
    "summarystep", "duration", "login",
)  # fmt: skip
NEEDED = (
    "callid", "callstepid", "calleraccountid", "callercallerid", "calledaccountid", "calledcallerid", "starttime",
    "linktime", "callresulttime", "callresult",
)  # fmt: skip
COLUMNS = Columns({name: (name,) for name in PLAIN})
SEPARATORS = (";", ",", "\t")
MOMENT = re.compile(r"(\d\d)\.(\d\d)\.(\d{4}) (\d\d:\d\d:\d\d)")
IN_BRACKETS = re.compile(r"<([^<>]*)>\s*$")
AT_THE_END = re.compile(r"(?:^|\s)(\+?[\d*#][\d\s()/-]*)$")
RESULTS = ("CONNECTED", "NOT_CONNECTED")
YES = ("true", "t", "1", "yes", "ja", "wahr")
NEVER = "1970"


class Steps(LineTaker):
    """The lines of one file."""

    what = "output.csv (STARFACE)"

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__(options)
        self.places: dict[str, int] = {}
        self.separator = ""

    def split(self, text: str) -> list[str]:
        self.separator = self.separator or max(SEPARATORS, key=text.count)
        rows = list(csv.reader([text], delimiter=self.separator, strict=True))
        return rows[0] if rows else []

    def names_columns(self, fields: list[str]) -> bool:
        if self.places and fields and fields[0].strip().isdigit():
            return False
        if "callid" in [field.strip().casefold() for field in fields]:
            self.places = COLUMNS.places(fields)
            if missing := [name for name in NEEDED if name not in self.places]:
                said = Phrase("The file's first line has no column %(column)s.", column=repr(missing[0]))
                raise Refused("no_column", said, line_place(1))
            return True
        if not self.places and len(fields) == len(PLAIN):
            self.places = COLUMNS.places(list(PLAIN))
        return False

    def leg(self, line: int, fields: list[str]) -> Leg:
        if not self.places:
            raise Flaw(Phrase("%(found)s columns, and no first line that names them", found=len(fields)))
        of = {name: cell(fields, self.places, name) for name in self.places}
        call, step = of["callid"], of["callstepid"]
        result = of["callresult"].upper()
        if result not in RESULTS:
            told = {"text": repr(result[:40]), "known": ", ".join(RESULTS)}
            raise Flaw(Phrase("%(column)s %(text)s is none of %(known)s", column="callresult", **told))
        start = moment(of["starttime"], "starttime")
        linked = moment(of["linktime"], "linktime") if is_set(of["linktime"]) else None
        end = moment(of["callresulttime"], "callresulttime")
        answer = linked if result == "CONNECTED" else None
        near, far = whole(of["calleraccountid"], "calleraccountid"), whole(of["calledaccountid"], "calledaccountid")
        elsewhere = not near and of.get("answeredelsewhere", "").casefold() in YES
        if far and not near:  # what was called may be a group: whose entry it is took the call
            far = whole(of.get("cdraccountid", ""), "cdraccountid") or far
        caller, called = number_in(of["callercallerid"]), number_in(of["calledcallerid"])
        leg = Leg(
            line,
            uniqueid=f"{call}/{step}/{of.get('cdraccountid', '')}",  # `id` counts the lines of a list
            linkedid=call,
            sequence=min(whole(step, "callstepid"), 2**31),
            channel=channel(str(near) if near else OUTSIDE, call),
            dstchannel=channel(NOBODY if elsewhere else str(far) if far else OUTSIDE, f"{call}/{far or step}"),
            start=start,
            end=end,
            duration=elapsed(start, end, self.zone),
            src=caller,
            accountcode=of.get("linename", ""),
            # An entry that sums steps up counts only where the steps themselves are not given; one of somebody whose
            # telephone rang along only where the entry of whoever took the call is not.
            lastapp=OWN if elsewhere or of.get("summarystep", "").casefold() in YES else "Dial",
        )
        if answer is not None:
            leg = leg._replace(answer=answer, billsec=elapsed(answer, end, self.zone), disposition="ANSWERED")
        return called_end(leg, near, far, called)


def called_end(leg: Leg, near: int, far: int, called: str) -> Leg:
    """The leg with what was called: a user, or a number outside."""
    if far:
        dialled = "" if near or is_inside(called) else called
        return leg._replace(dst=dialled, userfield=did(dialled))
    if near:
        return leg._replace(dst=called)
    if leg.answer is None:  # from outside, and nobody yet: the number is the one that was called
        return leg._replace(dstchannel="", dst=called, userfield="" if is_inside(called) else did(called))
    return leg._replace(lastdata=f"line/{called}@outside")


def is_set(text: str) -> bool:
    return bool(text) and NEVER not in text


def moment(text: str, column: str) -> datetime:
    found = MOMENT.fullmatch(text)
    iso = f"{found[3]}-{found[2]}-{found[1]} {found[4]}" if found else "?"
    return wall(text, column, "23.11.2026 09:29:34", iso)


def number_in(text: str) -> str:
    """The number in "Name" <0612345678>, Name 0612345678 and 0612345678; a text without any as it is."""
    found = IN_BRACKETS.search(text) or AT_THE_END.search(text)
    return re.sub(r"[\s()/-]", "", found[1]) if found else text.strip()

"""Cisco Unified Communications Manager: its CDR files, a line of names, a line of SQL types, a line a leg.

Times are seconds since 1970 UTC, 0 is never. A device is an end; which devices lead outside is for the source to say
(`trunks`). A transfer with consultation leaves three records that share the identifiers of their legs, and two global
call numbers; channels are made of device and identifier, so that they find each other (folding.md 7).
"""

import csv
import re
from datetime import UTC, datetime
from typing import Any

from balie.cdr.generic import Flaw
from balie.cdr.lines import line_place
from balie.cdr.parties import is_inside
from balie.cdr.records import Columns, Leg, LineTaker, did, whole
from balie.rules.errors import Phrase, Refused

COLUMNS = Columns({
    "kind": ("cdrRecordType",),
    "manager": ("globalCallID_callManagerId",),
    "call": ("globalCallID_callId",),
    "cluster": ("globalCallId_ClusterID",),
    "orig_leg": ("origLegCallIdentifier",),
    "dest_leg": ("destLegIdentifier", "destLegCallIdentifier"),
    "orig_device": ("origDeviceName",),
    "dest_device": ("destDeviceName",),
    "began": ("dateTimeOrigination",),
    "answered": ("dateTimeConnect",),
    "ended": ("dateTimeDisconnect",),
    "duration": ("duration",),
    "caller": ("callingPartyNumber",),
    "dialled": ("originalCalledPartyNumber",),
    "called": ("finalCalledPartyNumber",),
    "sent": ("outpulsedCalledPartyNumber",),
    "matter": ("clientMatterCode",),
    "pkid": ("pkid",),
})  # fmt: skip
NEEDED = (
    "manager", "call", "orig_leg", "dest_leg", "orig_device", "dest_device", "began", "answered", "ended", "duration",
    "caller", "dialled", "called",
)  # fmt: skip
SQL_TYPE = re.compile(r"[A-Z]+(\(\d+\))?")
A_CALL = "1"  # cdrRecordType; 2 is about the quality of a call's sound
NUMBERS = ("caller", "dialled", "called", "sent")
CONFERENCE = re.compile(r"[bB]00\d+")  # the number of a conference bridge
VOICEMAIL = re.compile(r"-VI\d+$")  # a port of Unity, as Cisco's wizard names them


class Records(LineTaker):
    """The lines of one file."""

    what = "cdr_StandAloneCluster_… (Cisco Unified CM)"

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__(options)
        self.places: dict[str, int] = {}
        self.width = 0

    def names_columns(self, fields: list[str]) -> bool:
        """The line of names, at the beginning or where files were joined, and the one of types behind it."""
        if fields and fields[0].strip().casefold() == "cdrrecordtype":
            self.places, self.width = COLUMNS.places(fields), len(fields)
            if missing := [name for name in NEEDED if name not in self.places]:
                names = ", ".join(COLUMNS.names[name] for name in missing)
                said = Phrase("This is no CDR file of a Cisco Unified CM: it has no column %(names)s.", names=names)
                raise Refused("wrong_format", said, line_place(1))
            return True
        if not self.places:
            said = Phrase("The first line must name the columns, cdrRecordType first, as Cisco Unified CM writes it.")
            raise Refused("no_columns", said, line_place(1))
        return all(SQL_TYPE.fullmatch(field.strip()) for field in fields)

    def leg(self, line: int, fields: list[str]) -> Leg:
        if len(fields) != self.width:
            raise Flaw(Phrase("%(found)s columns instead of %(wanted)s", found=len(fields), wanted=self.width))
        of = {name: fields[place].strip() for name, place in self.places.items()}
        of |= {name: plain(of[name]) for name in NUMBERS if name in of}
        if of.get("kind", A_CALL) != A_CALL:
            raise Flaw(Phrase("cdrRecordType %(kind)s is no call", kind=repr(of["kind"][:40])))
        began, connected, ended = (whole(of[name], COLUMNS.names[name]) for name in ("began", "answered", "ended"))
        spoken = whole(of["duration"], "duration")
        ended = ended or (connected or began) + spoken
        if ended < began:
            raise Flaw(
                Phrase("%(column)s is before %(other)s", column="dateTimeDisconnect", other="dateTimeOrigination")
            )
        if not of["orig_device"]:
            raise Flaw(Phrase("no %(column)s", column="origDeviceName"))
        far = of["dest_device"]
        if CONFERENCE.fullmatch(of["called"]) or VOICEMAIL.search(far):
            far = ""  # neither is anybody: like ConfBridge and Voicemail of an Asterisk (folding.md 12, 16)
        is_answered = connected >= began and connected > 0
        return Leg(
            line,
            uniqueid=of.get("pkid", ""),
            linkedid="-".join(part for part in (of.get("cluster", ""), of["manager"], of["call"]) if part),
            channel=end(of["orig_device"], of["orig_leg"]),
            dstchannel=end(far, of["dest_leg"]) if far else "",
            start=utc(began, "dateTimeOrigination"),
            answer=utc(connected, "dateTimeConnect") if is_answered else None,
            end=utc(ended, "dateTimeDisconnect"),
            duration=ended - began,
            billsec=spoken if is_answered else 0,
            disposition="ANSWERED" if is_answered else "NO ANSWER",
            src=of["caller"],
            dst=of.get("sent") or ("" if is_inside(of["called"]) else of["called"]),
            accountcode=of.get("matter") or (f"Ext.{of['dialled']}" if is_inside(of["dialled"]) else ""),
            # A gateway that sends on only an extension leaves no number: the extension says whose the call is.
            userfield="" if is_inside(of["dialled"]) else did(of["dialled"]),
        )

    def split(self, text: str) -> list[str]:
        rows = list(csv.reader([text], strict=True))
        return rows[0] if rows else []


def plain(number: str) -> str:
    r"""+3120 of \+3120: in patterns, by which numbers are configured, a plus is written so, and it is kept."""
    return number.replace("\\+", "+")


def end(device: str, leg: str) -> str:
    """The channel of a device's leg; identifiers are whole numbers, the same in every record of the leg."""
    return f"{device}-{whole(leg, 'LegCallIdentifier'):08x}"


def utc(epoch: int, column: str) -> datetime:
    """Seconds since 1970 as UTC's wall clock. Raises Flaw."""
    try:
        found = datetime.fromtimestamp(epoch, UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError):
        found = datetime.min  # noqa: DTZ901
    if not 1990 <= found.year <= 2200:
        raise Flaw(Phrase("%(column)s %(text)s is no time of this age", column=column, text=repr(str(epoch))))
    return found

"""FreeSWITCH: Master.csv of mod_cdr_csv in its default template "example", and the JSON of mod_json_cdr.

The CSV names no channels and no direction: who is inside is told from the numbers (`balie.cdr.parties`). By default it
has a line for each incoming leg only, with the identity of the leg called last; lines of called legs are taken into
those. JSON says which leg called which, and when; it is the better record where there is a choice.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from balie.cdr.generic import Flaw, seconds
from balie.cdr.parties import NOBODY, OUTSIDE, channel, end_of, is_inside, mark, user_of
from balie.cdr.records import Leg, LineTaker, RecordTaker, later, wall, whole
from balie.cdr.settled import BETWEEN, MOVED, OWN, RAW
from balie.rules.errors import Phrase

COLUMNS = (
    "caller_id_name", "caller_id_number", "destination_number", "context", "start_stamp", "answer_stamp", "end_stamp",
    "duration", "billsec", "hangup_cause", "uuid", "bleg_uuid", "accountcode", "read_codec", "write_codec",
)  # fmt: skip
NEEDED = 13  # the codecs come after what counts, and behind them what a template of one's own may add
SHORTEST_ID = 8
# Names of the default configuration for where calls from outside come in: a dial plan's context, a SIP profile.
FROM_OUTSIDE = "public"
OUTER_PROFILE = "external"
NO_PARTY = ("loopback", "error", "null", "group", "pickup")  # ends inside the switch itself


class Master(LineTaker):
    """Lines of Master.csv."""

    what = "Master.csv (FreeSWITCH)"

    def leg(self, line: int, fields: list[str]) -> Leg:
        if len(fields) < NEEDED:
            raise Flaw(Phrase("%(found)s columns instead of %(wanted)s", found=len(fields), wanted=len(COLUMNS)))
        of = dict(zip(COLUMNS, (field.strip() for field in fields), strict=False))
        caller, called = of["caller_id_number"], of["destination_number"]
        near = OUTSIDE if of["context"] == FROM_OUTSIDE else end_of(caller)
        far = called if is_inside(called) else NOBODY if near == OUTSIDE else OUTSIDE
        start, end = wall(of["start_stamp"], "start_stamp"), wall(of["end_stamp"], "end_stamp")
        answer = wall(of["answer_stamp"], "answer_stamp") if of["answer_stamp"] else None
        uuid, other = of["uuid"], of["bleg_uuid"]
        if len(uuid) < SHORTEST_ID:  # other templates have a number there
            raise Flaw(Phrase("uuid %(text)s is no identity of a call", text=repr(uuid)))
        return Leg(
            line,
            uniqueid=uuid,
            linkedid=uuid,
            sequence=0 if other else 1,  # a leg that called another stands before it, in the same second too
            channel=channel("leg", uuid),
            dstchannel=channel("leg", other) if other else "",
            start=start,
            answer=answer,
            end=end,
            duration=seconds(of["duration"], "duration", "."),
            billsec=seconds(of["billsec"], "billsec", ".") if answer else 0,
            disposition="ANSWERED" if answer else "NO ANSWER",
            src=caller,
            # After a transfer inside, the number called is lost: what stands there now is never shown for it.
            dst="" if near == OUTSIDE and is_inside(called) else called,
            lastapp=RAW,
            lastdata=f"{near}{BETWEEN}{far}",
            accountcode=account_of(of["accountcode"], caller, called),
        )


def account_of(code: str, *ends: str) -> str:
    """The account that stands for a client. The default configuration writes the extension there: that is no client."""
    return "" if code in ends else code


class Json(RecordTaker):
    """Objects of mod_json_cdr, one a leg."""

    def record(self, line: int, value: dict[str, Any]) -> Leg:
        said = Variables(value)
        own = said.profile
        uuid = said["uuid"] or text_of(own, "uuid")
        callers = profiles(value, "originator")
        caller, others = callers[0] if callers else {}, profiles(value, "originatee")
        start = wall(said["start_stamp"], "start_stamp")
        began, over = whole(said["start_epoch"], "start_epoch"), whole(said["end_epoch"], "end_epoch")
        lasts = over - began if began and over else whole(said["duration"], "duration")
        leg = Leg(
            line,
            uniqueid=f"{uuid}-{began}.0" if began else uuid,
            start=start,
            end=later(start, lasts, "duration"),
            duration=lasts,
            src=text_of(own, "caller_id_number"),
            dst=text_of(own, "destination_number"),
        )
        telephone = user_of(text_of(own, "chan_name").rpartition("/")[2])
        leg = leg._replace(accountcode=account_of(said["accountcode"], leg.src, leg.dst, telephone))
        if text_of(caller, "uuid"):
            return called_leg(leg, said, caller, others, uuid)
        if said["direction"] == "outbound" and said["bridge_uuid"] and not others:
            return called_leg(leg, said, {}, others, uuid)  # by the switch itself: a queue fetched an agent
        return calling_leg(leg, said, others, uuid)


class Variables:
    """What an object of mod_json_cdr says, with the URL encoding it has by default taken off."""

    def __init__(self, value: dict[str, Any]) -> None:
        found = value.get("variables")
        self.variables = found if isinstance(found, dict) else {}
        flow = list(steps(value))
        if not self.variables or not flow:
            raise Flaw(Phrase("has no variables or no callflow, as mod_json_cdr writes them"))
        # How the call came in, before any transfer: the lowest number, which is written last.
        first = min(reversed(flow), key=lambda each: number_of(each.get("profile_index")))
        self.profile: dict[str, Any] = first["caller_profile"]

    def __getitem__(self, name: str) -> str:
        value = self.variables.get(name, "")
        return unquote(value).strip() if isinstance(value, str) else str(value)


def steps(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The entries of the call flow that say who they were about, one for each transfer, the newest first."""
    flow = value.get("callflow")
    for each in flow if isinstance(flow, list) else []:
        if isinstance(each, dict) and isinstance(each.get("caller_profile"), dict):
            yield each


def text_of(profile: dict[str, Any], name: str) -> str:
    value = profile.get(name)
    return "" if value is None else str(value).strip()


def number_of(index: Any) -> int:
    text = str(index)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def profiles(value: dict[str, Any], side: str) -> list[dict[str, Any]]:
    """Who called this leg (originator), or whom it called (originatee), over all its call flow."""
    found = []
    for each in steps(value):
        group = each["caller_profile"].get(side)
        known = group.get(f"{side}_caller_profiles") if isinstance(group, dict) else None
        found += [one for one in known if isinstance(one, dict)] if isinstance(known, list) else []
    return found


def end_at(profile: dict[str, Any]) -> str:
    """The endpoint of sofia/internal/1001@host:5060; nothing for what is nobody's, as a loopback."""
    tech, *rest = text_of(profile, "chan_name").split("/")
    if tech.casefold() in NO_PARTY or not rest:
        return ""
    if tech == "sofia" and rest[0] == OUTER_PROFILE:
        return OUTSIDE
    return end_of(user_of(rest[-1]))


def calling_leg(leg: Leg, said: Variables, others: list[dict[str, Any]], uuid: str) -> Leg:
    """The leg of whoever called in. It knows whom it was connected with last, by which it goes if nothing else says."""
    leg = leg._replace(linkedid=uuid, channel=channel(end_at(said.profile) or NOBODY, uuid), lastapp=OWN)
    other = next((each for each in others if each.get("uuid") == said["bridge_uuid"]), None)
    bridged = whole(said["bridge_epoch"], "bridge_epoch")
    began = whole(said["start_epoch"], "start_epoch")
    if other is None or not said["bridge_uuid"] or not began or bridged < began or not end_at(other):
        return leg
    waited = bridged - began
    return leg._replace(
        dstchannel=channel(end_at(other), text_of(other, "uuid")),
        answer=later(leg.start, waited, "bridge_epoch"),
        billsec=min(max(leg.duration - waited, 0), seconds(said["billsec"], "billsec", ".")),
        disposition="ANSWERED",
        lastdata=f"line/{text_of(other, 'destination_number')}@outside",
    )


def called_leg(leg: Leg, said: Variables, caller: dict[str, Any], others: list[dict[str, Any]], uuid: str) -> Leg:
    """A leg that another one called, or the switch for it. It may have been handed on to a third one; whom it called
    itself (others) is consulted, no more."""
    partner, origin = said["bridge_uuid"], text_of(caller, "uuid")
    is_moved = bool(partner) and partner != origin and partner not in [each.get("uuid") for each in others]
    began = whole(said["start_epoch"], "start_epoch")
    answered = whole(said["answer_epoch"], "answer_epoch")
    if is_moved:
        answered = max(answered, whole(said["bridge_epoch"], "bridge_epoch")) if answered else 0
    end = end_at(said.profile)
    waited = answered - began
    is_answered = bool(end) and began > 0 and answered > 0 and waited >= 0
    spoken = leg.duration - waited if is_moved else seconds(said["billsec"], "billsec", ".")
    return leg._replace(
        linkedid=partner if is_moved else origin,
        channel=channel(end_at(caller) or NOBODY, origin or partner),
        dstchannel=channel(end, uuid) if end else "",
        answer=later(leg.start, waited, "answer_epoch") if is_answered else None,
        billsec=max(spoken, 0) if is_answered else 0,
        disposition="ANSWERED" if is_answered else "NO ANSWER",
        lastapp=MOVED if is_moved else "Dial",
        lastdata=mark(partner) if is_moved else "",
        sequence=1,
    )

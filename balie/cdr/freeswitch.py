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
from balie.cdr.settled import BETWEEN, CAME_IN, MOVED, OWN, RAW, ROLE_CALLED, ROLE_INSIDE, ROLE_OUTSIDE
from balie.rules.errors import Phrase

COLUMNS = (
    "caller_id_name", "caller_id_number", "destination_number", "context", "start_stamp", "answer_stamp", "end_stamp",
    "duration", "billsec", "hangup_cause", "uuid", "bleg_uuid", "accountcode", "read_codec", "write_codec",
)  # fmt: skip
MORE = ("direction", "originator")  # where a template of one's own has them directly behind
NEEDED = 13  # the codecs come after what counts, and behind them what a template of one's own may add
SHORTEST_ID = 8
# Names of the default configuration for where calls from outside come in: a dial plan's context, a SIP profile.
FROM_OUTSIDE = "public"
OUTER_PROFILE = "external"
# What ends only legs that the switch called: others answered first, or fetched the call from this telephone.
ONLY_CALLED = ("LOSE_RACE", "PICKED_OFF")
# Variables with the leg for which one was called; of a queue's legs, the leg of whoever waits in it.
ORIGINS = ("originator", "originating_leg_uuid", "cc_member_session_uuid", "call_uuid")
NO_PARTY = ("loopback", "error", "null", "group", "pickup")  # ends inside the switch itself


class Master(LineTaker):
    """Lines of Master.csv."""

    what = "Master.csv (FreeSWITCH)"

    def leg(self, line: int, fields: list[str]) -> Leg:
        if len(fields) < NEEDED:
            raise Flaw(Phrase("%(found)s columns instead of %(wanted)s", found=len(fields), wanted=len(COLUMNS)))
        of = dict(zip((*COLUMNS, *MORE), (field.strip() for field in fields), strict=False))
        start, end = wall(of["start_stamp"], "start_stamp"), wall(of["end_stamp"], "end_stamp")
        answer = wall(of["answer_stamp"], "answer_stamp") if of["answer_stamp"] else None
        uuid, other = of["uuid"], of["bleg_uuid"]
        if len(uuid) < SHORTEST_ID:  # other templates have a number there
            raise Flaw(Phrase("uuid %(text)s is no identity of a call", text=repr(uuid)))
        leg = Leg(
            line,
            uniqueid=uuid,
            linkedid=uuid,
            channel=channel("leg", uuid),
            dstchannel=channel("leg", other) if other else "",
            start=start,
            answer=answer,
            end=end,
            duration=seconds(of["duration"], "duration", "."),
            billsec=seconds(of["billsec"], "billsec", ".") if answer else 0,
            disposition="ANSWERED" if answer else "NO ANSWER",
            accountcode=account_of(of["accountcode"], of["caller_id_number"], of["destination_number"]),
            lastapp=RAW,
        )
        return raw_ends(leg, of)


def raw_ends(leg: Leg, of: dict[str, str]) -> Leg:
    """The leg with what its line says of both ends, for `balie.cdr.settled` to make channels of."""
    caller, called, cause = of["caller_id_number"], of["destination_number"], of["hangup_cause"]
    is_called = of.get("direction") == "outbound" or cause in ONLY_CALLED
    near = OUTSIDE if of["context"] == FROM_OUTSIDE else end_of(caller)
    far = called if is_inside(called) else NOBODY if near == OUTSIDE else OUTSIDE
    role = ROLE_OUTSIDE if of["context"] == FROM_OUTSIDE else ROLE_INSIDE
    # A leg that called another stands before it, in the same second too; one to a number before one to somebody.
    order = 2 if is_called else 0 if leg.dstchannel else 2 if near == OUTSIDE and is_inside(called) else 1
    if is_called:  # nobody called in on it: alone it is no call
        near, far, role = NOBODY, called if is_inside(called) else OUTSIDE, ROLE_CALLED
        origin = of.get("originator", "")
        leg = leg._replace(linkedid=origin if len(origin) >= SHORTEST_ID else leg.linkedid)
    return leg._replace(
        sequence=order,
        src=caller,
        # After a transfer inside, the number called is lost: what stands there now is never shown for it.
        dst="" if near in (OUTSIDE, NOBODY) and is_inside(called) else called,
        lastdata=BETWEEN.join((near, far, role, CAME_IN if of.get("direction") == "inbound" else cause)),
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
        if said.direction != "outbound":
            return calling_leg(leg, said, others, uuid)
        if said["bridge_uuid"] and not others:
            return called_leg(leg, said, {}, others, uuid)  # by the switch itself: a queue fetched an agent
        if origin := said.origin(uuid):
            return called_leg(leg, said, {"uuid": origin}, others, uuid)
        kind = ordered_leg if end_at(said.profile) == OUTSIDE else calling_leg
        return kind(leg, said, others, uuid)


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

        data = value.get("channel_data")
        channel_data = data if isinstance(data, dict) else {}
        # Of the leg, seen from the switch: whoever calls, an agent too, is inbound.
        self.direction = (self["direction"] or text_of(channel_data, "direction")).casefold()

    def origin(self, uuid: str) -> str:
        """The leg for which this one was called, where the call flow does not have it; nothing if it was for none."""
        return next((self[name] for name in ORIGINS if self[name] not in ("", uuid)), "")

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


def calling_end(said: Variables) -> str:
    """The endpoint of whoever called in: by what is for calls from outside, somebody outside, unless he logged in.

    An agent's telephone may show a number of the operator's: then the extension that it logged in as says who it is.
    """
    end, login = end_at(said.profile), said["sip_auth_username"] or said["user_name"]
    by_public = text_of(said.profile, "context") == FROM_OUTSIDE
    if end and by_public and not login:
        return OUTSIDE
    by_outer = text_of(said.profile, "chan_name").startswith(f"sofia/{OUTER_PROFILE}/")
    is_extension = login.isdigit() and is_inside(login)
    return login if end == OUTSIDE and is_extension and not (by_public or by_outer) else end


def connected(leg: Leg, said: Variables, others: list[dict[str, Any]]) -> tuple[Leg, dict[str, Any] | None]:
    """The leg with when it was connected with one of those that it called, and which; None if with none."""
    other = next((each for each in others if each.get("uuid") == said["bridge_uuid"]), None)
    bridged = whole(said["bridge_epoch"], "bridge_epoch")
    began = whole(said["start_epoch"], "start_epoch")
    if other is None or not said["bridge_uuid"] or not began or bridged < began or not end_at(other):
        return leg, None
    waited = bridged - began
    return leg._replace(
        answer=later(leg.start, waited, "bridge_epoch"),
        billsec=min(max(leg.duration - waited, 0), seconds(said["billsec"], "billsec", ".")),
        disposition="ANSWERED",
    ), other


def ordered_leg(leg: Leg, said: Variables, others: list[dict[str, Any]], uuid: str) -> Leg:
    """A leg to somebody outside that the switch called for nobody: click to call, which calls the agent from there."""
    leg, other = connected(leg, said, others)
    leg = leg._replace(linkedid=uuid, dstchannel=channel(OUTSIDE, uuid), lastdata=f"line/{leg.dst}@outside")
    agent = end_at(other) if other else ""
    if other and agent != OUTSIDE:
        return leg._replace(channel=channel(agent, text_of(other, "uuid")))
    leg = leg._replace(answer=None, billsec=0, disposition="NO ANSWER")
    return leg._replace(channel=channel("Local/order", f"{uuid}/order"))


def calling_leg(leg: Leg, said: Variables, others: list[dict[str, Any]], uuid: str) -> Leg:
    """The leg of whoever called in. It knows whom it was connected with last, by which it goes if nothing else says."""
    leg, other = connected(leg, said, others)
    leg = leg._replace(linkedid=uuid, channel=channel(calling_end(said) or NOBODY, uuid), lastapp=OWN)
    if other is None:
        return leg
    return leg._replace(
        dstchannel=channel(end_at(other), text_of(other, "uuid")),
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
    # One that others were faster than was with nobody, even if it was taken up; nor was one by the switch, unbridged.
    was_connected = said["hangup_cause"] not in ONLY_CALLED and bool(partner or text_of(caller, "chan_name"))
    is_answered = was_connected and bool(end) and began > 0 and answered > 0 and waited >= 0
    spoken = leg.duration - waited if is_moved else seconds(said["billsec"], "billsec", ".")
    return leg._replace(
        linkedid=partner if is_moved else origin,
        channel=channel(end_at(caller) or NOBODY, origin or partner),
        dstchannel=channel(end, uuid) if end else "",
        answer=later(leg.start, waited, "answer_epoch") if is_answered else None,
        billsec=max(spoken, 0) if is_answered else 0,
        disposition="ANSWERED" if is_answered else "NO ANSWER",
        lastapp=MOVED,  # from the other one's own channel, as its own leg names it
        lastdata=mark(partner if is_moved else origin or partner),
        sequence=1,
    )

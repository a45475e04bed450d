"""Stories in which an agent answers and then brings in somebody else: blind and attended transfers, consultations.

A blind transfer overwrites the number dialled in the caller's first record too. An attended one by feature code leaves
six or seven records over a Local channel that drops out half a second after the agent; one made on the telephone
itself leaves the consultation under a linkedid of its own.
"""

from dataclasses import dataclass

from balie.demo.asterisk import ANSWERED, NO_ANSWER, Channel, Exchange
from balie.demo.stories import (
    Line,
    Meant,
    Plan,
    Seat,
    answered_by,
    arrives,
    calls_out,
    covered,
    dials,
    forwarded,
    inbound,
    outbound_call,
    rings,
)

OUTGOING = "(Outgoing Line)"
RINGS_OUTSIDE = 4.3  # seconds until the third party answers
SPEAK_FIRST = 6.2  # seconds the agent speaks with the third party before the caller gets it


def sent_on(x: Exchange, plan: Plan, extension: str) -> tuple[Channel, float, int]:
    """An agent answers, then sends the caller on. Gives the caller's channel, the moment, and the talk until then."""
    caller = arrives(x, plan)
    caller.dst, caller.context = extension, "from-internal"
    moved = plan.start + plan.ring + plan.talk
    _, talk = answered_by(x, plan, caller, moved)
    return caller, moved, talk


def transferred_blind(x: Exchange, plan: Plan) -> list[Meant]:
    """The agent sends the caller on to an outside number without a word."""
    caller, moved, talk = sent_on(x, plan, plan.target)
    out, agent = x.channel(x.trunk, moved, caller.linkedid), plan.seats[0].code
    on = x.write(caller, out.name, dials(x, plan.target), (moved, moved, moved + plan.later))
    first = inbound(plan, "accepted", agent=agent, talk=talk, lost=True)
    return [first, forwarded(first, moved, plan.target, agent=agent, talk=on)]


def transferred_in_vain(x: Exchange, plan: Plan) -> list[Meant]:
    """The same; the outside number does not answer, and the caller gives up. billsec is above 0 nevertheless."""
    caller, moved, talk = sent_on(x, plan, plan.target)
    out = x.channel(x.trunk, moved, caller.linkedid)
    x.write(caller, out.name, dials(x, plan.target), (moved, moved, moved + 12.2), NO_ANSWER)
    return [inbound(plan, "accepted", agent=plan.seats[0].code, talk=talk, lost=True)]


def transferred_to_agent(x: Exchange, plan: Plan) -> list[Meant]:
    """The first seat sends the caller on to the last one."""
    second = plan.seats[-1]
    caller, moved, talk = sent_on(x, plan._replace(seats=plan.seats[:1]), second.extension)
    channel = x.channel(second.endpoint, moved, caller.linkedid)
    more = x.write(caller, channel.name, ("Dial", f"{second.endpoint},15,tT"), (moved, moved, moved + plan.later))
    return [inbound(plan, "accepted", agent=plan.seats[0].code, talk=talk + more, lost=True)]


@dataclass(frozen=True, slots=True)
class Handover:
    """The moments of an attended transfer by feature code: asked, third party answers, agent leaves, the third party's
    own channel takes the Local channel's place, the Local channel is gone, the end."""

    asked: float
    heard: float
    left: float
    swapped: float
    gone: float
    end: float

    @classmethod
    def of(cls, x: Exchange, plan: Plan) -> "Handover":
        asked = plan.start + plan.ring + plan.talk
        heard = asked + RINGS_OUTSIDE
        left = heard + SPEAK_FIRST
        swapped = left + 0.3 + x.rng.random() * 0.3
        gone = swapped + 0.02 + x.rng.random() * 0.6
        return cls(asked, heard, left, swapped, gone, gone + plan.later)


def attended(x: Exchange, plan: Plan, third: str, app: tuple[str, str]) -> tuple[Handover, int, int]:
    """All records of an attended transfer to an endpoint, called with `app`. Gives the moments, the talk of the agent,
    and the seconds the third party was connected with the caller."""
    caller, when = arrives(x, plan), Handover.of(x, plan)
    extension = plan.target
    agent, talk = answered_by(x, plan, caller, when.asked)
    one, two = x.local_pair(when.asked, extension=extension, linkedid=caller.linkedid)
    other = x.channel(third, when.asked, caller.linkedid)
    answers_for(agent, plan, caller)
    x.write(
        agent, one.name, ("AppQueue" if plan.line.queue else "AppDial", OUTGOING), (when.asked, when.asked, when.left)
    )
    one.src = one.dst = extension
    one.context, one.clid, one.account = "from-internal", f'"" <{extension}>', caller.account
    two.src, two.dst, two.context, two.clid = caller.src, extension, "from-internal", caller.clid
    two.account, two.peer = agent.account, caller.account
    consulted, hop = (when.asked, when.heard, when.gone), (when.left, when.left, when.gone)
    x.write(two, other.name, app, consulted)
    x.write(one, "", ("", ""), hop)
    caller.peer = caller.account
    x.write(caller, one.name, rings(plan, plan.seats[:1]), hop)
    direct = (when.swapped, when.swapped, when.end)
    x.write(caller, other.name, rings(plan, plan.seats[:1]), direct)
    other.src, other.context, other.clid, other.account = extension, "from-trunk", f'"" <{extension}>', caller.account
    x.write(other, "", ("AppDial", OUTGOING), (when.gone, when.gone, when.end))
    return when, talk, len(covered(direct) | covered(hop) & covered(consulted))


def answers_for(agent: Channel, plan: Plan, caller: Channel) -> None:
    """What the agent's own channel says of itself once it is the first of two."""
    seat = plan.seats[0]
    agent.src, agent.context, agent.clid = seat.extension, "from-internal", seat.clid
    agent.dst = plan.line.number if plan.line.queue else ""
    agent.account = "agents" if plan.line.queue else caller.account
    agent.peer = caller.account


def transferred_attended(x: Exchange, plan: Plan) -> list[Meant]:
    """The agent speaks with the outside number first, over a Local channel, then leaves the caller with it."""
    when, talk, on = attended(x, plan, x.trunk, dials(x, plan.target))
    agent = plan.seats[0].code
    first = inbound(plan, "accepted", agent=agent, talk=talk)
    return [first, forwarded(first, when.asked, plan.target, agent=agent, talk=on)]


def attended_to_agent(x: Exchange, plan: Plan) -> list[Meant]:
    """The same, but it is another agent, the last seat, with whom the caller goes on."""
    second, first = plan.seats[-1], plan._replace(seats=plan.seats[:1], target=plan.seats[-1].extension)
    _, talk, on = attended(x, first, second.endpoint, ("Dial", f"{second.endpoint},15,tT"))
    return [inbound(plan, "accepted", agent=plan.seats[0].code, talk=talk + on)]


def asked_in_vain(x: Exchange, plan: Plan) -> list[Meant]:
    """The agent asks the outside number something by feature code and comes back to the caller."""
    caller, when = arrives(x, plan), Handover.of(x, plan)
    agent, talk = answered_by(x, plan, caller, when.end)
    one, two = x.local_pair(when.asked, extension=plan.target, linkedid=caller.linkedid)
    out, seat = x.channel(x.trunk, when.asked, caller.linkedid), plan.seats[0]
    answers_for(agent, plan, caller)
    two.src, two.dst, two.context, two.clid = seat.extension, plan.target, "from-internal", seat.clid
    two.account, two.peer = agent.account, caller.account
    own = ("AppQueue" if plan.line.queue else "AppDial", OUTGOING)
    x.write(two, out.name, dials(x, plan.target), (when.asked, when.heard, when.left))
    x.write(agent, one.name, own, (when.asked, when.asked, when.left))
    x.write(agent, "", own, (when.left, when.left, when.end))
    return [inbound(plan, "accepted", agent=seat.code, talk=talk)]


def consults(x: Exchange, plan: Plan, begin: float) -> tuple[Seat, Channel, Channel]:
    """The agent calls the outside number on a second line of the telephone."""
    seat = plan.seats[0]
    channel, out = calls_out(x, seat, Line(""), begin, plan.target)
    return seat, channel, out


def joined_on_telephone(x: Exchange, plan: Plan) -> list[Meant]:
    """The telephone itself joins both calls (REFER with Replaces)."""
    caller = arrives(x, plan)
    asked = plan.start + plan.ring + plan.talk
    heard, moved = asked + RINGS_OUTSIDE, asked + RINGS_OUTSIDE + SPEAK_FIRST
    end = moved + plan.later
    agent, talk = answered_by(x, plan, caller, moved)
    seat, second, out = consults(x, plan, asked)
    x.write(second, out.name, dials(x, plan.target), (asked, heard, moved))
    on = x.write(caller, out.name, rings(plan, plan.seats[:1]), (moved, moved, end))
    out.src, out.context, out.clid, out.account = plan.target, "from-trunk", f'"" <{plan.target}>', second.account
    out.linkedid, out.peer = caller.linkedid, "agents"
    x.write(out, agent.name, ("AppDial", OUTGOING), (moved, moved, moved + 0.02))
    first = inbound(plan, "accepted", agent=seat.code, talk=talk)
    return [first, forwarded(first, asked, plan.target, agent=seat.code, talk=on)]


def consulted_only(x: Exchange, plan: Plan) -> list[Meant]:
    """The agent asks the outside number on a second line and hangs up there: an outbound call for nobody known."""
    caller = arrives(x, plan)
    asked = plan.start + plan.ring + plan.talk
    heard = asked + RINGS_OUTSIDE
    _, talk = answered_by(x, plan, caller, heard + SPEAK_FIRST + plan.later)
    seat, second, out = consults(x, plan, asked)
    said = x.write(second, out.name, dials(x, plan.target), (asked, heard, heard + SPEAK_FIRST), ANSWERED)
    first = inbound(plan, "accepted", agent=seat.code, talk=talk)
    return [first, outbound_call(seat, "", asked, plan.target, talk=said)]

"""What happens in one telephone call, told as the records an Asterisk leaves and as the calls they mean.

Every story writes its records to an Exchange and gives the calls that must come out of them, so that an importer can be
held against it. The order of channels, applications and times was taken from files of a real Asterisk 16.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from balie.demo.asterisk import BUSY, NO_ANSWER, Channel, Exchange


class Seat(NamedTuple):
    """An agent at a telephone."""

    endpoint: str
    code: str

    @property
    def extension(self) -> str:
        return self.endpoint.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Line:
    """A number callers dial, and what the dialplan notes about it: the account, and `did:` if `told`."""

    number: str  # as the carrier delivers it: 0205550101
    client: str = ""  # its owner's number; "" for nobody
    account: str = ""  # c1001
    told: bool = False
    queue: str = ""  # name of the queue it rings; "" rings telephones directly
    only: bool = True  # the client's only number at that moment


class Plan(NamedTuple):
    """One call to be told. Moments are epochs with fractions, lengths seconds."""

    start: float
    caller: str
    line: Line
    seats: tuple[Seat, ...]
    ring: float
    talk: float
    target: str = ""  # whom the agent, or the dialplan, calls outside
    later: float = 60.0  # how long the second part of the call lasts


class Meant(NamedTuple):
    """A call as the report must show it. Start is an epoch, talk in seconds."""

    client: str
    start: int
    direction: str
    type: str
    caller: str
    callee: str
    agent: str
    talk: int


Story = Callable[[Exchange, Plan], list[Meant]]


def e164(number: str) -> str:
    """The number as reports show it; what is no Dutch or international number stays as it is."""
    if number.startswith("00"):
        return "+" + number[2:]
    if number.startswith("0") and len(number) == 10:
        return "+31" + number[1:]
    return number


def network(number: str) -> str:
    """fixed, mobile or other, seen from the Netherlands."""
    whole = e164(number)
    if not whole.startswith("+31"):
        return "other"
    return "mobile" if whole.startswith("+316") else "fixed"


def arrives(x: Exchange, plan: Plan) -> Channel:
    """The caller's channel."""
    line, channel = plan.line, x.channel(x.trunk, plan.start)
    channel.src, channel.dst, channel.clid = plan.caller, line.number, f'"" <{plan.caller}>'
    channel.account = line.account
    channel.userfield = f"did:{line.number}" if line.told else ""
    return channel


def rings(plan: Plan, seats: tuple[Seat, ...]) -> tuple[str, str]:
    """The application that makes telephones ring, and its data."""
    if plan.line.queue:
        return ("Queue", f"{plan.line.queue},tT,,,30")
    return ("Dial", "&".join(seat.endpoint for seat in seats) + ",20,tT")


def inbound(plan: Plan, kind: str, *, agent: str = "", talk: int = 0, lost: bool = False) -> Meant:
    """The inbound call. `lost`: a transfer has overwritten the number that was dialled."""
    line = plan.line
    client, callee = line.client, e164(line.number)
    if lost and not line.told:
        client = client if line.account else ""
        callee = callee if client and line.only else ""
    return Meant(client, int(plan.start), "inbound", kind, e164(plan.caller), callee, agent, talk)


def forwarded(first: Meant, at: float, target: str, *, agent: str, talk: int) -> Meant:
    """The forwarded call that goes with an inbound one."""
    kind = f"forwarded_{network(target)}"
    return Meant(first.client, int(at), "forwarded", kind, first.caller, e164(target), agent, talk)


def answered_by(x: Exchange, plan: Plan, caller: Channel, end: float) -> tuple[Channel, int]:
    """The first seat answers, the others have rung beside it. Gives the agent's channel and the talk."""
    answer, app = plan.start + plan.ring, rings(plan, plan.seats)
    channels = [x.channel(seat.endpoint, plan.start, caller.linkedid) for seat in plan.seats]
    caller.peer = caller.account or "agents"
    talk = x.write(caller, channels[0].name, app, (plan.start, answer, end))
    for other in channels[1:]:
        x.write(caller, other.name, app, (plan.start, None, answer), NO_ANSWER)
    return channels[0], talk


def accepted(x: Exchange, plan: Plan) -> list[Meant]:
    """The first of the seats answers; more than one seat: all ring at once."""
    caller = arrives(x, plan)
    _, talk = answered_by(x, plan, caller, plan.start + plan.ring + plan.talk)
    return [inbound(plan, "accepted", agent=plan.seats[0].code, talk=talk)]


def missed(x: Exchange, plan: Plan) -> list[Meant]:
    """The caller hangs up while it rings."""
    caller, app, end = arrives(x, plan), rings(plan, plan.seats), plan.start + plan.ring
    for seat in plan.seats:
        x.write(caller, x.channel(seat.endpoint, plan.start).name, app, (plan.start, None, end), NO_ANSWER)
    return [inbound(plan, "missed")]


def unknown_number(x: Exchange, plan: Plan) -> list[Meant]:
    """The number leads nowhere."""
    caller = arrives(x, plan)
    x.write(caller, "", ("Hangup", "1"), (plan.start, None, plan.start + 0.02), NO_ANSWER)
    return [inbound(plan, "missed")]


def one_after_another(x: Exchange, plan: Plan) -> list[Meant]:
    """Every seat but the first is tried in vain, busy or not answering; then the first answers."""
    caller, at = arrives(x, plan), plan.start
    caller.peer = caller.account
    for index, seat in enumerate(plan.seats[1:]):
        busy = index % 2 == 0
        end = at + (0.05 if busy else plan.ring)
        channel = x.channel(seat.endpoint, at, caller.linkedid)
        x.write(caller, channel.name, rings(plan, (seat,)), (at, None, end), BUSY if busy else NO_ANSWER)
        at = end
    answer = at + plan.ring
    channel = x.channel(plan.seats[0].endpoint, at, caller.linkedid)
    talk = x.write(caller, channel.name, rings(plan, plan.seats[:1]), (at, answer, answer + plan.talk))
    return [inbound(plan, "accepted", agent=plan.seats[0].code, talk=talk)]


def voicemail(x: Exchange, plan: Plan) -> list[Meant]:
    """The dialplan answers with a message; nobody speaks."""
    caller = arrives(x, plan)
    x.write(caller, "", ("Playback", "vm-intro"), (plan.start, plan.start, plan.start + plan.ring))
    return [inbound(plan, "missed")]


def passed_on(x: Exchange, plan: Plan) -> list[Meant]:
    """The dialplan connects the caller to an outside number."""
    caller, out = arrives(x, plan), x.channel(x.trunk, plan.start)
    caller.peer = caller.account
    answer = plan.start + plan.ring
    dialled = dials(x, plan.target)
    talk = x.write(caller, out.name, dialled, (plan.start, answer, answer + plan.talk))
    first = inbound(plan, "forwarded")
    return [first, forwarded(first, plan.start, plan.target, agent="", talk=talk)]


def passed_on_in_vain(x: Exchange, plan: Plan) -> list[Meant]:
    """The same, but the outside number does not answer."""
    caller, out = arrives(x, plan), x.channel(x.trunk, plan.start)
    x.write(caller, out.name, dials(x, plan.target), (plan.start, None, plan.start + plan.ring), NO_ANSWER)
    return [inbound(plan, "missed")]


def dials(x: Exchange, number: str) -> tuple[str, str]:
    """The application that calls an outside number."""
    return ("Dial", f"{x.trunk.partition('/')[0]}/{number}@{x.trunk.partition('/')[2]},30,tT")


def transferred_blind(x: Exchange, plan: Plan) -> list[Meant]:
    """The agent sends the caller on to an outside number without a word; the number dialled first is overwritten."""
    caller = arrives(x, plan)
    caller.dst, caller.context = plan.target, "from-internal"
    moved = plan.start + plan.ring + plan.talk
    _, talk = answered_by(x, plan, caller, moved)
    out = x.channel(x.trunk, moved, caller.linkedid)
    on = x.write(caller, out.name, dials(x, plan.target), (moved, moved, moved + plan.later))
    agent = plan.seats[0].code
    first = inbound(plan, "accepted", agent=agent, talk=talk, lost=True)
    return [first, forwarded(first, moved, plan.target, agent=agent, talk=on)]


def transferred_in_vain(x: Exchange, plan: Plan) -> list[Meant]:
    """The same; the outside number does not answer, and the caller gives up. billsec is above 0 nevertheless."""
    caller = arrives(x, plan)
    caller.dst, caller.context = plan.target, "from-internal"
    moved = plan.start + plan.ring + plan.talk
    _, talk = answered_by(x, plan, caller, moved)
    out = x.channel(x.trunk, moved, caller.linkedid)
    x.write(caller, out.name, dials(x, plan.target), (moved, moved, moved + 12), NO_ANSWER)
    return [inbound(plan, "accepted", agent=plan.seats[0].code, talk=talk, lost=True)]


def transferred_to_agent(x: Exchange, plan: Plan) -> list[Meant]:
    """The first seat sends the caller on to the last one."""
    caller, second = arrives(x, plan), plan.seats[-1]
    caller.dst, caller.context = second.extension, "from-internal"
    moved = plan.start + plan.ring + plan.talk
    _, talk = answered_by(x, plan._replace(seats=plan.seats[:1]), caller, moved)
    channel = x.channel(second.endpoint, moved, caller.linkedid)
    more = x.write(caller, channel.name, ("Dial", f"{second.endpoint},15,tT"), (moved, moved, moved + plan.later))
    return [inbound(plan, "accepted", agent=plan.seats[0].code, talk=talk + more, lost=True)]


def transferred_attended(x: Exchange, plan: Plan) -> list[Meant]:
    """The agent speaks with the outside number first, over a Local channel, then connects the caller."""
    caller, seat = arrives(x, plan), plan.seats[0]
    asked = plan.start + plan.ring + plan.talk
    heard = asked + 4.3
    moved = heard + 6.2
    end = moved + plan.later
    agent, talk = answered_by(x, plan, caller, asked)
    one, two = x.local_pair(asked, extension=plan.target, linkedid=caller.linkedid)
    out = x.channel(x.trunk, asked, caller.linkedid)
    two.src, two.dst, two.context = seat.extension, plan.target, "from-internal"
    two.clid = f'"" <{seat.extension}>'
    agent.src, agent.dst, agent.context, agent.clid = seat.extension, "", "from-internal", f'"" <{seat.extension}>'
    inside = (asked, heard, end)
    x.write(two, out.name, dials(x, plan.target), inside)
    x.write(agent, one.name, ("AppDial", "(Outgoing Line)"), (asked, heard, moved))
    outside = (moved, moved, end)
    x.write(caller, one.name, rings(plan, plan.seats[:1]), outside)
    first = inbound(plan, "accepted", agent=seat.code, talk=talk)
    both = together(inside, outside)
    return [first, forwarded(first, asked, plan.target, agent=seat.code, talk=both)]


def together(one: tuple[float, float, float], other: tuple[float, float, float]) -> int:
    """Seconds in which two records both count: from the answer, as long as billsec says."""
    first, second = ((int(answer), int(answer) + int(end - answer)) for _, answer, end in (one, other))
    return max(0, min(first[1], second[1]) - max(first[0], second[0]))


def outbound(x: Exchange, plan: Plan) -> list[Meant]:
    """The first seat calls an outside number on behalf of the line's client; a talk of 0: nobody answers."""
    seat, out, line = plan.seats[0], x.channel(x.trunk, plan.start), plan.line
    channel = x.channel(seat.endpoint, plan.start)
    code = line.account.lstrip("c")
    channel.src, channel.context, channel.clid = seat.extension, "from-internal", f'"" <{seat.extension}>'
    channel.dst = f"9{code}{plan.target}" if code else plan.target
    channel.account = channel.peer = line.account
    channel.userfield = f"cust:{code}" if line.told else ""
    answer = plan.start + plan.ring
    answered = plan.talk > 0
    times = (plan.start, answer if answered else None, answer + plan.talk)
    talk = x.write(channel, out.name, dials(x, plan.target), times, "ANSWERED" if answered else NO_ANSWER)
    kind, client = f"outbound_{network(plan.target)}", line.client if line.account else ""
    return [Meant(client, int(plan.start), "outbound", kind, seat.extension, e164(plan.target), seat.code, talk)]


def internal(x: Exchange, plan: Plan) -> list[Meant]:
    """The first seat calls the second: no call of any client."""
    one, other = plan.seats[0], plan.seats[1]
    channel, called = x.channel(one.endpoint, plan.start), x.channel(other.endpoint, plan.start)
    channel.src, channel.dst, channel.context = one.extension, other.extension, "from-internal"
    channel.clid = f'"" <{one.extension}>'
    answer = plan.start + plan.ring
    x.write(channel, called.name, ("Dial", f"{other.endpoint},15,tT"), (plan.start, answer, answer + plan.talk))
    return []

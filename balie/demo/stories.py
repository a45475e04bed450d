"""What happens in one telephone call, told as the records an Asterisk leaves and as the calls they mean.

Every story writes its records to an Exchange and gives the calls that must come out of them, so that an importer can be
held against it. The order of channels, applications and times is that of files written by a real Asterisk. What goes on
after an agent has answered, transfers and consultations, is in balie.demo.transfers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from balie.demo.asterisk import ANSWERED, BUSY, NO_ANSWER, Channel, Exchange


class Seat(NamedTuple):
    """An agent at a telephone."""

    endpoint: str
    code: str
    name: str = ""

    @property
    def extension(self) -> str:
        return self.endpoint.rpartition("/")[2]

    @property
    def clid(self) -> str:
        return f'"{self.name}" <{self.extension}>'


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
    channel.peer = "agents" if line.queue else line.account or "agents"
    return channel


def rings(plan: Plan, seats: tuple[Seat, ...]) -> tuple[str, str]:
    """The application that makes telephones ring, and its data."""
    if plan.line.queue:
        return ("Queue", f"{plan.line.queue},tT,,,30")
    return ("Dial", "&".join(seat.endpoint for seat in seats) + ",20,tT")


def dials(x: Exchange, number: str) -> tuple[str, str]:
    """The application that calls an outside number."""
    tech, _, peer = x.trunk.partition("/")
    return ("Dial", f"{tech}/{number}@{peer},30,tT")


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


def outbound_call(seat: Seat, client: str, start: float, target: str, *, talk: int) -> Meant:
    """An agent's own call."""
    kind = f"outbound_{network(target)}"
    return Meant(client, int(start), "outbound", kind, seat.extension, e164(target), seat.code, talk)


def answered_by(x: Exchange, plan: Plan, caller: Channel, end: float) -> tuple[Channel, int]:
    """The first seat answers, the others have rung beside it. Gives the agent's channel and the talk."""
    answer, app = plan.start + plan.ring, rings(plan, plan.seats)
    channels = [x.channel(seat.endpoint, plan.start, caller.linkedid) for seat in plan.seats]
    talk = x.write(caller, channels[0].name, app, (plan.start, answer, end))
    for other in channels[1:]:
        x.write(caller, other.name, app, (plan.start, None, answer), NO_ANSWER)
    return channels[0], talk


def accepted(x: Exchange, plan: Plan) -> list[Meant]:
    """The first of the seats answers; more than one seat: all ring at once."""
    _, talk = answered_by(x, plan, arrives(x, plan), plan.start + plan.ring + plan.talk)
    return [inbound(plan, "accepted", agent=plan.seats[0].code, talk=talk)]


def missed(x: Exchange, plan: Plan) -> list[Meant]:
    """The caller hangs up while it rings."""
    ring_in_vain(x, plan, arrives(x, plan), plan.start)
    return [inbound(plan, "missed")]


def ring_in_vain(x: Exchange, plan: Plan, caller: Channel, at: float) -> float:
    """All seats ring and nobody answers. Gives the moment at which that is over."""
    app, end = rings(plan, plan.seats), at + plan.ring
    for seat in plan.seats:
        x.write(caller, x.channel(seat.endpoint, at, caller.linkedid).name, app, (at, None, end), NO_ANSWER)
    return end


def nobody_in_time(x: Exchange, plan: Plan) -> list[Meant]:
    """It rings twice, with a pause, until the dialplan gives up."""
    caller = arrives(x, plan)
    end = ring_in_vain(x, plan, caller, plan.start)
    end = ring_in_vain(x, plan, caller, end + 1.0)
    x.write(caller, "", ("Hangup", ""), (end, None, end), NO_ANSWER)
    return [inbound(plan, "missed")]


def unknown_number(x: Exchange, plan: Plan) -> list[Meant]:
    """The number leads nowhere."""
    caller = arrives(x, plan)
    caller.peer = ""
    x.write(caller, "", ("Hangup", "1"), (plan.start, None, plan.start + 0.02), NO_ANSWER)
    return [inbound(plan, "missed")]


def one_after_another(x: Exchange, plan: Plan) -> list[Meant]:
    """Every seat but the first is tried in vain, busy or not answering; then the first answers."""
    caller, at = arrives(x, plan), plan.start
    for index, seat in enumerate(plan.seats[1:]):
        busy = (index + int(plan.start)) % 2 == 0
        end = at + (0.05 if busy else plan.ring)
        channel = x.channel(seat.endpoint, at, caller.linkedid)
        x.write(caller, channel.name, rings(plan, (seat,)), (at, None, end), BUSY if busy else NO_ANSWER)
        at = end
    answer = at + plan.ring
    channel = x.channel(plan.seats[0].endpoint, at, caller.linkedid)
    talk = x.write(caller, channel.name, rings(plan, plan.seats[:1]), (at, answer, answer + plan.talk))
    return [inbound(plan, "accepted", agent=plan.seats[0].code, talk=talk)]


def greeted_first(x: Exchange, plan: Plan) -> list[Meant]:
    """The dialplan answers with a message before it rings: the record counts that and the ringing as billed."""
    caller, seat = arrives(x, plan), plan.seats[0]
    times = (plan.start, plan.start + 0.01, plan.start + plan.ring + plan.talk)
    talk = x.write(caller, x.channel(seat.endpoint, plan.start, caller.linkedid).name, rings(plan, (seat,)), times)
    return [inbound(plan, "accepted", agent=seat.code, talk=talk)]


def voicemail(x: Exchange, plan: Plan) -> list[Meant]:
    """The dialplan answers with a message; nobody speaks."""
    caller = arrives(x, plan)
    caller.peer = ""
    x.write(caller, "", ("Wait", "20"), (plan.start, plan.start, plan.start + plan.ring))
    return [inbound(plan, "missed")]


def passed_on(x: Exchange, plan: Plan) -> list[Meant]:
    """The dialplan connects the caller to an outside number."""
    caller, out = arrives(x, plan), x.channel(x.trunk, plan.start)
    answer = plan.start + plan.ring
    talk = x.write(caller, out.name, dials(x, plan.target), (plan.start, answer, answer + plan.talk))
    first = inbound(plan, "forwarded")
    return [first, forwarded(first, plan.start, plan.target, agent="", talk=talk)]


def passed_on_in_vain(x: Exchange, plan: Plan) -> list[Meant]:
    """The same, but the outside number does not answer."""
    caller, out, end = arrives(x, plan), x.channel(x.trunk, plan.start), plan.start + plan.ring
    x.write(caller, out.name, dials(x, plan.target), (plan.start, None, end), NO_ANSWER)
    x.write(caller, "", ("Hangup", ""), (end, None, end), NO_ANSWER)
    return [inbound(plan, "missed")]


def passed_on_after_agent(x: Exchange, plan: Plan) -> list[Meant]:
    """The agent does not answer; then the dialplan connects the caller to an outside number."""
    caller = arrives(x, plan)
    after = ring_in_vain(x, plan, caller, plan.start)
    out, answer = x.channel(x.trunk, after, caller.linkedid), after + 3.4
    talk = x.write(caller, out.name, dials(x, plan.target), (after, answer, answer + plan.talk))
    first = inbound(plan, "forwarded")
    return [first, forwarded(first, after, plan.target, agent="", talk=talk)]


def by_local_member(x: Exchange, plan: Plan) -> list[Meant]:
    """The queue reaches the agent over a Local channel that drops out as soon as both speak."""
    caller, seat = arrives(x, plan), plan.seats[0]
    answer = plan.start + plan.ring
    alone, end = answer + 0.06, answer + 0.06 + plan.talk
    one, two = x.local_pair(plan.start, extension=seat.extension, linkedid=caller.linkedid)
    agent = x.channel(seat.endpoint, plan.start, caller.linkedid)
    two.src, two.dst, two.context, two.clid = caller.src, seat.extension, "from-internal", caller.clid
    two.account = two.peer = agent.account = caller.account
    agent.src, agent.context, agent.clid = seat.extension, "from-internal", seat.clid
    hop = (plan.start, answer, alone)
    x.write(caller, one.name, rings(plan, plan.seats), hop)
    x.write(two, agent.name, ("Dial", f"{seat.endpoint},15,tT"), hop)
    x.write(agent, one.name, ("AppDial", "(Outgoing Line)"), (answer, answer, alone))
    x.write(caller, agent.name, rings(plan, plan.seats), (alone, alone, end))
    direct = covered((alone, alone, end))
    return [inbound(plan, "accepted", agent=seat.code, talk=len(direct | covered(hop)))]


def covered(times: tuple[float, float, float]) -> set[int]:
    """The seconds a record covers: from its answer, as many as billsec says."""
    _, answer, end = times
    return set(range(int(answer), int(answer) + int(end - answer)))


def calls_out(x: Exchange, seat: Seat, line: Line, at: float, target: str) -> tuple[Channel, Channel]:
    """The channels of an agent's own call, for the line's client if it has an account."""
    channel, out = x.channel(seat.endpoint, at), x.channel(x.trunk, at)
    code = line.account.lstrip("c")
    channel.src, channel.context, channel.clid = seat.extension, "from-internal", seat.clid
    channel.dst = f"9{code}{target}" if code else target
    channel.account = channel.peer = line.account or "agents"
    channel.userfield = f"cust:{code}" if line.told and code else ""
    return channel, out


def outbound(x: Exchange, plan: Plan) -> list[Meant]:
    """The first seat calls an outside number on behalf of the line's client; a talk of 0: nobody answers."""
    seat, line = plan.seats[0], plan.line
    channel, out = calls_out(x, seat, line, plan.start, plan.target)
    answer, answered = plan.start + plan.ring, plan.talk > 0
    times = (plan.start, answer if answered else None, answer + plan.talk)
    talk = x.write(channel, out.name, dials(x, plan.target), times, ANSWERED if answered else NO_ANSWER)
    return [outbound_call(seat, line.client if line.account else "", plan.start, plan.target, talk=talk)]


def internal(x: Exchange, plan: Plan) -> list[Meant]:
    """The first seat calls the second: no call of any client."""
    one, other = plan.seats[0], plan.seats[1]
    channel, called = x.channel(one.endpoint, plan.start), x.channel(other.endpoint, plan.start)
    channel.src, channel.dst, channel.context = one.extension, other.extension, "from-internal"
    channel.clid, channel.account, channel.peer = one.clid, "agents", "agents"
    answer = plan.start + plan.ring
    x.write(channel, called.name, ("Dial", f"{other.endpoint},15,tT"), (plan.start, answer, answer + plan.talk))
    return []

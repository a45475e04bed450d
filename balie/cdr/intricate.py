"""One group of legs with Local channels, transfers and the like, folded leg by leg (folding.md 8 and 12 to 18).

This is the whole rule, for any group. `balie.cdr.fold` does the same for the great mass of plain groups in bulk; a
test holds the two against each other.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import NamedTuple

from balie.cdr.channels import AGENT, LOCAL, TRUNK
from balie.cdr.dialled import number_at, numbers_for

Span = tuple[int, int]
Reached = tuple[str, Span, "Leg"]  # a channel, when it was connected, by which leg

# What Asterisk names on legs of channels it called itself: they say again what the caller's leg says.
CALLED_SIDE = ("AppDial", "AppDial2", "AppQueue")


class Leg(NamedTuple):
    """One leg, times in seconds since 1970 UTC; channels by their own names (`channels.bare`).

    connected: whether its two channels were, for billsec seconds from its answer, that is `until`.
    """

    key: str  # of a call whose earliest leg this is
    channel: str
    dstchannel: str
    near: str  # the endpoints of both channels, and of what kind they are
    far: str
    near_kind: int
    far_kind: int
    begin: int
    finish: int
    connected: bool
    answered: int | None
    until: int | None
    src: str
    dst: str
    lastapp: str
    lastdata: str
    userfield: str

    @property
    def span(self) -> Span | None:
        """When its two channels were connected; None if they never were."""
        return (self.answered, self.until) if self.connected else None  # type: ignore[return-value]


@dataclass(frozen=True)
class FoldedCall:
    """A call as the phone system's record tells it; whose it is, is not said here."""

    key: str
    direction: str
    type: str  # accepted, missed, forwarded; "" where the called network decides
    begin: int
    caller: str
    called: str  # number dialled by us: of forwarded and outbound calls
    endpoint: str  # of the agent, "" for none
    agent_code: str  # written into userfield by the dial plan
    ring: int
    talk: int


@dataclass(frozen=True)
class Undecided:
    """A group that is no call anybody could bill, and why."""

    reason: str


class Group:
    """The legs of one group in order, and what they connected when."""

    def __init__(self, legs: list[Leg]) -> None:
        self.legs = legs
        self.turn = {id(leg): turn for turn, leg in enumerate(legs)}
        self.kinds: dict[str, int] = {}
        self.endpoints: dict[str, str] = {}
        for leg in legs:
            self.kinds[leg.channel], self.kinds[leg.dstchannel] = leg.near_kind, leg.far_kind
            self.endpoints[leg.channel], self.endpoints[leg.dstchannel] = leg.near, leg.far
        # The earliest leg of a channel that was not called by the phone system itself.
        self.first = next((leg for leg in legs if leg.lastapp not in CALLED_SIDE), legs[0])
        self.connections = self._connected()

    def _connected(self) -> dict[str, list[Reached]]:
        """For each channel the channels it was connected with, when, and by which leg."""
        found: dict[str, list[Reached]] = defaultdict(list)
        for leg in self.legs:
            one, other = leg.channel, leg.dstchannel
            if leg.connected and (span := leg.span) and one != other and leg.lastapp not in CALLED_SIDE:
                found[one].append((other, span, leg))
                found[other].append((one, span, leg))
        return found

    def reached(self, start: str) -> list[Reached]:
        """Every channel that is no hop with which `start` was connected, directly or over hops, when, by which leg.

        The leg is the one next to the channel reached.
        """
        found: list[Reached] = []

        def walk(channel: str, limits: Span | None, seen: frozenset[str]) -> None:
            for other, span, leg in self.connections.get(channel, []):
                if other in seen:
                    continue
                common = span if limits is None else overlap(limits, span)
                if common is None:
                    continue
                if self.kinds[other] == LOCAL:
                    for free in self.not_waiting(start, other, common):
                        walk(other, free, seen | {other})
                else:
                    found.append((other, common, leg))

        walk(start, None, frozenset({start}))
        return sorted(found, key=lambda each: (each[1], self.turn[id(each[2])]))

    def not_waiting(self, start: str, hop: str, span: Span) -> list[Span]:
        """The parts of a span in which nobody else stood at the hop in the place of `start`.

        During an attended transfer the record has the caller at the hop while it is the agent who talks over it
        (docs/decisions/attended-transfers.md): the consultation is nobody's talk.
        """
        others = [
            leg.span
            for leg in self.legs
            if leg.lastapp in CALLED_SIDE and leg.span and leg.dstchannel == hop and leg.channel != start
        ]
        return without(span, [other for other in others if other is not None])

    @property
    def begin(self) -> int:
        return self.legs[0].begin

    @property
    def finish(self) -> int:
        return max(leg.finish for leg in self.legs)

    def said_agent(self, leg: Leg | None) -> str:
        """agent:201 of the leg's userfield, else of any leg's."""
        for each in ([leg] if leg else []) + self.legs:
            if "agent:" in each.userfield and (code := tagged(each.userfield, "agent")):
                return code
        return ""


def overlap(one: Span, other: Span) -> Span | None:
    """The time two spans share; None if none, though a span of no length lies within another."""
    low, high = max(one[0], other[0]), min(one[1], other[1])
    if low < high or (low == high and (one[0] == one[1] or other[0] == other[1])):
        return low, high
    return None


def without(span: Span, others: list[Span]) -> list[Span]:
    """What is left of a span when others are taken out; a span of no length stays unless it lies within one."""
    left = [span]
    for low, high in others:
        if low == high:
            continue
        left = [
            part
            for begin, end in left
            for part in ((begin, min(end, low)), (max(begin, high), end))
            if part[0] < part[1] or (begin == end and part == (begin, end) and not low <= begin < high)
        ]
    return left


def covered(spans: list[Span]) -> int:
    """Seconds that the spans cover, overlaps once."""
    total, reach = 0, None
    for low, high in sorted(spans):
        total += max(0, high - (low if reach is None else max(low, reach)))
        reach = high if reach is None else max(reach, high)
    return total


def tagged(userfield: str, tag: str) -> str:
    """What stands behind did: cust: or agent: in a userfield."""
    for part in userfield.replace(",", ";").replace(" ", ";").split(";"):
        name, colon, value = part.partition(":")
        if colon and name == tag:
            return value
    return ""


def fold_group(legs: list[Leg]) -> list[FoldedCall] | Undecided | None:
    """The calls of one group, the inbound or outbound one first; None if it is internal.

    legs: of one group, in order of start and sequence.
    """
    group = Group(legs)
    everything = set(group.kinds.values())
    if TRUNK not in everything:
        return None
    first = group.first.near_kind
    if first == TRUNK:
        return inbound(group)
    if first == LOCAL and AGENT not in everything:
        return Undecided("begins inside the phone system and reaches no agent")
    return outbound(group)


def inbound(group: Group) -> list[FoldedCall]:
    """The call that came in, and one more for each line outside that it was put through to. Times in seconds."""
    first = group.first
    reached = group.reached(first.channel)
    with_agents = [each for each in reached if group.kinds[each[0]] == AGENT]
    onward = [each for each in reached if group.kinds[each[0]] == TRUNK]
    outside = list(dict.fromkeys(name for name, _, _ in onward))
    earliest = min(with_agents, key=lambda each: (group.turn[id(each[2])], each[1]), default=None)
    call = FoldedCall(
        key=group.legs[0].key,
        direction="inbound",
        type="accepted" if with_agents else "forwarded" if outside else "missed",
        begin=group.begin,
        caller=first.src,
        called="",
        endpoint=group.endpoints[earliest[0]] if earliest else "",
        agent_code=group.said_agent(earliest[2]) if earliest else "",
        ring=max(0, min((span[0] for _, span, _ in with_agents), default=group.finish) - group.begin),
        talk=covered([span for _, span, _ in with_agents]),
    )
    onward_calls = [forwarded(group, name, onward, with_agents) for name in outside]
    onward_calls.sort(key=lambda each: (each.begin, each.called))
    return [call, *(replace(each, key=f"{call.key}/{turn}") for turn, each in enumerate(onward_calls, start=1))]


def forwarded(group: Group, name: str, onward: list[Reached], with_agents: list[Reached]) -> FoldedCall:
    """The forwarded call over one outgoing trunk channel."""
    spans = [span for other, span, _ in onward if other == name]
    naming = [leg for leg in group.legs if name in (leg.channel, leg.dstchannel)]
    began = min(low for low, _ in spans)
    spoke = [each for each in with_agents if each[1][0] <= began]
    last = max(spoke, key=lambda each: (each[1][1], each[1][0]), default=None)
    return FoldedCall(
        key="",
        direction="forwarded",
        type="",
        begin=naming[0].begin,
        caller=group.first.src,
        called=called_on(group, name),
        endpoint=group.endpoints[last[0]] if last else "",
        agent_code=group.said_agent(last[2]) if last else "",
        ring=max(0, began - naming[0].begin),
        talk=covered(spans),
    )


def called_on(group: Group, name: str) -> str:
    """The number dialled on an outgoing channel, by its answered leg if it can; one command's several by their turn."""
    own = [leg for leg in group.legs if leg.dstchannel == name]
    for leg in sorted(own, key=lambda leg: leg.span is None):
        numbers = numbers_for(leg.lastdata, leg.far)
        same = [each for each in group.legs if each.lastdata == leg.lastdata and each.far_kind == leg.far_kind]
        peers = [each.dstchannel for each in same if numbers_for(each.lastdata, each.far) == numbers]
        if number := number_at(leg.lastdata, leg.far, list(dict.fromkeys(peers)).index(name)):
            return number
    return next((leg.dst for leg in own if leg.dst), "")


def outbound(group: Group) -> list[FoldedCall]:
    """One call, whatever lines were tried; called is the first that was reached. Times in seconds."""
    legs = group.legs
    tried = [leg for leg in legs if leg.far_kind == TRUNK or (leg.near_kind == TRUNK and leg.dstchannel)]
    lines = list(dict.fromkeys(trunk_of(leg) for leg in tried))
    spans = [(name, span, leg) for name in lines for span, leg in talk_on(group, name)]
    spans.sort(key=lambda each: (each[1][0], group.turn[id(each[2])]))
    agent = next((c for leg in legs for c in (leg.channel, leg.dstchannel) if group.kinds[c] == AGENT), "")
    called = spans[0][0] if spans else (lines[0] if lines else "")
    return [
        FoldedCall(
            key=legs[0].key,
            direction="outbound",
            type="",
            begin=group.begin,
            caller=group.first.src,
            called=called_on(group, called),
            endpoint=group.endpoints.get(agent, ""),
            agent_code=group.said_agent(None),
            ring=max(0, (spans[0][1][0] if spans else group.finish) - group.begin),
            talk=covered([span for _, span, _ in spans]),
        )
    ]


def trunk_of(leg: Leg) -> str:
    return leg.dstchannel if leg.far_kind == TRUNK else leg.channel


def talk_on(group: Group, name: str) -> list[tuple[Span, Leg]]:
    """When a trunk channel was connected: a direct leg whole, over a hop the time in which both sides are answered."""
    return [(span, leg) for _, span, leg in group.reached(name)]

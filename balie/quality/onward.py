"""Calls whose callers were put through to an outside number, as the phone systems' data shows: what notes say fits it.

Phone systems that link their calls say whose each was. Of the others a call connected on is one call of that client
that was going on, or just over, and of the same caller where both say who called: one excuses one, never two.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from balie.calls.models import Call
from balie.quality.window import DAY, CallRow, Window
from balie.rules.call import SHORTEST, Direction, same_number

SOON = timedelta(minutes=1)  # after the agent's part of a call
Place = tuple[int, int]  # source and client, by id


class Onward(NamedTuple):
    """A call connected on to an outside number, with a key of its own."""

    start: datetime
    caller: str


@dataclass(frozen=True)
class PassedOn:
    """Calls connected on to outside numbers: by source and key of the inbound call, which their own keys begin with;
    of phone systems that link nothing by source and client, in order of time.
    """

    keys: frozenset[tuple[int, str]]
    moments: Mapping[Place, Sequence[Onward]]


def passed_on(window: Window) -> PassedOn:
    """Those of these days, and of the day before and after; not where nobody answered. One query."""
    rows = Call.objects.filter(
        start__gte=window.begin - DAY, start__lt=window.end + DAY, direction=Direction.FORWARDED, talk__gt=0
    ).order_by("start")
    keys, moments = set(), defaultdict(list)
    for source, key, client, start, caller in rows.values_list("source_id", "key", "client_id", "start", "caller"):
        inbound, _slash, _counter = key.rpartition("/")
        if inbound:
            keys.add((source, inbound))
        else:
            moments[source, client or 0].append(Onward(start, caller))
    return PassedOn(frozenset(keys), moments)


def put_through(passed: PassedOn, calls: Iterable[CallRow], said: Collection[int]) -> frozenset[int]:
    """Which of these calls (by id) were connected on. said: of which a note says so."""
    found, waiting = set(), defaultdict(list)
    for call in calls:
        if (call.source, call.key) in passed.keys:
            found.add(call.pk)
        elif (place := (call.source, call.client or 0)) in passed.moments:
            waiting[place].append(call)
    for place, some in waiting.items():
        found |= one_to_one(passed.moments[place], some, said)
    return frozenset(found)


def one_to_one(legs: Sequence[Onward], calls: Sequence[CallRow], said: Collection[int]) -> set[int]:
    """The calls (by id) that have one of these connections for themselves.

    One with a caller who rang just then is that call's, whatever its note says, and nobody else's: he may have been put
    through twice. What is left goes to calls whose notes say put through, as many of them as can be.
    """
    sure, perhaps = dict[int, list[int]](), dict[int, list[int]]()
    for number, (leg, going) in enumerate(around(legs, calls)):
        near = sorted(going, key=lambda call: (call.pk not in said, call.end, call.pk))
        if same := [call.pk for call in near if same_caller(leg.caller, call.caller)]:
            sure[number] = same
        else:
            perhaps[number] = [call.pk for call in near if call.pk in said and may_be_of(leg.caller, call.caller)]
    taken, fitting = dict[int, int](), sure | perhaps  # call -> connection, and connection -> calls
    for number in fitting:
        take(number, fitting, taken, set())
    return set(taken)


def around(legs: Sequence[Onward], calls: Sequence[CallRow]) -> Iterator[tuple[Onward, list[CallRow]]]:
    """Each connection with the calls that were going on when it was made, or had just ended."""
    coming, going = sorted(calls, key=lambda call: call.start, reverse=True), list[CallRow]()
    for leg in legs:
        while coming and coming[-1].start <= leg.start:
            going.append(coming.pop())
        going = [call for call in going if leg.start <= call.end + SOON]
        yield leg, going


def take(number: int, fitting: Mapping[int, Sequence[int]], taken: dict[int, int], tried: set[int]) -> bool:
    """Finds this connection a call, and where all of its are taken, another one for what took that."""
    for call in fitting[number]:
        if call in tried:
            continue
        tried.add(call)
        if call not in taken or take(taken[call], fitting, taken, tried):
            taken[call] = number
            return True
    return False


def may_be_of(one: str, other: str) -> bool:
    """Whether both can be one caller: also where one of them is no telephone number, and so does not say who it is."""
    return not (is_known(one) and is_known(other)) or same_number(one, other)


def same_caller(one: str, other: str) -> bool:
    return is_known(one) and is_known(other) and same_number(one, other)


def is_known(number: str) -> bool:
    """Whether it says who called: an extension, or nothing, does not."""
    return sum(map(str.isdigit, number)) >= SHORTEST

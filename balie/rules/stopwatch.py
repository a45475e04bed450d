"""How long an order takes from step to step, and how that is spread over many orders. Pure; all figures in seconds."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil
from statistics import median

from balie.rules.activation import Status


class Leg(StrEnum):
    """A part of an order's way that is timed."""

    CLAIMED = "claimed"  # placed -> a number is claimed
    CONFIGURED = "configured"  # claimed -> the phone system knows it
    PROVEN = "proven"  # configured -> a test has shown it: ready
    WHOLE = "whole"  # placed -> ready
    FIRST_CALL = "first_call"  # ready -> the first call


ENDS: Mapping[Leg, tuple[Status | None, Status]] = {  # from (None: placed) and to
    Leg.CLAIMED: (None, Status.CLAIMED),
    Leg.CONFIGURED: (Status.CLAIMED, Status.CONFIGURED),
    Leg.PROVEN: (Status.CONFIGURED, Status.READY),
    Leg.WHOLE: (None, Status.READY),
    Leg.FIRST_CALL: (Status.READY, Status.ACTIVE),
}
BOUNDS = (1, 2, 5, 10, 30, 60, 600, 3600)  # seconds; a time beyond the last has a group of its own


def legs(placed: datetime, steps: Iterable[tuple[str, datetime]]) -> dict[Leg, float]:
    """The parts of one order's way that are behind it. A status reached twice counts when it was reached first."""
    first: dict[str | None, datetime] = {None: placed}
    for status, at in steps:
        first.setdefault(status, at)
    return {
        leg: (first[end] - first[begin]).total_seconds()
        for leg, (begin, end) in ENDS.items()
        if begin in first and end in first
    }


@dataclass(frozen=True)
class Spread:
    """How one part of the way is spread: over how many orders, and what half, nine in ten, all of them took at most."""

    orders: int
    median: float
    nine_in_ten: float
    slowest: float


def spread(seconds: Sequence[float]) -> Spread | None:
    """None of no orders at all."""
    if not seconds:
        return None
    ordered = sorted(seconds)
    return Spread(len(ordered), median(ordered), ordered[ceil(0.9 * len(ordered)) - 1], ordered[-1])


def grouped(seconds: Iterable[float]) -> list[int]:
    """How many took at most each of BOUNDS and longer than the one before; at the end those that took longer still."""
    found = [0] * (len(BOUNDS) + 1)
    for one in seconds:
        found[bisect_left(BOUNDS, one)] += 1
    return found

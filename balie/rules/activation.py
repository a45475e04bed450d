"""How an order becomes a service that works: its statuses, what may follow what, when a step is tried again. Pure."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

TELEPHONE = "telephone"
NEEDS_NUMBER = frozenset({TELEPHONE})  # services for which a number is claimed and configured
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(seconds=60)
TOLD_AFTER = timedelta(minutes=1)  # that a phone system does not do it: a restart of one is nobody's matter
GIVE_UP_AFTER = timedelta(hours=24)


class Status(StrEnum):
    """Where an order stands."""

    WAITING = "waiting"  # no number is free, or the phone system does not do it yet
    CLAIMED = "claimed"  # a number is this client's; the phone system does not know
    CONFIGURED = "configured"  # the phone system knows; not shown by a test yet
    READY = "ready"  # a call would come out right; the client can divert its calls
    ACTIVE = "active"  # the first call has come
    WITHDRAWN = "withdrawn"  # taken back before it was ready
    ENDED = "ended"  # the service was over before a call came


FOLLOWS: Mapping[Status, frozenset[Status]] = {
    Status.WAITING: frozenset({Status.CLAIMED, Status.CONFIGURED, Status.READY, Status.WITHDRAWN}),
    Status.CLAIMED: frozenset({Status.WAITING, Status.CONFIGURED, Status.WITHDRAWN}),
    Status.CONFIGURED: frozenset({Status.WAITING, Status.READY, Status.WITHDRAWN}),
    Status.READY: frozenset({Status.ACTIVE, Status.ENDED}),
    Status.ACTIVE: frozenset(),
    Status.WITHDRAWN: frozenset(),
    Status.ENDED: frozenset(),
}
UNFINISHED = (Status.WAITING, Status.CLAIMED, Status.CONFIGURED)  # there is something to do for us
UNDER_WAY = (*UNFINISHED, Status.READY)


def may_follow(before: Status | str, after: Status | str) -> bool:
    """Whether an order may go from one status to the other."""
    return Status(after) in FOLLOWS[Status(before)]


def first_status(service: str, *, claimed: bool) -> Status:
    """Where an order begins: a service without a number works at once."""
    if service not in NEEDS_NUMBER:
        return Status.ACTIVE
    return Status.CLAIMED if claimed else Status.WAITING


def pause(tries: int) -> timedelta:
    """How long to wait after so many tries in a row that failed: 2, 4, 8, 16, 32, then 60 seconds each time."""
    doubled: int = 2 ** min(tries - 1, 10)
    return min(LONGEST_PAUSE, FIRST_PAUSE * doubled)


def given_up(failing_for: timedelta) -> bool:
    """Whether a step has failed for so long that a person must look."""
    return failing_for >= GIVE_UP_AFTER

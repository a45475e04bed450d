"""The words for calls that every other part uses: directions, types, networks. Pure."""

from enum import StrEnum


class Direction(StrEnum):
    INBOUND = "inbound"
    FORWARDED = "forwarded"
    OUTBOUND = "outbound"


class CallType(StrEnum):
    ACCEPTED = "accepted"
    MISSED = "missed"
    FORWARDED = "forwarded"  # an inbound call passed on without an agent
    FORWARDED_FIXED = "forwarded_fixed"
    FORWARDED_MOBILE = "forwarded_mobile"
    FORWARDED_OTHER = "forwarded_other"
    OUTBOUND_FIXED = "outbound_fixed"
    OUTBOUND_MOBILE = "outbound_mobile"
    OUTBOUND_OTHER = "outbound_other"


INBOUND_TYPES = (CallType.ACCEPTED, CallType.MISSED, CallType.FORWARDED)
FORWARDED_TYPES = (CallType.FORWARDED_FIXED, CallType.FORWARDED_MOBILE, CallType.FORWARDED_OTHER)
OUTBOUND_TYPES = (CallType.OUTBOUND_FIXED, CallType.OUTBOUND_MOBILE, CallType.OUTBOUND_OTHER)


def direction_of(type: str) -> Direction:
    """The part of a report that calls of a type stand in."""
    if type in FORWARDED_TYPES:
        return Direction.FORWARDED
    return Direction.OUTBOUND if type in OUTBOUND_TYPES else Direction.INBOUND


def is_extension(direction: str, caller: str) -> bool:
    """Whether the caller is only a telephone of the house: an agent called out, and no number that can be called back
    was shown for it. Who reads wants the agent's name there.
    """
    return direction == Direction.OUTBOUND and not caller.startswith("+")


class Privacy(StrEnum):
    """How much of the other party's number may leave the office."""

    NONE = "none"
    LAST3 = "last3"
    ALL = "all"


# Digits that tell two numbers apart however they are written; with fewer than the shortest only the same text is same.
TELLING, SHORTEST = 9, 6


def same_number(one: str, other: str) -> bool:
    """Whether two ways of writing can be of one number: 910010687650290 (dialled with a prefix) is +31687650290."""
    first, second = (
        "".join(sign for sign in text.partition("@")[0] if sign in "0123456789").lstrip("0") for text in (one, other)
    )
    length = min(len(first), len(second), TELLING)
    return one == other or (length >= SHORTEST and first[-length:] == second[-length:])


def veil(number: str, privacy: str) -> str:
    """The number as the client may see it: whole, with its last three digits as xxx, or only xxx."""
    if privacy == Privacy.NONE or (privacy == Privacy.LAST3 and not any(sign.isdigit() for sign in number)):
        return number  # "anonymous" has no digits to hide
    if privacy == Privacy.ALL or len(number) <= 3:
        return "xxx" if number or privacy == Privacy.ALL else ""
    return number[:-3] + "xxx"

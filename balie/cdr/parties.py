"""Who stands at the end of a leg, in records that name numbers and no channels: names for both ends, as folding wants.

An end is a telephone inside, known by its extension or name, or somebody outside (`OUTSIDE`).
"""

import hashlib
import re
from functools import lru_cache

# The end of every outside line, where the record names none. In the form Tech/line, so that a command can name it too.
OUTSIDE = "line/outside"
# Somebody inside answered, and the record does not say who.
NOBODY = "?"
LONGEST_EXTENSION = 6
WITHHELD = frozenset({
    "anonymous", "unknown", "unavailable", "restricted", "private", "withheld", "asserted-anonymous", "unassigned",
    "not available", "blocked", "anonym",
})  # fmt: skip
LETTER = re.compile(r"[^\W\d_]")
SIGNS = re.compile(r"[\s()./-]")


def is_withheld(name: str) -> bool:
    """Whether this stands where a number was not shown."""
    return not name.strip() or name.strip().casefold() in WITHHELD


@lru_cache(maxsize=100_000)
def is_inside(name: str) -> bool:
    """Whether this is an extension or a name inside: up to six digits without a leading 0 or +, a feature code, or
    a word. In doubt it is inside: what stays inside is not billed."""
    name = name.strip()
    if is_withheld(name):
        return False
    if LETTER.search(name):
        return True
    digits = SIGNS.sub("", name)
    return len(digits) <= LONGEST_EXTENSION and not digits.startswith(("0", "+"))


def end_of(name: str) -> str:
    """The endpoint of a number or name: itself inside, else the outside line."""
    return name.strip() if is_inside(name) else OUTSIDE


def mark(identity: str) -> str:
    """Twelve characters that stand for an identity: what two legs of one channel have in common."""
    return hashlib.blake2b(identity.encode(), digest_size=6).hexdigest()


def channel(endpoint: str, identity: str) -> str:
    """The name of a channel at this endpoint; `balie.cdr.channels.endpoint` finds the endpoint in it again."""
    return f"{endpoint}-{mark(identity)}"


@lru_cache(maxsize=100_000)
def user_of(address: str) -> str:
    """204 of sip:204@127.0.0.1:5060, of <sip:204@host> and of 204."""
    bare = address.strip().strip("<>").partition(";")[0]
    scheme, colon, rest = bare.partition(":")
    if colon and scheme.casefold() in ("sip", "sips", "tel"):
        bare = rest
    return bare.partition("@")[0]

"""Codes of tariffs: hard to guess, easy to dictate, and a slip of the tongue is noticed. Pure.

Twelve signs in groups of four, out of 23 that sound and look different: K7RA-2MXE-94UW. Eleven carry the secret
(50 bits), the last is a check: with 23 prime and a weight of its own for every place, any single wrong sign and any two
swapped ones are found. `folded` makes what people type comparable: case, spaces, hyphens and look-alikes do not matter.
"""

import unicodedata
from collections.abc import Sequence

# No 0 O 1 I L (look alike), no B D G N Q S V Z (sound like P T J M K F W C in one of the three languages).
SIGNS = "23456789ACEFHJKMPRTUWXY"
SECRET = 11
GROUP = 4
# What is typed for a sign of SIGNS that looks or sounds like it. One way only: two codes made here never become one.
MISTAKEN = str.maketrans("BDGILNOQSVZ1", "8T677M005U27")


def spelled(values: Sequence[int]) -> str:
    """The code for eleven numbers below 23, as `secrets.randbelow` gives them."""
    assert len(values) == SECRET
    signs = "".join(SIGNS[value] for value in (*values, check(values)))
    return "-".join(signs[at : at + GROUP] for at in range(0, len(signs), GROUP))


def check(values: Sequence[int]) -> int:
    """The number of the check sign: the sum of all twelve, each times its place, is a multiple of 23."""
    total = sum(place * value for place, value in enumerate(values, start=1))
    return -total * pow(SECRET + 1, -1, len(SIGNS)) % len(SIGNS)


def is_spelled(code: str) -> bool:
    """Whether this can be a code made by `spelled`."""
    signs = code.replace("-", "")
    if len(signs) != SECRET + 1 or any(sign not in SIGNS for sign in signs):
        return False
    values = [SIGNS.index(sign) for sign in signs]
    return spelled(values[:SECRET]) == code


def folded(code: str) -> str:
    """A code as it is compared with what somebody typed: capitals and digits only, look-alikes as one."""
    plain = unicodedata.normalize("NFKC", code).upper()
    return "".join(sign for sign in plain if sign.isalnum()).translate(MISTAKEN)

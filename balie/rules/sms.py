"""How many messages a text counts: one per 160 characters, or the segments networks really send. Pure.

Segments after 3GPP TS 23.038: the GSM alphabet has 160 characters in one message and 153 in each of several; one of its
extension takes two and is never split; any other character makes the whole text UCS-2, 70 and 67 UTF-16 units.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

PER_160, PER_SEGMENT = 160, 153
# 3GPP TS 23.038, 6.2.1 and 6.2.1.1, in the order of the tables. The escape itself is no character.
ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
# What says the same and keeps a text in the GSM alphabet, for a suggestion.
INSTEAD: Mapping[str, str] = {
    "ë": "e", "ï": "i", "ê": "e", "î": "i", "ô": "o", "û": "u", "â": "a", "ç": "c", "á": "a", "í": "i", "ó": "o",
    "ú": "u", "ÿ": "y", "Ë": "E", "Ï": "I", "‘": "'", "’": "'", "‚": ",", "“": '"', "”": '"', "„": '"', "–": "-",
    "—": "-", "…": "...", "\u00a0": " ", "\u202f": " ", "•": "-", "×": "x", "ẞ": "SS",
}  # fmt: skip


class CountRule(StrEnum):
    """How the operator counts."""

    PER_160 = "per_160"
    SEGMENTS = "segments"


@dataclass(frozen=True)
class Counted:
    """How a text counts. because: the first character that made it UCS-2, empty where it stays in the GSM alphabet;
    left: units free in the last part.
    """

    parts: int
    units: int
    left: int
    because: str = ""

    @property
    def is_unicode(self) -> bool:
        return bool(self.because)


def count(text: str, rule: CountRule | str) -> int:
    """How many messages a text counts; an empty one counts 1."""
    if rule != CountRule.SEGMENTS:
        return max(1, -(-len(text) // PER_160))
    if ALPHABET.issuperset(text):  # most texts: one unit each, so nothing can be split
        return 1 if len(text) <= PER_160 else -(-len(text) // PER_SEGMENT)
    return segments(text).parts


def room(text: str, rule: CountRule | str) -> int:
    """How many characters fit in still before the text counts one message more."""
    return segments(text).left if rule == CountRule.SEGMENTS else count(text, rule) * PER_160 - len(text)


def segments(text: str) -> Counted:
    """How a text is sent: its parts and units of the alphabet it needs."""
    because = foreign(text)
    sizes = [units_ucs2(sign) if because else units_gsm(sign) for sign in text]
    one, each = (70, 67) if because else (PER_160, PER_SEGMENT)
    units = sum(sizes)
    if units <= one:
        return Counted(1, units, one - units, because)
    parts, left = packed(sizes, each)
    return Counted(parts, units, left, because)


def foreign(text: str) -> str:
    """The first character that the GSM alphabet does not have; empty where there is none."""
    return next((sign for sign in text if sign not in ALPHABET and sign not in EXTENSION), "")


def units_gsm(sign: str) -> int:
    return 2 if sign in EXTENSION else 1


def units_ucs2(sign: str) -> int:
    return 2 if ord(sign) > 0xFFFF else 1


def packed(sizes: Iterable[int], each: int) -> tuple[int, int]:
    """How many parts of so many units, and what is free in the last: what takes two units is never split."""
    parts, used = 1, 0
    for size in sizes:
        if used + size > each:
            parts, used = parts + 1, 0
        used += size
    return parts, each - used


def plainer(text: str) -> str:
    """The text with characters of the GSM alphabet in place of those that have one that says the same."""
    return "".join(sign if sign in ALPHABET or sign in EXTENSION else INSTEAD.get(sign, sign) for sign in text)

"""How texts count: the alphabet's own table, its edges, and a second way to count that shares nothing with ours."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.rules.sms import ALPHABET, EXTENSION, CountRule, count, plainer, room, segments

# Written by hand from 3GPP TS 23.038, by code; 0x1B is the escape.
TABLE = {
    0x00: "@", 0x01: "£", 0x02: "$", 0x03: "¥", 0x04: "è", 0x05: "é", 0x06: "ù", 0x07: "ì", 0x08: "ò", 0x09: "Ç",
    0x0A: "\n", 0x0B: "Ø", 0x0C: "ø", 0x0D: "\r", 0x0E: "Å", 0x0F: "å", 0x10: "Δ", 0x11: "_", 0x12: "Φ", 0x13: "Γ",
    0x14: "Λ", 0x15: "Ω", 0x16: "Π", 0x17: "Ψ", 0x18: "Σ", 0x19: "Θ", 0x1A: "Ξ", 0x1C: "Æ", 0x1D: "æ", 0x1E: "ß",
    0x1F: "É", 0x24: "¤", 0x40: "¡", 0x5B: "Ä", 0x5C: "Ö", 0x5D: "Ñ", 0x5E: "Ü", 0x5F: "§", 0x60: "¿", 0x7B: "ä",
    0x7C: "ö", 0x7D: "ñ", 0x7E: "ü", 0x7F: "à",
}  # fmt: skip
ESCAPED = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
CODES: dict[str, tuple[int, ...]] = {sign: (code,) for code, sign in TABLE.items()}
CODES |= {chr(code): (code,) for code in range(0x20, 0x7F) if code not in TABLE}
CODES |= {sign: (0x1B, code) for code, sign in ESCAPED.items()}


def sent(text: str) -> int:
    """How many messages a network would send, made as it makes them: octets, cut into parts."""
    coded = [CODES.get(sign) for sign in text]
    if None not in coded:
        pieces = [bytes(one) for one in coded if one]
        one, each = 160, 153
    else:
        pieces = [sign.encode("utf-16-be") for sign in text]
        one, each = 140, 134
    if len(b"".join(pieces)) <= one:
        return 1
    messages = [b""]
    for piece in pieces:
        if len(messages[-1]) + len(piece) > each:
            messages.append(b"")
        messages[-1] += piece
    return len(messages)


def test_alphabet_is_that_of_the_standard() -> None:
    assert frozenset(CODES) == ALPHABET | EXTENSION
    assert len(ALPHABET) == 127 and not ALPHABET & EXTENSION


@pytest.mark.parametrize(
    ("text", "per_160", "parts"),
    [
        ("", 1, 1),
        ("a" * 160, 1, 1),
        ("a" * 161, 2, 2),
        ("a" * 306, 2, 2),
        ("a" * 307, 2, 3),
        ("€" * 80, 1, 1),
        ("€" * 81, 1, 2),
        ("a" * 152 + "€" + "a" * 151, 2, 2),  # the pair does not fit into what is left of the first part
        ("a" * 152 + "€" + "a" * 152, 2, 3),
        ("ë" * 70, 1, 1),
        ("ë" * 71, 1, 2),
        ("ë" * 134, 1, 2),
        ("ë" * 135, 1, 3),
        ("Ç" * 160, 1, 1),
        ("ç" * 160, 1, 3),
        ("😀" * 35, 1, 1),
        ("😀" * 36, 1, 2),
        ("a" * 66 + "😀" * 34, 1, 3),
        ("a" * 320, 2, 3),
        ("a" * 321, 3, 3),
    ],
)
def test_edges(text: str, per_160: int, parts: int) -> None:
    assert (count(text, CountRule.PER_160), count(text, CountRule.SEGMENTS)) == (per_160, parts)
    assert sent(text) == parts


@pytest.mark.parametrize(
    ("text", "per_160", "parts"),
    [("", 160, 160), ("€" * 81, 79, 143), ("x" * 160, 0, 0), ("x" * 161, 159, 145), ("😀" * 71, 89, 57)],
)
def test_what_fits_in_still_is_said_by_the_rule_that_counts(text: str, per_160: int, parts: int) -> None:
    assert (room(text, CountRule.PER_160), room(text, CountRule.SEGMENTS)) == (per_160, parts)


def test_first_character_outside_the_alphabet_is_named() -> None:
    found = segments("Zoë komt om 10 uur")
    assert (found.because, found.is_unicode, found.left) == ("ë", True, 52)
    assert segments("Zoe komt om 10 uur").because == ""
    assert plainer("Zoë’s „ruïne” – 5 €") == 'Zoe\'s "ruine" - 5 €'


def test_hundred_thousand_random_texts_count_as_a_network_counts() -> None:
    draw = random.Random(23038)
    plain, extended, other = sorted(ALPHABET), sorted(EXTENSION), list("ëïçáâêôû–…“”😀👍🏽漢字\u200d\u0301")
    pools = (plain, plain + extended, extended, plain + extended + other, other)
    for _ in range(100_000):
        text = "".join(draw.choices(draw.choice(pools), k=draw.choice((3, 35, 67, 70, 77, 134, 153, 160))))
        assert segments(text).parts == sent(text), text


@given(st.text(max_size=500))
def test_any_text_counts_as_a_network_counts(text: str) -> None:
    assert segments(text).parts == sent(text)

"""How a text goes into SMPP: its letters as the networks have them, its parts, its addresses. Pure.

Letters after 3GPP TS 23.038, an octet each (data_coding 0), or UCS-2 (data_coding 8); parts with the header of TS
23.040 by which telephones put them together. There are as many as `balie.rules.sms` counts.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from balie.messages.gateways import Sms
from balie.rules.sms import foreign

ESCAPE = "\x1b"
# 3GPP TS 23.038, 6.2.1: the place of a character is its code.
ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
EXTENSION = {
    "\f": 0x0A, "^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F, "[": 0x3C, "~": 0x3D, "]": 0x3E, "|": 0x40, "€": 0x65,
}  # fmt: skip
CODES = {sign: bytes((code,)) for code, sign in enumerate(ALPHABET) if sign != ESCAPE} | {
    sign: bytes((ALPHABET.index(ESCAPE), code)) for sign, code in EXTENSION.items()
}
GSM, UCS2 = 0, 8  # data_coding
WITH_HEADER = 0x40  # esm_class
GSM_OCTETS, UCS2_OCTETS = (160, 153), (140, 134)  # of a text that is whole, of each part of a longer one
MOST_PARTS = 255
INTERNATIONAL, NETWORK, NAME = (1, 1), (3, 0), (5, 0)  # type of number and numbering plan
NUMBER = re.compile(r"\+([1-9][0-9]{3,14})", re.ASCII)
SHORT = re.compile(r"[0-9]{3,11}", re.ASCII)
LETTERS = re.compile(r"[ -~]{1,11}", re.ASCII)


class Impossible(Exception):
    """No gateway could take this text. `why`: one line for staff."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Part:
    """What one submit_sm carries. esm_class: whether a header comes before the letters."""

    data_coding: int
    esm_class: int
    octets: bytes


def parts(text: str, reference: int) -> list[Part]:
    """The text as it goes over the line. reference: 0 to 255, the same in all its parts. Raises Impossible."""
    try:
        signs, coding, (one, each) = letters(text)
    except UnicodeEncodeError:
        raise Impossible(_("The text holds half a character, which nobody can send.")) from None
    whole = b"".join(signs)
    if len(whole) <= one:
        return [Part(coding, 0, whole)]
    bodies = list(packed(signs, each))
    if len(bodies) > MOST_PARTS:
        raise Impossible(_("The text is too long: it takes more than 255 SMS."))
    return [
        Part(coding, WITH_HEADER, bytes((5, 0, 3, reference, len(bodies), number)) + body)
        for number, body in enumerate(bodies, 1)
    ]


def letters(text: str) -> tuple[list[bytes], int, tuple[int, int]]:
    """Its characters in octets, the data_coding, and how many octets fit."""
    if foreign(text):
        return [sign.encode("utf-16-be") for sign in text], UCS2, UCS2_OCTETS
    return [CODES[sign] for sign in text], GSM, GSM_OCTETS


def packed(signs: Iterable[bytes], each: int) -> Iterator[bytes]:
    """As many characters together as fit; none is split."""
    body = b""
    for sign in signs:
        if len(body) + len(sign) > each:
            yield body
            body = b""
        body += sign
    yield body


def address(written: str) -> tuple[int, int, str]:
    """Type, plan and what is sent of a number or a name. Raises Impossible."""
    if number := NUMBER.fullmatch(written):
        return *INTERNATIONAL, number[1]
    if SHORT.fullmatch(written):
        return *NETWORK, written
    if LETTERS.fullmatch(written):
        return *NAME, written
    raise Impossible(_("%(sender)s cannot stand as the sender of an SMS.") % {"sender": repr(written)})


def addresses(sms: Sms) -> dict[str, Any]:
    """From whom and to whom, as fields of submit_sm. Raises Impossible."""
    number = NUMBER.fullmatch(sms.recipient)
    if number is None:
        raise Impossible(_("%(number)s is no number an SMS can go to.") % {"number": repr(sms.recipient)})
    ton, npi, sender = address(sms.sender)
    return {
        "source_addr_ton": ton, "source_addr_npi": npi, "source_addr": sender,
        "dest_addr_ton": INTERNATIONAL[0], "dest_addr_npi": INTERNATIONAL[1], "destination_addr": number[1],
    }  # fmt: skip

"""What goes over an SMPP line, as the test gateway reads and writes it: from the specification, sharing nothing with
what it tests.
"""

import struct
import time
from dataclasses import dataclass

DELIVERED, UNDELIVERABLE = 2, 5
STATES = {1: "ENROUTE", 2: "DELIVRD", 3: "EXPIRED", 5: "UNDELIV", 8: "REJECTD"}
DONE_DATE = "2611230840"
# 3GPP TS 23.038, by code point, 16 a row; 0x1B leads to the other table.
LETTERS = bytes.fromhex(
    "0040 00A3 0024 00A5 00E8 00E9 00F9 00EC 00F2 00C7 000A 00D8 00F8 000D 00C5 00E5 "
    "0394 005F 03A6 0393 039B 03A9 03A0 03A8 03A3 0398 039E FFFF 00C6 00E6 00DF 00C9 "
    "0020 0021 0022 0023 00A4 0025 0026 0027 0028 0029 002A 002B 002C 002D 002E 002F "
    "0030 0031 0032 0033 0034 0035 0036 0037 0038 0039 003A 003B 003C 003D 003E 003F "
    "00A1 0041 0042 0043 0044 0045 0046 0047 0048 0049 004A 004B 004C 004D 004E 004F "
    "0050 0051 0052 0053 0054 0055 0056 0057 0058 0059 005A 00C4 00D6 00D1 00DC 00A7 "
    "00BF 0061 0062 0063 0064 0065 0066 0067 0068 0069 006A 006B 006C 006D 006E 006F "
    "0070 0071 0072 0073 0074 0075 0076 0077 0078 0079 007A 00E4 00F6 00F1 00FC 00E0"
).decode("utf-16-be")
MORE_LETTERS = {
    0x0A: "\u000c", 0x14: "\u005e", 0x28: "\u007b", 0x29: "\u007d", 0x2F: "\u005c",
    0x3C: "\u005b", 0x3D: "\u007e", 0x3E: "\u005d", 0x40: "\u007c", 0x65: "\u20ac",
}  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """A submit_sm that was taken."""

    number: int
    sender: tuple[int, int, str]
    recipient: tuple[int, int, str]
    esm_class: int
    coding: int
    registered: int
    octets: bytes
    at: float


def letters(octets: bytes, coding: int) -> str:
    """Each part by itself: a character split between two would not come out."""
    if coding == 8:
        return octets.decode("utf-16-be")
    signs, escaped = "", False
    for octet in octets:
        if octet == 0x1B and not escaped:
            escaped = True
            continue
        signs += MORE_LETTERS[octet] if escaped else LETTERS[octet]
        escaped = False
    assert not escaped, "an escape without its letter"
    return signs


def taken(number: int, body: bytes) -> Taken:
    """What stands in a submit_sm, field by field."""
    place = body.index(0) + 1  # service_type
    sender, place = address(body, place)
    recipient, place = address(body, place)
    esm_class, place = body[place], place + 3  # protocol_id, priority_flag
    for _date in range(2):
        place = body.index(0, place) + 1
    registered, _replace, coding, _default, length = body[place : place + 5]
    octets = body[place + 5 :]
    assert len(octets) == length, "optional fields, or a wrong length"
    return Taken(number, sender, recipient, esm_class, coding, registered, octets, time.monotonic())


def address(body: bytes, place: int) -> tuple[tuple[int, int, str], int]:
    end = body.index(0, place + 2)
    return (body[place], body[place + 1], body[place + 2 : end].decode("ascii")), end + 1


def delivery(
    sender: tuple[int, int, str], recipient: tuple[int, int, str], esm_class: int, coding: int, octets: bytes
) -> bytes:
    """The fixed fields of a deliver_sm."""
    ends = b"".join(bytes((ton, npi)) + name.encode() + b"\0" for ton, npi, name in (sender, recipient))
    return b"\0" + ends + bytes((esm_class, 0, 0, 0, 0, 0, 0, coding, 0, len(octets))) + octets


def appendix_b(written: str, state: int, *, err: str = "000", done: str = DONE_DATE) -> str:
    return (
        f"id:{written} sub:001 dlvrd:001 submit date:2611230839 done date:{done} "
        f"stat:{STATES[state]} err:{err} text:Hallo id:9 stat:EXPIRED"
    )


def receipt_of(written: str, state: int, line: str | None, fields: bool) -> bytes:
    text = appendix_b(written, state) if line is None else line
    body = delivery((1, 1, "31612345678"), (1, 1, "31201234501"), 0x04, 0, text.encode())
    if fields:
        body += struct.pack(">HH", 0x001E, len(written) + 1) + written.encode() + b"\0"
        body += struct.pack(">HHB", 0x0427, 1, state)
    return body

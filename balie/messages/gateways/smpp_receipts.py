"""What a gateway delivers to us over SMPP (deliver_sm): a receipt of a text of ours, or what somebody wrote. Pure.

A receipt says it twice where it can: in fields of its own (receipted_message_id, message_state) and in a line of text
after appendix B of the specification, which every gateway writes a little differently. Only what the gateway marks as a
receipt is one: anybody can write "id:1 stat:DELIVRD" on a telephone.
"""

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from smpplib import command, consts

from balie.messages.gateways import Fate, Receipt
from balie.messages.gateways.smpp_place import DEC, HEX

KIND, RECEIPT_KINDS = 0x3C, (0x04, 0x20)  # of esm_class: final, and of a step on the way
HEADER = 0x40
INTERNATIONAL = 1
PAYLOAD, RECEIPTED_ID, STATE, NETWORK_ERROR = 0x0424, 0x001E, 0x0427, 0x0423
FATES = {
    "DELIVRD": Fate.DELIVERED, "EXPIRED": Fate.EXPIRED, "DELETED": Fate.FAILED, "UNDELIV": Fate.FAILED,
    "REJECTD": Fate.FAILED, "FAILED": Fate.FAILED,
}  # fmt: skip
STATES = {
    1: "ENROUTE",
    2: "DELIVRD",
    3: "EXPIRED",
    4: "DELETED",
    5: "UNDELIV",
    6: "ACCEPTD",
    7: "UNKNOWN",
    8: "REJECTD",
}
# The words before the text that was sent, which may hold anything.
FIELDS = re.compile(r"\b(id|stat|err|done date): *([^ ]+)", re.IGNORECASE)
STOPS = {"stop", "stopp"}
LONGEST_STOP = 3  # words; more of them say something else
LONGEST_ID = 64


@dataclass(frozen=True)
class Stop:
    """Somebody who wants no SMS any more. number: E.164 where the gateway says enough for that."""

    number: str


def read(pdu: bytes, ids: str, zone: ZoneInfo | None) -> Receipt | Stop | None:
    """What a whole deliver_sm says; None: nothing for us. ids, zone: as in the settings."""
    try:
        sent, fields = unpacked(pdu)
    except struct.error:  # cut off: nobody could read it at another time either
        return None
    payload = fields.get(PAYLOAD) or sent.short_message or b""
    if (sent.esm_class or 0) & KIND in RECEIPT_KINDS or RECEIPTED_ID in fields:
        return receipt(fields, line_of(sent, payload), ids, zone)
    return stop(sent, payload)


def unpacked(pdu: bytes) -> tuple[command.DeliverSM, Mapping[int, bytes]]:
    """The fixed fields as the library reads them, and the optional ones. The library stops at an optional field that it
    does not expect and cuts the last sign off an id without a NUL, so these are read here.
    """
    rest: list[bytes] = []
    sent = command.DeliverSM("deliver_sm", need_sequence=False)
    sent.parse_optional_params = rest.append
    sent.parse(pdu)
    return sent, optional(rest[0] if rest else b"")


def optional(data: bytes) -> Mapping[int, bytes]:
    found, place = {}, 0
    while place + 4 <= len(data):
        tag, length = struct.unpack_from(">HH", data, place)
        found[tag] = data[place + 4 : place + 4 + length]
        place += 4 + length
    return found


def receipt(fields: Mapping[int, bytes], line: str, ids: str, zone: ZoneInfo | None) -> Receipt | None:
    said = words(line)
    name = receipted(fields.get(RECEIPTED_ID, b"").rstrip(b"\0").decode("latin-1"), said.get("id", ""), ids)
    word = STATES.get(int.from_bytes(fields.get(STATE, b""), "big"), "") or said.get("stat", "").upper()[:7]
    if not name or not word:
        return None
    fate = FATES.get(word, Fate.ON_ITS_WAY)  # ENROUTE, ACCEPTD, UNKNOWN: not the last word
    code = said.get("err", "").strip("0") and said["err"]
    if not code and len(error := fields.get(NETWORK_ERROR, b"")) == 3 and any(error[1:]):
        code = str(int.from_bytes(error[1:], "big"))
    why = "" if fate == Fate.DELIVERED else f"{word} {code}".strip()
    return Receipt(name, fate, moment(said.get("done date", ""), zone), why[:80])


def line_of(sent: command.DeliverSM, payload: bytes) -> str:
    """A receipt's line: in UCS-2 where the text was, though some say so and write letters of one octet."""
    wide = payload.decode("utf-16-be", "replace") if sent.data_coding == consts.SMPP_ENCODING_ISO10646 else ""
    return wide if FIELDS.search(wide) else payload.decode("latin-1")


def words(line: str) -> Mapping[str, str]:
    """The fields of a receipt's line, the first of each name."""
    found: dict[str, str] = {}
    for name, value in FIELDS.findall(re.split(r"\btext:", line, maxsplit=1, flags=re.IGNORECASE)[0]):
        found.setdefault(name.lower(), value)
    return found


def receipted(field: str, text: str, ids: str) -> str:
    """The id, as receipts write it. A field of its own may write it as the answer did: what the text says counts."""
    name = text or (field if not ids else answered(field, ids))
    return plain(name, DEC if ids == HEX else HEX) if ids else name[:LONGEST_ID]


def answered(name: str, ids: str) -> str:
    """An id of an answer to submit_sm in the form in which receipts name it. ids: how answers write it."""
    number = whole(name, ids)
    return name[:LONGEST_ID] if number is None else str(number) if ids == HEX else f"{number:X}"


def plain(name: str, form: str) -> str:
    """An id of a receipt without noughts before it, in capitals."""
    number = whole(name, form)
    return name[:LONGEST_ID] if number is None else str(number) if form == DEC else f"{number:X}"


def whole(name: str, form: str) -> int | None:
    """The number an id is; None where it is none, or nothing says how it is written."""
    if form == HEX and re.fullmatch("[0-9A-Fa-f]{1,32}", name):
        return int(name, 16)
    return int(name) if form == DEC and re.fullmatch("[0-9]{1,38}", name) else None


def moment(written: str, zone: ZoneInfo | None) -> datetime | None:
    """YYMMDDhhmm, with or without seconds, on the gateway's clock."""
    if zone is None or not re.fullmatch("[0-9]{10}([0-9]{2})?", written):
        return None
    try:
        at = datetime.strptime(written[:10], "%y%m%d%H%M").replace(tzinfo=zone)
    except ValueError:
        return None
    return at.astimezone(UTC) + timedelta(seconds=int(written[10:] or 0))


def stop(sent: command.DeliverSM, payload: bytes) -> Stop | None:
    """Somebody's STOP; None for whatever else was written."""
    if (sent.esm_class or 0) & HEADER and payload:
        payload = payload[payload[0] + 1 :]
    coding = "utf-16-be" if sent.data_coding == consts.SMPP_ENCODING_ISO10646 else "latin-1"
    said = re.findall(r"\w+", payload.decode(coding, "replace").lower())
    if not said or len(said) > LONGEST_STOP or said[0] not in STOPS:
        return None
    number = (sent.source_addr or b"").decode("latin-1")
    is_whole = sent.source_addr_ton == INTERNATIONAL and number.isdigit()
    return Stop(f"+{number}" if is_whole else number)

"""Texts in the networks' letters, receipts in the gateways' words, and the pace: what needs no line."""

import random
import struct
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from balie.messages.gateways import Fate, GatewayDown, Receipt, Sms
from balie.messages.gateways.pace import Pace
from balie.messages.gateways.smpp_place import Place
from balie.messages.gateways.smpp_receipts import Stop, answered, read
from balie.messages.gateways.smpp_texts import (
    ALPHABET,
    ESCAPE,
    EXTENSION,
    GSM,
    UCS2,
    Impossible,
    address,
    addresses,
    parts,
)
from balie.rules import sms as rules
from tests.telephony.smpp_pdus import appendix_b, delivery, letters, receipt_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
OURS = (1, 1, "31201234501")
THEIRS = (1, 1, "31612345678")


def test_alphabet_is_that_of_the_rules() -> None:
    letters_here = (len(ALPHABET), frozenset(ALPHABET) - {ESCAPE}, frozenset(EXTENSION))
    assert letters_here == (128, rules.ALPHABET, rules.EXTENSION)


def test_every_letter_is_read_as_written() -> None:
    everything = "".join(sorted(rules.ALPHABET | rules.EXTENSION))
    assert [letters(part.octets, part.data_coding) for part in parts(everything, 1)] == [everything]


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("", [0]),
        ("a" * 160, [160]),
        ("a" * 161, [153, 8]),
        ("a" * 159 + "€", [153, 7]),
        ("a" * 152 + "€" + "b" * 7, [152, 8]),
        ("ë" * 70, [70]),
        ("ë" * 71, [67, 4]),
        ("ë" * 66 + "😀" + "ï" * 4, [66, 5]),
    ],
)
def test_nothing_is_split_in_two(text: str, sizes: list[int]) -> None:
    made = parts(text, 7)
    read_again = [letters(part.octets[6 if part.esm_class else 0 :], part.data_coding) for part in made]
    assert ("".join(read_again), [len(one) for one in read_again]) == (text, sizes)
    assert [len(made), made[0].data_coding] == [rules.segments(text).parts, UCS2 if rules.foreign(text) else GSM]


def test_long_text_has_headers_that_telephones_know() -> None:
    made = parts("a" * 400, 200)
    assert [part.octets[:6] for part in made] == [bytes((5, 0, 3, 200, 3, n)) for n in (1, 2, 3)]
    assert {part.esm_class for part in made} == {0x40}


@pytest.mark.parametrize("text", ["a" * (153 * 255 + 1), "half \ud83d"])
def test_text_that_nobody_can_send_is_refused(text: str) -> None:
    with pytest.raises(Impossible):
        parts(text, 1)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("+31201234501", (1, 1, "31201234501")),
        ("De Linde", (5, 0, "De Linde")),
        ("Linde 24", (5, 0, "Linde 24")),
        ("4949", (3, 0, "4949")),
    ],
)
def test_sender_says_what_it_is(written: str, sent: tuple[int, int, str]) -> None:
    assert address(written) == sent


@pytest.mark.parametrize(
    ("sender", "recipient"), [("", "+31612345678"), ("Telefoonservice", "+31612345678"), ("Linde", "0612345678")]
)
def test_address_that_cannot_be_is_refused(sender: str, recipient: str) -> None:
    with pytest.raises(Impossible):
        addresses(Sms("k", sender, recipient, "Hallo"))


def test_receipt_has_its_fields_before_its_text() -> None:
    """The text of one gateway may be cut off or wrong; what was sent stands in it too."""
    at = datetime(2026, 11, 23, 7, 40, tzinfo=UTC)
    assert read(pdu(receipt_of("17", 2, None, True)), "", AMSTERDAM) == Receipt("17", Fate.DELIVERED, at)
    assert read(pdu(receipt_of("17", 2, None, False)), "", None) == Receipt("17", Fate.DELIVERED, None)
    assert read(pdu(receipt_of("17", 2, "", True)), "", AMSTERDAM) == Receipt("17", Fate.DELIVERED, None)


@pytest.mark.parametrize(
    ("line", "receipt"),
    [
        ("id:A-1 stat:DELIVRD err:000", Receipt("A-1", Fate.DELIVERED, None)),
        ("id:1 sub:001 dlvrd:000 stat:UNDELIV err:034 Text:x", Receipt("1", Fate.FAILED, None, "UNDELIV 034")),
        ("id:1 stat:EXPIRED", Receipt("1", Fate.EXPIRED, None, "EXPIRED")),
        ("ID: 1 STAT: REJECTD ERR: 7", Receipt("1", Fate.FAILED, None, "REJECTD 7")),
        ("id:1 stat:ACCEPTD err:000", Receipt("1", Fate.ON_ITS_WAY, None, "ACCEPTD")),
        ("id:1 stat:UNKNOWN", Receipt("1", Fate.ON_ITS_WAY, None, "UNKNOWN")),
        (
            "id:1 stat:DELIVRD done date:261123084059",
            Receipt("1", Fate.DELIVERED, datetime(2026, 11, 23, 7, 40, 59, tzinfo=UTC)),
        ),
        ("id:1 stat:DELIVRD done date:2613230840", Receipt("1", Fate.DELIVERED, None)),
        ("stat:DELIVRD text:id:9", None),
        ("id:1 text:stat:DELIVRD", None),
        ("", None),
    ],
)
def test_receipt_in_the_words_of_a_gateway(line: str, receipt: Receipt | None) -> None:
    assert read(pdu(receipt_of("1", 2, line, False)), "", AMSTERDAM) == receipt


@pytest.mark.parametrize("coding", ["utf-16-be", "latin-1"])
def test_receipt_that_says_it_is_in_ucs2(coding: str) -> None:
    line = "id:17 stat:DELIVRD err:000 text:😀 graag" if coding == "utf-16-be" else "id:17 stat:DELIVRD err:000"
    body = delivery(THEIRS, OURS, 0x04, UCS2, line.encode(coding))
    assert read(pdu(body), "", None) == Receipt("17", Fate.DELIVERED, None)


@pytest.mark.parametrize(
    ("ids", "answer", "in_text", "in_field"),
    [
        ("", "0A1f", "0A1f", "0A1f"),
        ("hex", "0000A1F", "2591", ""),
        ("hex", "a1f", "0000002591", "A1F"),
        ("hex", "A1F", "", "A1F"),
        ("dec", "2591", "0A1F", ""),
        ("dec", "0002591", "a1f", "2591"),
        ("dec", "2591", "", "2591"),
        ("hex", "no number", "no number", ""),
    ],
)
def test_id_is_the_same_in_answer_and_receipt(ids: str, answer: str, in_text: str, in_field: str) -> None:
    line = f"id:{in_text} stat:DELIVRD".replace(" number", "_number") if in_text else "stat:DELIVRD"
    body = delivery(THEIRS, OURS, 0x04, 0, line.encode())
    if in_field:
        body += struct.pack(">HH", 0x001E, len(in_field)) + in_field.encode()  # without the NUL, as some write it
    found = read(pdu(body), ids, None)
    assert isinstance(found, Receipt)
    assert found.id == answered(answer.replace(" number", "_number"), ids)


def test_only_the_gateway_can_write_a_receipt() -> None:
    line = appendix_b("1", 2).encode()
    assert read(pdu(delivery(THEIRS, OURS, 0x00, 0, line)), "", None) is None
    assert read(pdu(delivery(THEIRS, OURS, 0x24, 0, line)), "", None) is None


def test_receipt_in_an_optional_field_of_an_unusual_gateway() -> None:
    line = appendix_b("1", 5).encode()
    body = delivery(THEIRS, OURS, 0x04, 0, b"") + struct.pack(">HHH", 0x0423, 3, 0x0300) + b"\x22"
    body += struct.pack(">HHI", 0x0017, 4, 60) + struct.pack(">HHB", 0x1400, 1, 9)  # not of a deliver_sm; a vendor's
    body += struct.pack(">HH", 0x0424, len(line)) + line
    assert read(pdu(body), "", None) == Receipt("1", Fate.FAILED, None, "UNDELIV 34")


@pytest.mark.parametrize(
    ("octets", "coding", "esm_class", "found"),
    [
        (b"STOP", 0, 0, Stop("+31612345678")),
        (b' "stop!" ', 0, 0, Stop("+31612345678")),
        ("Stopp bitte".encode("utf-16-be"), 8, 0, Stop("+31612345678")),
        (b"\x05\x00\x03\x01\x01\x01Stop sms", 0, 0x40, Stop("+31612345678")),
        (b"Stop daar niet mee hoor", 0, 0, None),
        (b"Nonstop", 0, 0, None),
        (b"", 0, 0, None),
        (b"Bel mij", 0, 0, None),
    ],
)
def test_stop_is_understood(octets: bytes, coding: int, esm_class: int, found: Stop | None) -> None:
    assert read(pdu(delivery(THEIRS, OURS, esm_class, coding, octets)), "", None) == found


def test_stop_of_a_number_the_gateway_does_not_write_whole() -> None:
    assert read(pdu(delivery((2, 1, "0612345678"), OURS, 0, 0, b"STOP")), "", None) == Stop("0612345678")


def test_rubbish_is_read_as_nothing() -> None:
    rng = random.Random(5)
    whole = pdu(receipt_of("1", 2, None, True))
    for _ in range(300):
        read(pdu(rng.randbytes(rng.randrange(80))), "hex", AMSTERDAM)
        read(whole[: rng.randrange(16, len(whole))], "", AMSTERDAM)


def pdu(body: bytes) -> bytes:
    return struct.pack(">4I", 16 + len(body), 5, 0, 1) + body


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://balie@127.0.0.1",
        "smpp://127.0.0.1:2775",
        "smpp://balie@127.0.0.1:99999",
        "smpp://balie@127.0.0.1/path",
        "smpp://balie@127.0.0.1?window=0",
        "smpp://balie@127.0.0.1?window=2.5",
        "smpp://balie@127.0.0.1?lines=3",
        "smpp://balie@127.0.0.1?lines=1.5",
        "smpp://balie@127.0.0.1?per_second=nan",
        "smpp://balie@127.0.0.1?ids=octal",
        "smpp://balie@127.0.0.1?zone=Mars/Base",
        "smpp://balie@127.0.0.1?zone=../../etc/passwd",
        "smpp://balie@127.0.0.1?tls=1",
        "smpp://balie@127.0.0.1?persecond=5",
        "smpp://balie@127.0.0.1?window=5&window=6",
        "smpp://balie@127.0.0.1?window",
    ],
)
def test_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(GatewayDown):
        Place.parse({"kind": "smpp", "url": url, "password": "geheim"})


def test_address_says_all_there_is_to_say() -> None:
    url = "smpp://de%40linde@[::1]:2776?per_second=5&window=3&timeout=4&idle=20&ids=hex&zone=Europe/Amsterdam&tls=yes"
    place = Place.parse({"url": f"{url}&system_type=tas&lines=2", "password": "env:X"})
    assert place == Place("::1", 2776, "de@linde", "env:X", 5, 3, 4, 20, "hex", AMSTERDAM, True, "tas", 2)
    assert place.written == "[::1]:2776"


@pytest.mark.parametrize("password", ["", "env:NO_SUCH_SECRET", "gehéim", "two words", "x" * 65])
def test_password_that_cannot_be_said_is_refused_and_not_shown(password: str) -> None:
    place = Place.parse({"url": "smpp://balie@127.0.0.1", "password": password})
    with pytest.raises(GatewayDown) as problem:
        place.secret()
    assert password.startswith("env:") or not password or password not in problem.value.why


def sent(pace: Pace, *, until: float, takes: Any) -> tuple[int, int]:
    """How many texts are taken and refused until then, by a gateway that says of each whether it takes it."""
    now, taken, refused = 0.0, 0, 0
    while now < until:
        now = max(now, now + pace.wait(now)) + 0.0001
        pace.went(now)
        if takes(now):
            taken += 1
            pace.took(now)
        else:
            refused += 1
            pace.refused(now, now)
    return taken, refused


def limited(per_second: int) -> Any:
    """A gateway that takes so many in any second."""
    lately: list[float] = []

    def takes(now: float) -> bool:
        lately[:] = [at for at in lately if at > now - 1]
        if len(lately) < per_second:
            lately.append(now)
            return True
        return False

    return takes


def evenly(per_second: int) -> Any:
    """A gateway that takes a tenth of that at once, and one more whenever the time for one is over."""
    state = {"free": 1 + per_second / 10, "at": 0.0}

    def takes(now: float) -> bool:
        state["free"] = min(1 + per_second / 10, state["free"] + (now - state["at"]) * per_second)
        state["at"] = now
        if state["free"] < 1:
            return False
        state["free"] -= 1
        return True

    return takes


def test_pace_of_the_settings_is_kept() -> None:
    assert sent(Pace(20), until=10, takes=limited(10**9)) == (200 + 1, 0)


@pytest.mark.parametrize("gateway", ["by the second", "by the tenth of a second"])
@pytest.mark.parametrize("per_second", [5, 100])
def test_pace_finds_the_gateways_own_limit(per_second: int, gateway: str) -> None:
    takes = limited(per_second) if gateway == "by the second" else evenly(per_second)
    taken, refused = sent(Pace(), until=60, takes=takes)
    assert taken > 0.88 * 60 * per_second
    assert refused < 25


def test_pace_is_slow_while_nothing_is_taken_and_quick_again_soon_after() -> None:
    pace = Pace()
    assert sent(pace, until=60, takes=lambda now: False)[1] < 12
    rates = [pace.rate(pace.refused_at + seconds) or 0 for seconds in (10, 60, 120)]
    assert (rates == sorted(rates), rates[0] < 1, rates[-1] > 100) == (True, True, True)


def test_pace_is_told_once_of_what_went_together() -> None:
    pace = Pace()
    for at in (0.0, 0.01, 0.02, 0.03):
        pace.went(at)
    pace.took(0.1)
    pace.took(0.1)
    pace.refused(0.11, 0.02)
    first = pace.learned
    pace.refused(0.12, 0.03)
    assert (pace.learned, first) == (1.94, 1.94)

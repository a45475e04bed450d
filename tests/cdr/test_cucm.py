"""Cisco CUCM's CDR files. Expected calls are worked out by hand from tests/samples/formats/cucm.csv."""

import pytest

from balie.rules.errors import Refused
from tests.cdr.formats import Told, folded, read, sample, told

TRUNKS = ("sip-kpn",)
KEY, SRC, ANNA, BRAM = "StandAloneCluster-1-", "0612345678", "SEP001122334401", "SEP001122334402"
NAMES, TYPES, *LINES = sample("cucm.csv").decode().splitlines(keepends=True)[:-1]


def calls(*lines: str) -> list[Told]:
    return told(folded("cucm", NAMES + TYPES + "".join(lines), trunks=TRUNKS))


def test_sample() -> None:
    assert told(folded("cucm", sample("cucm.csv"), trunks=TRUNKS)) == [
        (f"{KEY}5011", "inbound", "accepted", "25 00:59:50", SRC, "", ANNA, 15, 30, "0201234501", ""),
        (f"{KEY}5001", "inbound", "accepted", "23 08:00:00", SRC, "", ANNA, 6, 65, "0201234501", ""),
        (f"{KEY}5002", "inbound", "missed", "23 08:05:00", SRC, "", "", 20, 0, "0201234502", ""),
        (f"{KEY}5003", "outbound", "", "23 08:10:00", "201", "0687654321", ANNA, 8, 33, "", "1001"),
        (f"{KEY}5005", "inbound", "accepted", "23 08:15:00", SRC, "", BRAM, 10, 30, "0201234502", ""),
        (f"{KEY}5006", "inbound", "forwarded", "23 08:20:00", SRC, "", "", 69, 0, "0201234503", ""),
        (f"{KEY}5006/1", "forwarded", "", "23 08:20:00", SRC, "0687650006", "", 9, 60, "", ""),
        (f"{KEY}5007", "inbound", "accepted", "23 08:30:00", SRC, "", ANNA, 5, 40, "0201234501", ""),
        (f"{KEY}5007/1", "forwarded", "", "23 08:30:30", SRC, "0687650006", ANNA, 15, 60, "", ""),
        (f"{KEY}5010", "outbound", "", "23 08:33:00", "201", "0687654321", ANNA, 25, 0, "", "1001"),
    ]


def test_what_is_left_of_it() -> None:
    reading = read("cucm", sample("cucm.csv"))
    told_bad = [(bad.line, bad.reason) for bad in reading.bad]
    assert (reading.lines, reading.unread, told_bad) == (12, 1, [(12, "6 columns instead of 22")])
    assert len(folded("cucm", sample("cucm.csv"), trunks=TRUNKS).internal) == 1


def test_records_of_a_transfer_find_each_other_in_whatever_order_they_come() -> None:
    three = [line for line in LINES if ",5007," in line or ",5008," in line]
    assert calls(*three) == calls(*reversed(three))
    assert [call[0] for call in calls(*three)] == [f"{KEY}5007", f"{KEY}5007/1"]


def test_consultation_without_a_transfer_is_a_call_of_its_own() -> None:
    first, consultation, _ = [line for line in LINES if ",5007," in line or ",5008," in line]
    assert [call[:3] for call in calls(first, consultation)] == [
        (f"{KEY}5007", "inbound", "accepted"),
        (f"{KEY}5008", "outbound", ""),
    ]


def test_transfer_to_another_agent_is_one_call() -> None:
    first, consultation, joined = [line for line in LINES if ",5007," in line or ",5008," in line]
    inside = [line.replace("SIP-KPN", BRAM) for line in (consultation, joined)]
    inside[1] = inside[1].replace(f'121,1795422645,"{BRAM}"', '121,1795422645,"SIP-KPN"')
    assert [call[:3] + call[6:9] for call in calls(first, *inside)] == [
        (f"{KEY}5007", "inbound", "accepted", ANNA, 5, 100)
    ]


def test_extension_called_says_whose_call_it_is_where_the_gateway_cuts_the_number() -> None:
    line = LINES[0].replace('"0201234501"', '"960"')
    text = NAMES + TYPES + line
    assert [call[1:3] + call[9:] for call in told(folded("cucm", text, trunks=TRUNKS, prefix=""))] == [
        ("inbound", "accepted", "", "Ext.960")
    ]


def test_numbers_with_an_escaped_plus_are_numbers_with_a_plus() -> None:
    inbound = LINES[0].replace(f'"{SRC}"', r'"\+31612345678"').replace('"0201234501"', r'"\+31201234501"')
    outbound = LINES[2].replace('"0687654321"', r'"\+31687654321"')
    assert (inbound.count("\\+"), outbound.count("\\+")) == (2, 1)
    assert [call[1:2] + call[4:6] + call[9:10] for call in calls(inbound, outbound)] == [
        ("inbound", "+31612345678", "", "+31201234501"),
        ("outbound", "201", "+31687654321", ""),
    ]


def test_conference_and_voicemail_are_nobody() -> None:
    line = LINES[0]
    for machine in (line.replace(f'"{ANNA}"', '"CFB_2"').replace('"201"', '"b0019901001"'),
                    line.replace(f'"{ANNA}"', '"CiscoUM1-VI3"')):  # fmt: skip
        assert [call[1:3] + call[7:9] for call in calls(machine)] == [("inbound", "missed", 71, 0)]


def test_without_trunks_every_call_looks_internal() -> None:
    result = folded("cucm", sample("cucm.csv"))
    assert (result.calls.height, len(result.internal)) == (0, 9)


def test_names_may_come_again_and_in_another_order() -> None:
    swapped = [",".join([*line.strip().split(",")[:3], *reversed(line.strip().split(",")[3:])]) for line in
               (NAMES, TYPES, LINES[0])]  # fmt: skip
    text = NAMES + TYPES + LINES[1] + "\n".join(swapped) + "\n"
    assert [call[0] for call in told(folded("cucm", text, trunks=TRUNKS))] == [f"{KEY}5001", f"{KEY}5002"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (LINES[0], "The first line must name the columns, cdrRecordType first"),
        ('"cdrRecordType","globalCallID_callManagerId","callIdentifier"\n', "has no column globalCallID_callId"),
    ],
)
def test_other_files_are_refused(text: str, message: str) -> None:
    with pytest.raises(Refused, match=message):
        read("cucm", text)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("1,1,5001", "2,1,5001", "cdrRecordType '2' is no call"),
        ("1795420871", "1795420700", "dateTimeDisconnect is before dateTimeOrigination"),
        ("1795420800", "0", "dateTimeOrigination '0' is no time of this age"),
        (",65,", ",x,", "duration 'x' is no whole number"),
        ('"SIP-KPN"', '""', "no origDeviceName"),
    ],
)
def test_line_that_cannot_be_read_says_why(old: str, new: str, reason: str) -> None:
    reading = read("cucm", NAMES + TYPES + LINES[0].replace(old, new, 1) + LINES[1])
    assert [(bad.line, bad.reason) for bad in reading.bad] == [(3, reason)]

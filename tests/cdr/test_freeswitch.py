"""FreeSWITCH's Master.csv and JSON legs. Expected calls are worked out by hand from tests/samples/formats."""

import json

import pytest

from tests.cdr.formats import folded, read, sample, told
from tests.cdr.legs_json import ANNA, BRAM, CALLER, OUT, leg, profile, uuid

A, B = "a0000000-0000-4000-8000-00000000000", "b0000000-0000-4000-8000-00000000000"
SRC, DID = "0612345678", "0201234501"


def test_master_csv() -> None:
    assert told(folded("freeswitch", sample("Master.csv"))) == [
        (f"{A}8", "inbound", "accepted", "25 00:59:50", "anonymous", "", "", 15, 30, DID, ""),
        (f"{A}1", "inbound", "accepted", "23 08:00:00", SRC, "", "", 6, 65, DID, ""),
        (f"{A}2", "inbound", "missed", "23 08:05:00", SRC, "", "", 20, 0, "0201234502", ""),
        (f"{A}3", "outbound", "", "23 08:10:00", "201", "0687654321", "201", 8, 33, "", "1001"),
        (f"{A}5", "inbound", "accepted", "23 08:15:00", SRC, "", "202", 10, 30, "0201234502", ""),
        (f"{A}6", "inbound", "forwarded", "23 08:20:00", SRC, "", "", 69, 0, "0201234503", ""),
        (f"{A}6/1", "forwarded", "", "23 08:20:00", SRC, "0687650006", "", 9, 60, "", ""),
        (f"{A}7", "outbound", "", "23 08:25:00", "201", "0687654321", "201", 25, 0, "", "1001"),
    ]


def test_what_is_left_of_master_csv() -> None:
    reading = read("freeswitch", sample("Master.csv"))
    assert (reading.lines, reading.unread, [bad.line for bad in reading.bad]) == (11, 1, [9])
    assert len(folded("freeswitch", sample("Master.csv")).internal) == 1


def test_called_leg_of_another_file_is_taken_into_its_call() -> None:
    lines = sample("Master.csv").decode().splitlines(keepends=True)
    [apart] = [told(folded("freeswitch", *order)) for order in [(lines[5], lines[4])]]
    assert apart == told(folded("freeswitch", lines[4] + lines[5]))
    assert apart == [(f"{A}5", "inbound", "accepted", "23 08:15:00", SRC, "", "202", 10, 30, "0201234502", "")]


def test_called_leg_that_began_in_the_same_second_and_was_written_first() -> None:
    lines = sample("Master.csv").decode().splitlines(keepends=True)
    called, caller = lines[4].replace("09:15:04", "09:15:00").replace('"36"', '"40"'), lines[5]
    assert told(folded("freeswitch", called + caller)) == [
        (f"{A}5", "inbound", "accepted", "23 08:15:00", SRC, "", "202", 10, 30, "0201234502", "")
    ]


def test_legs_that_name_themselves_or_each_other_are_one_call_still() -> None:
    line = sample("Master.csv").decode().splitlines(keepends=True)[0]
    other = line.replace(f"{A}1", "x").replace(f"{B}1", f"{A}1").replace('"x"', f'"{B}1"')
    for text in (line.replace(f"{B}1", f"{A}1"), line + other):
        assert [call[:3] for call in told(folded("freeswitch", text))] == [(f"{A}1", "inbound", "accepted")]


def test_target_of_a_transfer_inside_is_never_the_number_called() -> None:
    line = sample("Master.csv").decode().splitlines(keepends=True)[0].replace("0201234501", "201")
    assert [call[1:3] + call[6:10] for call in told(folded("freeswitch", line))] == [
        ("inbound", "accepted", "201", 6, 65, "")
    ]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("2026-11-23 09:00:00", "9:00", "start_stamp '9:00' is no time such as 2026-11-23 09:29:34"),
        ('"71"', '"-1"', "duration '-1' is no number of seconds"),
        (', "","PCMA","PCMA"', "", "12 columns instead of 15"),
        (f'"{A}1"', '"16"', "uuid '16' is no identity of a call"),
        ("0612345678", "6" * 81, "src is longer than 80 characters"),
    ],
)  # fmt: skip
def test_line_that_cannot_be_read_says_why(old: str, new: str, reason: str) -> None:
    line = sample("Master.csv").decode().splitlines(keepends=True)[0]
    reading = read("freeswitch", line + line.replace(old, new))
    assert [(bad.line, bad.reason) for bad in reading.bad] == [(2, reason)]


def test_json_of_both_legs() -> None:
    caller = leg(1, CALLER, SRC, DID, start="09:00:00", answer="09:00:06", bridge="09:00:06", end="09:01:11", bridged=2,
                 called=[profile(2, ANNA, SRC, "201")])  # fmt: skip
    called = leg(2, ANNA, SRC, "201", start="09:00:01", answer="09:00:06", end="09:01:11", bridged=1,
                 by=profile(1, CALLER, SRC, DID))  # fmt: skip
    expected = [(uuid(1), "inbound", "accepted", "23 08:00:00", SRC, "", "201", 6, 65, DID, "")]
    assert told(folded("freeswitch", caller, called)) == expected
    assert told(folded("freeswitch", f"{called}\n{caller}\n")) == expected
    # Where legs that were called are not logged, the caller's knows whom it was connected with.
    assert told(folded("freeswitch", caller)) == expected


def test_json_of_a_caller_who_spoke_with_a_machine_only() -> None:
    machine = leg(1, CALLER, SRC, DID, start="09:00:00", answer="09:00:01", end="09:00:30")
    gone = leg(2, ANNA, SRC, "201", start="09:00:01", end="09:00:20", by=profile(1, CALLER, SRC, DID))
    said = (uuid(1), "inbound", "missed", "23 08:00:00", SRC, "", "", 30, 0, DID, "")
    assert told(folded("freeswitch", machine)) == [said]
    assert told(folded("freeswitch", machine, gone)) == [said]


def test_json_of_busy_and_then_another() -> None:
    by = profile(1, CALLER, SRC, DID)
    caller = leg(1, CALLER, SRC, DID, start="09:00:00", answer="09:00:12", bridge="09:00:12", end="09:00:42", bridged=3,
                 called=[profile(3, BRAM, SRC, "202"), profile(2, ANNA, SRC, "201")])  # fmt: skip
    busy = leg(2, ANNA, SRC, "201", start="09:00:01", end="09:00:02", by=by, hangup_cause="USER_BUSY")
    then = leg(3, BRAM, SRC, "202", start="09:00:03", answer="09:00:12", end="09:00:42", by=by, bridged=1)
    assert told(folded("freeswitch", caller, busy, then)) == [
        (uuid(1), "inbound", "accepted", "23 08:00:00", SRC, "", "202", 12, 30, DID, "")
    ]


def test_json_of_a_blind_transfer_keeps_the_number_that_was_called() -> None:
    by = profile(1, CALLER, SRC, DID)
    caller = leg(1, CALLER, SRC, "0687650006", start="09:00:00", answer="09:00:05", bridge="09:00:45", end="09:01:45",
                 bridged=3, called=[profile(3, OUT, SRC, "0687650006")], before=by)  # fmt: skip
    agent = leg(2, ANNA, SRC, "201", start="09:00:01", answer="09:00:05", end="09:00:35", by=by, bridged=1)
    out = leg(3, OUT, SRC, "0687650006", start="09:00:36", answer="09:00:45", end="09:01:45", by=by, bridged=1)
    assert told(folded("freeswitch", caller, agent, out)) == [
        (uuid(1), "inbound", "accepted", "23 08:00:00", SRC, "", "201", 5, 30, DID, ""),
        (f"{uuid(1)}/1", "forwarded", "", "23 08:00:36", SRC, "0687650006", "201", 9, 60, "", ""),
    ]


def test_json_of_a_transfer_with_consultation() -> None:
    """The agent (2) calls outside (3), speaks 10 s, hangs up; the caller goes on with 3."""
    caller = leg(1, CALLER, SRC, DID, start="09:00:00", answer="09:00:05", bridge="09:00:55", end="09:01:55", bridged=3,
                 called=[profile(2, ANNA, SRC, "201")])  # fmt: skip
    agent = leg(2, ANNA, SRC, "201", start="09:00:01", answer="09:00:05", bridge="09:00:45", end="09:00:55", bridged=3,
                by=profile(1, CALLER, SRC, DID), called=[profile(3, OUT, "201", "0687650006")])  # fmt: skip
    out = leg(3, OUT, "201", "0687650006", start="09:00:38", answer="09:00:45", bridge="09:00:55", end="09:01:55",
              bridged=1, by=profile(2, ANNA, SRC, "201"))  # fmt: skip
    expected = [
        (uuid(1), "inbound", "accepted", "23 08:00:00", SRC, "", "201", 5, 50, DID, ""),
        (f"{uuid(1)}/1", "forwarded", "", "23 08:00:38", SRC, "0687650006", "201", 17, 60, "", ""),
    ]
    assert told(folded("freeswitch", caller, agent, out)) == expected
    assert told(folded("freeswitch", out, agent, caller)) == expected


def test_json_of_outbound_and_internal_calls() -> None:
    anna = leg(1, ANNA, "201", "0687654321", start="09:10:00", answer="09:10:08", bridge="09:10:08", end="09:10:41",
               bridged=2, called=[profile(2, OUT, "201", "0687654321")], accountcode="c1001")  # fmt: skip
    out = leg(2, OUT, "201", "0687654321", start="09:10:01", answer="09:10:08", end="09:10:41", bridged=1,
              by=profile(1, ANNA, "201", "0687654321"))  # fmt: skip
    inside = leg(3, ANNA, "201", "202", start="09:12:00", answer="09:12:02", end="09:12:30", accountcode="201")
    other = leg(4, BRAM, "201", "202", start="09:12:01", answer="09:12:02", end="09:12:30",
                by=profile(3, ANNA, "201", "202"))  # fmt: skip
    result = folded("freeswitch", anna, out, inside, other)
    assert told(result) == [(uuid(1), "outbound", "", "23 08:10:00", "201", "0687654321", "201", 8, 33, "", "1001")]
    assert len(result.internal) == 1


def test_json_in_the_second_of_two_equal_hours() -> None:
    """02:30 for the second time: the moments in it say so."""
    day = "2026-10-25 02:30:"
    caller = leg(1, CALLER, SRC, DID, start=f"{day}00", answer=f"{day}05", end=f"{day}35", fold=1)
    called = leg(2, ANNA, SRC, "201", start=f"{day}00", answer=f"{day}05", end=f"{day}35", fold=1,
                 by=profile(1, CALLER, SRC, DID))  # fmt: skip
    assert [call[3:9] for call in told(folded("freeswitch", caller, called))] == [
        ("25 01:30:00", SRC, "", "201", 5, 30)
    ]


def test_json_with_lines_of_its_own_a_broken_object_and_a_cut_one() -> None:
    one = leg(1, CALLER, SRC, DID, start="09:00:00", end="09:00:20")
    pretty = json.dumps(json.loads(one), indent=2)
    text = f'{pretty}\n{{"variables": }}\n{{"callflow": []}}\n[1]\n{pretty[:400]}'
    lines = pretty.count("\n") + 1
    reading = read("freeswitch", text)
    assert (reading.rows.height, reading.lines, reading.unread) == (1, 4, 1)
    assert [(bad.line, bad.reason.partition(":")[0]) for bad in reading.bad] == [
        (lines + 1, "cannot be read as JSON"),
        (lines + 2, "has no variables or no callflow, as mod_json_cdr writes them"),
        (lines + 3, "cannot be read as JSON"),
    ]
    again = read("freeswitch", text, tail_too=True)
    assert (again.lines, again.unread, again.bad[-1].line) == (5, 0, lines + 4)

"""3CX's cdr.log. Expected calls are worked out by hand from tests/samples/formats."""

import pytest

from balie.rules.errors import Refused
from tests.cdr.formats import folded, read, sample, told

SRC, KEY = "0612345678", "00000C21DE5C2470_"
LINES = sample("cdr.log").decode().splitlines(keepends=True)[:-1]


def test_sample() -> None:
    assert told(folded("3cx", sample("cdr.log"), prefix="")) == [
        (f"1011-{KEY}11", "inbound", "accepted", "25 00:59:50", SRC, "", "201", 15, 30, "0201234501", ""),
        (f"1001-{KEY}1", "inbound", "accepted", "23 08:00:00", SRC, "", "201", 6, 65, "0201234501", ""),
        (f"1002-{KEY}2", "inbound", "missed", "23 08:05:00", SRC, "", "", 20, 0, "0201234502", ""),
        (f"1003-{KEY}3", "outbound", "", "23 08:10:00", "201", "0687654321", "201", 8, 33, "", "1001"),
        (f"1005-{KEY}5", "inbound", "accepted", "23 08:15:00", SRC, "", "202", 0, 336, "", "Ext.960"),
        (f"1006-{KEY}6", "inbound", "forwarded", "23 08:22:00", SRC, "", "", 69, 0, "0201234503", ""),
        (f"1006-{KEY}6/1", "forwarded", "", "23 08:22:00", SRC, "0687650006", "", 9, 60, "", ""),
        # Put through by somebody: the record does not say how long he spoke, so all of it is the call passed on.
        (f"1007-{KEY}7", "inbound", "accepted", "23 08:25:00", SRC, "", "201", 5, 0, "0201234501", ""),
        (f"1007-{KEY}7/1", "forwarded", "", "23 08:25:00", SRC, "0687650006", "201", 5, 120, "", ""),
        # A queue took it, nobody else did.
        (f"1008-{KEY}8", "inbound", "missed", "23 08:30:00", SRC, "", "", 41, 0, "0201234502", ""),
        (f"1010-{KEY}10", "outbound", "", "23 08:33:00", "201", "0687654321", "201", 25, 0, "", ""),
    ]


def test_what_is_left_of_it() -> None:
    reading = read("3cx", sample("cdr.log"))
    assert (reading.lines, reading.unread, [bad.line for bad in reading.bad]) == (11, 1, [9])
    assert len(folded("3cx", sample("cdr.log")).internal) == 1


def test_shorter_order_that_begins_with_the_time() -> None:
    assert [call[1:] for call in told(folded("3cx", sample("cdr_reordered.log")))] == [
        ("inbound", "accepted", "23 08:00:00", SRC, "", "201", 6, 65, "0201234501", ""),
        ("inbound", "missed", "23 08:30:00", SRC, "", "", 41, 0, "0201234502", ""),
        ("outbound", "", "23 08:33:00", "201", "0687654321", "201", 25, 0, "", ""),
    ]


def test_both_numbers_of_a_call_the_other_way_round() -> None:
    first, second, rest = LINES[0].split(",", 2)
    assert told(folded("3cx", f"{second},{first},{rest}")) == told(folded("3cx", LINES[0]))


def test_answer_within_the_first_second_is_a_machines_where_nothing_says_more() -> None:
    at_once = LINES[0].replace("09:00:06", "09:00:00")
    assert told(folded("3cx", at_once))[0][2] == "missed"
    typed = at_once.strip() + ",line,extension,extension\n"
    assert told(folded("3cx", typed))[0][2] == "accepted"
    assert told(folded("3cx", LINES[0].strip() + ",line,ivr,\n"))[0][2] == "missed"


def test_outside_an_answer_within_the_first_second_is_somebodys() -> None:
    """A gateway for analogue lines answers before the other end does."""
    at_once = LINES[2].replace("09:10:08", "09:10:00")
    assert [call[1:3] + call[7:9] for call in told(folded("3cx", at_once))] == [("outbound", "", 0, 33)]


def test_of_two_lines_of_one_second_the_answered_one_is_the_call() -> None:
    answered = LINES[0]
    tried = answered.replace("00:01:05", "").replace("2026/11/23 09:00:06", "").replace("09:01:12", "09:00:00")
    for second in (tried, tried.replace("Ext.201", "Ext.202")):
        for lines in (answered + second, second + answered):
            assert told(folded("3cx", lines)) == told(folded("3cx", answered))
    queue = answered.replace("Ext.201", "Ext.800").replace("09:00:06", "09:00:00")
    for lines in (answered + queue, queue + answered):
        assert [call[2:3] + call[6:9] for call in told(folded("3cx", lines))] == [("accepted", "201", 6, 65)]


def test_type_of_whoever_called_goes_before_his_number() -> None:
    shown = LINES[2].strip().replace(",Ext.201,0687654321,", ",0201234509,0687654321,", 1) + ",extension,line,\n"
    assert [call[1:3] + call[4:7] for call in told(folded("3cx", shown))] == [
        ("outbound", "", "0201234509", "0687654321", "201")
    ]
    short = LINES[0].strip().replace(f",{SRC},Ext.201,", ",1407,Ext.201,") + ",line,extension,\n"
    assert [call[1:3] + call[4:7] for call in told(folded("3cx", short))] == [
        ("inbound", "accepted", "1407", "", "201")
    ]


def test_unanswered_forward_is_a_missed_call() -> None:
    line = LINES[5].replace("2026/11/23 09:22:09", "").replace("00:01:00", "")
    assert [call[1:3] for call in told(folded("3cx", line))] == [("inbound", "missed")]


def test_talk_is_the_shorter_of_duration_and_answer_to_end() -> None:
    assert told(folded("3cx", LINES[0].replace("00:01:05", "00:02:00")))[0][8] == 66
    assert told(folded("3cx", LINES[0].replace("00:01:05", "")))[0][8] == 66


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("2026/11/23 09:01:12", "2026/11/23 08:01:12", "duration '-3528' is no number of seconds"),
        ("2026/11/23 09:00:06", "soon", "time-answered 'soon' is no time such as 2026/11/23 09:29:34"),
        (",201,0201234501", f",201,{'2' * 140}", "dst is longer than 80 characters"),
    ],
)
def test_line_that_cannot_be_read_says_why(old: str, new: str, reason: str) -> None:
    reading = read("3cx", LINES[1] + LINES[0].replace(old, new))
    assert [(bad.line, bad.reason) for bad in reading.bad] == [(2, reason)]


def test_other_files_are_refused() -> None:
    with pytest.raises(Refused, match=r"This is no call file such as cdr\.log \(3CX\); it begins with"):
        read("3cx", "root:x:0:0\n" * 30)

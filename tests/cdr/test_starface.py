"""STARFACE's output.csv. Expected calls are worked out by hand from tests/samples/formats/output.csv."""

import pytest

from balie.cdr.starface import number_in
from balie.rules.errors import Refused
from tests.cdr.formats import folded, read, sample, told

SRC = "0612345678"
NAMES, *LINES = sample("output.csv").decode().splitlines(keepends=True)[:-1]


def test_sample() -> None:
    assert told(folded("starface", sample("output.csv"))) == [
        ("509", "inbound", "accepted", "25 00:59:50", SRC, "", "1201", 15, 30, "0201234501", "1001"),
        ("501", "inbound", "accepted", "23 08:00:00", SRC, "", "1201", 6, 65, "0201234501", "1001"),
        ("502", "inbound", "missed", "23 08:05:00", SRC, "", "", 20, 0, "", "1002"),
        ("503", "outbound", "", "23 08:10:00", "201", "0687654321", "1201", 8, 33, "", "1001"),
        ("505", "inbound", "accepted", "23 08:15:00", SRC, "", "1202", 10, 30, "", "1002"),
        ("506", "inbound", "accepted", "23 08:20:00", SRC, "", "1201", 5, 30, "", "1003"),
        ("506/1", "forwarded", "", "23 08:20:35", SRC, "0687650006", "1201", 6, 60, "", "1003"),
        ("508", "outbound", "", "23 08:33:00", "201", "0687654321", "1201", 25, 0, "", "1001"),
    ]


def test_what_is_left_of_it() -> None:
    reading = read("starface", sample("output.csv"))
    assert (reading.lines, reading.unread, [bad.line for bad in reading.bad]) == (13, 1, [12])
    assert len(folded("starface", sample("output.csv")).internal) == 1


def test_entry_that_sums_up_counts_where_its_steps_are_not_given() -> None:
    summed = [line for line in LINES if line.startswith('"10"')]
    assert [call[:3] + call[8:9] for call in told(folded("starface", NAMES + summed[0]))] == [
        ("506", "inbound", "accepted", 96)
    ]


def test_entry_of_a_group_call_is_whose_list_it_stands_in() -> None:
    group = LINES[0].replace('"0","""Bakker"" <0612345678>","1201"', '"0","""Bakker"" <0612345678>","1300"')
    assert group != LINES[0]
    assert [call[6:9] for call in told(folded("starface", NAMES + group))] == [("1201", 6, 65)]


@pytest.mark.parametrize("result", ["CONNECTED", "NOT_CONNECTED"])
def test_entry_of_somebody_whose_telephone_rang_along(result: str) -> None:
    taken = LINES[0].replace('"1","501"', '"2","501"')
    along = LINES[0].replace('"1201","0"', '"1200","0"').replace('"1","c1001","","",', '"1","c1001","","true",')
    along = along.replace('"CONNECTED"', f'"{result}"')
    for lines in (taken + along, along + taken):
        assert [call[1:3] + call[6:9] for call in told(folded("starface", NAMES + lines))] == [
            ("inbound", "accepted", "1201", 6, 65)
        ]
    # Without the entry of whoever took it, somebody did.
    alone = ("inbound", "accepted", "", 6, 65) if result == "CONNECTED" else ("inbound", "missed", "", 71, 0)
    assert [call[1:3] + call[6:9] for call in told(folded("starface", NAMES + along))] == [alone]


def test_forward_without_anybody() -> None:
    line = next(line for line in LINES if line.startswith('"9"'))
    assert [call[:3] + call[5:9] for call in told(folded("starface", NAMES + line))] == [
        ("506", "inbound", "forwarded", "", "", 66, 0),
        ("506/1", "forwarded", "", "0687650006", "", 6, 60),
    ]


def test_columns_stand_in_the_documented_order_where_no_line_names_them_and_with_semicolons() -> None:
    assert told(folded("starface", "".join(LINES))) == told(folded("starface", NAMES + "".join(LINES)))
    semicolons = (NAMES + "".join(LINES)).replace(",", ";")
    assert told(folded("starface", semicolons)) == told(folded("starface", NAMES + "".join(LINES)))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ('"Bakker, Jan" <0612345678>', "0612345678"),
        ("Jan Bakker +31 (6) 123-45678", "+31612345678"),
        ("0612345678", "0612345678"),
        ("unbekannt", "unbekannt"),
        ("", ""),
    ],
)
def test_number_in_a_name(text: str, number: str) -> None:
    assert number_in(text) == number


def test_other_files_are_refused() -> None:
    with pytest.raises(Refused, match="no column 'callstepid'"):
        read("starface", "id,callid,starttime\n")
    with pytest.raises(Refused, match=r"This is no call file such as output\.csv \(STARFACE\); it begins with"):
        read("starface", "root:x:0:0\n" * 30)


def test_line_that_cannot_be_read_says_why() -> None:
    reading = read("starface", NAMES + LINES[0] + LINES[0].replace('"CONNECTED"', '"MAYBE"') + '"1","2"\n')
    assert [(bad.line, bad.reason) for bad in reading.bad] == [
        (3, "callresult 'MAYBE' is none of CONNECTED, NOT_CONNECTED"),
        (4, "2 columns; callstepid should be in number 3"),
    ]

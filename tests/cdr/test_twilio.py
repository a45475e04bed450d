"""Twilio's calls as JSON and CSV. Expected calls are worked out by hand from tests/samples/formats."""

import json

import pytest

from balie.rules.errors import Refused
from tests.cdr.formats import folded, read, sample, told

SRC, ANNA = "+31612345678", "client:anna"
CALLS = json.loads(sample("calls.json"))["calls"]


def sid(number: int) -> str:
    return f"CA{number:032d}"


EXPECTED = [
    (sid(17), "inbound", "accepted", "25 00:59:50", SRC, "", ANNA, 15, 30, "+31201234501", ""),
    (sid(1), "inbound", "accepted", "23 08:00:00", SRC, "", ANNA, 6, 65, "+31201234501", ""),
    (sid(3), "inbound", "missed", "23 08:05:00", SRC, "", "", 20, 0, "+31201234502", ""),
    (sid(5), "outbound", "", "23 08:10:00", ANNA, "+31687654321", ANNA, 8, 33, "", "AC" + "7" * 32),
    (sid(9), "inbound", "accepted", "23 08:15:00", SRC, "", "client:bram", 10, 30, "+31201234502", ""),
    (sid(12), "inbound", "accepted", "23 08:20:00", SRC, "", ANNA, 5, 30, "+31201234503", ""),
    (f"{sid(12)}/1", "forwarded", "", "23 08:20:35", SRC, "+31687650006", ANNA, 6, 60, "", ""),
    (sid(16), "outbound", "", "23 08:33:00", "+31201234501", "+31687654321", "", 25, 0, "", "AC" + "7" * 32),
]


@pytest.mark.parametrize("name", ["calls.json", "calls.csv"])
def test_sample(name: str) -> None:
    result = folded("twilio", sample(name), prefix="")
    assert told(result) == EXPECTED
    assert len(result.internal) == 1


def test_what_is_left_of_it() -> None:
    page, table = read("twilio", sample("calls.json")), read("twilio", sample("calls.csv"))
    # One call is still going on, and of the table a line is cut off.
    assert (page.lines, page.unread, table.lines, table.unread) == (18, 1, 18, 1)
    assert [bad.reason.partition(" is none of")[0] for bad in page.bad + table.bad] == ["status 'on-fire'"] * 2


def test_single_calls_lists_and_pages_are_the_same() -> None:
    apart = "\n".join(json.dumps(call) for call in CALLS)
    for text in (apart, json.dumps(CALLS), json.dumps({"calls": CALLS[:5]}) + json.dumps({"calls": CALLS[5:]})):
        assert told(folded("twilio", text, prefix="")) == EXPECTED


def test_leg_whose_parent_comes_in_another_file() -> None:
    first, second = json.dumps(CALLS[12:14]), json.dumps(CALLS[11:12])
    assert told(folded("twilio", first, second)) == told(folded("twilio", second, first)) == EXPECTED[5:7]


def test_moments_in_other_forms() -> None:
    text = json.dumps(CALLS[0] | {"start_time": "2026-11-23T09:00:00+01:00", "end_time": "2026-11-23 08:01:11Z"})
    assert told(folded("twilio", text))[0][3] == "23 08:00:00"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"start_time": "soon"}, "start_time 'soon' is no time such as Mon, 23 Nov 2026 08:29:34 +0000"),
        ({"direction": "sideways"}, "direction 'sideways' is none of inbound, outbound-dial, outbound-api"),
        ({"duration": "x"}, "duration 'x' is no whole number"),
        ({"end_time": "Mon, 23 Nov 2026 07:00:00 +0000"}, "end_time is before start_time"),
        ({"sid": ""}, "does not say which call it belongs to"),
        ({"from": "\0"}, "contains a null byte"),
        ({"from": "\ud800"}, "contains half a character"),
    ],
)
def test_call_that_cannot_be_read_says_why(changed: dict[str, str], reason: str) -> None:
    [bad] = read("twilio", json.dumps(CALLS[0] | changed)).bad
    assert (bad.line, bad.reason) == (1, reason)


@pytest.mark.parametrize("status", ["canceled", "failed"])
def test_call_that_never_began_is_of_the_moment_it_was_ordered(status: str) -> None:
    """Of a queue that somebody gave up before it was his turn: no start and no end."""
    ordered = CALLS[15] | {"status": status, "start_time": None, "end_time": None, "duration": None}
    ordered |= {"date_created": "Mon, 23 Nov 2026 08:32:10 +0000"}
    expected = [(sid(16), "outbound", "", "23 08:32:10", "+31201234501", "+31687654321", "", 0, 0, "", "")]
    assert told(folded("twilio", json.dumps(ordered))) == expected
    names = [name for name, value in ordered.items() if isinstance(value, str | None)]
    cells = [ordered[name] or "" for name in names]
    row = ",".join(f'"{cell}"' for cell in cells)
    assert told(folded("twilio", f"{','.join(names)}\n{row}\n")) == expected


def test_call_that_never_began_and_has_no_other_time_says_what_to_do() -> None:
    [bad] = read("twilio", json.dumps(CALLS[0] | {"status": "canceled", "start_time": None, "date_created": ""})).bad
    assert bad.reason == (
        "no start_time, as calls have none that never began: fetch the list with date_created too and read it again"
    )
    waiting = read("twilio", json.dumps(CALLS[0] | {"status": "queued", "start_time": None}))
    assert (waiting.bad, waiting.unread, waiting.rows.height) == ([], 1, 0)


def test_list_without_the_columns_that_matter_is_refused() -> None:
    with pytest.raises(Refused, match="This is no list of calls of Twilio: it has no column parent_call_sid"):
        read("twilio", "Sid,From,To,Status,StartTime,Direction,Duration\n")


def test_numbers_behind_a_sip_trunk_are_outside_like_all_others() -> None:
    text = sample("calls.json").decode()
    for number in (SRC, "+31687654321", "+31687650006", "+31201234501"):
        text = text.replace(f'"{number}"', f'"sip:{number}@trunk.example"')
    assert told(folded("twilio", text, prefix="")) == EXPECTED

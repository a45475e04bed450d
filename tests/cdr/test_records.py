"""What the readers of all formats but Asterisk's share: times over the nights the clock jumps, JSON, who is inside."""

import io
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from balie.cdr.documents import pieces, texts_of
from balie.cdr.lines import texts
from balie.cdr.parties import end_of, is_inside, user_of
from balie.cdr.records import elapsed

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("begin", "end", "seconds"),
    [
        ("2026-11-23 09:00:00", "2026-11-23 09:01:05", 65),
        ("2026-11-23 23:59:50", "2026-11-24 00:00:05", 15),
        ("2026-11-23 09:00:00", "2026-11-23 08:59:50", -10),
        ("2026-10-25 01:59:50", "2026-10-25 02:00:05", 15),
        ("2026-10-25 02:59:50", "2026-10-25 02:00:05", 15),
        # Within or out of the hour that comes twice: the shorter of what can have been.
        ("2026-10-25 02:10:00", "2026-10-25 02:50:00", 2400),
        ("2026-10-25 02:59:50", "2026-10-25 03:00:05", 15),
        ("2026-10-25 01:30:00", "2026-10-25 03:30:00", 3 * 3600),
        ("2026-03-29 01:59:50", "2026-03-29 03:00:05", 15),
    ],
)
def test_seconds_between_wall_clock_times(begin: str, end: str, seconds: int) -> None:
    assert elapsed(datetime.fromisoformat(begin), datetime.fromisoformat(end), AMSTERDAM) == seconds


def test_records_of_json_have_lines_of_their_own() -> None:
    text = '[{"a": 1}, {"a": 2}]\n{"b": \n 3}\n{"c": }\nfoo\n{"calls": [{"d": 4}], "page": 0}\n{"e": 5'
    found = [(piece.line, piece.value, piece.is_cut) for piece in pieces(text)]
    assert found == [
        (1, {"a": 1}, False),
        (2, {"a": 2}, False),
        (3, {"b": 3}, False),
        (4, None, False),
        (6, {"d": 4}, False),
        (7, None, True),
    ]
    assert texts_of(text.encode(), {3, 4}) == {3: b'{"b": \n 3}', 4: b'{"c": }\nfoo'}


def test_lines_of_a_file_that_only_begins_like_json_are_found_as_lines() -> None:
    assert texts(io.BytesIO(b"[log]\na,b\nc,d\n"), {2, 3}) == {2: b"a,b", 3: b"c,d"}
    assert texts(io.BytesIO(b'{"a":\n1}\n{"a": 2}'), {1, 3}) == {1: b'{"a":\n1}', 3: b'{"a": 2}'}


@pytest.mark.parametrize("name", ["201", "999999", "anna", "*97", "112", "Ext 12"])
def test_inside(name: str) -> None:
    assert (is_inside(name), end_of(name)) == (True, name)


@pytest.mark.parametrize(
    "name", ["0201234501", "+31201234501", "31201234501", "", "anonymous", "Unknown", "0", "030 12"]
)
def test_outside(name: str) -> None:
    assert (is_inside(name), end_of(name)) == (False, "line/outside")


def test_user_of_an_address() -> None:
    for address in ("204", "204@127.0.0.14:15074", "sip:204@host;transport=tls", "<sips:204@host>", "tel:204"):
        assert user_of(address) == "204"

"""The mapped CSV: separators, quotes, encodings, dates, decimals, headers, directions; hostile lines."""

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balie.cdr import generic
from balie.cdr.legs import IDENTITY, Reading
from balie.rules.errors import Refused

NAMED: dict[str, Any] = {
    "columns": {"start": "Begin", "direction": "Dir", "caller": "From", "callee": "To", "agent": "Ext", "talk": "Dur"},
    "separator": ";",
    "encoding": "cp1252",
    "date_format": "%d.%m.%Y %H:%M",
    "decimal": ",",
    "directions": {"ein": "inbound", "aus": "outbound", "weiter": "forwarded"},
}
HEADER = "Begin;Dir;From;To;Ext;Dur;Bemerkung\n"


def read(text: str | bytes, options: dict[str, Any] = NAMED, *, tail_too: bool = False) -> Reading:
    data = text if isinstance(text, bytes) else text.encode("cp1252")
    return generic.read(io.BytesIO(data), options, tail_too=lambda _: tail_too)


def told(reading: Reading) -> list[tuple[Any, ...]]:
    assert reading.calls is not None
    return reading.calls.select("direction", "type", "caller", "called", "dst", "agent_code", "talk").rows()


def test_named_columns_read_with_their_separator_encoding_and_dates() -> None:
    text = HEADER + '23.11.2026 09:29;ein;0612345678;0201234501;201;"1:05";"Müller; Söhne"\n'
    reading = read(text + "23.11.2026 09:31;aus;201;0687654321;201;12,9;\n23.11.2026 09:32;ein;;0201234501;;;\n")
    assert (reading.lines, reading.bad) == (3, [])
    assert told(reading) == [
        ("inbound", "accepted", "0612345678", "0201234501", "0201234501", "201", 65),
        ("outbound", "", "201", "0687654321", "", "201", 12),
        ("inbound", "missed", "", "0201234501", "0201234501", "", 0),
    ]


def test_numbered_columns_need_no_header() -> None:
    options = {"columns": {"start": 0, "caller": 1, "callee": 2, "talk": 3}, "date_format": "epoch", "quoting": "none"}
    reading = read('1795422574,"x,0201234501,7\n', options)
    assert told(reading) == [("inbound", "accepted", '"x', "0201234501", "0201234501", "", 7)]


def test_lines_without_key_are_known_by_what_they_say() -> None:
    line = "23.11.2026 09:29;ein;0612345678;0201234501;201;65;\n"
    first, second = read(HEADER + line).calls, read(HEADER + "\n" + line).calls
    assert first is not None and second is not None
    assert list(first["key"]) == list(second["key"])


def test_same_key_with_another_content_is_another_leg() -> None:
    options = {"columns": {"start": 0, "caller": 1, "talk": 2, "key": 3}, "date_format": "epoch"}
    rows = read("1795422574,1,7,k\n1795422574,1,7,k\n1795422574,2,7,k\n1795422574,1,8,k\n", options).rows
    assert rows["uniqueid"].to_list() == ["k-1795422574.0"] * 4
    assert rows.select(IDENTITY).n_unique() == 3


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("gestern;ein;1;2;3;4;", "start 'gestern' is no time as %d.%m.%Y %H:%M writes it"),
        ("23.11.2026 09:29;quer;1;2;3;4;", "direction 'quer' is none of aus, ein, weiter"),
        ("23.11.2026 09:29;ein;1;2;3;-4;", "talk '-4' is no number of seconds"),
        ("23.11.2026 09:29;ein;1;2;3;99999999;", "talk '99999999' is longer than ten days"),
        ("23.11.2026 09:29;ein", "2 columns; caller should be in number 3"),
        (f"23.11.2026 09:29;ein;{'1' * 99};2;3;4;", "caller is too long"),
        ("23.11.2026 09:29;ein;1\x00;2;3;4;", "contains a null byte"),
    ],
)
def test_unreadable_line_is_kept_with_its_reason(line: str, reason: str) -> None:
    good = "23.11.2026 09:29;ein;0612345678;0201234501;201;65;\n"
    reading = read(HEADER + good + line + "\n")
    assert [(each.line, each.reason) for each in reading.bad] == [(3, reason)]


def test_header_without_a_mapped_column_is_refused() -> None:
    with pytest.raises(Refused, match="no column 'Dir'"):
        read("Begin;From;To\n")


def test_last_line_without_end_waits() -> None:
    text = HEADER + "23.11.2026 09:29;ein;1;2;3;4;"
    assert (read(text).lines, read(text).unread) == (0, 1)
    assert (read(text, tail_too=True).lines, read(text, tail_too=True).unread) == (1, 0)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(max_size=60), max_size=8))
def test_any_bytes_give_calls_bad_lines_or_one_refusal(lines: list[bytes]) -> None:
    try:
        reading = read(HEADER.encode() + b"\n".join(lines))
    except Refused as refusal:
        assert "\n" not in str(refusal)
        return
    assert reading.calls is not None
    assert reading.lines == reading.calls.height + len(reading.bad)

"""Lists of SMS as gateways write them: what can be read, what is kept as unreadable, what is no list at all."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.cdr.sms import Reading, read
from balie.cdr.sms_columns import checked_names
from balie.rules.errors import Refused

HEADER = "sent_at,from,to,text\n"
NINE = datetime(2026, 11, 23, 9, 29, 34)  # noqa: DTZ001


def listed(text: str | bytes, **known: Any) -> Reading:
    data = text.encode() if isinstance(text, str) else text
    return read(io.BytesIO(data), known.pop("columns", {}), **known)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-11-23 09:29:34", NINE),
        ("2026-11-23T09:29:34", NINE),
        ("2026-11-23 09:29:34.987", NINE),
        ("23-11-2026 09:29:34", NINE),
        ("23.11.2026 09:29", NINE.replace(second=0)),
        ("2026-11-23T09:29:34Z", NINE.replace(tzinfo=UTC)),
        ("2026-11-23 10:29:34+01:00", NINE.replace(tzinfo=UTC)),
        ("2026-11-23T04:29:34-0500", NINE.replace(tzinfo=UTC)),
    ],
)
def test_moment_is_read_as_gateways_write_it(written: str, moment: datetime) -> None:
    assert [row.sent_at for row in listed(f"{HEADER}{written},1,2,x\n").rows] == [moment]


@pytest.mark.parametrize(
    "line",
    [
        "yesterday,1,2,x",
        "2026-11-23,1,2,x",
        "2026-02-30 10:00:00,1,2,x",
        "1026-02-20 10:00:00,1,2,x",
        "2026-11-23 25:00:00,1,2,x",
        "2026-11-23 10:00:00+99:00,1,2,x",
        "2026-11-23 10:00:00,1,2",
        "2026-11-23 10:00:00,1,2,Hello, you",
        "2026-11-23 10:00:00,,2,nobody sent it",
        "2026-11-23 10:00:00,1,2,null\0byte",
        f"2026-11-23 10:00:00,{'1' * 81},2,x",
        f"2026-11-23 10:00:00,1,2,{'x' * 70_000}",
        '2026-11-23 10:00:00,1,2,"never closed',
        '2026-11-23 10:00:00,1,2,"closed" too early',
    ],
)
def test_line_that_cannot_be_read_is_kept_and_the_others_are_read(line: str) -> None:
    good = "2026-11-23 10:00:00,1,2,good\n"
    found = listed(f"{HEADER}{good}{line}\n{good}")
    assert [row.line for row in found.rows] == [2, 4]
    assert [(bad.line, bool(bad.reason)) for bad in found.bad] == [(3, True)]
    assert "\0" not in found.bad[0].text


@pytest.mark.parametrize("parts", ["", "0", "-1", "1.5", "many", "99999", "²"])
def test_parts_that_are_no_number_of_sms_make_a_bad_line(parts: str) -> None:
    found = listed(f"sent_at,from,to,parts\n2026-11-23 10:00:00,1,2,{parts}\n")
    assert (len(found.rows), len(found.bad)) == (0, 1)


@pytest.mark.parametrize(
    "data",
    [
        b"\x7fELF\x02\x01\x01\0\0\0\0\n\x90\x90\n",
        b"hello\nworld\n",
        b"sent_at,from,to\n2026-11-23 10:00:00,1,2\n",
        b"from,to,text\n",
        b"x" * 200_000,
        "sent_at,from,to,text\n".encode("utf-16"),
        HEADER.encode() + b"what is this\n" * 1500,
    ],
    ids=["binary", "words", "no text", "no time", "huge line", "utf-16", "hopeless"],
)
def test_what_is_no_list_of_sms_is_refused(data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        listed(data)
    assert refused.value.where.startswith("line ")


def test_file_without_lines_has_none() -> None:
    assert (listed("").lines, listed(HEADER).lines, listed("\n\n").lines) == (0, 0, 0)


@pytest.mark.parametrize("separator", list(",;\t|"))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separator_and_encoding_are_found(separator: str, encoding: str, end: str) -> None:
    rows = [["Datum", "Afzender", "Ontvanger", "Bericht"], ["2026-11-23 10:00:00", "1", "2", "één ë"]]
    data = "".join(separator.join(row) + end for row in rows).encode(encoding)
    assert [(row.sender, row.recipient, row.text) for row in listed(data).rows] == [("1", "2", "één ë")]


def test_line_that_is_no_utf8_in_a_file_that_is_does_not_become_other_letters() -> None:
    found = listed(f"{HEADER}2026-11-23 10:00:00,1,2,één\n".encode() + b"2026-11-23 10:00:00,1,2,\xff\xfe\n")
    assert [row.text for row in found.rows] == ["één"]
    assert [bad.reason for bad in found.bad] == ["is no UTF-8"]


def test_quoted_text_keeps_separators_quotes_and_line_ends() -> None:
    found = listed(f'{HEADER}2026-11-23 10:00:00,1,2,"a, ""b""\nc\n\n;d"\n2026-11-23 10:00:01,1,2,e\n')
    assert [(row.line, row.text) for row in found.rows] == [(2, 'a, "b"\nc\n\n;d'), (6, "e")]
    assert found.bad == []


def test_quotation_mark_never_closed_costs_one_line() -> None:
    good = "".join(f"2026-11-23 10:00:{second:02d},1,2,x\n" for second in range(60))
    found = listed(f'{HEADER}2026-11-23 09:00:00,1,2,"open\n{good}{good}')
    assert (len(found.rows), [bad.line for bad in found.bad]) == (120, [2])


def test_columns_are_found_by_the_names_somebody_gave() -> None:
    text = "Zeit,Quelle,Ziel,Anzahl,Kunde\n2026-11-23 10:00:00,1,2,3,1001\n"
    names = checked_names({"sent_at": "Zeit", "from": "Quelle", "to": "Ziel", "parts": "Anzahl", "client": "Kunde"})
    [row] = listed(text, columns=names).rows
    assert (row.sender, row.recipient, row.parts, row.client) == ("1", "2", 3, "1001")
    with pytest.raises(Refused, match="There is no column 'colour'"):
        checked_names({"colour": "x"})


def test_last_line_without_an_end_counts_and_is_known_to_be_perhaps_cut() -> None:
    whole = f"{HEADER}2026-11-23 10:00:00,1,2,Hello world"
    found = listed(whole)
    assert ([row.text for row in found.rows], found.cut_from) == (["Hello world"], 2)
    assert listed(whole + "\n").cut == b""


def test_line_cut_before_goes_on_only_where_it_is_longer() -> None:
    cut = b"2026-11-23 10:00:00,1,2,Hello"
    longer, same = f"{HEADER}{cut.decode()} world\n", f"{HEADER}{cut.decode()}\n"
    assert listed(longer, cut=cut).goes_on
    assert not listed(same, cut=cut).goes_on
    assert not listed(same).goes_on


@given(st.binary(max_size=400))
def test_any_bytes_behind_a_header_are_rows_or_bad_lines(data: bytes) -> None:
    found = listed(HEADER.encode() + data)
    assert found.lines <= data.count(b"\n") + 1
    assert all("\0" not in row.text for row in found.rows)

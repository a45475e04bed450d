"""XLSX files whose rows are written by ourselves: every cell as XlsxWriter writes it, sent while the rows are read."""

import io
import itertools
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from django.utils import translation

from balie.rules.errors import Refused
from balie.statements.exports import book
from balie.statements.exports.cells import harmless

AT = datetime(2026, 11, 2, 8, 30, 5, 250_000, tzinfo=UTC)
COLUMNS = {
    "text": ("text", 20),
    "date": ("date", 11),
    "time": ("time", 9),
    "duration": ("duration", 10),
    "count": ("count", 8),
    "money": ("money", 10),
    "share": ("share", 8),
    "last": ("text", 6),
}
TEXTS = [
    *("=1+1", "+1+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "+31612345678", "+31612345xxx", "'"),
    *("a & b < c > d", '"', "]]>", " before", "behind ", "\u00a0", "two\nlines", "two\r\nlines", "a\tb", "a\x01b\x1f"),
    *("_x0041_", "_x000", "é ü ł 漢字 😀", "a\u2028b", "x", "0042", "1e5", "2026-11-02", "TRUE"),
    *("x" * 40_000, "😀" * 20_000),
]


def made(rows: list[Any], sums: book.Sums | None = None) -> bytes:
    return b"".join(book.parts("A title", COLUMNS, rows, lambda: sums or {}))


def sheet(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


def plainly(rows: list[Any]) -> bytes:
    """The same cells through XlsxWriter, one by one."""
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    written = xlsxwriter.Workbook(out, options)
    looks = {kind: written.add_format(look) for kind, look in book.FORMATS.items()}
    into = written.add_worksheet("balie")
    for at, row in enumerate(rows, start=1):
        for place, ((kind, _width), cell) in enumerate(zip(COLUMNS.values(), row, strict=True)):
            if cell in ("", None):
                continue
            if kind == "text":
                into.write_string(at, place, harmless(cell), looks[kind])
            elif kind == "date":
                into.write_datetime(at, place, cell.date(), looks[kind])
            elif kind == "time":
                into.write_datetime(at, place, cell, looks[kind])
            else:
                into.write_number(at, place, cell / 86400 if kind == "duration" else cell, looks[kind])
    written.close()
    return out.getvalue()


def row_with(text: str, at: int) -> tuple[Any, ...]:
    moment = AT.replace(minute=at % 60, microsecond=0 if at % 2 else 250_000)
    share = None if at % 3 else at / 7
    return text, moment, moment.time(), at * 4000, at, Decimal("-12.50") * at, share, text[::-1][:5]


def said(data: bytes) -> list[Any]:
    """Every cell below the header: value, kind and look."""
    rows = sheet(data).iter_rows(min_row=2, max_col=len(COLUMNS))
    return [
        [(cell.value, cell.data_type, cell.number_format, cell.alignment.horizontal) for cell in row] for row in rows
    ]


def test_every_cell_is_as_xlsxwriter_writes_it() -> None:
    rows = [row_with(text, at) for at, text in enumerate(TEXTS)]
    ours, theirs = said(made(rows)), said(plainly(rows))
    blank = [None, "n"]
    for our_row, their_row in zip(ours[: len(rows)], theirs, strict=True):
        # A cell of nothing has the look of its column with us, and none at all there.
        assert [cell for cell in our_row if list(cell[:2]) != blank] == [
            cell for cell in their_row if list(cell[:2]) != blank
        ]


def test_no_text_is_a_formula_and_numbers_and_times_are_what_they_are() -> None:
    found = said(made([row_with(text, 1) for text in TEXTS]))[:-1]
    assert {row[0][1] for row in found} == {"s"} == {row[7][1] for row in found}
    assert [row[0][0] for row in found[:9]] == [
        *("'=1+1", "'+1+1", "'-1", "'@a", "'\t=1", "'_x000D_=1", "'\n=1", "+31612345678", "+31612345xxx"),
    ]
    values = [cell[0] for cell in found[0][1:7]]
    assert (values[0].date(), values[1]) == (AT.date(), time(8, 1, 5))
    assert values[2].total_seconds() == 4000 and values[3:] == [1, -12.5, None]
    assert [cell[1] for cell in found[0][1:6]] == ["d", "d", "d", "n", "n"]


@pytest.mark.parametrize("text", ["<r>fat</r>", "<r><t>x</t></r>", "a\ufffeb\uffff"])
def test_a_text_that_would_have_broken_the_file_stays_a_text(text: str) -> None:
    """XlsxWriter takes the first two for rich text and writes them into the XML as they are."""
    readable = text.replace("\ufffe", "_xFFFE_").replace("\uffff", "_xFFFF_")
    assert sheet(made([row_with(text, 1)]))["A2"].value == readable


def test_header_sums_filter_and_print_are_around_the_rows() -> None:
    sums = {
        "text": ("text", "total"),
        "time": ("calls", 7),
        "duration": ("duration", 90),
        "money": ("money", Decimal("1.50")),
    }
    found = sheet(made([row_with("a", 1), row_with("b", 2)], sums))
    assert [cell.value for cell in found[1]] == list(COLUMNS) and found["A1"].font.b
    assert [found[4][place].value for place in (0, 2, 5)] == ["total", 7, 1.5]
    assert found["D4"].value.total_seconds() == 90
    assert (found["C4"].number_format, found["A4"].border.top.style) == ('#,##0 "calls"', "thin")
    assert (found.freeze_panes, found.auto_filter.ref, found.print_title_rows) == ("A2", "A1:H3", "$1:$1")
    assert (found.column_dimensions["A"].width, found.column_dimensions["B"].number_format) == (
        20.7109375,
        "yyyy-mm-dd",
    )


def test_a_book_without_rows_is_one_too() -> None:
    found = sheet(made([], {"text": ("text", "total")}))
    assert (found["A1"].value, found["A2"].value, found.auto_filter.ref) == ("text", "total", "A1:H1")


def test_what_kind_of_file_it_is_stands_first_and_the_whole_is_sound() -> None:
    archive = zipfile.ZipFile(io.BytesIO(made([row_with("a", 1)])))
    assert archive.namelist()[0] == "[Content_Types].xml" and archive.testzip() is None


def test_its_beginning_is_sent_before_the_rows_are_read_and_sums_are_asked_for_behind_them() -> None:
    told: list[Any] = []

    def rows() -> Iterator[Any]:
        for at in range(5000):
            told.append(at)
            yield row_with("a", at)

    def sums() -> book.Sums:
        told.append("sums")
        return {}

    parts = book.parts("A title", COLUMNS, rows(), sums)
    assert next(parts)[:2] == b"PK" and told == []
    assert b"".join(parts) and told[-1] == "sums" and told.count("sums") == 1


def test_a_long_book_takes_no_more_memory_than_a_short_one() -> None:
    def most(count: int) -> int:
        tracemalloc.start()
        for _part in book.parts("A title", COLUMNS, (row_with("some words", 3) for _at in range(count)), dict):
            pass
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    most(10)  # what is kept from now on
    assert most(40_000) < 1.2 * most(8_000)


def test_more_rows_than_a_sheet_holds_are_refused_in_words() -> None:
    book.check_rows(1_048_574)
    with translation.override("en"), pytest.raises(Refused) as refusal:
        book.check_rows(1_048_575)
    assert refusal.value.message == (
        "An Excel sheet holds 1,048,574 rows at most; here are 1,048,575. Take CSV, or ask for fewer."
    )


def test_the_last_row_a_sheet_holds_is_written_where_it_belongs() -> None:
    pieces = book.written({"a": ("text", 5)}, ["1"], itertools.repeat(("x",), 3))
    assert list(pieces)[-1] == '<row r="4"><c r="A4" s="1" t="inlineStr"><is><t>x</t></is></c></row>'

"""An XLSX file part by part. XlsxWriter makes the book with its header and its sums; the rows between them are written
here, a sixth of the work of writing them cell by cell through XlsxWriter, and sent while they are read.

The rows follow ECMA-376 part 1, 18.3.1.4 (`c`) and 18.18.11 (inlineStr); nothing in them is ever a formula.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from functools import cache
from itertools import chain
from typing import Any
from zipfile import ZipFile

import xlsxwriter
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from balie.rules.errors import Refused
from balie.statements.exports.cells import ROWS, batched, harmless
from balie.statements.exports.zipped import Member, zip_parts

MOST_ROWS = 1_048_576 - 2  # of a sheet, without header and sums
DAY = 86400  # a duration is a part of a day
FIRST_DAY = 693594  # the day from which Excel counts, as Python does
LONGEST = 32767  # UTF-16 units of a cell
LEVEL = 3  # of compressing: 6 makes the file an eighth smaller and takes twice as long as everything else
SHEET = "xl/worksheets/sheet1.xml"
TYPES = "[Content_Types].xml"  # stands first: that is how programs see what kind of file it is
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
FORMATS: dict[str, dict[str, Any]] = {
    "text": {"num_format": "@"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
    "time": {"num_format": "hh:mm:ss", "align": "left"},
    "duration": {"num_format": "[h]:mm:ss"},
    "count": {"num_format": "#,##0"},
    "money": {"num_format": "#,##0.00"},
    "share": {"num_format": "0.0 %"},
    "calls": {"num_format": '#,##0 "calls"', "align": "left"},
    "messages": {"num_format": '#,##0 "SMS"', "align": "left"},
}
Columns = Mapping[str, tuple[str, int]]  # by name: kind of the cells, width in characters
Sums = Mapping[str, tuple[str, Any]]  # by column: kind of the cell, what stands in it
Writer = Callable[[int, Any], str]  # a row's number and the cell's value -> the cell
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")  # XML has no way of writing these
LIKE_CONTROL = re.compile("_x[0-9A-Fa-f]{4}_")


def check_rows(count: int) -> None:
    """Refused where a sheet does not hold so many rows."""
    if count > MOST_ROWS:
        said = _("An Excel sheet holds %(most)s rows at most; here are %(count)s. Take CSV, or ask for fewer.")
        most, count_said = (number_format(one, force_grouping=True) for one in (MOST_ROWS, count))
        raise Refused("too_many_rows", said % {"most": most, "count": count_said}, "format")


def parts(
    title: str, columns: Columns, rows: Iterable[Sequence[Any]], sums: Callable[[], Sums] = dict
) -> Iterator[bytes]:
    """The book with one row for each of `rows`, cells as the columns want them; sums: asked for after the last row.

    What stands in it is as XlsxWriter writes it. Callers see to it beforehand that a sheet holds them (`check_rows`).
    """
    return zip_parts(members(title, columns, rows, sums), level=LEVEL)


def members(title: str, columns: Columns, rows: Iterable[Sequence[Any]], sums: Callable[[], Sums]) -> Iterator[Member]:
    empty, last = frame(title, columns, 0, {}), 0

    def body() -> Iterator[bytes]:
        nonlocal last
        yield before_rows(empty[SHEET])
        for some in batched(written(columns, styles(empty[SHEET]), rows), ROWS):
            last += len(some)
            yield "".join(some).encode()
        # Numbers of looks and texts are given as they are used: the first book's have to be the last one's.
        assert before_rows(full()[SHEET]) == before_rows(empty[SHEET])
        yield after_rows(full()[SHEET], last)

    @cache
    def full() -> dict[str, bytes]:
        return frame(title, columns, last, sums())

    yield TYPES, [empty[TYPES]]
    yield SHEET, body()
    yield from ((name, [data]) for name, data in full().items() if name not in (TYPES, SHEET))


def frame(title: str, columns: Columns, last: int, sums: Sums) -> dict[str, bytes]:
    """The files of the book without its rows, which end at `last` (0: there are none); the sums stand right below the
    header: XlsxWriter would keep every row between in memory."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    book.set_properties({"title": title})
    plain = {kind: book.add_format(look) for kind, look in FORMATS.items()}
    bold = {kind: book.add_format(look | {"bold": True, "top": 1}) for kind, look in FORMATS.items()}
    head = book.add_format({"bold": True, "bottom": 1})
    sheet = book.add_worksheet("balie")
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    for place, (name, (kind, width)) in enumerate(columns.items()):
        sheet.set_column(place, place, width, plain[kind])  # also of cells that have nothing
        sheet.write_string(0, place, name, head)
    for place, name in enumerate(columns):  # behind the header, whose texts are numbered as in the first book
        kind, value = sums.get(name, ("text", ""))
        put_sum(sheet, (1, place), kind, value, bold)
    book.close()
    with ZipFile(out) as made:
        return {name: made.read(name) for name in made.namelist()}


def put_sum(sheet: Worksheet, at: tuple[int, int], kind: str, value: Any, looks: Mapping[str, Any]) -> None:
    if value in ("", None):
        sheet.write_blank(*at, None, looks[kind])
    elif kind == "text":
        sheet.write_string(*at, harmless(value), looks[kind])
    else:
        sheet.write_number(*at, value / DAY if kind == "duration" else value, looks[kind])


def before_rows(sheet: bytes) -> bytes:
    """All up to the rows; how far they reach, which may be left out, nobody knows yet."""
    return re.sub(b"<dimension [^>]*/>", b"", sheet[: end_of_header(sheet)])


def after_rows(sheet: bytes, last: int) -> bytes:
    """The sums, put below the last row, and what follows."""
    return re.sub(b'(<row r="|<c r="[A-Z]+)2"', b'\\g<1>%d"' % (last + 2), sheet[end_of_header(sheet) :])


def end_of_header(sheet: bytes) -> int:
    return sheet.index(b"</row>") + len(b"</row>")


def styles(sheet: bytes) -> list[str]:
    """The numbers of the looks of the columns."""
    found = re.findall(b'<col min="([0-9]+)" max="([0-9]+)"[^>]* style="([0-9]+)"', sheet)
    return list(chain.from_iterable([style.decode()] * (int(last) - int(first) + 1) for first, last, style in found))


def written(columns: Columns, looks: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The rows below the header."""
    kinds = [kind for kind, _width in columns.values()]
    writers = [
        writer(kind, f'<c r="{xl_col_to_name(place)}', f'" s="{look}"')
        for place, (kind, look) in enumerate(zip(kinds, looks, strict=True))
    ]
    for number, row in enumerate(rows, start=2):
        cells = [write(number, cell) for write, cell in zip(writers, row, strict=True)]
        yield f'<row r="{number}">{"".join(cells)}</row>'


def writer(kind: str, begin: str, look: str) -> Writer:
    """What writes the cells of one column. begin, look: what stands before and after the row's number."""
    said, is_text = SAID.get(kind, number_said), kind == "text"
    middle, end = (f'{look} t="inlineStr"><is>', "</t></is></c>") if is_text else (f"{look}><v>", "</v></c>")

    def write(number: int, cell: Any) -> str:
        # A cell of nothing is left out: it looks as its column does.
        return "" if cell is None or cell == "" else f"{begin}{number}{middle}{said(cell)}{end}"

    return write


def text_said(text: str) -> str:
    """A text with the tag before it. Most need nothing: the quick questions come first."""
    if (
        text.isprintable()
        and text[0] not in "=+-@ "
        and text[-1] != " "
        and not ("<" in text or "&" in text or ">" in text or "_x" in text or len(text) > LONGEST // 2)
    ):
        return f"<t>{text}"
    text = shortened(harmless(text))
    space = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
    text = CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", LIKE_CONTROL.sub(r"_x005F\g<0>", text))
    return f"<t{space}>{text.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}"


def shortened(text: str) -> str:
    """As much of it as a cell holds."""
    if len(text) <= LONGEST // 2:
        return text
    return text.encode("utf-16-le")[: 2 * LONGEST].decode("utf-16-le", errors="ignore")


def date_said(day: date) -> str:
    return str(day.toordinal() - FIRST_DAY)


def time_said(moment: time) -> str:
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return f"{(seconds + moment.microsecond / 1e6) / DAY:.16G}" if moment.microsecond else part_of_day(seconds)


@cache
def part_of_day(seconds: int) -> str:
    return f"{seconds / DAY:.16G}"


def duration_said(seconds: int) -> str:
    return part_of_day(seconds) if 0 <= seconds < DAY else f"{seconds / DAY:.16G}"


def number_said(number: Any) -> str:
    return f"{number:.16G}"


SAID: dict[str, Callable[[Any], str]] = {
    "text": text_said,
    "date": date_said,
    "time": time_said,
    "duration": duration_said,
}

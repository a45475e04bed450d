"""A list of SMS as gateways give it: any CSV with one SMS a row, into rows and bad lines. Pure.

A text may hold commas and line ends where it is quoted. Encodings: UTF-8; where no line is UTF-8 with a letter beyond
ASCII, and some are none at all, Windows-1252. A last line without an end counts, since many programs leave it so; the
reading says that it may be cut (`cut`), and whether a line that was cut when it was read before goes on here.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import BinaryIO

from balie.cdr.generic import TELLING, Flaw, why
from balie.cdr.lines import LONGEST_LINE, NULL_BYTE, BadLine, Lines, bad_line, line_place, too_long
from balie.cdr.sms_columns import SEPARATOR_LINE, WIDE, Columns, columns_of
from balie.rules.errors import Phrase, Refused

LONGEST_NUMBER = 80
LONGEST_NAME = 240
MOST_LINES = 100  # of one quoted text
MOST_PARTS = 9999
OPEN_QUOTE = "unexpected end of data"  # as the csv module says it
MOMENT = re.compile(
    r"(?:(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)|(?P<d2>\d\d)[-.](?P<m2>\d\d)[-.](?P<y2>\d{4}))[T ]+"
    r"(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d{1,9})?)?"
    r" ?(?:(?P<utc>Z|UTC)|(?P<sign>[+-])(?P<oh>\d\d):?(?P<om>\d\d))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One SMS as its line says it. `sent_at`: wall clock, or with UTC where the line carries an offset; `parts` 0: they
    follow from the text."""

    line: int
    sent_at: datetime
    sender: str
    recipient: str
    text: str
    parts: int
    client: str
    message_id: str


@dataclass
class Reading:
    """What one file gave. cut: the last line where it has no end; `goes_on`: a line begins as one that was cut
    before, and is longer."""

    rows: list[Row] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)
    sha256: str = ""
    size: int = 0
    cut: bytes = b""
    cut_from: int = 0  # line
    goes_on: bool = False

    @property
    def lines(self) -> int:
        return len(self.rows) + len(self.bad)


def read(stream: BinaryIO, known: Mapping[str, str], *, cut: bytes = b"") -> Reading:
    """All SMS and bad lines of a file. known: names of columns; cut: the line that was cut when a file was read before.

    Refused when it is no such list.
    """
    encoding = encoding_of(stream)
    lines = Lines(stream)
    taker = Taker(lines, known, encoding, cut)
    taker.run()
    found = taker.found
    found.bad = sorted(lines.too_long + found.bad, key=lambda each: each.line)
    found.sha256, found.size = lines.sha256, lines.size
    return found


def encoding_of(stream: BinaryIO) -> str:
    """Looks through the file once. Refused for UTF-16, whose lines cannot be told apart by bytes."""
    stream.seek(0)
    if stream.read(2) in WIDE:
        said = Phrase("This file is written in UTF-16; save it as CSV in UTF-8.")
        raise Refused("wrong_encoding", said, line_place(1))
    stream.seek(0)
    lines, is_other = Lines(stream), False
    for data in (*(block.data for block in lines.blocks()), lines.tail):
        for raw in () if is_utf8(data) and data.isascii() else data.split(b"\n"):
            if raw.isascii():
                continue
            if is_utf8(raw):
                stream.seek(0)
                return "utf-8"
            is_other = True
    stream.seek(0)
    return "cp1252" if is_other else "utf-8"


def is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


class Taker:
    """Collects the rows and bad lines of one file."""

    def __init__(self, lines: Lines, known: Mapping[str, str], encoding: str, cut: bytes) -> None:
        self.lines, self.known, self.encoding, self.cut = lines, known, encoding, cut
        self.found = Reading()
        self.columns: Columns | None = None
        self.source = self.all_lines()
        self.ahead: deque[tuple[int, bytes]] = deque()

    def all_lines(self) -> Iterator[tuple[int, bytes]]:
        for block in self.lines.blocks():
            yield from enumerate(block.data.split(b"\n")[:-1], start=block.first)
        if self.lines.tail:
            self.found.cut, self.found.cut_from = self.lines.tail, self.lines.count + 1
            yield self.lines.count + 1, self.lines.tail

    def run(self) -> None:
        while (one := self.next_line()) is not None:
            number, raw = one
            if not raw.strip(b"\r\n\t ;,|"):
                continue
            if self.columns is None:
                self.take_header(number, raw)
            else:
                self.take(number, raw)

    def next_line(self) -> tuple[int, bytes] | None:
        return self.ahead.popleft() if self.ahead else next(self.source, None)

    def take_header(self, number: int, raw: bytes) -> None:
        line = raw.decode(self.encoding, "replace").removeprefix("\ufeff").rstrip("\r")
        if number == 1 and line.lower().startswith(SEPARATOR_LINE):
            return
        self.columns = columns_of(line, self.known)
        if number == self.found.cut_from:
            self.found.cut, self.found.cut_from = b"", 0  # a header alone, nothing that could go on

    def take(self, number: int, raw: bytes) -> None:
        assert self.columns is not None  # the first line that says something is the header
        try:
            whole, fields = self.record(raw)
            self.compare(whole)
            self.found.rows.append(row_of(number, fields, self.columns))
        except (Flaw, csv.Error, UnicodeDecodeError) as error:
            self.compare(raw)
            if not self.found.rows and number >= TELLING:
                shown = bad_line(number, "", raw).text[:80]
                said = Phrase("This is no list of SMS: %(text)s.", text=repr(shown))
                raise Refused("wrong_format", said, line_place(number)) from None
            self.found.bad.append(bad_line(number, self.why(error), raw))

    def why(self, error: Exception) -> str:
        if isinstance(error, UnicodeDecodeError):
            return Phrase("is no %(encoding)s", encoding=self.encoding.upper())
        return why(error)

    def record(self, raw: bytes) -> tuple[bytes, list[str]]:
        """The line's bytes and fields, with the lines behind it that its quoted text goes on in.

        Where no line closes the quotation mark, the line is bad by itself, and those behind it are read alone.
        """
        used: list[tuple[int, bytes]] = []
        whole = raw
        while True:
            try:
                fields = self.split(whole)
            except csv.Error as error:
                following = self.closing_quote(used, whole) if OPEN_QUOTE in str(error) else None
                if following is None:
                    self.ahead.extendleft(reversed(used))
                    raise Flaw(Phrase("a quotation mark is never closed")) from None
                whole = following
            else:
                return whole, fields

    def closing_quote(self, used: list[tuple[int, bytes]], whole: bytes) -> bytes | None:
        """The record with the lines up to the next that has a quotation mark; None where there is none near."""
        while len(used) < MOST_LINES and len(whole) <= LONGEST_LINE:
            one = self.next_line()
            if one is None:
                self.found.cut, self.found.cut_from = self.open_end(used, whole)
                return None
            used.append(one)
            whole += b"\n" + one[1]
            if b'"' in one[1]:
                return whole
        return None

    def open_end(self, used: list[tuple[int, bytes]], whole: bytes) -> tuple[bytes, int]:
        """A file that ends within a quoted text may have been cut there, whole lines of it too."""
        last = used[-1][0] if used else self.lines.count + (1 if self.lines.tail else 0)
        return whole, last - len(used)

    def split(self, raw: bytes) -> list[str]:
        if b"\0" in raw:
            raise Flaw(NULL_BYTE)
        if len(raw) > LONGEST_LINE:
            raise Flaw(too_long())
        assert self.columns is not None
        text = raw.rstrip(b"\r").decode(self.encoding).removeprefix("\ufeff")
        return next(csv.reader([text], delimiter=self.columns.separator, strict=True), [])

    def compare(self, whole: bytes) -> None:
        """Notes whether the line that was cut before is longer here."""
        if self.cut and whole.startswith(self.cut):
            self.found.goes_on |= len(whole.rstrip(b"\r")) > len(self.cut.rstrip(b"\r"))


def row_of(number: int, fields: list[str], columns: Columns) -> Row:
    """One line's SMS. Raises Flaw."""
    while len(fields) > columns.width and not fields[-1].strip():
        fields.pop()
    if len(fields) != columns.width:
        said = Phrase("%(found)s columns instead of %(wanted)s", found=len(fields), wanted=columns.width)
        if len(fields) > columns.width:
            said = Phrase("%(columns)s; a text with separators in it must be quoted", columns=said)
        raise Flaw(said)

    def cell(name: str, longest: int) -> str:
        place = columns.places.get(name)
        text = "" if place is None else fields[place].strip()
        if len(text) > longest:
            raise Flaw(Phrase("%(column)s is too long", column=name))
        return text

    sent_at, client = moment(cell("sent_at", LONGEST_NUMBER)), cell("client", LONGEST_NAME)
    sender, recipient = cell("from", LONGEST_NUMBER), cell("to", LONGEST_NUMBER)
    if not sender and not client:
        raise Flaw(Phrase("says neither from which number nor of which client"))
    parts = parts_of(cell("parts", LONGEST_NUMBER), "text" in columns.places)
    text = fields[columns.places["text"]] if "text" in columns.places else ""
    return Row(number, sent_at, sender, recipient, text, parts, client, cell("message_id", LONGEST_NAME))


def parts_of(text: str, has_text: bool) -> int:
    """How many SMS it was, as the line says; 0 where the text tells."""
    if not text and has_text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and 1 <= int(text) <= MOST_PARTS):
        raise Flaw(Phrase("parts %(text)s is no number from 1 to %(most)s", text=repr(text), most=MOST_PARTS))
    return int(text)


def moment(text: str) -> datetime:
    """2026-11-23 09:29:34 or 23-11-2026 09:29, with or without an offset; a fraction of a second is dropped."""
    found = MOMENT.fullmatch(text)
    if found is None:
        raise Flaw(Phrase("sent_at %(text)s is no date and time such as 2026-11-23 09:29:34", text=repr(text)))
    part = found.groupdict()
    year, month, day = (int(part[name] or part[f"{name}2"]) for name in "ymd")
    hour, minute, second = (int(part[name] or 0) for name in ("hour", "minute", "second"))
    try:
        wall = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001
    except ValueError:
        raise Flaw(Phrase("sent_at %(text)s is no date and time there is", text=repr(text))) from None
    if not 1990 <= wall.year <= 2200:
        raise Flaw(Phrase("%(column)s %(text)s is no time of this age", column="sent_at", text=repr(text)))
    if part["utc"]:
        return wall.replace(tzinfo=UTC)
    if part["sign"] is None:
        return wall
    ahead = timedelta(hours=int(part["oh"]), minutes=int(part["om"]))
    if ahead >= timedelta(hours=24):
        raise Flaw(Phrase("sent_at %(text)s has an offset there is not", text=repr(text)))
    zone = timezone(ahead if part["sign"] == "+" else -ahead)
    return wall.replace(tzinfo=zone).astimezone(UTC)

"""Files whose records are read one by one into legs: what all formats but Asterisk's have in common.

A format is a `Taker`: it says how a line is split, whether a line names the columns, and which leg a line is.
"""

import csv
import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, BinaryIO, NamedTuple
from zoneinfo import ZoneInfo

import polars as pl

from balie.cdr.documents import Piece, decoded, is_json, pieces
from balie.cdr.generic import Flaw, why
from balie.cdr.legs import SCHEMA, Reading, no_legs
from balie.cdr.lines import NULL_BYTE, BadLine, Lines, bad_line, line_place
from balie.rules.errors import Phrase, Refused

LONGEST = {
    "uniqueid": 150, "linkedid": 150, "channel": 130, "dstchannel": 130, "src": 80, "dst": 80, "accountcode": 80,
}  # fmt: skip
LONGEST_CALL = 10 * 24 * 3600
TELLING = 20  # lines after which a file without one readable line is refused
NEVER = 1971  # years before: a clock that was never set
NO_TIME = datetime(1970, 1, 1)  # noqa: DTZ001  wall clock


class Leg(NamedTuple):
    """One leg in the order of `balie.cdr.legs.SCHEMA`; times are the source's wall clock, durations in seconds."""

    line: int
    uniqueid: str = ""
    linkedid: str = ""
    sequence: int = 0
    channel: str = ""
    dstchannel: str = ""
    start: datetime = NO_TIME
    answer: datetime | None = None
    end: datetime = NO_TIME
    duration: int = 0
    billsec: int = 0
    disposition: str = "NO ANSWER"
    src: str = ""
    dst: str = ""
    lastapp: str = "Dial"
    lastdata: str = ""
    accountcode: str = ""
    userfield: str = ""


class Taker:
    """Collects the legs and bad lines of one file."""

    what = ""  # how the format is called where a file is none of it

    def __init__(self, options: dict[str, Any]) -> None:
        self.zone = ZoneInfo(options.get("timezone") or "UTC")
        self.legs: list[Leg] = []
        self.bad: list[BadLine] = []
        self.running = 0  # calls not over yet: read when they are

    def keep(self, leg: Leg | None) -> None:
        if leg is not None:
            self.legs.append(sound(leg))


class RecordTaker(Taker, ABC):
    """Of JSON."""

    @abstractmethod
    def record(self, line: int, value: dict[str, Any]) -> Leg | None:
        """The leg that a JSON object is; None for what is no call yet. Raises Flaw."""


class LineTaker(Taker, ABC):
    """Of lines with columns."""

    @abstractmethod
    def leg(self, line: int, fields: list[str]) -> Leg | None:
        """The leg that a line is; None for what is no call. Raises Flaw."""

    def split(self, text: str) -> list[str]:
        rows = list(csv.reader([text], strict=True, skipinitialspace=True))
        return rows[0] if rows else []

    def names_columns(self, fields: list[str]) -> bool:
        """Whether a line is no call but says what the columns are; it may be kept in mind."""
        return False

    def take(self, first: int, raws: Iterable[bytes]) -> None:
        for number, raw in enumerate(raws, start=first):
            if not raw.strip():
                continue
            try:
                fields = self.split(text_of(raw))
                if not self.names_columns(fields):
                    self.keep(self.leg(number, fields))
            except (Flaw, csv.Error) as error:
                self.bad.append(bad_line(number, why(error), raw))
                self.refuse_hopeless(raw)

    def refuse_hopeless(self, raw: bytes) -> None:
        if not self.legs and len(self.bad) >= TELLING:
            raise self.foreign(raw)

    def foreign(self, raw: bytes) -> Refused:
        """The refusal of a file of something else."""
        shown = self.bad[0] if self.bad else bad_line(1, "", raw)
        said = Phrase(
            "This is no call file such as %(what)s; it begins with %(text)s.",
            what=self.what,
            text=repr(shown.text.split("\n")[0][:80]),
        )
        return Refused("wrong_format", said, line_place(shown.line))


def reader_of(taker: type[LineTaker], *, of_json: type[RecordTaker] | None = None) -> Callable[..., Reading]:
    """Reads files of lines by this taker, and of JSON by the other (`balie.cdr.readers.Reader`)."""

    def read(
        stream: BinaryIO,
        options: dict[str, Any],
        *,
        tail_too: Callable[[str], bool],
        progress: Callable[[int], None] | None = None,
    ) -> Reading:
        head = stream.read(1024)
        stream.seek(0)
        if of_json and is_json(head):
            return read_documents(stream, of_json(options), tail_too=tail_too, progress=progress)
        return read_lines(stream, taker(options), tail_too=tail_too, progress=progress)

    return read


def read_lines(
    stream: BinaryIO,
    taker: LineTaker,
    *,
    tail_too: Callable[[str], bool],
    progress: Callable[[int], None] | None = None,
) -> Reading:
    """All legs and bad lines of a file of lines. tail_too, progress: see `balie.cdr.asterisk.read`."""
    lines, unread = Lines(stream), 0
    for block in lines.blocks():
        taker.take(block.first, block.data.split(b"\n")[:-1])
        if progress:
            progress(lines.size)
    if lines.tail and tail_too(lines.sha256):
        taker.take(lines.count + 1, [lines.tail])
    elif lines.tail:
        unread = 1
    taker.bad += lines.too_long
    return reading(taker, unread, lines.sha256, lines.size)


def read_documents(
    stream: BinaryIO,
    taker: RecordTaker,
    *,
    tail_too: Callable[[str], bool],
    progress: Callable[[int], None] | None = None,
) -> Reading:
    """All legs and bad records of JSON. A document that is whole counts whether or not a newline follows it."""
    data = stream.read()
    sha256, unread = hashlib.sha256(data).hexdigest(), 0
    for piece in pieces(decoded(data)):
        if piece.is_cut and not tail_too(sha256):
            unread = 1
            continue
        try:
            if piece.value is None:
                raise Flaw(Phrase("cannot be read as JSON: %(why)s", why=piece.why))
            taker.keep(taker.record(piece.line, printable(piece)))
        except Flaw as error:
            taker.bad.append(bad_line(piece.line, why(error), piece.raw))
    if progress:
        progress(len(data))
    return reading(taker, unread, sha256, len(data))


def printable(piece: Piece) -> dict[str, Any]:
    """The record, if all its signs can be stored. Raises Flaw."""
    assert piece.value is not None
    if "\\u" in piece.text or not piece.text.isascii():
        said = json.dumps(piece.value, ensure_ascii=False)
        if "\\u0000" in said:
            raise Flaw(NULL_BYTE)
        if any("\ud800" <= sign <= "\udfff" for sign in said):
            raise Flaw(Phrase("contains half a character"))
    return piece.value


def reading(taker: Taker, unread: int, sha256: str, size: int) -> Reading:
    bad = sorted(taker.bad, key=lambda each: each.line)
    count = len(taker.legs) + len(bad)
    return Reading(framed(taker.legs), bad, count, int(bool(unread or taker.running)), sha256, size)


def framed(legs: list[Leg]) -> pl.DataFrame:
    """The legs as a frame."""
    if not legs:
        return no_legs()
    columns = zip(*legs, strict=True)
    return pl.DataFrame(
        [pl.Series(name, column, dtype=kind) for (name, kind), column in zip(SCHEMA.items(), columns, strict=True)]
    )


def text_of(raw: bytes) -> str:
    """A line's text; names in an old encoding are read as well, numbers and times are the same in both."""
    if b"\0" in raw:
        raise Flaw(NULL_BYTE)
    return decoded(raw.rstrip(b"\r"))


def sound(leg: Leg) -> Leg:
    """The leg, if it can be one. Raises Flaw."""
    for name, most in LONGEST.items():
        if len(getattr(leg, name)) > most:
            raise Flaw(Phrase("%(column)s is longer than %(most)s characters", column=name, most=most))
    if "\0" in leg.src + leg.dst + leg.accountcode + leg.linkedid + leg.uniqueid + leg.channel + leg.dstchannel:
        raise Flaw(NULL_BYTE)
    if not leg.linkedid:
        raise Flaw(Phrase("does not say which call it belongs to"))
    for name in ("duration", "billsec"):
        if not 0 <= getattr(leg, name) <= LONGEST_CALL:
            raise Flaw(
                Phrase("%(column)s %(text)s is no number of seconds", column=name, text=repr(str(getattr(leg, name))))
            )
    return leg


def wall(text: str, column: str, example: str = "2026-11-23 09:29:34", iso: str = "") -> datetime:
    """A wall-clock time. text: as written; iso: the same with year, month and day in this order. Raises Flaw."""
    iso = iso or text
    if len(iso) == len(example) and iso[4:5] == "-":
        try:
            found = datetime.fromisoformat(iso)
        except ValueError:
            found = NO_TIME
        if 1990 <= found.year <= 2200 and found.tzinfo is None:
            return found
    raise Flaw(
        Phrase(
            "%(column)s %(text)s is no time such as %(example)s", column=column, text=repr(text[:40]), example=example
        )
    )


def elapsed(begin: datetime, end: datetime, zone: ZoneInfo) -> int:
    """Seconds from one wall-clock time to another, whatever the clock did in between: where a time came twice that
    night, the shortest that can have been. Negative where the end is before the begin."""
    gap = end - begin
    before, after = offsets(begin, zone), offsets(end, zone)
    if before == after and len(before) == 1:
        return int(gap.total_seconds())
    found = [int((gap - (late - early)).total_seconds()) for early in before for late in after]
    return min((each for each in found if each >= 0), default=max(found))


def offsets(wall: datetime, zone: ZoneInfo) -> set[timedelta]:
    """How far a zone's clock can have been ahead of UTC when it showed this time."""
    return {zone.utcoffset(wall.replace(fold=fold)) or timedelta(0) for fold in (0, 1)}


def later(start: datetime, seconds: int, column: str) -> datetime:
    """So many seconds after a start. Raises Flaw for what is no call's time."""
    if not 0 <= seconds <= LONGEST_CALL:
        raise Flaw(Phrase("%(column)s %(text)s is no number of seconds", column=column, text=repr(str(seconds))))
    return start + timedelta(seconds=seconds)


def whole(text: str, column: str) -> int:
    """A number without sign; empty is 0. Raises Flaw."""
    text = text.strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Flaw(Phrase("%(column)s %(text)s is no whole number", column=column, text=repr(text[:40])))
    return int(text)


def did(number: str) -> str:
    """What a userfield says of the number that was called; nothing for what cannot stand in one."""
    number = number.strip()
    return f"did:{number}" if number and not any(sign in number for sign in ";, ") else ""


class Columns:
    """Where each known column stands, told from a first line; names are compared without case and signs."""

    def __init__(self, wanted: dict[str, tuple[str, ...]]) -> None:
        """wanted: the column's name here, and what files may call it."""
        self.wanted = {name: [bare(each) for each in others] for name, others in wanted.items()}
        self.names = {name: others[0] for name, others in wanted.items()}

    def places(self, fields: list[str]) -> dict[str, int]:
        names = {bare(field): place for place, field in reversed(list(enumerate(fields)))}
        return {
            name: names[found]
            for name, others in self.wanted.items()
            if (found := next((each for each in others if each in names), None)) is not None
        }


def bare(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())

"""Any CSV with one line a call: which column is what stands in the source's options (contract.md, world file).

Options: columns {start direction caller callee agent talk ring key client -> header name or index from 0}, separator,
quoting (a character, or "none"), encoding, date_format (as strptime has it, or "epoch"), decimal, directions
{value -> inbound|forwarded|outbound}; timezone of the source's clock.
"""

import csv
import hashlib
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, BinaryIO, Literal
from zoneinfo import ZoneInfo

import polars as pl

from balie.cdr.fold import FOLDED
from balie.cdr.legs import SCHEMA, Reading, no_legs
from balie.cdr.lines import NULL_BYTE, BadLine, Lines, bad_line, line_place
from balie.rules.call import Direction
from balie.rules.errors import Phrase, Refused

LONGEST_TEXT = 80
LONGEST_KEY = 150
LONGEST_TIME = 10 * 24 * 3600
TELLING = 1000  # lines after which a file without one readable line is refused


@dataclass(frozen=True)
class Mapping:
    """The source's options, with their defaults."""

    columns: dict[str, str | int]
    separator: str = ","
    quoting: str = '"'
    encoding: str = "utf-8"
    date_format: str = "%Y-%m-%d %H:%M:%S"
    decimal: str = "."
    directions: dict[str, str] = field(default_factory=dict)
    timezone: str = "UTC"

    @classmethod
    def of(cls, options: dict[str, Any]) -> "Mapping":
        known = {name: options[name] for name in cls.__dataclass_fields__ if options.get(name) is not None}
        if "start" not in known.get("columns", {}):
            said = Phrase("The source does not say in which column a call's start stands.")
            raise Refused("no_columns", said, "columns.start")
        return cls(**known)

    @property
    def has_header(self) -> bool:
        return any(isinstance(place, str) for place in self.columns.values())

    def split(self, text: str) -> list[str]:
        none = self.quoting in ("", "none")
        quotes: Literal[0, 3] = csv.QUOTE_NONE if none else csv.QUOTE_MINIMAL
        reader = csv.reader(
            [text], delimiter=self.separator, quotechar=None if none else self.quoting, quoting=quotes, strict=True
        )
        rows = list(reader)
        return rows[0] if rows else []

    def places(self, header: list[str]) -> dict[str, int]:
        """The index of each mapped column. Refused when the header lacks one."""
        names = [name.strip() for name in header]
        found = {}
        for column, place in self.columns.items():
            if isinstance(place, int):
                found[column] = place
            elif place in names:
                found[column] = names.index(place)
            else:
                said = Phrase("The file's first line has no column %(column)s.", column=repr(place))
                raise Refused("no_column", said, line_place(1))
        return found


class Flaw(Exception):
    """Why a line is no call, in words."""


def why(error: Exception) -> str:
    """What a Flaw says, as it was said; what Python says of a line."""
    return error.args[0] if isinstance(error, Flaw) else str(error)


@dataclass(frozen=True)
class Row:
    """One line of a file, read."""

    line: int
    key: str
    start: datetime  # wall clock of the source
    epoch: int | None  # where the file gives an offset
    direction: str
    caller: str
    callee: str
    agent: str
    talk: int
    ring: int
    client: str

    @property
    def content(self) -> str:
        """All that the line says, but for its key: the same key with another content is another call."""
        said = (self.direction, self.caller, self.callee, self.agent, self.client, str(self.talk), str(self.ring))
        return digest(*said)[:16]


def read(
    stream: BinaryIO,
    options: dict[str, Any],
    *,
    tail_too: Callable[[str], bool],
    progress: Callable[[int], None] | None = None,
) -> Reading:
    """All calls and bad lines of a file. Refused when its columns cannot be found."""
    mapping = Mapping.of(options)
    lines = Lines(stream)
    taker = _Taker(mapping)
    for block in lines.blocks():
        taker.take(block.first, block.data.split(b"\n")[:-1])
        if progress:
            progress(lines.size)
    unread = 0
    if lines.tail and tail_too(lines.sha256):
        taker.take(lines.count + 1, [lines.tail])
    elif lines.tail:
        unread = 1
    bad = sorted(lines.too_long + taker.bad, key=lambda each: each.line)
    count = len(taker.rows) + len(bad)
    return Reading(legs_of(taker.rows), bad, count, unread, lines.sha256, lines.size, calls_of(taker.rows))


class _Taker:
    """Collects the rows and bad lines of one file."""

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.rows: list[Row] = []
        self.bad: list[BadLine] = []
        self.places = None if mapping.has_header else mapping.places([])

    def take(self, first: int, raws: Iterable[bytes]) -> None:
        for number, raw in enumerate(raws, start=first):
            if not raw.strip(b"\r\n\t ;,"):
                continue
            try:
                fields = self.mapping.split(self.text(raw))
                if self.places is None:
                    self.places = self.mapping.places(fields)
                else:
                    self.rows.append(row_of(number, fields, self.places, self.mapping))
            except (Flaw, csv.Error, UnicodeDecodeError) as error:
                self.refuse_hopeless(number, raw)
                self.bad.append(bad_line(number, why(error), raw))

    def text(self, raw: bytes) -> str:
        if b"\0" in raw:
            raise Flaw(NULL_BYTE)
        return raw.rstrip(b"\r").decode(self.mapping.encoding).removeprefix("\ufeff")

    def refuse_hopeless(self, number: int, raw: bytes) -> None:
        if self.places is None or (not self.rows and number >= TELLING):
            shown = bad_line(number, "", raw).text[:80]
            said = Phrase("This is no file of this source's format: %(text)s.", text=repr(shown))
            raise Refused("wrong_format", said, line_place(number))


def cell(fields: list[str], places: dict[str, int], name: str) -> str:
    """A column's text, nothing where the file lacks the column. Raises Flaw where the line is short."""
    place = places.get(name)
    if place is None:
        return ""
    if place >= len(fields):
        raise Flaw(
            Phrase(
                "%(found)s columns; %(column)s should be in number %(place)s",
                found=len(fields), column=name, place=place + 1,
            )
        )  # fmt: skip
    return fields[place].strip()


def row_of(number: int, fields: list[str], places: dict[str, int], mapping: Mapping) -> Row:
    """One line's call. Raises Flaw."""

    def short(name: str) -> str:
        text = cell(fields, places, name)
        if len(text) > (LONGEST_KEY if name == "key" else LONGEST_TEXT):
            raise Flaw(Phrase("%(column)s is too long", column=name))
        return text

    start, epoch = moment(short("start"), mapping.date_format, ZoneInfo(mapping.timezone))
    texts = {name: short(name) for name in ("caller", "callee", "agent", "client")}
    way = direction(short("direction"), mapping.directions, "direction" in places)
    talk, ring = seconds(short("talk"), "talk", mapping.decimal), seconds(short("ring"), "ring", mapping.decimal)
    said = start if epoch is None else datetime.fromtimestamp(epoch, UTC).replace(tzinfo=None)
    key = short("key") or digest(said.isoformat(), way, *texts.values(), str(talk))
    return Row(
        number, key, start, epoch, way, texts["caller"], texts["callee"], texts["agent"], talk, ring, texts["client"]
    )


def moment(text: str, date_format: str, zone: ZoneInfo) -> tuple[datetime, int | None]:
    """Wall-clock time of the source, and the moment itself where the text says it."""
    try:
        if date_format == "epoch":
            return datetime.fromtimestamp(int(text), zone).replace(tzinfo=None), int(text)
        found = datetime.strptime(text, date_format)  # noqa: DTZ007
    except (ValueError, OverflowError, OSError):
        said = Phrase("start %(text)s is no time as %(format)s writes it", text=repr(text), format=date_format)
        raise Flaw(said) from None
    if not 1990 <= found.year <= 2200:
        raise Flaw(Phrase("%(column)s %(text)s is no time of this age", column="start", text=repr(text)))
    if found.tzinfo is None:
        return found.replace(microsecond=0), None
    return found.astimezone(zone).replace(tzinfo=None, microsecond=0), math.floor(found.timestamp())


def direction(text: str, known: dict[str, str], is_mapped: bool) -> str:
    if not is_mapped:
        return Direction.INBOUND
    found = known.get(text, text)
    if found not in list(Direction):
        names = ", ".join(sorted(known) or list(Direction))
        raise Flaw(Phrase("direction %(text)s is none of %(known)s", text=repr(text), known=names))
    return found


def seconds(text: str, name: str, decimal: str) -> int:
    """Whole seconds of 75, 75.4, 1:15 or 0:01:15; a begun second counts only when it is over. Nothing is 0."""
    if not text:
        return 0
    total = 0
    try:
        for part in text.split(":"):
            whole, _, fraction = part.partition(decimal)
            if not (whole.isascii() and whole.isdigit()) or (fraction and not fraction.isdigit()):
                raise ValueError
            total = total * 60 + int(whole[:12])
    except ValueError:
        said = Phrase("%(column)s %(text)s is no number of seconds", column=name, text=repr(text))
        raise Flaw(said) from None
    if total > LONGEST_TIME:
        raise Flaw(Phrase("%(column)s %(text)s is longer than ten days", column=name, text=repr(text)))
    return total


def digest(*texts: str) -> str:
    """A key for lines that have none: the same line again is the same call."""
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:24]


def legs_of(rows: list[Row]) -> pl.DataFrame:
    """What the calls are known by, in the shape of legs: key, content and start.

    An exact moment settles the doubled hour (`cdr.zone`).
    """
    if not rows:
        return no_legs()
    moments = [row.start for row in rows]
    texts = {name: [""] * len(rows) for name, kind in SCHEMA.items() if kind == pl.String()}
    texts["uniqueid"] = [row.key if row.epoch is None else f"{row.key}-{row.epoch}.0" for row in rows]
    texts["channel"] = [row.content for row in rows]
    return pl.DataFrame(
        {
            "line": [row.line for row in rows],
            **texts,
            "sequence": [0] * len(rows),
            "start": moments,
            "answer": [None] * len(rows),
            "end": moments,
            "duration": [row.talk + row.ring for row in rows],
            "billsec": [row.talk for row in rows],
        },
        schema_overrides=SCHEMA,
    ).select(*SCHEMA)


def calls_of(rows: list[Row]) -> pl.DataFrame:
    """The calls as folding would give them, with `line`."""
    records = [call_of(row) for row in rows]
    return pl.DataFrame(records, schema={"line": pl.UInt32(), **FOLDED}, orient="row")


def call_of(row: Row) -> dict[str, Any]:
    """A line as a folded call; ring and talk in seconds. Its moment is that of its leg (`legs_of`)."""
    is_inbound = row.direction == Direction.INBOUND
    return {
        "line": row.line,
        "key": row.key,
        "group": 0,
        "direction": row.direction,
        "type": ("accepted" if row.talk else "missed") if is_inbound else "",
        "begin": 0,
        "caller": row.caller,
        "called": row.callee,
        "endpoint": row.agent,
        "agent_code": row.agent,
        "ring": row.ring,
        "talk": row.talk,
        "did": "",
        "dst": row.callee if is_inbound else "",
        "dst_dialled": False,
        "customer": row.client,
        "account": row.client,
    }

"""Asterisk's CSV files: cdr_csv with 16 to 21 columns and the column order of cdr_custom.

A block of lines goes through polars' CSV reader at once. Where that does not give one sound row a line, the block is
halved until the lines to blame stand alone; those are read one by one with Python's strict reader and, if that fails
too, kept as bad lines.
"""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import polars as pl

from balie.cdr.legs import SCHEMA, Reading, no_legs
from balie.cdr.lines import BLOCK, NULL_BYTE, BadLine, Block, Lines, bad_line, line_place
from balie.rules.errors import Phrase, Refused

CHANNELS = ["channel", "dstchannel", "lastapp", "lastdata", "start", "answer", "end"]
RESULT = ["duration", "billsec", "disposition", "amaflags"]
CDR_CSV = ["accountcode", "src", "dst", "dcontext", "clid", *CHANNELS, *RESULT]
CDR_CUSTOM = ["clid", "src", "dst", "dcontext", *CHANNELS, *RESULT, "accountcode"]
# What follows the sixteen columns, by how many there are; "?" is uniqueid or userfield, told from the content.
CSV_TAILS = {
    16: [],
    17: ["?"],
    18: ["uniqueid", "userfield"],
    19: ["peeraccount", "linkedid", "sequence"],
    20: ["?", "peeraccount", "linkedid", "sequence"],
    21: ["uniqueid", "userfield", "peeraccount", "linkedid", "sequence"],
}
CUSTOM_TAILS = {
    **CSV_TAILS,
    19: ["uniqueid", "userfield", "sequence"],
    20: ["uniqueid", "userfield", "linkedid", "sequence"],
}
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
UNIQUEID = re.compile(r"(.*-)?\d{9,11}\.\d+")
TEXTS = [name for name, kind in SCHEMA.items() if kind == pl.String()]
MOMENTS = ["start", "answer", "end"]
LONGEST = {"uniqueid": 150, "linkedid": 150, "channel": 150, "dstchannel": 150, "src": 80, "dst": 80, "accountcode": 80}
SNIFFED_BYTES = 1024 * 1024
FEW_LINES = 20
SMALL = 64  # lines read one by one rather than halved again
LONGEST_CALL = 10 * 24 * 3600

Columns = tuple[str, ...]


def layout(fields: list[str], first_is_uniqueid: bool) -> Columns | None:
    """The names of one line's columns, in order; None when it is no line of Asterisk's."""
    if not 16 <= len(fields) <= 21:
        return None
    if MOMENT.fullmatch(fields[9]) and MOMENT.fullmatch(fields[11]):
        head, tail = CDR_CSV, CSV_TAILS[len(fields)]
    elif MOMENT.fullmatch(fields[8]) and MOMENT.fullmatch(fields[10]):
        head, tail = CDR_CUSTOM, CUSTOM_TAILS[len(fields)]
    else:
        return None
    open_column = "uniqueid" if first_is_uniqueid else "userfield"
    return (*head, *(open_column if name == "?" else name for name in tail))


@dataclass(frozen=True)
class Sniffed:
    """What the beginning of a file tells of all of it."""

    columns: Columns | None  # of most lines; None when no line could be read
    first_is_uniqueid: bool  # what the 17th column is where that can differ


def sniff(data: bytes) -> Sniffed:
    """The column order of a file from its first lines."""
    split = [fields for _, raw in numbered(Block(1, data[:SNIFFED_BYTES], 0)) if (fields := split_line(raw)[0])]
    first_is_uniqueid = any(len(fields) > 16 and UNIQUEID.fullmatch(fields[16]) for fields in split)
    found = [columns for fields in split if (columns := layout(fields, first_is_uniqueid))]
    most = max(set(found), key=found.count) if found else None
    return Sniffed(most, first_is_uniqueid)


def read(
    stream: BinaryIO, *, tail_too: Callable[[str], bool], progress: Callable[[int], None] | None = None
) -> Reading:
    """All legs and bad lines of a file. Refused when nothing in its beginning looks like Asterisk's.

    tail_too: asked with the file's SHA-256 whether a last line without newline is read as well (the file did not
    change since it was last read). progress: called with the number of bytes read so far.
    """
    lines = Lines(stream, BLOCK)
    reader: _Blocks | None = None
    for block in lines.blocks():
        reader = reader or _Blocks(sniff(block.data), block)
        reader.take(block)
        if progress:
            progress(lines.size)
    reader = reader or _Blocks(sniff(lines.tail + b"\n"), None)
    count, unread = lines.count, 0
    if lines.tail and tail_too(lines.sha256):
        count += 1
        reader.take(Block(count, lines.tail + b"\n", 1))
    elif lines.tail:
        unread = 1
    frames = reader.frames or [no_legs()]
    bad = sorted(lines.too_long + reader.bad, key=lambda each: each.line)
    return Reading(pl.concat(frames).select(*SCHEMA), bad, count - reader.blank, unread, lines.sha256, lines.size)


class _Blocks:
    """Collects the legs and bad lines of one file's blocks."""

    def __init__(self, sniffed: Sniffed, first: Block | None) -> None:
        if sniffed.columns is None and first is not None and (first.count > FEW_LINES or b"\0" in first.data):
            text = bad_line(1, "", first.data.split(b"\n", 1)[0]).text[:80]
            said = Phrase("This is no call file of an Asterisk; it begins with %(text)s.", text=repr(text))
            raise Refused("wrong_format", said, line_place(1))
        self.sniffed = sniffed
        self.frames: list[pl.DataFrame] = []
        self.bad: list[BadLine] = []
        self.blank = 0

    def take(self, block: Block) -> None:
        """Reads a block as a whole if it can, else its halves."""
        frame = self._whole(block) if block.count > SMALL and self.sniffed.columns else None
        if frame is not None:
            self.frames.append(frame)
        elif block.count > SMALL:
            for half in halves(block):
                self.take(half)
        else:
            self._one_by_one(block)

    def _whole(self, block: Block) -> pl.DataFrame | None:
        """The block's legs if every line gives one sound row, else None."""
        assert self.sniffed.columns
        names = self.sniffed.columns
        if b"\0" in block.data:
            return None
        try:
            raw = pl.read_csv(
                block.data,
                has_header=False,
                new_columns=list(names),
                columns=[i for i, name in enumerate(names) if name in SCHEMA],
                schema_overrides=[pl.String] * len(names),
            )
        except pl.exceptions.PolarsError:
            return None
        # The last column is a number wherever newer columns are written; null there means that the line was short.
        if raw.height != block.count or (names[-1] == "sequence" and raw["sequence"].null_count()):
            return None
        if names[-1] != "sequence" and not even_commas(block):
            return None
        numbers = pl.int_range(block.first, block.first + raw.height, dtype=pl.UInt32).alias("line")
        legs = typed(raw.with_columns(numbers))
        return None if legs.select(unsound()).to_series().any() else legs

    def _one_by_one(self, block: Block) -> None:
        raws: dict[int, bytes] = {}
        rows: list[dict[str, str]] = []
        for number, raw in numbered(block):
            if not raw.strip():
                self.blank += 1
                continue
            fields, why = split_line(raw)
            names = layout(fields, self.sniffed.first_is_uniqueid) if fields else None
            if names is None:
                self.bad.append(bad_line(number, why or wrong_layout(fields), raw))
            else:
                raws[number] = raw
                rows.append(dict(zip(names, fields, strict=True)))
        if not rows:
            return
        texts = {name: [row.get(name, "") for row in rows] for name in SCHEMA if name != "line"}
        legs = typed(pl.DataFrame({"line": list(raws), **texts}, schema_overrides=dict.fromkeys(texts, pl.String)))
        flawed = legs.select(unsound()).to_series()
        for (number, raw), row, is_bad in zip(raws.items(), rows, flawed, strict=True):
            if is_bad:
                self.bad.append(bad_line(number, flaw_of(row), raw))
        self.frames.append(legs.filter(~flawed))


def typed(raw: pl.DataFrame) -> pl.DataFrame:
    """The reader's texts as a frame of legs; what is no time or number becomes null."""
    have = [pl.col(name).fill_null("") if name in raw.columns else pl.lit("").alias(name) for name in TEXTS]
    moments = [pl.col(name).str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="ms", strict=False) for name in MOMENTS]
    sequence = pl.col("sequence") if "sequence" in raw.columns else pl.lit("").alias("sequence")
    numbers = [
        sequence.cast(pl.Int64, strict=False).fill_null(0),
        pl.col("duration").cast(pl.Int64, strict=False),
        pl.col("billsec").cast(pl.Int64, strict=False),
    ]
    # An answer that is there but cannot be read makes the line bad; `unsound` sees it by its text.
    odd_answer = (pl.col("answer").fill_null("") != "").alias("has_answer")
    line = pl.col("line").cast(pl.UInt32)
    return raw.select(line, *have, *moments, *numbers, odd_answer).select(*SCHEMA, "has_answer")


def unsound() -> pl.Expr:
    """Whether a typed row cannot be a leg."""
    too_long = [pl.col(name).str.len_bytes() > most for name, most in LONGEST.items()]
    return pl.any_horizontal(
        pl.col("channel") == "",
        pl.col("start").is_null(),
        pl.col("end").is_null(),
        pl.col("has_answer") & pl.col("answer").is_null(),
        pl.col("duration").is_null() | ~pl.col("duration").is_between(0, LONGEST_CALL),
        pl.col("billsec").is_null() | ~pl.col("billsec").is_between(0, LONGEST_CALL),
        ~pl.col("start").dt.year().is_between(1990, 2200).fill_null(True),
        *too_long,
    ).fill_null(True)


def flaw_of(row: dict[str, str]) -> str:
    """Why a line of the right layout is no leg, in words."""
    for name in ("start", "end", "answer"):
        text = row.get(name, "")
        if (text or name != "answer") and not MOMENT.fullmatch(text):
            return Phrase("%(column)s %(text)s is no time", column=name, text=repr(text[:40]))
    for name in ("duration", "billsec"):
        text = row.get(name, "")
        if not text.isascii() or not text.isdigit() or int(text[:12]) > LONGEST_CALL:
            return Phrase("%(column)s %(text)s is no number of seconds", column=name, text=repr(text[:40]))
    for name, most in LONGEST.items():
        if len(row.get(name, "").encode()) > most:
            return Phrase("%(column)s is longer than %(most)s characters", column=name, most=most)
    if not row.get("channel"):
        return Phrase("no channel")
    return Phrase("start, answer or end is no time of this calendar")


def wrong_layout(fields: list[str]) -> str:
    if 16 <= len(fields) <= 21:
        return Phrase("no times where Asterisk writes start and end")
    return Phrase("%(found)s columns instead of 16 to 21", found=len(fields))


def split_line(raw: bytes) -> tuple[list[str], str]:
    """A line's fields, or none and why it has none."""
    if b"\0" in raw:
        return [], NULL_BYTE
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")  # names of callers in an old encoding; numbers and times are the same in both
    try:
        rows = list(csv.reader([text.rstrip("\r\n")], strict=True))
    except csv.Error as error:
        return [], Phrase("cannot be split into columns: %(why)s", why=str(error))
    return (rows[0], "") if len(rows) == 1 else ([], Phrase("cannot be split into columns"))


def numbered(block: Block) -> Iterator[tuple[int, bytes]]:
    """The block's lines with their numbers in the file; the piece after its last newline is no line."""
    yield from enumerate(block.data.split(b"\n")[:-1], start=block.first)


def halves(block: Block) -> tuple[Block, Block]:
    """A block of at least two lines cut at a newline near its middle."""
    cut = block.data.find(b"\n", len(block.data) // 2, len(block.data) - 1) + 1
    if not cut:
        cut = block.data.rfind(b"\n", 0, len(block.data) // 2) + 1
    first = block.data[:cut].count(b"\n")
    rest = Block(block.first + first, block.data[cut:], block.count - first)
    return Block(block.first, block.data[:cut], first), rest


def even_commas(block: Block) -> bool:
    """Whether no line is short: polars fills missing columns up with nulls without a word."""
    lines = pl.Series(block.data.decode("utf-8").split("\n")[:-1])
    bare = lines.str.replace_all(r'"[^"]*"', "").str.count_matches(",", literal=True)
    return bool(bare.min() == bare.max())

"""Call files given together, read as one: legs of a call that lie in several of them fold together (folding.md 5).

Lines are numbered on from file to file. What belongs to which file is told by its line.
"""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import BinaryIO

import polars as pl

from balie.calls.models import Import, Source
from balie.cdr.legs import Reading
from balie.cdr.readers import READERS
from balie.rules.errors import Refused

Progress = Callable[[str, int, int], None]  # what is being done ("read", "store"), how far, of how much


@dataclass(frozen=True)
class CallFile:
    """A file as it is given. name: for people; stream: seekable; place: where it lies, to tell it from others."""

    name: str
    stream: BinaryIO
    place: str = ""


@dataclass(frozen=True)
class Part:
    """One file within a reading of several. before: the number of lines of those in front of it."""

    file: CallFile
    before: int
    last: int
    reading: Reading  # without its rows

    def holds(self, line: int) -> bool:
        return self.before < line <= self.last

    def of(self, lines: Iterable[int]) -> list[int]:
        """Those of the lines that are in this file."""
        return [line for line in lines if self.holds(line)]


class NotRead(Refused):
    """One of the files is no call file of this phone system."""

    def __init__(self, file: CallFile, refusal: Refused) -> None:
        where = refusal.where
        if file.place and where.startswith("line "):
            where = f"{file.place}, {where}"
        super().__init__(refusal.code, refusal.message, where)
        self.file, self.refusal = file, refusal


def read_all(source: Source, files: Sequence[CallFile], tell: Progress) -> tuple[Reading, list[Part]]:
    """The files' rows by their source's format, and what came of each file. Raises NotRead."""
    sizes = [file.stream.seek(0, io.SEEK_END) for file in files]
    readings: list[Reading] = []
    parts: list[Part] = []
    for at, file in enumerate(files):
        reading = read(source, file, partial(told, tell, sum(sizes[:at]), sum(sizes)))
        before = parts[-1].last if parts else 0
        numbered = shifted(reading, before)
        parts.append(Part(file, before, last_line(numbered, before), replace(numbered, rows=reading.rows.clear())))
        readings.append(numbered)
    return readings[0] if len(readings) == 1 else together(readings), parts


def told(tell: Progress, before: int, whole: int, done: int) -> None:
    """How far this file is, of all together; in bytes."""
    tell("read", before + done, whole)


def read(source: Source, file: CallFile, done: Callable[[int], None]) -> Reading:
    """One file by its source's format."""
    file.stream.seek(0)

    def found_unchanged(sha256: str) -> bool:
        return Import.objects.filter(source=source, sha256=sha256, unread=1).exists()

    options = {**source.options, "timezone": source.timezone}
    try:
        return READERS[source.format](file.stream, options, tail_too=found_unchanged, progress=done)
    except Refused as refusal:
        raise NotRead(file, refusal) from None


def shifted(reading: Reading, before: int) -> Reading:
    """The reading with its lines numbered behind so many others."""
    if not before:
        return reading
    line = (pl.col("line") + before).cast(pl.UInt32)
    return replace(
        reading,
        rows=reading.rows.with_columns(line),
        bad=[replace(bad, line=bad.line + before) for bad in reading.bad],
        calls=None if reading.calls is None else reading.calls.with_columns(line),
    )


def last_line(reading: Reading, before: int) -> int:
    """No line of the reading has a higher number. Blank lines have none, a cut one may come with the next reading."""
    found = [reading.rows["line"].max(), *(bad.line for bad in reading.bad)]
    return max((int(line) for line in found if isinstance(line, int)), default=before) + 1


def together(readings: Sequence[Reading]) -> Reading:
    """One reading of several, whose lines are numbered on."""
    calls = [reading.calls for reading in readings if reading.calls is not None]
    return Reading(
        pl.concat(reading.rows for reading in readings),
        [bad for reading in readings for bad in reading.bad],
        sum(reading.lines for reading in readings),
        sum(reading.unread for reading in readings),
        calls=pl.concat(calls) if calls else None,
    )

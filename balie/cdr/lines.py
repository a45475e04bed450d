"""A file's bytes cut into blocks of whole lines, in bounded memory whatever the file holds."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from balie.cdr.documents import is_json, texts_of
from balie.rules.errors import Phrase

BLOCK = 16 * 1024 * 1024
LONGEST_LINE = 64 * 1024
KEPT_TEXT = 4000
NULL_BYTE = Phrase("contains a null byte")


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be read: its number in the file (from 1), why, its first characters, a digest of all of it."""

    line: int
    reason: str
    text: str
    digest: str


@dataclass(frozen=True)
class Block:
    """Some whole lines: `data` ends with a newline; `first` is the number of the first line in the file, from 1."""

    first: int
    data: bytes
    count: int


def bad_line(line: int, reason: str, raw: bytes, digest: str = "") -> BadLine:
    """A BadLine of raw bytes: text that every database can keep, a digest that does not depend on where it stood."""
    text = raw[:KEPT_TEXT].decode("utf-8", "replace").replace("\x00", "\N{SYMBOL FOR NULL}").rstrip("\r\n")
    return BadLine(line, reason, text, digest or hashlib.sha256(raw.rstrip(b"\r\n")).hexdigest()[:32])


def line_place(line: int) -> str:
    """Where in a file something is that keeps all of it from being read."""
    return Phrase("line %(n)s", n=line)


def too_long() -> str:
    """Why a line is bad that is longer than any that means something."""
    return Phrase("longer than %(most)s bytes", most=LONGEST_LINE)


class Lines:
    """A stream cut into blocks. After the last block `tail` is what stood behind the last newline.

    A line longer than 64 KiB never becomes part of a block: it is skipped in pieces and stands in `too_long`.
    `sha256` and `size` are those of all bytes read.
    """

    def __init__(self, stream: BinaryIO, block: int = BLOCK) -> None:
        self.stream = stream
        self.block = block
        self.tail = b""
        self.too_long: list[BadLine] = []
        self.size = 0
        self._sha = hashlib.sha256()
        self._line = 1

    @property
    def sha256(self) -> str:
        return self._sha.hexdigest()

    @property
    def count(self) -> int:
        """Complete lines met so far."""
        return self._line - 1

    def blocks(self) -> Iterator[Block]:
        while piece := self._read():
            data = self.tail + piece
            end = data.rfind(b"\n") + 1
            whole, self.tail = data[:end], data[end:]
            if whole:
                yield self._take(whole)
            if len(self.tail) > LONGEST_LINE:
                yield from self._skip_line()

    def _take(self, whole: bytes) -> Block:
        block = Block(self._line, whole, whole.count(b"\n"))
        self._line += block.count
        return block

    def _read(self) -> bytes:
        piece = self.stream.read(self.block)
        self._sha.update(piece)
        self.size += len(piece)
        return piece

    def _skip_line(self) -> Iterator[Block]:
        """Reads on to the end of a line that is too long without keeping it."""
        start, whole = self.tail[:KEPT_TEXT], hashlib.sha256(self.tail)
        self.tail = b""
        while piece := self._read():
            end = piece.find(b"\n")
            whole.update(piece if end < 0 else piece[:end])
            if end < 0:
                continue
            self.too_long.append(bad_line(self._line, too_long(), start, whole.hexdigest()[:32]))
            self._line += 1
            rest = piece[end + 1 :]
            cut = rest.rfind(b"\n") + 1
            self.tail = rest[cut:]
            if cut:
                yield self._take(rest[:cut])
            return
        self.tail = start  # the file ends within it: a cut last line like any other


def texts(stream: BinaryIO, wanted: set[int]) -> dict[int, bytes]:
    """The raw lines of these numbers, read again from the beginning of a seekable stream; of JSON its records."""
    stream.seek(0)
    found: dict[int, bytes] = {}
    if is_json(stream.read(1024)):
        stream.seek(0)
        found = texts_of(stream.read(), wanted)
        if wanted <= set(found):
            return found
    stream.seek(0)
    lines = Lines(stream)
    for block in lines.blocks():
        inside = {number for number in wanted if block.first <= number < block.first + block.count}
        if inside:
            rows = block.data.split(b"\n")
            found.update({number: rows[number - block.first] for number in inside})
    last = lines.count + 1
    if last in wanted:
        found[last] = lines.tail
    return found

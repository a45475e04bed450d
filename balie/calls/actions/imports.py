"""Importing a call file: read, fold, find the owners, store. The same file twice, in parts or growing: every call once.

PostgreSQL: one transaction a file. SQLite: chunks, each a transaction with its legs, calls and sums, so that nobody
waits long for the write lock; a killed import goes on when it is run again. Reading and folding need no lock.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from time import perf_counter
from typing import Any, BinaryIO

import polars as pl
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from balie.accounts.models import Agent, Client
from balie.calls import legs as leg_store
from balie.calls import store
from balie.calls.chunks import Chunk, Maker, chunks
from balie.calls.files import Told, keep_bad_lines, keep_import, keep_refusal, new_bad_lines
from balie.calls.folding import Folding
from balie.calls.fresh import Fresh, fresh
from balie.calls.keys import taken, without
from balie.calls.models import BadLine, Import, Source
from balie.calls.owners import owners
from balie.calls.queries import closed_months
from balie.cdr import lines as cdr_lines
from balie.cdr.legs import PhoneSystem, Reading
from balie.cdr.readers import READERS
from balie.leases.faults import fault
from balie.operator import phrases
from balie.operator.queries import operator
from balie.rules.errors import Refused

# Legs in one chunk; on SQLite a transaction of about a second. Each chunk touches nearly all sums of its months.
CHUNKS = {"sqlite": 120_000, "postgresql": 250_000}
TRIES = 5
COUNTS = [
    "lines", "calls", "inbound", "forwarded", "outbound", "internal", "duplicates", "rejected", "unassigned", "unread",
]  # fmt: skip

Progress = Callable[[str, int, int], None]  # what is being done ("read", "store"), how far, of how much


@dataclass
class ImportResult:
    """What an import did: `lines` read, `calls` new or changed (by direction), lines known already or not readable."""

    lines: int = 0
    calls: int = 0
    inbound: int = 0
    forwarded: int = 0
    outbound: int = 0
    internal: int = 0
    duplicates: int = 0
    rejected: int = 0
    unassigned: int = 0
    unread: int = 0
    seconds: float = 0.0

    def document(self, *, source: str, files: int = 1) -> dict[str, Any]:
        """The JSON of `balie import calls`."""
        return {"source": source, "files": files, **asdict(self), "seconds": round(self.seconds, 3)}

    def __add__(self, other: "ImportResult") -> "ImportResult":
        mine, theirs = asdict(self), asdict(other)
        return ImportResult(**{name: mine[name] + theirs[name] for name in mine})


def import_calls(
    *,
    source: Source,
    name: str,
    data: bytes | BinaryIO,
    now: datetime,
    progress: Progress | None = None,
    gathers: bool = False,
) -> ImportResult:
    """Reads one call file of a phone system into the database. Refused when it is no file of that format.

    name: of the file, for people. data: its bytes, or a seekable stream. progress: called now and then. gathers: what
    came under this name before and this are told as one import.
    """
    began, told = perf_counter(), Told(name, now, gathers)
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    tell = progress or (lambda *_: None)
    for _again in range(TRIES):
        try:
            reading = read(source, stream, tell)
        except Refused as refusal:
            keep_refusal(source.imports, told, refusal)
            raise
        if result := Storing(source, reading, told).run(stream, tell):
            result.seconds = perf_counter() - began
            return result
    said = _("Other imports of this phone system are running; try again when they are done.")
    raise Refused("busy", said, source.name)


def read(source: Source, stream: BinaryIO, tell: Progress) -> Reading:
    """The file's rows by its source's format."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)

    def found_unchanged(sha256: str) -> bool:
        return Import.objects.filter(source=source, sha256=sha256, unread=1).exists()

    reader, options = READERS[source.format], {**source.options, "timezone": source.timezone}
    return reader(stream, options, tail_too=found_unchanged, progress=lambda done: tell("read", done, size))


@contextmanager
def unchecked() -> Iterator[None]:
    """SQLite does not look up what each row refers to. Within a transaction (of a test) it does all the same."""
    with nullcontext() if connection.in_atomic_block else connection.constraint_checks_disabled():
        yield


class Overtaken(Exception):
    """Something came in between: another import of the source, a month closed. The try begins anew."""


class Storing:
    """One try to store what a file said, given what was known when the try began."""

    def __init__(self, source: Source, reading: Reading, told: Told) -> None:
        self.source = Source.objects.get(pk=source.pk)
        self.mark = leg_store.mark(self.source)
        self.reading, self.told = reading, told
        self.operator = operator()
        self.closed: set[int] = set()
        self.decided: list[str] = []
        self.result = ImportResult(lines=reading.lines, unread=reading.unread)

    def run(self, stream: BinaryIO, tell: Progress) -> ImportResult | None:
        """Stores everything; None when something came in between: another import, a month closed."""
        system = PhoneSystem(self.source.timezone, tuple(self.source.trunks), self.source.account_prefix)
        found = fresh(self.source, self.reading, system)
        self.result.duplicates = self.reading.lines - len(self.reading.bad) - found.count - found.late
        self.closed = closed_months()
        make = Maker(found, self.source, system, owners(self.operator, self.source), self.closed)
        at_once = connection.vendor == "postgresql"
        done, legs = 0, found.legs.height
        try:
            # Whose the calls are is checked once a chunk (`_store`), not by the database for every row.
            with transaction.atomic() if at_once else unchecked():
                for chunk in chunks(make, CHUNKS[connection.vendor]):
                    self._put(chunk, make, stream)
                    if not at_once:
                        fault("import-after-commit")
                    done += chunk.folding.legs.height
                    tell("store", done, max(1, legs))
        except Overtaken:
            return None
        fault("import-after-commit")
        return self.result

    def _put(self, chunk: Chunk, make: Maker, stream: BinaryIO) -> None:
        """Stores a chunk, if it must be without the calls whose keys other calls have."""
        before = replace(self.result), list(self.decided)
        try:
            self._put_whole(chunk, make.found, stream)
        except IntegrityError:
            lost = taken(self.source, chunk.folding)
            if not lost:
                raise
            self.result, self.decided = before
            self._put_whole(make.chunk(without(chunk.folding, lost), chunk.is_last), make.found, stream)

    def _put_whole(self, chunk: Chunk, found: Fresh, stream: BinaryIO) -> None:
        """Stores a chunk in a transaction, with the last one all that an import leaves behind."""
        self._note(chunk.folding, found)
        bad = [*self.reading.bad, *bad_lines(stream, found)] if chunk.is_last else []
        with transaction.atomic():
            self._store(chunk)
            if chunk.is_last:
                self._finish(found, bad)
            self.mark = leg_store.mark(self.source)
            fault("import-before-commit")

    def _note(self, folding: Folding, found: Fresh) -> None:
        """Keeps what the end of the import has to know of a chunk."""
        self.result.internal += folding.internal
        self.decided += folding.decided
        found.bad |= folding.bad
        found.digests |= folding.digests

    def _store(self, chunk: Chunk) -> None:
        """Stores some groups whole: their calls, their legs, the sums. Raises Overtaken."""
        Source.objects.select_for_update().get(pk=self.source.pk)
        if leg_store.mark(self.source) != self.mark or closed_months() != self.closed:
            raise Overtaken
        for model, column in ((Client, "client_id"), (Agent, "agent_id")):
            if not set(chunk.rows[column].drop_nulls()) <= set(model._default_manager.values_list("pk", flat=True)):
                raise Overtaken
        made = chunk.folding
        if made.old_keys:
            old_keys = [key for keys in made.old_keys.values() for key in keys]
            old = store.stored(self.source, old_keys, self.operator.timezone)
            self._count(store.replace(old, chunk.again, made.moved, self.operator))
        store.insert(chunk.rows, self.operator, chunk.ready)
        self._count(chunk.rows)
        for part in chunk.legs:
            leg_store.keep(self.source, part)

    def _count(self, rows: pl.DataFrame) -> None:
        self.result.calls += rows.height
        for direction, count in rows["direction"].value_counts().iter_rows():
            setattr(self.result, direction, getattr(self.result, direction) + count)
        self.result.unassigned += rows["client_id"].null_count()

    def _finish(self, found: Fresh, bad: list[cdr_lines.BadLine]) -> None:
        """With the last chunk: the bad lines, the import's own row, what is now known of the source."""
        if found.newest:
            leg_store.cut_down(self.source, newest=found.newest)
        for at in range(0, len(self.decided), 500):
            BadLine.objects.filter(source=self.source, digest__in=self.decided[at : at + 500]).delete()
        with phrases.for_staff():
            warning = phrases.told(found.warning)
        changed = {"newest": found.newest, **({"warning": warning} if found.legs.height else {})}
        Source.objects.filter(pk=self.source.pk).update(**changed)
        new = new_bad_lines(self.source.bad_lines, bad)
        self.result.rejected = len(new)
        self.result.duplicates += len(bad) - len(new)
        counts = {name: getattr(self.result, name) for name in COUNTS}
        read = self.reading
        kept = keep_import(self.source.imports, self.told, sha256=read.sha256, size=read.size, counts=counts)
        keep_bad_lines(BadLine, kept, new)


def bad_lines(stream: BinaryIO, found: Fresh) -> list[cdr_lines.BadLine]:
    """Lines that read well and are no calls nevertheless, with their text from the file."""
    if not found.bad:
        return []
    raws = cdr_lines.texts(stream, set(found.bad))
    return [
        cdr_lines.bad_line(number, found.bad[number], raws[number], found.digests[number])
        for number in sorted(found.bad)
    ]

"""Importing a call file: read, fold, find the owners, store. The same file twice, in parts or growing: every call once.

PostgreSQL: one transaction a file. SQLite: chunks, each a transaction with its legs, calls and sums, so that nobody
waits long for the write lock; a killed import goes on when it is run again. Reading and folding need no lock.
"""

import io
from collections.abc import Iterator, Sequence
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
from balie.calls.folding import Folding, lines_of
from balie.calls.fresh import NEW, Fresh, fresh
from balie.calls.given import CallFile, NotRead, Part, Progress, read_all
from balie.calls.keys import taken, without
from balie.calls.models import BadLine, Source
from balie.calls.owners import owners
from balie.calls.queries import closed_months
from balie.cdr import lines as cdr_lines
from balie.cdr.legs import Reading
from balie.cdr.readers import phone_system
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
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    return import_files(source=source, files=[CallFile(name, stream)], now=now, progress=progress, gathers=gathers)


def import_files(
    *, source: Source, files: Sequence[CallFile], now: datetime, progress: Progress | None = None, gathers: bool = False
) -> ImportResult:
    """Reads several files of a phone system as one: calls with legs in more than one of them too. All of them or, when
    one is no file of that format, none. They are in memory together.
    """
    began = perf_counter()
    tell = progress or (lambda *_: None)
    for _again in range(TRIES):
        try:
            reading, parts = read_all(source, files, tell)
        except NotRead as problem:
            keep_refusal(source.imports, Told(problem.file.name, now, gathers), problem.refusal)
            raise
        if result := Storing(source, reading, parts, now, gathers=gathers).run(tell):
            result.seconds = perf_counter() - began
            return result
    said = _("Other imports of this phone system are running; try again when they are done.")
    raise Refused("busy", said, source.name)


@contextmanager
def unchecked() -> Iterator[None]:
    """SQLite does not look up what each row refers to. Within a transaction (of a test) it does all the same."""
    with nullcontext() if connection.in_atomic_block else connection.constraint_checks_disabled():
        yield


class Overtaken(Exception):
    """Something came in between: another import of the source, a month closed, settings that sums go by. The try
    begins anew."""


class Storing:
    """One try to store what a file said, given what was known when the try began."""

    def __init__(
        self, source: Source, reading: Reading, parts: Sequence[Part], now: datetime, *, gathers: bool
    ) -> None:
        self.source = Source.objects.get(pk=source.pk)
        self.mark = leg_store.mark(self.source)
        self.reading, self.parts = reading, parts
        self.now, self.gathers = now, gathers
        self.operator = operator()
        self.closed: set[int] = set()
        self.decided: list[str] = []
        self.results = [ImportResult(lines=part.reading.lines, unread=part.reading.unread) for part in parts]

    @property
    def result(self) -> ImportResult:
        """Of all files together."""
        return sum(self.results, ImportResult())

    def run(self, tell: Progress) -> ImportResult | None:
        """Stores everything; None when something came in between: another import, a month closed."""
        source = self.source
        system = phone_system(source.format, source.timezone, source.trunks, source.account_prefix)
        found = fresh(self.source, self.reading, system)
        for part, result in zip(self.parts, self.results, strict=True):
            result.duplicates = result.lines - len(part.reading.bad) - new_lines(found, part)
        self.closed = closed_months()
        make = Maker(found, self.source, system, owners(self.operator, self.source), self.closed)
        at_once = connection.vendor == "postgresql"
        done, legs = 0, found.legs.height
        try:
            # Whose the calls are is checked once a chunk (`_store`), not by the database for every row.
            with transaction.atomic() if at_once else unchecked():
                for chunk in chunks(make, CHUNKS[connection.vendor]):
                    self._put(chunk, make)
                    if not at_once:
                        fault("import-after-commit")
                    done += chunk.folding.legs.height
                    tell("store", done, max(1, legs))
        except Overtaken:
            return None
        fault("import-after-commit")
        return self.result

    def _put(self, chunk: Chunk, make: Maker) -> None:
        """Stores a chunk, if it must be without the calls whose keys other calls have."""
        before = [replace(result) for result in self.results], list(self.decided)
        try:
            self._put_whole(chunk, make.found)
        except IntegrityError:
            lost = taken(self.source, chunk.folding)
            if not lost:
                raise
            self.results, self.decided = before
            self._put_whole(make.chunk(without(chunk.folding, lost), chunk.is_last), make.found)

    def _put_whole(self, chunk: Chunk, found: Fresh) -> None:
        """Stores a chunk in a transaction, with the last one all that an import leaves behind."""
        self._note(chunk.folding, found)
        bad = [bad_lines(part, found) for part in self.parts] if chunk.is_last else []
        with transaction.atomic():
            self._store(chunk)
            if chunk.is_last:
                self._finish(found, bad)
            self.mark = leg_store.mark(self.source)
            fault("import-before-commit")

    def _note(self, folding: Folding, found: Fresh) -> None:
        """Keeps what the end of the import has to know of a chunk."""
        self._count_inside(folding)
        self.decided += folding.decided
        found.bad |= folding.bad
        found.digests |= folding.digests

    def _count_inside(self, folding: Folding) -> None:
        """Counts groups that stayed internal."""
        if len(self.parts) == 1:
            self.results[0].internal += folding.internal
        elif folding.internal:
            for result, inside in self._by_file(folding, pl.DataFrame({"key": [""]})):
                result.internal += inside.height

    def _store(self, chunk: Chunk) -> None:
        """Stores some groups whole: their calls, their legs, the sums. Raises Overtaken."""
        Source.objects.select_for_update().get(pk=self.source.pk)
        if leg_store.mark(self.source) != self.mark or closed_months() != self.closed:
            raise Overtaken
        now, then = operator(), self.operator
        if (now.timezone, now.answer_seconds) != (then.timezone, then.answer_seconds):
            raise Overtaken
        for model, column in ((Client, "client_id"), (Agent, "agent_id")):
            if not set(chunk.rows[column].drop_nulls()) <= set(model._default_manager.values_list("pk", flat=True)):
                raise Overtaken
        made = chunk.folding
        if made.old_keys:
            old_keys = [key for keys in made.old_keys.values() for key in keys]
            old = store.stored(self.source, old_keys, self.operator.timezone)
            self._count(made, store.replace(old, chunk.again, made.moved, self.operator))
        store.insert(chunk.rows, self.operator, chunk.ready)
        self._count(made, chunk.rows)
        for part in chunk.legs:
            leg_store.keep(self.source, part)

    def _count(self, folding: Folding, rows: pl.DataFrame) -> None:
        """Counts new and changed calls, each for the file that its group's first new line is in."""
        for result, mine in self._by_file(folding, rows):
            result.calls += mine.height
            for direction, count in mine["direction"].value_counts().iter_rows():
                setattr(result, direction, getattr(result, direction) + count)
            result.unassigned += mine["client_id"].null_count()

    def _by_file(self, folding: Folding, rows: pl.DataFrame) -> Iterator[tuple[ImportResult, pl.DataFrame]]:
        """The rows, known by their key, of each file."""
        if len(self.parts) == 1:
            yield self.results[0], rows
            return
        placed = rows.join(lines_of(folding), on="key")
        for part, result in zip(self.parts, self.results, strict=True):
            yield result, placed.filter(pl.col("line").is_between(part.before, part.last, closed="right"))

    def _finish(self, found: Fresh, bad: list[list[cdr_lines.BadLine]]) -> None:
        """With the last chunk: the bad lines of each file, its import's row, what is now known of the source."""
        if found.newest:
            leg_store.cut_down(self.source, newest=found.newest)
        for at in range(0, len(self.decided), 500):
            BadLine.objects.filter(source=self.source, digest__in=self.decided[at : at + 500]).delete()
        with phrases.for_staff():
            warning = phrases.told(found.warning)
        changed = {"newest": found.newest, **({"warning": warning} if found.legs.height else {})}
        Source.objects.filter(pk=self.source.pk).update(**changed)
        for part, result, lines in zip(self.parts, self.results, bad, strict=True):
            self._keep(part, result, lines)

    def _keep(self, part: Part, result: ImportResult, bad: list[cdr_lines.BadLine]) -> None:
        """A file's own row, and its bad lines."""
        new = new_bad_lines(self.source.bad_lines, bad)
        result.rejected = len(new)
        result.duplicates += len(bad) - len(new)
        counts, read = {name: getattr(result, name) for name in COUNTS}, part.reading
        told = Told(part.file.name, self.now, self.gathers)
        kept = keep_import(self.source.imports, told, sha256=read.sha256, size=read.size, counts=counts)
        keep_bad_lines(BadLine, kept, new)


def new_lines(found: Fresh, part: Part) -> int:
    """Lines of a file that are new legs, those that came too late among them."""
    new = found.legs.filter((pl.col("age") == NEW) & pl.col("line").is_between(part.before, part.last, closed="right"))
    return new.height + len(part.of(found.bad))


def bad_lines(part: Part, found: Fresh) -> list[cdr_lines.BadLine]:
    """A file's bad lines, those that could not be read and those that read well and are no calls nevertheless, numbered
    as in the file and with their text from it."""
    bad = [replace(line, line=line.line - part.before) for line in part.reading.bad]
    wrong = sorted(part.of(found.bad))
    if not wrong:
        return bad
    raws = cdr_lines.texts(part.file.stream, {number - part.before for number in wrong})
    return bad + [
        cdr_lines.bad_line(number - part.before, found.bad[number], raws[number - part.before], found.digests[number])
        for number in wrong
    ]

"""Writing a backup: one snapshot of all rows while everything goes on, then the files these rows name."""

import gzip
import hashlib
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from balie.backup import tables
from balie.backup.archive import HEAD, KEY, MANIFEST, Archive, as_json
from balie.backup.lines import kind_of, lines_of
from balie.backup.models import MADE
from balie.leases.faults import fault
from balie.operator.actions import Author, write_log
from balie.operator.queries import operator
from balie.rules.errors import Refused
from balie.statements import files
from balie.statements.models import Statement

FORMAT = 1
PART = 8 << 20  # bytes of rows that are pressed and kept in memory at once
LEVEL = 3  # a tenth larger than the usual 6, in half the time
PRESSED_AHEAD = 2

# What is being done, how much of it is done, of how much.
Progress = Callable[[str, int, int], None]


@dataclass
class Made:
    """What went into a backup."""

    at: datetime
    sha256: str = ""
    size: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    files: list[dict[str, str]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)  # files that rows name, and that are gone or damaged already

    @property
    def total(self) -> int:
        return sum(self.rows.values())


def make_backup(out: BinaryIO, *, now: datetime, progress: Progress) -> Made:
    """Writes all that is needed to go on after this machine is lost. Refused on a database of another version.

    Takes no lock: others read and write meanwhile. Its memory does not grow with the database.
    """
    ready()
    archive, made = Archive(out, mtime=int(now.timestamp())), Made(now)
    with snapshot() as cursor:
        archive.add(HEAD, as_json(head(now)))
        put_rows(archive, cursor, made, progress)
        made.numbers = tables.last_numbers(cursor)
        named = sorted(set(Statement.objects.values_list("path", "sha256")))
    archive.add(KEY, settings.SECRET_KEY.encode())
    put_files(archive, named, made, progress)
    archive.add(MANIFEST, as_json(manifest(archive, made)))
    made.sha256 = archive.close()
    made.size = archive.size
    fault("backup-written")
    return made


def log_backup(made: Made, *, file: str, author: Author) -> None:
    """Remembers that there is a backup; to be called once it lies where it is to stay."""
    details = {"file": file, "bytes": made.size, "sha256": made.sha256, "rows": made.total, "lost": len(made.lost)}
    write_log(author=author, deed=MADE, details=details)


def ready() -> None:
    """Refused where the database's tables are not those of this version: their rows could not be told apart."""
    here, ours = tables.applied(), tables.known()
    if here != ours:
        message = (
            "The database is of another version of Balie; make the backup with that one, or run `balie init` first."
        )
        raise Refused("not_set_up", message, "database")


@contextmanager
def snapshot() -> Iterator[CursorWrapper]:
    """All that is read within is of one moment."""
    if connection.in_atomic_block:  # the caller's own moment
        with connection.cursor() as cursor:
            yield cursor
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute(
                "SET LOCAL datestyle = 'ISO'; SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1"
            )
            yield cursor
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # atomic() would keep all writers waiting
            try:
                yield cursor
            finally:
                cursor.execute("ROLLBACK")


def head(now: datetime) -> dict[str, Any]:
    """What one must know before reading the rest."""
    columns = {
        name: [[str(field.column), kind_of(field)] for field in tables.described(model)]
        for name, model in tables.models().items()
    }
    return {
        "format": FORMAT,
        "balie": version("balie"),
        "made": now.isoformat(),
        "operator": operator().name,
        "database": connection.vendor,
        "steps": sorted(tables.applied()),
        "columns": columns,
    }


def manifest(archive: Archive, made: Made) -> dict[str, Any]:
    return {
        "rows": made.rows,
        "last_numbers": made.numbers,
        "files": made.files,
        "lost": made.lost,
        "members": archive.members,
    }


def put_rows(archive: Archive, cursor: CursorWrapper, made: Made, progress: Progress) -> None:
    """Every table in parts; they are pressed in a thread of its own while the database writes the next."""
    waiting: deque[tuple[str, Future[bytes]]] = deque()
    with ThreadPoolExecutor(max_workers=1) as press:
        for name, part in parts(cursor, made, progress):
            waiting.append((name, press.submit(gzip.compress, part, LEVEL, mtime=0)))
            if len(waiting) > PRESSED_AHEAD:
                put_part(archive, *waiting.popleft())
        while waiting:
            put_part(archive, *waiting.popleft())


def put_part(archive: Archive, name: str, pressed: Future[bytes]) -> None:
    archive.add(name, pressed.result())
    fault("backup-part")


def parts(cursor: CursorWrapper, made: Made, progress: Progress) -> Iterator[tuple[str, bytes]]:
    """Names of members with whole lines of a table."""
    models = tables.models()
    for done, (table, model) in enumerate(models.items()):
        progress(table, done, len(models))
        made.rows[table], number, gathered, size = 0, 0, [], 0
        fields = tables.described(model)
        for lines in lines_of(cursor, table, fields, key=str(model._meta.pk.column if model._meta.pk else "id")):
            gathered.append(lines)
            size += len(lines)
            if size >= PART:
                number += 1
                yield part_of(table, number, gathered, made)
                gathered, size = [], 0
        if gathered:
            yield part_of(table, number + 1, gathered, made)


def part_of(table: str, number: int, gathered: list[bytes], made: Made) -> tuple[str, bytes]:
    lines = b"".join(gathered)
    made.rows[table] += lines.count(b"\n")
    return f"tables/{table}/{number:05}.tsv.gz", lines


def put_files(archive: Archive, named: list[tuple[str, str]], made: Made, progress: Progress) -> None:
    """What rows name. A file that is gone or damaged keeps nobody from having a backup of the rest: it is told."""
    for done, (path, sha256) in enumerate(named):
        progress("files", done, len(named))
        try:
            data = files.read(path)
        except Refused:
            made.lost.append(path)
            continue
        if hashlib.sha256(data).hexdigest() != sha256:
            made.lost.append(path)
            continue
        archive.add(f"files/{path}", data)
        made.files.append({"path": path, "sha256": sha256})

"""Putting a backup in the place of what is there: checked first, then all rows in one transaction.

Killed before the transaction ends, nothing has changed but files nobody names. Killed after it, only the signing key
may be missing; then `balie serve` and `balie work` refuse to start until the restore is run again.
"""

import gzip
import hashlib
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper

from balie.backup import key, tables
from balie.backup.archive import KEY, Backup
from balie.backup.lines import put, quoted
from balie.backup.making import FORMAT, Progress
from balie.backup.models import Restore
from balie.backup.settling import Held, free_leases, hold_back
from balie.leases.faults import fault
from balie.leases.models import WorkerBeat
from balie.leases.queries import alive
from balie.operator.actions import Author, write_log
from balie.rules.errors import Refused
from balie.statements import files
from balie.statements.models import Statement

# Ids that were given after the backup stand in links already mailed: these must not open somebody else's page.
GAP = 10_000
COUNTED = {
    "accounts_client": "clients", "accounts_user": "users", "calls_call": "calls", "sms_message": "SMS",
    "notes_note": "notes", "statements_statement": "statements",
}  # fmt: skip
WAIT_FOR_LOCKS = "20s"


@dataclass
class Restored:
    """What was put back, and what to know about it."""

    made: datetime
    operator: str
    rows: int = 0
    files: int = 0
    replaced: str = ""
    held: Held = field(default_factory=Held)
    notices: list[str] = field(default_factory=list)


def check_backup(backup: Backup) -> None:
    """Refused where this version of Balie cannot read it."""
    head = backup.head
    newer = {(app, name) for app, name in head["steps"]} - tables.known()
    if head["format"] > FORMAT or newer:
        message = f"This backup was made by Balie {head['balie']}, which is newer than this one; install that first."
        raise Refused("newer_backup", message, str(backup.path))


def restore_backup(
    backup: Backup, *, replace: bool, moved: bool, author: Author, progress: Progress, clock: Callable[[], datetime]
) -> Restored:
    """Makes this installation the one that was backed up.

    replace: what is there may be removed. moved: nothing happened since the backup, so mails and SMS that waited go
    out, and ids go on without a gap. Refused, with nothing changed, while somebody works, and where it does not fit.
    """
    check_backup(backup)
    now_at = tables.applied()
    if now_at - tables.known():
        message = "The database is of a newer version of Balie; restore with that, or into another database."
        raise Refused("newer_database", message, "database")
    there = tables.existing(now_at)
    nobody_at_work(there, now=author.now)
    told = Restored(datetime.fromisoformat(backup.head["made"]), backup.head["operator"])
    told.replaced = what_is_there(there)
    if told.replaced and not replace and not is_unfinished(there):
        message = f"There is something in this installation: {told.replaced}. --replace removes it for good."
        raise Refused("not_empty", message, "database")
    renamed = put_files(backup, told, progress)
    fault("restore-files")
    new_key = choose_key(backup, told)
    with one_transaction() as cursor:
        put_rows(cursor, backup, now_at=now_at, told=told, progress=progress)
        settle(cursor, backup, renamed=renamed, moved=moved, told=told)
        restore = remember(backup, told, author=author, finished=None if new_key else author.now)
        fault("restore-settled")
    fault("restore-committed")
    if new_key:
        key.put_in_place()
        fault("restore-key")
        Restore.objects.filter(pk=restore.pk).update(finished=clock())
    return told


def nobody_at_work(there: list[str], *, now: datetime) -> None:
    """Refused while a worker gives signs of life. One of this machine whose process is gone gives none."""
    if WorkerBeat._meta.db_table not in there:
        return
    if living := [beat for beat in alive(now=now) if not is_gone(beat)]:
        beat = living[0]
        message = (
            f"Balie is at work on {beat.host} (process {beat.pid}, last seen {beat.at:%H:%M:%S} UTC)."
            " Stop `balie serve` and `balie work` everywhere; after a kill elsewhere wait a quarter of an hour."
        )
        raise Refused("at_work", message, "database")


def is_gone(beat: WorkerBeat) -> bool:
    if beat.host != socket.gethostname():
        return False
    try:
        os.kill(beat.pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def what_is_there(there: list[str]) -> str:
    """What a restore would remove, in words; empty for a database with nothing but what `balie init` makes."""
    filled = tables.filled(there)
    if not filled - tables.OF_INIT - tables.NOT_KEPT - {tables.CACHE}:
        return ""
    counts = [counted(tables.count(table), word) for table, word in COUNTED.items() if table in filled]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM operator_operator")
        found = cursor.fetchone()
    return f"{found[0] if found else 'an operator'} with {', '.join(counts) or 'settings'}"


def counted(count: int, word: str) -> str:
    """1 client, 2,000 clients."""
    return f"{count:,} {word if count != 1 else word.removesuffix('s')}"


def is_unfinished(there: list[str]) -> bool:
    return Restore._meta.db_table in there and Restore.objects.filter(finished=None).exists()


def put_files(backup: Backup, told: Restored, progress: Progress) -> dict[str, str]:
    """Puts the kept files back before any row names them. Returns those that have another path now.

    A file that is there is never overwritten: until the rows are stored it may be what rows name.
    """
    renamed, sums = {}, {one["path"]: one["sha256"] for one in backup.manifest["files"]}
    for path, data in backup.members("files/"):
        progress("files", told.files, len(sums))
        if path not in sums or path.startswith("/") or ".." in PurePosixPath(path).parts:
            raise Refused("damaged_backup", f"This backup has a file of an impossible name: {path}.", str(backup.path))
        if (kept := put_file(path, data, sums[path])) != path:
            renamed[path] = kept
        told.files += 1
    if lost := backup.manifest["lost"]:
        told.notices.append(f"Lost before the backup was made already: {counted(len(lost), 'files')}, first {lost[0]}.")
    return renamed


def put_file(path: str, data: bytes, sha256: str) -> str:
    """Keeps a file under this path, or one like it where another file has it. Returns which."""
    try:
        there = hashlib.sha256(files.read(path)).hexdigest()
    except Refused as refusal:
        if refusal.code != "file_missing":
            raise
        files.draft(path, data)
        files.publish(path)
        return path
    if there == sha256:
        return path
    stem, dot, suffix = path.rpartition(".")
    return put_file(f"{stem}-{sha256[:12]}{dot}{suffix}", data, sha256)


def choose_key(backup: Backup, told: Restored) -> bool:
    """Puts the backup's signing key beside the present one where they differ. Whether it is to be put in its place."""
    kept = backup.one(KEY).decode()
    if kept == settings.SECRET_KEY:
        return False
    if key.is_set_outside():
        told.notices.append(
            "BALIE_SECRET_KEY is not the key of the backup: links in mails sent before do not open. The backup's is its"
            f" member secret_key: tar -xOf {backup.path} {KEY}"
        )
        return False
    key.put_aside(kept)
    return True


@contextmanager
def one_transaction() -> Iterator[CursorWrapper]:
    """All or nothing. Rows come in any order: whether each has what it names is looked at once all are there."""
    connection.ensure_connection()
    lax = connection.vendor == "sqlite" and connection.disable_constraint_checking()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            yield cursor
    finally:
        if lax:
            connection.enable_constraint_checking()


def put_rows(
    cursor: CursorWrapper, backup: Backup, *, now_at: set[tables.Migration], told: Restored, progress: Progress
) -> None:
    """Tables as they were when the backup was made, filled, then brought up to this version."""
    steps = {(app, name) for app, name in backup.head["steps"]}
    try:
        if connection.vendor == "postgresql":
            cursor.execute(f"SET LOCAL lock_timeout = '{WAIT_FOR_LOCKS}'")
        tables.prepare(cursor, steps=steps, now_at=now_at)
    except OperationalError as problem:
        message = f"Somebody uses the database; stop everything of Balie first ({str(problem).splitlines()[0]})."
        raise Refused("in_use", message, "database") from None
    fault("restore-emptied")
    fill(cursor, backup, told, progress)
    agree(cursor)
    fault("restore-filled")
    if steps != tables.known():
        progress("this version", 0, 1)
        call_command("migrate", verbosity=0, interactive=False)
        fault("restore-upgraded")
    ContentType.objects.clear_cache()


def fill(cursor: CursorWrapper, backup: Backup, told: Restored, progress: Progress) -> None:
    columns = {table: [(name, kind) for name, kind in those] for table, those in backup.head["columns"].items()}
    wanted, found = backup.manifest["rows"], dict.fromkeys(columns, 0)
    total = sum(wanted.values())
    for member, pressed in backup.members("tables/"):
        table = member.partition("/")[0]
        progress(table, told.rows, total)
        data = gzip.decompress(pressed)
        try:
            put(cursor, table, columns[table], data)
        except (DataError, IntegrityError) as problem:
            raise does_not_fit(f"{table}: {' '.join(str(problem).split())}") from None
        found[table] += data.count(b"\n")
        told.rows += data.count(b"\n")
        fault("restore-part")
    if found != wanted:
        raise does_not_fit("its rows are not those it says it has")


def agree(cursor: CursorWrapper) -> None:
    """Every row has what it names. Said now: a table with rows to be looked at cannot be changed."""
    try:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        else:
            connection.check_constraints()
    except IntegrityError as problem:
        raise does_not_fit(" ".join(str(problem).split())) from None


def does_not_fit(why: str) -> Refused:
    return Refused("does_not_fit", f"The rows of this backup cannot be stored in this database ({why}).", "database")


def settle(cursor: CursorWrapper, backup: Backup, *, renamed: dict[str, str], moved: bool, told: Restored) -> None:
    """What follows from being restored."""
    for path, kept in renamed.items():
        Statement.objects.filter(path=path).update(path=kept)
    free_leases()
    if not moved:
        told.held = hold_back(made=told.made)
    tables.go_on_from(cursor, backup.manifest["last_numbers"], gap=0 if moved else GAP)
    if connection.vendor == "postgresql":
        cursor.execute(f"ANALYZE {', '.join(map(quoted, tables.models()))}")


def remember(backup: Backup, told: Restored, *, author: Author, finished: datetime | None) -> Restore:
    details = {
        "file": backup.path.name, "made": backup.head["made"], "replaced": told.replaced,
        "mails_held": told.held.mails, "sms_held": told.held.sms,
    }  # fmt: skip
    write_log(author=author, deed="backup.restored", details=details)
    return Restore.objects.create(at=author.now, file=backup.path.name[:500], made=told.made, finished=finished)

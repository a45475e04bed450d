"""`balie backup` and `balie restore`: everything as one file, and back."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from django.utils import timezone

from balie.backup.archive import Backup, new_file, standard_output
from balie.backup.making import Made, Progress, log_backup, make_backup
from balie.backup.restoring import Restored, check_backup, counted, restore_backup
from balie.cli.face import say, speaks
from balie.cli.setup import author

MEGABYTE = 1_000_000


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Write over a file of this name.")
@speaks
def backup(file: Path, replace: bool, as_json: bool) -> None:
    """Writes everything into one file: all rows, kept statements, the signing key. Keep it as safe as all of these.

    Balie may go on meanwhile; the file holds one moment. It has its name only once it is whole. A dash as FILE writes
    to standard output.

    \b
    Example:
      balie backup /backups/balie-2026-11-26.tar
    """
    begin = time.perf_counter()
    piped = str(file) == "-"
    if piped and as_json:
        raise click.UsageError("Standard output is either the backup or the JSON document: leave out --json.")
    with progress(quiet=as_json) as tell:
        if piped:
            made = make_backup(standard_output(), now=timezone.now(), progress=tell)
        else:
            with new_file(file, replace=replace) as out:
                made = make_backup(out, now=timezone.now(), progress=tell)
    log_backup(made, file=str(file if piped else file.absolute()), author=author())
    seconds = round(time.perf_counter() - begin, 2)
    if piped:
        click.echo(in_words(made, file, seconds), err=True)
        return
    say(document(made, file, seconds), as_json=as_json, text=in_words(made, file, seconds))


def document(made: Made, file: Path, seconds: float) -> dict[str, object]:
    return {
        "file": str(file),
        "made": made.at.isoformat(),
        "bytes": made.size,
        "sha256": made.sha256,
        "rows": made.total,
        "files": len(made.files),
        "lost": made.lost,
        "seconds": seconds,
    }


def in_words(made: Made, file: Path, seconds: float) -> str:
    place, size = "standard output" if str(file) == "-" else str(file), f"{made.size / MEGABYTE:,.1f} MB"
    text = f"{counted(made.total, 'rows')} and {counted(len(made.files), 'files')} in {place}: {size}, {seconds:.1f} s."
    for path in made.lost:
        text += f"\nNot in it, since it is gone or damaged: {path}"
    return text


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Remove for good what is in this installation.")
@click.option(
    "--moved", is_flag=True, help="Nothing happened since the backup: mails and SMS that waited then are sent."
)
@click.option("--check", is_flag=True, help="Only look whether the backup is whole and can be restored here.")
@speaks
def restore(file: Path, replace: bool, moved: bool, check: bool, as_json: bool) -> None:
    """Makes this installation the one that was backed up, on either database. Stop Balie first.

    The file is checked before anything is changed, and all of it is put back or nothing. Mails and SMS that waited may
    have been sent since the backup: they are held back for somebody to look at, unless --moved says that the old
    installation was stopped before.

    \b
    Example:
      balie restore /backups/balie-2026-11-26.tar
    """
    begin = time.perf_counter()
    with progress(quiet=as_json) as tell:
        tell("checking", 0, 0)
        found = Backup(file)
        check_backup(found)
        if not check:
            done = restore_backup(
                found, replace=replace, moved=moved, author=author(), progress=tell, clock=lambda: datetime.now(UTC)
            )
    if check:
        whole = {"file": str(file), "made": found.head["made"], "balie": found.head["balie"], "ok": True}
        text = f"{file} is whole: {found.head['operator']}, backed up {found.head['made'][:16]} UTC."
        say(whole, as_json=as_json, text=text)
        return
    seconds = round(time.perf_counter() - begin, 2)
    say(restored(done, file, seconds), as_json=as_json, text=restored_in_words(done, seconds))


def restored(done: Restored, file: Path, seconds: float) -> dict[str, object]:
    return {
        "file": str(file),
        "made": done.made.isoformat(),
        "operator": done.operator,
        "rows": done.rows,
        "files": done.files,
        "replaced": done.replaced or None,
        "held": {"mails": done.held.mails, "sms": done.held.sms},
        "notices": done.notices,
        "seconds": seconds,
    }


def restored_in_words(done: Restored, seconds: float) -> str:
    what = f"{counted(done.rows, 'rows')}, {counted(done.files, 'files')}, {seconds:.1f} s"
    lines = [f"{done.operator} as it was on {done.made:%Y-%m-%d %H:%M} UTC: {what}."]
    if done.replaced:
        lines.append(f"Removed: {done.replaced}.")
    if done.held.mails:
        mails = counted(done.held.mails, "mails")
        lines.append(f"Held back, since they may have been sent: {mails}. Settings, Mails, sends them again.")
    if done.held.sms:
        lines.append(f"Held back, since they may have been sent: {done.held.sms} SMS. SMS, Outbox, sends them again.")
    return "\n".join([*lines, *done.notices, "Next: `balie doctor`, then `balie serve`."])


@contextmanager
def progress(*, quiet: bool) -> Iterator[Progress]:
    """A bar for a person who watches; nothing where the output is piped."""
    if quiet or not sys.stderr.isatty():
        yield lambda deed, done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda deed, done, total: bar.update(task, description=deed, completed=done, total=total or None)

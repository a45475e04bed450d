"""`balie import`: call files and lists of SMS into the database."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click

from balie.calls.actions import ImportResult, Progress, import_calls
from balie.calls.begin import begin_of
from balie.calls.models import Source
from balie.calls.queries import source_by_name
from balie.cli.face import say, speaks
from balie.messages.actions import ListFile, SmsResult, import_messages
from balie.rules.errors import Refused

WORDS = {"read": "Reading", "store": "Storing"}


@click.group(name="import")
def imports() -> None:
    """Import what phone systems write, and lists of SMS."""


@imports.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--source", required=True, metavar="NAME", help="The phone system the files come from.")
@speaks
def calls(files: tuple[Path, ...], source: str, as_json: bool) -> None:
    """Import call files of a phone system. The same file again, or a longer one, counts every call once.

    Example: balie import calls /var/log/asterisk/cdr-csv/Master.csv --source pbx
    """
    found = source_by_name(source)
    total = ImportResult()
    for path in in_order(files, found):
        with opened(path) as stream, placed(path), progress(path.name, quiet=as_json) as tell:
            total += import_calls(source=found, name=path.name, data=stream, now=datetime.now(UTC), progress=tell)
    say(total.document(source=source, files=len(files)), as_json=as_json, text=in_words(total))


@imports.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--source", required=True, metavar="NAME", help="Where the list comes from: any name, made if unknown.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="NAME=HEADER",
    help="What the list calls a column, for instance from=Originator; remembered for the source.",
)
@speaks
def sms(file: Path, source: str, columns: tuple[str, ...], as_json: bool) -> None:
    """Import a list of SMS: CSV with the columns sent_at, from, to and text or parts, perhaps client.

    The same list again, or a longer one, counts every SMS once.

    Example: balie import sms november.csv --source gateway
    """
    with opened(file) as stream, placed(file):
        given = ListFile(file.name, stream)
        result = import_messages(source=source, file=given, now=datetime.now(UTC), columns=named(columns))
    say(result.document(source=source.strip()), as_json=as_json, text=sms_in_words(result))


def named(columns: tuple[str, ...]) -> dict[str, str]:
    """from=Originator as a pair."""
    pairs = [one.partition("=") for one in columns]
    if bad := next((one for one in pairs if not one[1]), None):
        raise Refused("bad_column", f"Write {bad[0]!r} as NAME=HEADER, for instance from=Originator.", "column")
    return {name.strip(): header for name, _, header in pairs}


def sms_in_words(result: SmsResult) -> str:
    text = (
        f"{result.lines} lines read in {result.seconds:.1f} s: {result.messages} new SMS of {result.parts} parts,"
        f" {result.duplicates} lines known already."
    )
    if result.unassigned:
        text += f"\n{result.unassigned} SMS belong to no client yet: see Calls, SMS lists."
    if result.rejected:
        text += f"\n{result.rejected} lines could not be read: see Calls, SMS lists."
    return text


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file, or one line saying why it cannot be read."""
    try:
        stream = path.open("rb")
        if not stream.seekable():
            raise Refused("not_a_file", "This is no plain file; copy it to one first.", str(path))
    except OSError as error:
        raise Refused("no_file", f"cannot be read: {error.strerror}", str(path)) from None
    with stream:
        yield stream


@contextmanager
def placed(path: Path) -> Iterator[None]:
    """What is wrong with a line of the file names the file too: several can be given."""
    try:
        yield
    except Refused as error:
        if not error.where.startswith("line "):
            raise
        raise Refused(error.code, error.message, f"{path}, {error.where}") from None


def in_order(files: tuple[Path, ...], source: Source) -> list[Path]:
    """The files as they were written, oldest first; each opened once, so that a wrong name stops all of them."""
    begins = {}
    for path in files:
        with opened(path) as stream:
            begin = begin_of(source, stream)
        begins[path] = (begin is None, begin)
    return sorted(files, key=begins.__getitem__)


@contextmanager
def progress(name: str, *, quiet: bool) -> Iterator[Progress | None]:
    """A bar for a person who watches; nothing where the output is piped."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=None)

        def tell(deed: str, done: int, total: int) -> None:
            bar.update(task, description=f"{WORDS[deed]} {name}", completed=done, total=total)

        yield tell


def in_words(result: ImportResult) -> str:
    """The counts for a person: first what came, then what needs a look."""
    text = (
        f"{result.lines} lines read in {result.seconds:.1f} s: {result.calls} new or changed calls"
        f" ({result.inbound} inbound, {result.forwarded} forwarded, {result.outbound} outbound),"
        f" {result.internal} internal, {result.duplicates} lines known already."
    )
    if result.unassigned:
        text += f"\n{result.unassigned} calls belong to no client yet: see Calls, Unassigned."
    if result.rejected:
        text += f"\n{result.rejected} lines could not be read: see Calls, Imports."
    if result.unread:
        text += "\nThe last line has no end yet; it is read with the next import."
    return text

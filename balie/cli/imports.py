"""`balie import`: call files and lists of SMS into the database."""

import io
import resource
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click

from balie.calls.actions import ImportResult, import_files
from balie.calls.begin import begin_of
from balie.calls.given import CallFile, Progress
from balie.calls.models import Source
from balie.calls.queries import source_by_name
from balie.cli.face import say, speaks
from balie.messages.actions import ListFile, SmsResult, import_messages
from balie.rules.errors import Refused

MOST_TOGETHER = 256 * 1024 * 1024  # bytes of files read as one: about 1.2 million lines
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

    Files given together are read as one, oldest first: a call may begin in one and end in another.

    Example: balie import calls /var/log/asterisk/cdr-csv/Master.csv --source pbx
    """
    found = source_by_name(source)
    total = ImportResult()
    with ExitStack() as stack:
        allow_open_files(len(files))
        given = [CallFile(path.name, stack.enter_context(opened(path)), str(path)) for path in files]
        for some in together(in_order(given, found)):
            name = some[0].name if len(some) == 1 else f"{len(some)} files"
            with progress(name, quiet=as_json) as tell:
                total += import_files(source=found, files=some, now=datetime.now(UTC), progress=tell)
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


def allow_open_files(count: int) -> None:
    """Some phone systems write a file a minute; a shell lets a program open a thousand at once."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if count + 100 > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def in_order(files: Sequence[CallFile], source: Source) -> list[CallFile]:
    """The files as they were written, oldest first."""
    if len(files) == 1:
        return list(files)
    begins = [begin_of(source, file.stream) for file in files]
    keyed = [((begin is None, begin), at) for at, begin in enumerate(begins)]
    return [files[at] for _begin, at in sorted(keyed)]


def together(files: Sequence[CallFile]) -> Iterator[list[CallFile]]:
    """Files that are read as one: all of them, in parts where they are too large to be in memory together."""
    some: list[CallFile] = []
    size = 0
    for file in files:
        more = file.stream.seek(0, io.SEEK_END)
        if some and size + more > MOST_TOGETHER:
            yield some
            some, size = [], 0
        some.append(file)
        size += more
    yield some


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

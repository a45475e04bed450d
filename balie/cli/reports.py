"""`balie report …` and `balie close`: what happened on the telephone, as text, JSON, CSV, XLSX or PDF."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from errno import EISDIR
from pathlib import Path
from typing import TYPE_CHECKING

import click

from balie.accounts.queries import client_by_number
from balie.cli.face import say, speaks
from balie.operator.queries import operator
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.statements.exports import MEDIA_TYPES, calls_file, file_of
from balie.statements.paper.printable import printable
from balie.statements.queries import CallReport, MonthReport, Row, call_report, month_report
from balie.statements.sms import SmsReport, sms_report

if TYPE_CHECKING:
    from balie.quality.queries import Recording

BINARY = ("xlsx", "pdf")
a_month = click.option("--month", required=True, metavar="YYYY-MM", help="Which month, in local time.")
a_format = click.option(
    "--format", type=click.Choice(list(MEDIA_TYPES)), help="As a file of this kind; without it as text for people."
)
a_file = click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Where to, instead of standard output."
)


@click.group()
def report() -> None:
    """Print or write a report."""


@report.command()
@click.option("--client", required=True, metavar="NO", help="The client's number.")
@a_month
@a_format
@a_file
@click.option("--revision", type=click.IntRange(min=1), metavar="N", help="Of a kept statement; the newest without it.")
@speaks
def calls(client: str, month: str, format: str | None, out: Path | None, revision: int | None, as_json: bool) -> None:
    """Show one client's calls of a month. Of a closed month the pdf is the statement that was kept.

    Example: balie report calls --client 1001 --month 2026-11 --format xlsx --out calls.xlsx
    """
    period, found = a_period(month), client_by_number(client)
    wanted = chosen(format, out, as_json)
    if wanted == "text" and revision is None:
        say(None, as_json=False, text=calls_text(call_report(found, period)))
        return
    refuse_terminal(wanted, out)
    data = calls_file(found, period, wanted, now=datetime.now(UTC), revision=revision)
    give(data, out=out, as_json=as_json)


@report.command()
@click.option("--client", required=True, metavar="NO", help="The client's number.")
@a_month
@a_format
@a_file
@speaks
def sms(client: str, month: str, format: str | None, out: Path | None, as_json: bool) -> None:
    """Show one client's SMS of a month, up to now where it is running.

    Example: balie report sms --client 1001 --month 2026-11 --format csv
    """
    period, wanted = a_period(month), chosen(format, out, as_json)
    made = sms_report(client_by_number(client), period)
    if wanted == "text":
        say(None, as_json=False, text=sms_text(made))
        return
    refuse_terminal(wanted, out)
    give(file_of(made, wanted, now=datetime.now(UTC)), out=out, as_json=as_json)


@report.command()
@a_month
@a_format
@a_file
@speaks
def month(month: str, format: str | None, out: Path | None, as_json: bool) -> None:
    """Show all clients' sums of a month: inbound, forwarded and outbound calls, missed ones, durations, SMS.

    Example: balie report month --month 2026-11 --format csv > month.csv
    """
    made, wanted = month_report(a_period(month)), chosen(format, out, as_json)
    if wanted == "text":
        say(None, as_json=False, text=month_text(made))
        return
    refuse_terminal(wanted, out)
    give(file_of(made, wanted, now=datetime.now(UTC)), out=out, as_json=as_json)


@report.command()
@a_month
@a_format
@a_file
@speaks
def recording(month: str, format: str | None, out: Path | None, as_json: bool) -> None:
    """Show how completely agents recorded the calls of a month: calls, notes, what is missing and its share.

    Example: balie report recording --month 2026-11 --format xlsx --out recording.xlsx
    """
    from balie.quality.files import recording_file
    from balie.quality.queries import recording as recorded
    from balie.worker.recording import freshen

    period, wanted, now = a_period(month), chosen(format, out, as_json), datetime.now(UTC)
    freshen(period, now=now)
    if wanted == "text":
        say(None, as_json=False, text=recording_text(recorded(period)))
        return
    refuse_terminal(wanted, out)
    give(recording_file(period, wanted, now=now), out=out, as_json=as_json)


@click.command()
@a_month
@speaks
def close(month: str, as_json: bool) -> None:
    """Close a month that is over: a statement for every client that had a contract in it.

    Run again it makes new revisions of the statements that late calls have changed.
    """
    from balie.statements.actions import close_month
    from balie.statements.reasons import reasons_against
    from balie.worker.recording import freshen_handling

    period, now = a_period(month), datetime.now(UTC)
    freshen_handling(period, now=now)
    with progress(quiet=as_json) as tell:
        made = close_month(period=period, by="balie close", now=now, progress=tell)
    for reason in reasons_against(period):
        click.echo(f"Note: {reason}", err=True)
    text = f"{period} is closed: {made.statements} statements, {made.revisions} revisions made in {made.seconds:.1f} s."
    say(made.document(), as_json=as_json, text=text)


def a_period(month: str) -> Period:
    return Period.parse(month, operator().timezone)


def chosen(format: str | None, out: Path | None, as_json: bool) -> str:
    """The format asked for: by name, by the ending of the file, by --json; else text for people."""
    if format:
        return format
    if out and (ending := out.suffix.removeprefix(".").lower()) in MEDIA_TYPES:
        return ending
    if out:
        raise Refused("no_format", f"Say the format of {out} with --format {'|'.join(MEDIA_TYPES)}.", "format")
    return "json" if as_json else "text"


def refuse_terminal(format: str, out: Path | None) -> None:
    if format in BINARY and out is None and sys.stdout.isatty():
        raise Refused("terminal", f"A terminal cannot show {format}; give --out FILE or redirect the output.", "out")


def give(data: bytes, *, out: Path | None, as_json: bool) -> None:
    """The file on standard output, or written under its name at once and whole."""
    if out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        write_whole(out, data)
    except OSError as error:
        raise Refused("cannot_write", f"cannot be written: {error.strerror}", str(out)) from None
    if as_json:
        say({"file": str(out), "bytes": len(data)}, as_json=True, text="")
    else:
        click.echo(f"{out} written, {len(data)} bytes.", err=True)


def write_whole(out: Path, data: bytes) -> None:
    """The file gets its name only once it is whole. What is no plain file (a pipe, /dev/null) is just written to."""
    if out.is_dir():
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
    if out.exists() and not out.is_file():
        out.write_bytes(data)
        return
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        draft.write_bytes(data)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)


def calls_text(made: CallReport) -> str:
    """One line a call and the sums, for a person at a terminal."""
    total = made.total
    sums = f"{total.calls} calls, {total.missed} missed, {clock(total.seconds)}"
    head = f"{made.client.number} {printable(made.client.name)}, {made.period}: {sums}"
    return "\n".join([*map(call_line, made.rows), head])


def call_line(row: Row) -> str:
    # Printable: what a caller is called could otherwise steer the terminal.
    marks = ("  late" if row.late else "") + ("" if row.billable else "  not billable")
    numbers = f"{printable(row.caller):16}  {printable(row.callee):16}  {printable(row.agent):6}"
    return f"{row.date} {row.time}  {row.direction:9}  {numbers}  {clock(row.duration):>8}  {row.type}{marks}"


def sms_text(made: SmsReport) -> str:
    """One line an SMS and the sums, for a person at a terminal."""
    lines = [
        f"{row.date} {row.time}  {printable(row.sender):16}  {printable(row.recipient):16}  {row.parts:>3}"
        + ("  late" if row.late else "")
        for row in made.rows
    ]
    sums = f"{len(made.rows)} SMS of {made.parts} parts"
    return "\n".join([*lines, f"{made.client.number} {printable(made.client.name)}, {made.period}: {sums}"])


def month_text(made: MonthReport) -> str:
    """One line a client and the sums."""
    lines = [f"{'client':10} {'name':30} {'inbound':>16} {'missed':>7} {'forwarded':>16} {'outbound':>16} {'sms':>7}"]
    for line in made.lines:
        parts = [f"{part.calls:>6} {clock(part.seconds):>9}" for part in (line.inbound, line.forwarded, line.outbound)]
        name = printable(line.client.name)[:30]
        figures = f"{parts[0]} {line.inbound.missed:>7} {parts[1]} {parts[2]} {line.sms:>7}"
        lines.append(f"{line.client.number:10} {name:30} {figures}")
    waiting = f"{made.unassigned} calls belong to no client." if made.unassigned else ""
    return "\n".join(line for line in [*lines, waiting] if line)


def recording_text(made: "Recording") -> str:
    """One line an agent and the team, for a person at a terminal."""
    lines = [f"{'agent':10} {'calls':>7} {'notes':>7} {'missing':>8} {'share':>7}  {'95 %':15} {'incorrect':>9}"]
    for row in made.agents:
        span = f"{row.share.low:6.1%} – {row.share.high:6.1%}"
        mark = "  more than the team" if row.marked else ""
        figures = f"{row.calls:>7} {row.notes:>7} {row.missing:>8} {row.share.share:>7.1%}  {span:15}"
        lines.append(f"{row.agent.code:10} {figures} {row.incorrect:>9}{mark}")
    known = made.missing is not None and made.share is not None
    missing = f"{made.missing:>8} {made.share:>7.1%}" if known else f"{'-':>8} {'-':>7}"
    team = f"{made.calls:>7} {made.notes:>7} {missing}  {'':15} {made.incorrect:>9}"
    return "\n".join([*lines, f"{'team':10} {team}"])


def clock(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


@contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A bar for a person who watches; nothing where the output is piped."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Statements", total=None)

        def tell(done: int, clients: int) -> None:
            bar.tasks[task].total = clients
            bar.advance(task, done - bar.tasks[task].completed)

        yield tell

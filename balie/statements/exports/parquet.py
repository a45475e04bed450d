"""All calls of months as Parquet, one file a month: the door to DuckDB, ClickHouse, Spark and whatever else counts.

Read and written in parts, so that memory does not grow with the month. Numbers are hidden as each client wants it.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.calls.models import Call
from balie.calls.queries import in_period
from balie.rules.call import Privacy
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.statements.queries import shown

PART = 100_000  # calls held at a time, and in one row group
COLUMNS = {
    "source__name": ("source", pl.String),
    "key": ("key", pl.String),
    "start": ("start", pl.Datetime("us", "UTC")),
    "direction": ("direction", pl.String),
    "type": ("type", pl.String),
    "caller": ("caller", pl.String),
    "callee": ("callee", pl.String),
    "client_id": ("client", pl.String),
    "agent__code": ("agent", pl.String),
    "ring": ("ring", pl.Int64),
    "talk": ("talk", pl.Int64),
    "handling": ("handling", pl.Int64),
    "service": ("service", pl.String),
    "billable": ("billable", pl.Boolean),
    "late": ("late", pl.Boolean),
}
SCHEMA: dict[str, Any] = dict(COLUMNS.values())
Clients = dict[int | None, tuple[str | None, str]]


def months(first: Period, last: Period) -> list[Period]:
    """All months between these two, both included. Refused the wrong way round."""
    if first > last:
        raise Refused("bad_range", _("%(first)s comes after %(last)s.") % {"first": first, "last": last}, "from")
    found = [first]
    while found[-1] < last:
        found.append(found[-1].next())
    return found


def write_months(
    periods: Iterable[Period], folder: Path, tell: Callable[[Period, int], None] = lambda period, calls: None
) -> int:
    """Writes `calls-2026-11.parquet` and so on; a file that exists is replaced. Returns how many calls they hold.

    Columns: those of a call; start in UTC, date and time local; client by number, agent by code; seconds.
    Refused where the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        total = 0
        for period in periods:
            calls = _write(period, folder / f"calls-{period}.parquet")
            tell(period, calls)
            total += calls
    except OSError as problem:
        raise Refused("cannot_write", f"cannot be written: {problem.strerror or problem}", str(folder)) from None
    return total


def _write(period: Period, target: Path) -> int:
    """One month: first its parts, then the file, which gets its name when it is whole."""
    with tempfile.TemporaryDirectory(prefix=".balie-", dir=target.parent) as parts:
        calls = 0
        for number, frame in enumerate(_frames(period)):
            frame.write_parquet(Path(parts) / f"{number:06}.parquet")
            calls += frame.height
        draft = Path(parts) / "whole"
        pl.scan_parquet(Path(parts) / "*.parquet").sink_parquet(draft, row_group_size=PART)
        draft.replace(target)
    return calls


def _frames(period: Period) -> Iterator[pl.DataFrame]:
    """The month's calls in parts; one empty part where there are none."""
    clients: Clients = {None: (None, Privacy.NONE)}
    clients |= {pk: (number, hide) for pk, number, hide in Client.objects.values_list("pk", "number", "hide_numbers")}
    rows = in_period(Call.objects.all(), period).order_by("start", "pk").values_list(*COLUMNS)
    waiting = rows.iterator(chunk_size=10_000)
    yield _framed((), clients, period.zone)
    while part := list(islice(waiting, PART)):
        yield _framed(part, clients, period.zone)


def _framed(rows: Iterable[tuple[Any, ...]], clients: Clients, zone: str) -> pl.DataFrame:
    frame = pl.DataFrame([_veiled(row, clients) for row in rows], schema=SCHEMA, orient="row")
    local = pl.col("start").dt.convert_time_zone(zone)
    place = frame.columns.index("start") + 1
    dated = frame.with_columns(local.dt.date().alias("date"), local.dt.time().alias("time"))
    return dated.select(*frame.columns[:place], "date", "time", *frame.columns[place:])


def _veiled(row: tuple[Any, ...], clients: Clients) -> tuple[Any, ...]:
    """The row with its client's number, the other party's as far as that client shows it."""
    source, key, start, direction, type, caller, callee, client, *rest = row
    number, privacy = clients[client]
    if privacy != Privacy.NONE:
        caller, callee = shown(direction, caller, callee, privacy)
    return (source, key, start, direction, type, caller, callee, number, *rest)

"""How long files take that are long: to the first byte and wholly, and how much memory the sending process needs.

    python bench/exports.py [--rows 100000] [--home FOLDER] [--database-url postgresql://…] [--only notes.xlsx]

One client with so many calls, notes and SMS in a month, and a finding for each note (or the operator that lies in
--home already). Each file is asked for as a manager does, in a process of its own. Prints seconds to the first byte and
to the last, seconds on a processor, MB of the file, and by how many MB the process grew; beside it the plain limit:
seconds on a processor for writing the same cells of the notes with XlsxWriter (csv, json) and nothing else, in the same
run, with the ratio of the whole export to it.
"""

import argparse
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench.big import Size, put, put_calls, put_notes, put_people, put_sms
from bench.imports import BALIE, fresh_database

if TYPE_CHECKING:
    from balie.rules.period import Period

ZONE, CLIENT = "Europe/Amsterdam", "1000"
FORMATS = ("csv", "json", "xlsx")
ADDRESSES = {
    "notes": "/notes",
    "calls": f"/clients/{CLIENT}/calls",
    "sms": f"/clients/{CLIENT}/sms",
    "findings": "/quality/findings",
    "everything": f"/clients/{CLIENT}/data",
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--home", help="where the operator is kept for the next time")
    options.add_argument("--database-url", help="postgresql://… of any database there; default: SQLite")
    options.add_argument("--only", default="", help="files whose name has this in it")
    options.add_argument("--ask", help=argparse.SUPPRESS)  # the address a process of its own asks for
    asked = options.parse_args()
    if asked.ask:
        ask(asked.ask)
        return
    with tempfile.TemporaryDirectory(prefix="balie-bench-") as home:
        prepare(Path(asked.home or home), asked.database_url, asked.rows)
        limits = {format: limit(format) for format in FORMATS}
        names = [f"{name}.{format}" for name in ADDRESSES if name != "everything" for format in FORMATS]
        for name in (*names, "everything.zip"):
            if asked.only in name:
                tell(name, limits)


def month() -> "Period":
    """The last one that is over."""
    from balie.rules.period import Period

    return Period.of(datetime.now(UTC), ZONE).previous()


def prepare(home: Path, server: str | None, rows: int) -> None:
    home.mkdir(exist_ok=True)
    known = home / "made"
    url = f"sqlite:///{home}/balie.sqlite3"
    if server:
        name = "balie_bench_exports"
        url = f"{server.rsplit('/', 1)[0]}/{name}" if known.exists() else fresh_database(server, name)
    os.environ.update(BALIE_HOME=str(home), BALIE_DATABASE_URL=url, DJANGO_SETTINGS_MODULE="balie.config.settings")
    subprocess.run([BALIE, "init"], check=True, stdout=subprocess.DEVNULL)
    import django

    django.setup()
    if not known.exists():
        period, now = month(), datetime.now(UTC)
        put_people(Size(clients=1), period.first_day, now)
        put_sms(2 * rows, [period])
        put_calls(int(rows * 1.4), period, now)  # those that were missed have no note
        put_notes(rows, period, now)
        put_findings(period)
        known.touch()


def put_findings(period: "Period") -> None:
    """One for each note."""
    import polars as pl

    from balie.notes.models import Note
    from balie.quality.models import Finding

    columns = ("pk", "client_id", "agent_id", "at")
    found = pl.DataFrame(list(Note.objects.values_list(*columns)), schema=list(columns), orient="row")
    put(Finding, found.select(
        "client_id", "agent_id", id="pk", note_id="pk", code=pl.lit("too_short"), month=pl.lit(period.key), opened="at",
        figures=pl.lit("{}"), closed_by=pl.lit(""), reason=pl.lit(""), dismissed=pl.lit(False),
    ))  # fmt: skip


def tell(name: str, limits: dict[str, float]) -> None:
    kind, _dot, format = name.partition(".")
    address = f"{ADDRESSES[kind]}.{format}?month={month()}"
    command = [sys.executable, __file__, "--ask", address]
    first, whole, busy, size, grown = map(float, subprocess.check_output(command, text=True).split())
    line = f"{name:15} first byte {first:6.3f} s, whole {whole:6.2f} s, processor {busy:6.2f} s, "
    line += f"{size:6.1f} MB, {grown:4.0f} MB of memory"
    if kind == "notes":
        line += f"; the plain limit {limits[format]:.2f} s, ratio {busy / limits[format]:.2f}"
    print(line, flush=True)


def ask(address: str) -> None:
    """Asks for it twice, the first time of a month that has nothing, so that what is imported once does not count."""
    import django

    django.setup()
    from django.test import Client as Browser

    from balie.accounts.models import User

    browser = Browser(SERVER_NAME="localhost")
    browser.force_login(User.objects.get(email="manager@x.example"))
    for _part in browser.get(f"{address.partition('?')[0]}?month=2001-01"):
        pass
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here
    before = memory("VmRSS")
    began, busy, first, size = perf_counter(), process_time(), 0.0, 0
    answer = browser.get(address)
    assert answer.status_code == 200, answer
    for part in answer:
        first = first or perf_counter() - began
        size += len(part)
    whole, busy = perf_counter() - began, process_time() - busy
    print(first, whole, busy, size / 1e6, memory("VmHWM") - before)


def memory(name: str) -> float:
    """MB of this process, as Linux counts them."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


def limit(format: str) -> float:
    """Seconds on a processor for the cells of all notes of the month, read beforehand."""
    from balie.notes.models import Note
    from balie.quality.exported import COLUMNS, rows_of

    period = month()
    notes = Note.objects.filter(at__gte=period.begin, at__lt=period.end).order_by("-at", "-pk")
    rows = list(rows_of(notes, for_client=False, apart=True, whole=format == "xlsx"))
    write: Callable[[list[Any], list[str]], None] = {"csv": as_csv, "json": as_json, "xlsx": as_xlsx}[format]
    busy = process_time()
    write(rows, [kind for kind, _width in COLUMNS.values()])
    return process_time() - busy


def as_csv(rows: list[Any], _kinds: list[str]) -> None:
    csv.writer(io.StringIO()).writerows(rows)


def as_json(rows: list[Any], _kinds: list[str]) -> None:
    json.dumps(rows, ensure_ascii=False)


def as_xlsx(rows: list[Any], kinds: list[str]) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True})
    sheet = book.add_worksheet()
    looks = {"date": "yyyy-mm-dd", "time": "hh:mm:ss"}
    formats = {kind: book.add_format({"num_format": looks.get(kind, "@")}) for kind in kinds}
    for number, row in enumerate(rows):
        for place, kind, cell in cells(row, kinds):
            if kind == "text":
                sheet.write_string(number, place, cell, formats[kind])
            elif kind == "count":
                sheet.write_number(number, place, cell)
            else:
                sheet.write_datetime(number, place, cell.replace(tzinfo=None), formats[kind])
    book.close()


def cells(row: Any, kinds: list[str]) -> Iterator[tuple[int, str, Any]]:
    """Those that have something."""
    for place, (kind, cell) in enumerate(zip(kinds, row, strict=True)):
        if cell not in ("", None):
            yield place, kind, cell


if __name__ == "__main__":
    main()

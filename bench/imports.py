"""How fast a call file gets into the database, against putting the same finished rows in by the plainest fast way.

    python bench/imports.py --lines 1000000 [--database-url postgresql://…] [--runs 3]

Prints, for each run and as medians: import, the same file again, the plain way (SQLite: executemany of ready tuples;
PostgreSQL: COPY) into the same table with its indexes, their ratios, and the import's peak memory. Everything happens
in folders and databases of its own.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

HERE = Path(__file__).parent
BALIE = Path(sys.executable).with_name("balie")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--lines", type=int, default=1_000_000)
    options.add_argument("--clients", type=int, default=1_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--database-url", help="postgresql://… of any database there; default: SQLite")
    options.add_argument("--step", choices=["import", "plain"], help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.step:
        {"import": measure_import, "plain": measure_plain}[asked.step]()
        return
    with tempfile.TemporaryDirectory(prefix="balie-bench-") as folder:
        file, world = Path(folder) / "calls.csv", Path(folder) / "world.json"
        generate: list[str | Path] = [
            sys.executable,
            HERE / "generate.py",
            "--lines",
            str(asked.lines),
            "--clients",
            str(asked.clients),
        ]
        subprocess.run([*generate, "--out", file, "--world", world], check=True, stdout=subprocess.DEVNULL)
        runs = [one_run(Path(folder) / str(n), file, world, asked.database_url) for n in range(asked.runs)]
    medians = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    print(f"medians of {asked.runs} runs: {shown(medians)}")


def one_run(home: Path, file: Path, world: Path, server: str | None) -> dict[str, float]:
    home.mkdir()
    url = f"sqlite:///{home / 'balie.sqlite3'}"
    if server:
        url = fresh_database(server, f"balie_bench_{home.name}")
    environment = {**os.environ, "BALIE_HOME": str(home), "BALIE_DATABASE_URL": url, "BENCH_FILE": str(file)}
    for command in (["init"], ["load", str(world)]):
        subprocess.run([BALIE, *command], env=environment, check=True, stdout=subprocess.DEVNULL)
    found: dict[str, float] = {}
    for step in ("import", "plain"):
        done = subprocess.run(
            [sys.executable, __file__, "--step", step], env=environment, check=True, capture_output=True, text=True
        )
        found |= json.loads(done.stdout)
    found["import/plain"] = found["import s"] / found["plain s"]
    found["again/import"] = found["again s"] / found["import s"]
    print(shown(found), flush=True)
    return found


def shown(figures: dict[str, float]) -> str:
    return " · ".join(f"{name} {value:,.2f}" for name, value in figures.items())


def fresh_database(server: str, name: str) -> str:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    return server.rsplit("/", 1)[0] + f"/{name}"


def django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "balie.config.settings")
    import django as framework

    framework.setup()


def measure_import() -> None:
    """The first import and the second of the same file, with the process's peak memory."""
    import resource
    from datetime import UTC, datetime

    django()
    from balie.calls.actions import import_calls
    from balie.calls.models import Source

    source = Source.objects.get()
    figures = {}
    for name in ("import s", "again s"):
        began = perf_counter()
        with Path(os.environ["BENCH_FILE"]).open("rb") as data:
            result = import_calls(source=source, name="bench", data=data, now=datetime.now(UTC))
        figures[name] = perf_counter() - began
        if name == "import s":
            figures["calls"] = result.calls
            figures["peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(figures))


def measure_plain() -> None:
    """The same rows, ready beforehand, into an empty copy of the table with all its indexes, in one transaction."""
    django()
    from django.db import connection, transaction

    from balie.calls.models import Call

    names = [str(field.column) for field in Call._meta.local_fields if field.column != "id"]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(names)} FROM calls_call ORDER BY id")
        rows = cursor.fetchall()
        text = as_text(names) if connection.vendor == "postgresql" else b""
        cursor.execute("DELETE FROM calls_call" if connection.vendor == "sqlite" else "TRUNCATE calls_call CASCADE")
    if connection.vendor == "sqlite":
        rows = [
            tuple(str(value)[:19] if name == "start" else value for name, value in zip(names, row, strict=True))
            for row in rows
        ]
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
    began = perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join(["%s"] * len(names))
            cursor.executemany(f"INSERT INTO calls_call ({', '.join(names)}) VALUES ({marks})", rows)
        else:
            with cursor.copy(f"COPY calls_call ({', '.join(names)}) FROM STDIN") as into:
                into.write(text)
    print(json.dumps({"plain s": perf_counter() - began}))


def as_text(names: list[str]) -> bytes:
    """All rows as PostgreSQL itself writes them."""
    from django.db import connection

    with connection.cursor() as cursor, cursor.copy(f"COPY calls_call ({', '.join(names)}) TO STDOUT") as out:
        return b"".join(bytes(part) for part in out)


if __name__ == "__main__":
    main()

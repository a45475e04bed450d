"""Database time of the reports over a million calls, against counting the calls themselves.

    python -m bench.reports --lines 1300000 [--database-url postgresql://…]

Prints medians of database time: the month report (from the sums kept beside the calls) next to one GROUP BY over the
calls, and one client's month with the number of its calls.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.imports import BALIE, HERE, django, fresh_database

MONTH = "2026-10"
ROUNDS = 7


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--lines", type=int, default=1_300_000)
    options.add_argument("--clients", type=int, default=3_000)
    options.add_argument("--database-url", help="postgresql://… of any database there; default: SQLite")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="balie-bench-") as folder:
        file, world = Path(folder) / "calls.csv", Path(folder) / "world.json"
        url = f"sqlite:///{folder}/balie.sqlite3"
        if asked.database_url:
            url = fresh_database(asked.database_url, "balie_bench_reports")
        os.environ |= {"BALIE_HOME": folder, "BALIE_DATABASE_URL": url}
        size = ["--lines", str(asked.lines), "--clients", str(asked.clients), "--month", MONTH]
        made: list[str | Path] = [sys.executable, HERE / "generate.py", *size, "--out", file, "--world", world]
        taken: list[str | Path] = [BALIE, "import", "calls", file, "--source", "pbx"]
        commands: list[list[str | Path]] = [made, [BALIE, "init"], [BALIE, "load", world], taken]
        for command in commands:
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        measure()


def measure() -> None:
    django()
    from django.db.models import Count, Sum

    from balie.calls.models import Call
    from balie.operator.queries import operator
    from balie.rules.period import Period
    from balie.statements.queries import call_report, month_report

    period = Period.parse(MONTH, operator().timezone)
    busiest = Call.objects.values("client").annotate(n=Count("pk")).exclude(client=None).order_by("-n")
    from balie.accounts.models import Client

    usual = min(busiest[:2000], key=lambda row: abs(int(row["n"]) - 300))
    client = Client.objects.get(pk=usual["client"])
    plain = Call.objects.order_by().values("client", "direction", "type").annotate(n=Count("pk"), talk=Sum("talk"))
    month, grouped = database_time(lambda: month_report(period)), database_time(lambda: list(plain.all()))
    one = database_time(lambda: call_report(client, period))
    count = Call.objects.count()
    print(f"{count:,} calls: month report {month * 1000:.1f} ms, a GROUP BY over the calls {grouped * 1000:.0f} ms")
    print(f"one client's month of {usual['n']} calls {one * 1000:.2f} ms")


def database_time(deed: Callable[[], Any]) -> float:
    """Median seconds of the deed's queries, each run again by itself with all its rows fetched."""
    from django.db import connection

    asked: list[tuple[str, Any]] = []

    def noted(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(noted):
        deed()
    rounds = []
    with connection.cursor() as cursor:
        for _ in range(ROUNDS):
            began = perf_counter()
            for sql, params in asked:
                cursor.execute(sql, params)
                cursor.fetchall()
            rounds.append(perf_counter() - began)
    return statistics.median(rounds)


if __name__ == "__main__":
    main()

"""How fast closed months are priced with another tariff.

    python bench/what_if.py --months 12 --calls 1000000 --clients 1000 [--database-url postgresql://…] [--runs 3]

So many calls a month, of clients with a tariff of ten items (bench/pricing.py); every month is priced and frozen as
closing it does. Then all clients get other prices, which reads what was measured when the months were closed, and
another increment, which measures the calls once and reads after that. Prints the seconds of each, those of them that
this process had a processor (without the server's), and how many bills. In a database of its own.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench.imports import BALIE, fresh_database, shown
from bench.pricing import items, rows_of, world

if TYPE_CHECKING:
    import polars as pl

    from balie.rules.period import Period

ZONE = "Europe/Amsterdam"
NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--months", type=int, default=12)
    options.add_argument("--calls", type=int, default=1_000_000, help="a month")
    options.add_argument("--clients", type=int, default=1_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--database-url", help="postgresql://… of any database there; default: SQLite")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="balie-bench-") as home:
        url = fresh_database(asked.database_url, "balie_bench_what_if") if asked.database_url else None
        os.environ.update(BALIE_HOME=home, BALIE_DATABASE_URL=url or f"sqlite:///{home}/balie.sqlite3")
        subprocess.run([BALIE, "init"], check=True, stdout=subprocess.DEVNULL)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "balie.config.settings")
        import django

        django.setup()
        print(shown(fill(asked.months, asked.calls, asked.clients)), flush=True)
        report("other prices", [what_if(asked.months, "1.05", "60/1") for _ in range(asked.runs)])
        report("another increment, first", [what_if(asked.months, "0.95", "30/6")])
        report("another increment, again", [what_if(asked.months, "0.90", "30/6") for _ in range(asked.runs)])


def fill(months: int, calls: int, clients: int) -> dict[str, float]:
    """Calls of so many months, each priced and frozen; the seconds pricing and freezing one takes."""
    from balie.billing.actions import freeze_bills
    from balie.billing.queries import fresh_bills
    from balie.calls import bulk
    from balie.calls.actions import mark_closed
    from balie.calls.models import Call
    from balie.operator.actions import Author
    from balie.tariffs.models import TariffVersion
    from balie.world.loading import load_world

    said = world(clients, individual=False)
    for client in said["clients"]:
        client["contracts"][0]["start"] = "2025-01-01"
    load_world(json.dumps(said).encode(), name="bench", author=Author("bench", NOW))
    base, priced, frozen = rows_of(calls), [], []
    for period in periods(months):
        bulk.put(Call._meta.db_table, bulk.ready(moved(base, period)))
        analyze()
        began = perf_counter()
        bills = fresh_bills(period)
        priced.append(perf_counter() - began)
        freeze_bills(bills=bills, now=NOW)
        mark_closed(month=period.key, now=NOW)
        frozen.append(perf_counter() - began - priced[-1])
    TariffVersion.objects.update(frozen=True)
    return {"a month: bills s": statistics.median(priced), "freezing them s": statistics.median(frozen)}


def periods(months: int) -> "list[Period]":
    """The months up to October 2026."""
    from balie.rules.period import Period

    found = [Period(2026, 10, ZONE)]
    while len(found) < months:
        found.insert(0, found[0].previous())
    return found


def moved(calls: "pl.DataFrame", period: "Period") -> "pl.DataFrame":
    """The same calls spread over another month."""
    import polars as pl

    begin, october = period.begin, datetime(2026, 10, 1, tzinfo=UTC)
    scale = (period.end - begin).total_seconds() / (31 * 86400)
    seconds = ((pl.col("start") - october).dt.total_seconds() * scale).cast(pl.Int64)
    start = pl.lit(begin.replace(tzinfo=UTC)) + pl.duration(seconds=seconds)
    return calls.with_columns(start.alias("start"), pl.lit(f"{period.key}-").add(pl.col("key")).alias("key"))


def analyze() -> None:
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # as the server does by itself some time after so many rows
            cursor.execute("ANALYZE")


def what_if(months: int, price: str, increment: str) -> dict[str, float]:
    """All clients at a draft with these talk minutes."""
    from balie.controlling.models import WhatIf
    from balie.controlling.whatif import LEASE, ask_what_if, run_what_if, what_ifs_due
    from balie.leases.actions import claim
    from balie.operator.actions import Author
    from balie.tariffs.models import Tariff
    from balie.tariffs.queries import unsaved_version

    tariff = Tariff.objects.get(code="T0")
    said: list[dict[str, Any]] = items("31.00")
    said[5] |= {"increment": increment, "steps": [{"up_to": 100, "price": price}, {"price": "0.69"}]}
    draft = unsaved_version(tariff, None, {}, said)
    asked = ask_what_if(tariff=tariff, months=months, author=Author("bench", NOW), draft=draft)
    row = claim(what_ifs_due(), now=NOW, length=LEASE)
    assert row is not None and row == asked
    began, busy = perf_counter(), process_time()
    run_what_if(row, now=NOW, keep=lambda: None)
    seconds, busy = perf_counter() - began, process_time() - busy
    sums = WhatIf.objects.get(pk=asked.pk).sums
    assert sums["unpriced"] == 0
    return {"s": seconds, "of processor s": busy, "bills": float(sums["bills"]), "clients": float(sums["clients"])}


def report(name: str, runs: list[dict[str, float]]) -> None:
    medians = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    print(f"{name}: {shown(medians)}", flush=True)


if __name__ == "__main__":
    main()

"""How fast a month is priced, against one GROUP BY over the same calls.

    python bench/pricing.py --calls 1000000 --clients 5000 [--individual] [--database-url postgresql://…] [--runs 3]

Clients have a tariff of ten items with increments, included minutes, steps, a window and a cost limit; with
--individual each client has one of its own. Prints for each run and as medians: all bills of the month, one GROUP BY
per client, type and minute of talk, and their ratio. In a database of its own.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench.imports import BALIE, fresh_database, shown

if TYPE_CHECKING:
    import polars as pl

GROUP_BY = (
    "SELECT client_id, type, count(*), sum(talk), sum(handling), sum((talk + 59) / 60 * 60) FROM calls_call"
    " WHERE start >= %s AND start < %s AND client_id IS NOT NULL GROUP BY client_id, type"
)
TYPES = ("accepted",) * 7 + ("missed", "forwarded_mobile", "outbound_fixed")
DIRECTIONS = {"forwarded_mobile": "forwarded", "outbound_fixed": "outbound"}
NIGHT = {"days": "mon-fri", "from": "18:00", "to": "08:00"}


def items(price: str) -> list[dict[str, Any]]:
    """Ten items as a world file has them."""
    return [
        {"meter": "basic_fee", "price": price, "in_advance": True},
        {"meter": "basic_fee", "price": "120.00", "cycle": "yearly"},
        {"meter": "user_module", "price": "4.00", "included": 1},
        {"meter": "calls_accepted", "price": "0.95", "included": 10, "cost_limit": True},
        {"meter": "talk_time", "price": "1.10", "increment": "60/1", "window": NIGHT, "cost_limit": True},
        {"meter": "talk_time", "increment": "60/1", "included": 30, "min_seconds": 5, "cost_limit": True,
         "steps": [{"up_to": 100, "price": "0.89"}, {"price": "0.69"}]},
        {"meter": "forwarded_mobile", "price": "0.24", "increment": "1/1"},
        {"meter": "forwarded_fixed", "price": "0.05", "increment": "60/60"},
        {"meter": "calls_outbound", "price": "1.50", "minimum_revenue": True},
        {"meter": "outbound_time", "price": "0.30", "increment": "30/6"},
    ]  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--calls", type=int, default=1_000_000)
    options.add_argument("--clients", type=int, default=5_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--individual", action="store_true")
    options.add_argument("--database-url", help="postgresql://… of any database there; default: SQLite")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="balie-bench-") as home:
        os.environ["BALIE_HOME"] = home
        if asked.database_url:
            os.environ["BALIE_DATABASE_URL"] = fresh_database(asked.database_url, "balie_bench_pricing")
        subprocess.run([BALIE, "init"], check=True, stdout=subprocess.DEVNULL)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "balie.config.settings")
        import django

        django.setup()
        fill(asked.calls, asked.clients, asked.individual)
        runs = [one_run() for _ in range(asked.runs)]
    medians = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    print(f"medians of {asked.runs} runs: {shown(medians)}")


def fill(calls: int, clients: int, individual: bool) -> None:
    """Clients with contracts, and calls spread over October 2026."""
    from django.db import connection

    from balie.calls import bulk
    from balie.calls.models import Call
    from balie.operator.actions import Author
    from balie.world.loading import load_world

    said = json.dumps(world(clients, individual)).encode()
    load_world(said, name="bench", author=Author("bench", datetime.now(UTC)))
    bulk.put(Call._meta.db_table, bulk.ready(rows_of(calls)))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # as the server does by itself some time after so many rows
            cursor.execute("ANALYZE")


def world(clients: int, individual: bool) -> dict[str, Any]:
    """The clients, their contracts and tariffs as a world file."""
    codes = [f"T{n}" for n in range(clients if individual else 3)]
    tariffs = [
        {"code": code, "service": "telephone", "vat_percent": "21", "cost_limit": "900.00", "tolerance_percent": "10",
         "minimum_revenue": "20.00", "items": items(f"{29 + n % 20}.00")}
        for n, code in enumerate(codes)
    ]  # fmt: skip
    said = [
        {"number": f"{1000 + n}", "name": f"Client {n}",
         "contracts": [{"service": "telephone", "tariff": codes[n % len(codes)], "start": "2026-01-01"}]}
        for n in range(clients)
    ]  # fmt: skip
    operator = {"name": "Bench", "timezone": "Europe/Amsterdam", "region": "NL", "currency": "EUR"}
    systems = [{"name": "pbx", "format": "asterisk", "timezone": "UTC", "trunks": ["PJSIP/trunk"]}]
    return {"operator": operator, "phone_systems": systems, "tariffs": tariffs, "clients": said}


def rows_of(calls: int) -> "pl.DataFrame":
    """So many calls of the clients, spread over October 2026."""
    import polars as pl

    from balie.accounts.models import Client
    from balie.calls.models import Source

    rng, begin = random.Random(3), datetime(2026, 10, 1, tzinfo=UTC)
    pks, source = list(Client.objects.values_list("pk", flat=True)), Source.objects.get()
    kinds = rng.choices(TYPES, k=calls)
    talks = [0 if kind == "missed" else int(rng.expovariate(1 / 120)) for kind in kinds]
    return pl.DataFrame(
        {
            "source_id": [source.pk] * calls,
            "key": [f"k{n:08d}" for n in range(calls)],
            "start": sorted(begin + timedelta(seconds=rng.randrange(31 * 86400)) for _ in range(calls)),
            "direction": [DIRECTIONS.get(kind, "inbound") for kind in kinds],
            "type": kinds,
            "caller": "+31612345678",
            "callee": "+31201234501",
            "client_id": rng.choices(pks, k=calls),
            "endpoint": "PJSIP/201",
            "account": "",
            "ring": 5,
            "talk": talks,
            "handling": [talk + 30 if talk else 0 for talk in talks],
            "service": "telephone",
            "billable": True,
            "late": False,
        }
    )


def one_run() -> dict[str, float]:
    from django.db import connection

    from balie.billing.queries import bills
    from balie.rules.period import Period

    period = Period(2026, 10, "Europe/Amsterdam")
    began = perf_counter()
    made = bills(period)
    priced = perf_counter() - began
    assert len(made) > 0 and date(2026, 10, 1) == period.first_day
    began = perf_counter()
    moments: list[Any] = [period.begin, period.end]
    if connection.vendor == "sqlite":
        moments = [f"{moment:%Y-%m-%d %H:%M:%S}" for moment in moments]
    with connection.cursor() as cursor:
        cursor.execute(GROUP_BY, moments)
        cursor.fetchall()
    grouped = perf_counter() - began
    found = {"bills s": priced, "group by s": grouped, "ratio": priced / grouped, "bills": float(len(made))}
    print(shown(found), flush=True)
    return found


if __name__ == "__main__":
    main()

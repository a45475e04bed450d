#!/usr/bin/env python3
"""Measures reports and statements: medians of several runs, on the database of BALIE_DATABASE_URL or a SQLite file.

python bench/statements.py --clients 1000 --calls 300

Makes an installation in a folder of its own, which is removed again; the database named must be empty.
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

RUNS = 7
NOW = datetime(2026, 11, 3, 5, 0, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--calls", type=int, default=300, help="a client and month")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="balie-bench-") as home:
        os.environ["BALIE_HOME"] = home
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "balie.config.settings")
        import django

        django.setup()
        fill(asked.clients, asked.calls)
        measure_reports(asked.clients, asked.calls)
        for rows in (50, 300, 3000):
            measure_statement(rows)
        measure_closing(asked.clients)


def told(what: str, seconds: float, more: str = "") -> None:
    print(f"{what:58} {seconds * 1000:10.1f} ms  {more}", flush=True)


def median(deed: Callable[[int], Any]) -> float:
    """Seconds of the middle one of several runs; each gets its number, so that no cache answers."""
    taken = []
    for run in range(RUNS):
        begin = time.perf_counter()
        deed(run)
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


def fill(clients: int, calls: int) -> None:
    """An operator, clients with a contract, and their calls of October 2026 with the sums kept beside them."""
    from django.core.management import call_command

    from balie.accounts.models import Agent, Client
    from balie.calls.models import Call, ClientMonth, Source
    from balie.contracts.models import Contract
    from balie.operator.models import Operator
    from balie.tariffs.models import Item, Tariff, TariffVersion

    call_command("migrate", verbosity=0)
    address = ["Lindelaan 1", "1000 AA Amsterdam"]
    Operator.objects.update_or_create(id=1, defaults={"name": "Telefoonservice De Linde", "address": address})
    source, tariff = Source.objects.create(name="pbx", format="asterisk"), Tariff.objects.create(code="BENCH")
    version = TariffVersion.objects.create(tariff=tariff, title={"en": "Bench"}, vat_percent=21)
    Item.objects.create(version=version, position=0, meter="talk_time", price="0.89")
    agents = Agent.objects.bulk_create(Agent(code=str(n), name=name) for n, name in enumerate(NAMES, start=201))
    made = Client.objects.bulk_create(
        Client(number=str(1001 + n), name=f"Client {n}", language=("nl", "de", "en")[n % 3]) for n in range(clients)
    )
    Contract.objects.bulk_create(
        Contract(client=client, service="telephone", tariff=tariff, start="2026-01-01") for client in made
    )
    rng = random.Random(1)
    for client in made:
        Call.objects.bulk_create(a_call(rng, client, source, agents, n, calls) for n in range(calls))
        sums = {"month": 202610, "direction": "inbound", "type": "accepted", "calls": calls, "talk": 60 * calls}
        ClientMonth.objects.create(client=client, **sums)


NAMES = ("Anna de Wit", "Bram Kok", "Cas Vos", "Fatima el Amrani", "Jonas Weber", "Sofie Lindqvist")


def a_call(rng: random.Random, client: Any, source: Any, agents: list[Any], number: int, calls: int) -> Any:
    from balie.calls.models import Call

    start = datetime(2026, 10, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(30 * 86400))
    return Call(
        source=source,
        key=f"pbx-{client.pk}-{number}",
        start=start,
        direction="inbound",
        type="accepted",
        caller=f"+316{rng.randrange(10**8):08d}",
        callee="+31201234501",
        client=client,
        agent=rng.choice(agents),
        talk=rng.randrange(3, 900),
    )


def measure_reports(clients: int, calls: int) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from balie.accounts.models import Client
    from balie.rules.period import Period
    from balie.statements.queries import call_report, month_report

    period, client = Period(2026, 10, "Europe/Amsterdam"), Client.objects.all()[0]
    reports: dict[str, Callable[[int], Any]] = {
        f"calls of one client, {calls} rows": lambda run: call_report(client, period),
        f"month report, {clients} clients with {clients * calls} calls": lambda run: month_report(period),
    }
    for what, deed in reports.items():
        with CaptureQueriesContext(connection) as captured:
            deed(0)
        database = sum(float(query["time"]) for query in captured.captured_queries)
        told(what, median(deed), f"{len(captured)} queries, {database * 1000:.0f} ms of it in the database")


def measure_statement(rows: int) -> None:
    """From calls as the database gives them to the finished PDF."""
    from balie.accounts.models import Client
    from balie.operator.models import Operator
    from balie.rules.period import Period
    from balie.statements.exports import pdf
    from balie.statements.paper.press import Printed, printed
    from balie.statements.queries import Fact, report_of

    client, operator = Client(number="1001", name="Bakker Installaties"), Operator(name="De Linde")
    rng, period = random.Random(rows), Period(2026, 10, "Europe/Amsterdam")
    begin = datetime(2026, 10, 1, tzinfo=UTC)

    def facts() -> list[Fact]:
        starts = sorted(begin + timedelta(seconds=rng.randrange(30 * 86400)) for _ in range(rows))
        return [
            Fact(start, "inbound", "accepted", f"+316{rng.randrange(10**8):08d}", "+31201234501", "201")._replace(
                agent_name=rng.choice(NAMES), talk=rng.randrange(900)
            )
            for start in starts
        ]

    found = [facts() for _ in range(RUNS)]
    last: list[Printed] = []

    def deed(run: int) -> None:
        edition = pdf.Edition(operator, NOW, 1)
        last.append(printed(pdf.STATEMENT, pdf.calls_data(report_of(client, period, found[run]), edition)))

    seconds = median(deed)
    told(f"statement of {rows} rows", seconds, f"{len(last[-1].pdf) / 1000:.0f} kB, {last[-1].pages} pages")


def measure_closing(clients: int) -> None:
    """Closing the month with all processors, again without anything to do, and once more with one processor."""
    from django.conf import settings

    from balie.rules.period import Period
    from balie.statements.actions import close_month
    from balie.statements.models import Statement
    from balie.statements.paper.presses import processors

    period = Period(2026, 10, "Europe/Amsterdam")
    all_of_them = processors()
    for what in (f"{all_of_them} processors", "nothing to do"):
        begin = time.perf_counter()
        made = close_month(period=period, by="bench", now=NOW)
        told(f"closing {clients} clients, {what}", time.perf_counter() - begin, f"{made.statements} statements")
    if all_of_them > 1:
        Statement.objects.all().delete()
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        begin = time.perf_counter()
        made = close_month(period=period, by="bench", now=NOW)
        told(f"closing {clients} clients, 1 processor", time.perf_counter() - begin, f"{made.statements} statements")
    folder = Path(settings.FILES_URL) / "statements"
    size = sum(path.stat().st_size for path in folder.rglob("*.pdf"))
    print(f"files: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()

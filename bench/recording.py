"""How fast the recording of a month is looked at: notes matched with calls, checked, reported; and one note taken.

    python bench/recording.py [--calls 100000] [--notes 97000] [--pairs 40x60] [--more 900000] [--runs 3]
                              [--database-url postgresql://…]

So many calls of October 2026, of so many agents and clients, with a note a little after most of them, one in fifty with
something wrong; no note names its call. Prints the seconds of the first look (matching, checking, storing calls,
findings and handling times), those of them that this process had a processor (without the server's), and of the same
again; the most memory it used; and, with --more calls of earlier months in the table, milliseconds of the question
whether anything changed in two months, of the month's report, and of taking a note with a call named by its key. In a
database of its own.
"""

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench.imports import BALIE, fresh_database, shown

if TYPE_CHECKING:
    import polars as pl

NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)
BEGIN = datetime(2026, 10, 1, tzinfo=UTC)
WORDS = (
    "wil",
    "graag",
    "een",
    "offerte",
    "voor",
    "de",
    "badkamer",
    "en",
    "belt",
    "morgen",
    "terug",
    "over",
    "afspraak",
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--calls", type=int, default=100_000)
    options.add_argument("--notes", type=int, default=97_000)
    options.add_argument("--pairs", default="40x60", help="agents x clients")
    options.add_argument("--more", type=int, default=900_000, help="calls of the months before")
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--database-url", help="postgresql://… of any database there; default: SQLite")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="balie-bench-") as home:
        url = fresh_database(asked.database_url, "balie_bench_recording") if asked.database_url else None
        os.environ.update(BALIE_HOME=home, BALIE_DATABASE_URL=url or f"sqlite:///{home}/balie.sqlite3")
        subprocess.run([BALIE, "init"], check=True, stdout=subprocess.DEVNULL)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "balie.config.settings")
        import django

        django.setup()
        agents, clients = (int(part) for part in asked.pairs.split("x"))
        fill(asked.calls, asked.notes, agents, clients)
        print(f"looked at {shown(looks(asked.runs))}", flush=True)
        put_more(asked.more)
        print(f"{shown(questions(asked.runs))}", flush=True)


def fill(calls: int, notes: int, agents: int, clients: int) -> None:
    """The office, its calls with their sums, and their notes."""
    from balie.accounts.models import Agent, Client
    from balie.calls import store
    from balie.calls.models import Source
    from balie.operator.queries import operator

    Agent.objects.bulk_create([Agent(code=f"{201 + n}", name=f"Agent {n}") for n in range(agents)])
    Client.objects.bulk_create(
        [Client(number=f"{1001 + n}", name=f"Client {n}", email=f"info{n}@x.example") for n in range(clients)]
    )
    source = Source.objects.create(name="pbx", format="asterisk", timezone="UTC", newest=NOW)
    store.insert(calls_of(calls, source.pk, BEGIN, "k"), operator())
    put_notes(notes)
    analyze()


def calls_of(count: int, source: int, begin: datetime, mark: str) -> "pl.DataFrame":
    """Calls by the hours of an office in the 31 days from a moment on."""
    import polars as pl

    from balie.accounts.models import Agent, Client
    from balie.calls import store

    rng = random.Random(7)
    seconds = [rng.randrange(31) * 86400 + rng.randrange(8 * 3600, 18 * 3600) for _ in range(count)]
    agents = list(Agent.objects.order_by("pk").values_list("pk", flat=True))
    clients = list(Client.objects.order_by("pk").values_list("pk", flat=True))
    talks = [5 + int(rng.expovariate(1 / 120)) for _ in range(count)]
    rows = pl.DataFrame(
        {
            "source_id": source,
            "key": [f"{mark}{n:08d}" for n in range(count)],
            "start": [begin + timedelta(seconds=second) for second in seconds],
            "direction": "inbound",
            "type": "accepted",
            "caller": "+31612345678",
            "callee": "+31201234501",
            "client_id": rng.choices(clients, k=count),
            "agent_id": rng.choices(agents, k=count),
            "endpoint": "PJSIP/201",
            "account": "",
            "ring": 6,
            "talk": talks,
            "handling": talks,
            "service": "telephone",
            "billable": True,
            "late": False,
        }
    )
    return store.with_local(rows, "Europe/Amsterdam")


def put_notes(count: int) -> None:
    """A note after each of so many calls, in no order."""
    from balie.calls.models import Call
    from balie.notes.models import Note

    rng, made = random.Random(11), []
    rows = list(Call.objects.order_by("pk").values_list("client", "agent", "start", "ring", "talk"))
    for client, agent, start, ring, talk in rng.sample(rows, count):
        at = start + timedelta(seconds=ring + talk + 5 + int(rng.expovariate(1 / 60)))
        text = " ".join(rng.choices(WORDS, k=20)) if rng.random() > 0.02 else "bel terug"
        calls_back = rng.random() < 0.2
        made.append(
            Note(
                client_id=client, agent_id=agent, at=at, received=at, text=text, by="bench",
                outcome="callback" if calls_back else "message",
                callback=f"+316{rng.randrange(10_000_000, 59_999_999)}" if calls_back else "",
            )
        )  # fmt: skip
    Note.objects.bulk_create(made, batch_size=2000)


def put_more(count: int) -> None:
    from balie.calls import store
    from balie.calls.models import Source
    from balie.operator.queries import operator

    source, begin = Source.objects.get().pk, BEGIN
    for part in range(0, count, 100_000):
        begin -= timedelta(days=31)
        store.insert(calls_of(min(100_000, count - part), source, begin, f"m{part}-"), operator())
    analyze()


def analyze() -> None:
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # as the server does by itself some time after so many rows
            cursor.execute("ANALYZE")


def looks(runs: int) -> dict[str, float]:
    """The first look at the month, and the same again."""
    from balie.calls.models import Call
    from balie.notes.models import Note
    from balie.quality.models import Finding
    from balie.rules.period import Period
    from balie.worker.recording import check_month

    october = Period(2026, 10, "Europe/Amsterdam")
    busy = process_time()
    first = seconds(lambda: check_month(october, now=NOW))
    busy = process_time() - busy
    again = statistics.median(seconds(lambda: check_month(october, now=NOW)) for _ in range(runs))
    return {
        "first s": first,
        "of processor s": busy,
        "again s": again,
        "calls": Call.objects.count(),
        "notes": Note.objects.count(),
        "without a call": Note.objects.filter(call=None).count(),
        "findings": Finding.objects.filter(closed=None).count(),
        "MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def questions(runs: int) -> dict[str, float]:
    """Milliseconds."""
    from balie.accounts.models import Agent, Client
    from balie.calls.models import Call
    from balie.notes.actions import Said, take_note
    from balie.notes.queries import call_by_key
    from balie.operator.actions import Author
    from balie.quality.queries import recording
    from balie.quality.stale import ask_for_stale_days
    from balie.rules.period import Period

    october, client, agent = Period(2026, 10, "Europe/Amsterdam"), Client.objects.all()[0], Agent.objects.all()[0]
    said, author = Said(text="Wil graag een offerte voor de badkamer"), Author("bench", NOW)

    def take() -> None:
        take_note(client=client, agent=agent, said=said, call=call_by_key("k00000001"), author=author)

    deeds: dict[str, Callable[[], object]] = {
        "what changed": lambda: ask_for_stale_days(now=NOW),
        "report": lambda: recording(october),
        "note": take,
    }
    found = {name: statistics.median(seconds(deed) for _ in range(2 * runs + 1)) for name, deed in deeds.items()}
    return {**{f"{name} ms": 1000 * value for name, value in found.items()}, "calls": Call.objects.count()}


def seconds(deed: Callable[[], object]) -> float:
    began = perf_counter()
    deed()
    return perf_counter() - began


if __name__ == "__main__":
    main()

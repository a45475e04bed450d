"""How fast SMS go over SMPP: through the gateway alone, and from the outbox through the worker's own lane.

    python bench/sms.py [--texts 10000] [--per-second 500] [--limited 5000] [--window 10] [--runs 3] [--no-worker]
                        [--database-url postgresql://…]

Against a gateway of the tests in a process of its own. Prints texts a second through `submit`, and of a plain loop that
writes the same PDUs, made beforehand, with the same window, in the same run, with their ratio; the seconds in which a
gateway that takes so many a second got as many texts as --limited, against the seconds that takes at best, and how many
texts it refused; then the same texts put into the outbox and sent by the worker's job, in a database of its own, once
unlimited and once limited, until every one is stored as sent.
"""

import argparse
import os
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from bench.imports import BALIE, fresh_database, shown

if TYPE_CHECKING:
    from balie.messages.gateways import Sms
    from balie.messages.gateways.smpp import Smpp

ROOT = Path(__file__).parents[1]
SENDER = "+31201234501"
TEXT = "Terugbelverzoek van dhr. De Vries, tel 0612345678, betreft offerte {}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--texts", type=int, default=10_000)
    options.add_argument("--per-second", type=int, default=500, help="what the slow gateway takes")
    options.add_argument("--limited", type=int, default=5_000, help="texts for the slow gateway")
    options.add_argument("--window", type=int, default=10)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--no-worker", action="store_true")
    options.add_argument("--database-url", help="postgresql://… of any database there; default: SQLite")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="balie-bench-") as home:
        url = fresh_database(asked.database_url, "balie_bench_sms") if asked.database_url else None
        os.environ.update(BALIE_HOME=home, BALIE_DATABASE_URL=url or f"sqlite:///{home}/balie.sqlite3")
        subprocess.run([BALIE, "init"], check=True, stdout=subprocess.DEVNULL)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "balie.config.settings")
        import django

        django.setup()
        runs = [alone(asked) for _ in range(asked.runs)]
        print(f"medians: {shown({name: statistics.median(run[name] for run in runs) for name in runs[0]})}", flush=True)
        print(f"limited: {shown(limited(asked))}", flush=True)
        if not asked.no_worker:
            print(f"worker: {shown(worked(asked.texts, 0, asked.window))}", flush=True)
            print(f"worker, limited: {shown(worked(asked.limited, asked.per_second, asked.window))}", flush=True)


class Server:
    """The gateway of the tests, as a process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.port = int(self.said())

    def said(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline()

    def book(self) -> dict[str, int]:
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        names = ("submitted", "taken", "refused", "confirmed", "most open")
        return dict(zip(names, map(int, self.said().split()), strict=True))


@contextmanager
def serving(*options: str) -> Iterator[Server]:
    command = [sys.executable, "-m", "tests.telephony.smsc", *options]
    process = subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield Server(process)
    finally:
        assert process.stdin
        process.stdin.close()  # which ends it
        process.wait(10)


def texts(number: int) -> "Iterator[Sms]":
    from balie.messages.gateways import Sms

    return (Sms(f"k{n}", SENDER, f"+316{n:08d}", TEXT.format(n)) for n in range(number))


def settings(server: Server, window: int) -> dict[str, str]:
    url = f"smpp://balie@127.0.0.1:{server.port}?window={window}"
    return {"kind": "smpp", "url": url, "password": "geheim"}


@contextmanager
def gateway(server: Server, window: int) -> "Iterator[Smpp]":
    from balie.messages.gateways.smpp import Smpp

    made = Smpp.of(settings(server, window))
    made.look()
    try:
        yield made
    finally:
        made.close()


def alone(asked: Any) -> dict[str, float]:
    """Through `submit`, and the plain way, against one gateway that takes all it gets."""
    from balie.messages.gateways import Accepted

    with serving() as server:
        with gateway(server, asked.window) as line:
            began, busy = time.perf_counter(), time.process_time()
            taken = sum(isinstance(one, Accepted) for one in line.submit(texts(asked.texts)))
            seconds, busy = time.perf_counter() - began, time.process_time() - busy
        plainly = plain(server.port, asked.texts, asked.window)
        assert taken == asked.texts and server.book()["taken"] == 2 * asked.texts
    found = {
        "texts/s": asked.texts / seconds,
        "plain/s": asked.texts / plainly,
        "ratio": seconds / plainly,
        "µs of processor a text": 1e6 * busy / asked.texts,
    }
    print(shown(found), flush=True)
    return found


def plain(port: int, number: int, window: int) -> float:
    """Seconds for the same PDUs, made beforehand: written while the window has room, answers counted."""
    pdus = [submit_sm(n, sms.recipient, sms.text) for n, sms in enumerate(texts(number), 2)]
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        body = b"balie\0geheim\0\0\x34\0\0\0"
        line.sendall(struct.pack(">4I", 16 + len(body), 9, 0, 1) + body)
        line.recv(4096)
        began, written, answered, rest = time.perf_counter(), 0, 0, b""
        while answered < number:
            room = min(number, answered + window)
            if room > written:
                line.sendall(b"".join(pdus[written:room]))
                written = room
            rest += line.recv(65536)
            while len(rest) >= 4 and len(rest) >= (length := int.from_bytes(rest[:4], "big")):
                rest, answered = rest[length:], answered + 1
        return time.perf_counter() - began


def submit_sm(number: int, recipient: str, text: str) -> bytes:
    ends = b"\x01\x01" + SENDER[1:].encode() + b"\0\x01\x01" + recipient[1:].encode() + b"\0"
    body = b"\0" + ends + b"\0\0\0\0\0\x01\0\0\0" + bytes((len(text),)) + text.encode()
    return struct.pack(">4I", 16 + len(body), 4, 0, number) + body


def limited(asked: Any) -> dict[str, float]:
    """A gateway that takes so many a second; what it refused is sent again, as the worker would."""
    from balie.messages.gateways import Accepted, Rejected

    with serving("--per-second", str(asked.per_second)) as server, gateway(server, asked.window) as line:
        began, left, refused = time.perf_counter(), {sms.key: sms for sms in texts(asked.limited)}, 0
        while left:
            for one in line.submit(list(left.values())):
                if isinstance(one, Accepted):
                    del left[one.key]
                refused += isinstance(one, Rejected)
        seconds = time.perf_counter() - began
    # The first second's texts may go at once.
    best = (asked.limited - asked.per_second) / asked.per_second
    return {"s": seconds, "at best s": best, "ratio": seconds / best, "refused": refused}


def worked(number: int, per_second: int, window: int) -> dict[str, float]:
    """From the outbox until every text is stored as sent, by the worker's own job."""
    from balie.messages.models import Outgoing, State
    from balie.operator.models import Operator
    from balie.worker.jobs import lane_called
    from balie.worker.loop import Loop

    queue(number)
    with serving(*(["--per-second", str(per_second)] if per_second else [])) as server:
        Operator.objects.update(sms_gateway=settings(server, window))
        began = time.perf_counter()
        while Outgoing.objects.filter(state__in=(State.WAITING, State.SENDING)).exists():
            Loop(lane_called("sms"), once=True).run()
            time.sleep(0.1)
        seconds = time.perf_counter() - began
        book = server.book()
    assert book["taken"] == number, book
    found = {"texts/s": number / seconds, "s": seconds, "refused": book["refused"]}
    return found | ({"ratio": seconds * per_second / (number - per_second)} if per_second else {})


def queue(number: int) -> None:
    """So many SMS that are due."""
    from balie.accounts.models import Client
    from balie.messages.actions import the_line
    from balie.messages.models import Outgoing

    the_line()
    now = datetime.now(UTC) - timedelta(seconds=1)
    client = Client.objects.get_or_create(number="1001", defaults={"name": "Bakker"})[0]
    Outgoing.objects.all().delete()
    Outgoing.objects.bulk_create(
        [
            Outgoing(
                mark=sms.key, client=client, sender=sms.sender, recipient=sms.recipient, text=sms.text, parts=1,
                by="bench", created=now, due=now,
            )
            for sms in texts(number)
        ],
        batch_size=1000,
    )  # fmt: skip


if __name__ == "__main__":
    main()

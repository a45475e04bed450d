#!/usr/bin/env python3
"""Writes a big file of call records, and the world that goes with it, to measure the importer with.

python bench/generate.py --lines 1000000 --clients 1000 --out calls.csv --world world.json
"""

import argparse
import json
import math
import random
import sys
import time
from bisect import bisect
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from zoneinfo import ZoneInfo

from balie.demo import stories, transfers
from balie.demo.asterisk import CSV, CUSTOM, Exchange
from balie.demo.stories import Line, Meant, Plan, Seat, Story

ZONE = "Europe/Amsterdam"
HOURS = [1, 1, 1, 1, 1, 2, 8, 30, 95, 120, 118, 105, 80, 92, 104, 102, 90, 60, 28, 18, 12, 8, 4, 2]
WEEKDAYS = [1.25, 1.08, 1.0, 1.0, 0.92, 0.28, 0.1]
# What share of all calls each story has, in thousandths.
MIX: list[tuple[int, Story]] = [
    (500, stories.accepted),
    (90, stories.missed),
    (60, stories.outbound),
    (20, stories.internal),
    (15, stories.voicemail),
    (15, stories.unknown_number),
    (90, stories.accepted),  # all telephones ring at once
    (60, stories.one_after_another),
    (65, stories.passed_on),
    (15, stories.passed_on_in_vain),
    (23, transfers.transferred_blind),
    (6, transfers.transferred_in_vain),
    (6, transfers.transferred_to_agent),
    (6, transfers.transferred_attended),
    (2, transfers.attended_to_agent),
    (5, transfers.joined_on_telephone),
    (2, transfers.asked_in_vain),
    (20, stories.by_local_member),
]
RING_ALL = 6  # place in MIX


class Office:
    """The clients' lines, the agents, the callers, and how long people talk: everything a call is drawn from."""

    def __init__(self, clients: int, agents: int, seed: int) -> None:
        self.rng = rng = random.Random(seed)
        self.lines = [
            Line(did(n), f"{1001 + n}", f"c{1001 + n}", told=n % 3 == 0, queue="agents" if n % 2 else "")
            for n in range(clients)
        ]
        self.weights = list(accumulate(rng.lognormvariate(0, 0.9) for _ in self.lines))
        self.seats = [Seat(f"PJSIP/{201 + n}", f"{201 + n}") for n in range(agents)]
        self.callers = [caller(rng) for _ in range(20_000)]
        self.talks = [min(3600.0, rng.lognormvariate(math.log(85), 0.85) + 2) for _ in range(8191)]
        self.rings = [min(28.0, rng.lognormvariate(math.log(7), 0.6) + 1) for _ in range(4093)]

    def line(self) -> Line:
        return self.lines[bisect(self.weights, self.rng.random() * self.weights[-1])]

    def plan(self, start: float, kind: int) -> Plan:
        """One call, at random; `kind` is its place in MIX."""
        random_ = self.rng.random
        line, story = self.line(), MIX[kind][1]
        if story is stories.unknown_number:
            line = Line(f"02099{int(random_() * 90000) + 10000}")
        talk = self.talks[int(random_() * 8191)]
        if story is stories.outbound and random_() < 0.2:
            talk = 0.0
        seats = self.several() if kind >= RING_ALL else (self.seat(),)
        if story is stories.internal:
            seats = self.several()
        ring = self.rings[int(random_() * 4093)]
        caller = self.callers[int(random_() ** 2 * 20_000)]
        return Plan(start, caller, line, seats, ring, talk, self.target(), self.talks[int(random_() * 8191)])

    def seat(self) -> Seat:
        return self.seats[int(self.rng.random() * len(self.seats))]

    def several(self) -> tuple[Seat, ...]:
        first = int(self.rng.random() * len(self.seats))
        return tuple(self.seats[(first + n) % len(self.seats)] for n in range(2 + int(self.rng.random() * 2)))

    def target(self) -> str:
        start = ("068765", "061234", "020555")[int(self.rng.random() * 3)]
        return f"{start}{int(self.rng.random() * 10_000):04d}"


def did(n: int) -> str:
    """The n-th client's number, without the country's code."""
    return f"02{n // 10_000}555{n % 10_000:04d}"


def caller(rng: random.Random) -> str:
    chance, number = rng.random(), rng.randrange(10_000)
    if chance < 0.55:
        return f"06{rng.choice(['1234', '8765', '5512'])}{number:04d}"
    if chance < 0.7:
        return f"+316{rng.choice(['1234', '8765'])}{number:04d}"
    if chance < 0.93:
        return f"0{rng.choice([10, 20, 30, 40, 70])}555{number:04d}"
    return f"+493023125{number % 1000:03d}" if chance < 0.97 else "anonymous"


def starts(day: date, count: int, rng: random.Random) -> list[float]:
    """When the calls of a day begin, in order, by the local hours of an office."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(ZONE)).astimezone(UTC).timestamp()
    hours = rng.choices(range(24), HOURS, k=count)
    return sorted(midnight + (hour + rng.random()) * 3600 for hour in hours)


def written(
    office: Office, exchange: Exchange, days: list[date], lines: int, meant: list[Meant] | None = None
) -> Iterator[str]:
    """The lines in the order in which they appear, a day at a time; a little more than asked for.

    meant: gets the calls these lines mean.
    """
    kinds = range(len(MIX))
    shares = [share for share, _ in MIX]
    weights = [WEEKDAYS[day.weekday()] for day in days]
    done = 0
    for index, day in enumerate(days):
        goal = lines - done if index == len(days) - 1 else round((lines - done) * weights[index] / sum(weights[index:]))
        before = exchange.written
        count = int(goal / 1.461) + 1
        moments = starts(day, count, office.rng)
        for moment, kind in zip(moments, office.rng.choices(kinds, shares, k=count), strict=True):
            calls = MIX[kind][1](exchange, office.plan(moment, kind))
            if meant is not None:
                meant += calls
        done += exchange.written - before
        for _, text in exchange.take(moments[-1] if moments and index < len(days) - 1 else math.inf):
            yield from text.splitlines(keepends=True)


def world(office: Office, first: date, zone: str) -> dict[str, object]:
    """The world file these lines belong to."""
    start = f"{first:%Y}-01-01"
    items = [
        {"title": {"en": "Basic fee"}, "meter": "basic_fee", "price": "39.00"},
        {"title": {"en": "Accepted call"}, "meter": "calls_accepted", "price": "0.95"},
        {"title": {"en": "Talk"}, "meter": "talk_time", "price": "0.89", "increment": "60/1"},
    ]
    tariff = {"code": "BASIS", "service": "telephone", "title": {"en": "Basic"}, "public": True, "from": start}
    contract = {"service": "telephone", "tariff": "BASIS", "start": start}
    return {
        "operator": {"name": "Bench", "timezone": ZONE, "region": "NL", "currency": "EUR", "language": "nl"},
        "phone_systems": [
            {"name": "pbx", "format": "asterisk", "timezone": zone, "trunks": ["PJSIP/trunk"], "account_prefix": "c"}
        ],
        "agents": [
            {"code": seat.code, "name": f"Agent {seat.code}", "endpoint": seat.endpoint} for seat in office.seats
        ],
        "tariffs": [{**tariff, "vat_percent": "21", "items": items}],
        "clients": [
            {"number": line.client, "name": f"Client {line.client}", "contracts": [contract]} for line in office.lines
        ],
        "numbers": [
            {"number": stories.e164(line.number), "client": line.client, "from": start} for line in office.lines
        ],
    }


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--agents", type=int, default=0, help="default: one for every eight clients")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--world", type=Path)
    parser.add_argument("--month", default="2026-10", help="YYYY-MM")
    parser.add_argument("--months", type=int, default=1, help="how many, from that month on")
    parser.add_argument("--zone", default="UTC", help="time zone of the server")
    parser.add_argument("--layout", choices=[CSV, CUSTOM], default=CSV)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def span(month: str, months: int) -> list[date]:
    """All days of so many months."""
    first = date.fromisoformat(month + "-01")
    last = first
    for _ in range(months):
        last = last.replace(day=monthrange(last.year, last.month)[1]) + timedelta(days=1)
    return [first + timedelta(days=n) for n in range((last - first).days)]


def main() -> None:
    begun = time.perf_counter()
    asked = arguments()
    days = span(asked.month, asked.months)
    office = Office(asked.clients, asked.agents or max(4, asked.clients // 8), asked.seed)
    exchange = Exchange("bench", zone=asked.zone, layout=asked.layout)
    count = 0
    with asked.out.open("w", encoding="utf-8", newline="") as file:
        for line in written(office, exchange, days, asked.lines):
            file.write(line)
            count += 1
            if count == asked.lines:
                break
    if asked.world:
        asked.world.write_text(json.dumps(world(office, days[0], asked.zone), indent=1), encoding="utf-8")
    print(f"{count} lines in {time.perf_counter() - begun:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()

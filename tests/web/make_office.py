"""A small answering service with two and a half months of calls and the sums beside them, for pages to show.

Deterministic, without the importer: a test of a page must not depend on how files are read.
"""

import random
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from balie.accounts.models import Agent, Client, User
from balie.calls.models import BadLine, Call, CallCorrection, ClientMonth, Import, Source, SourceHour
from balie.rules.call import CallType, Direction
from balie.statements.models import Closing, Statement
from tests import make
from tests.kept import built_once

ZONE = "Europe/Amsterdam"
NOW = datetime(2026, 11, 23, 10, 42, tzinfo=UTC)  # a Monday, 11:42 in Amsterdam
FIRST_DAY = date(2026, 9, 1)
QUICK = 20
Sums = dict[tuple[Any, ...], list[int]]
NAMES = (
    "Bakker Installaties",
    "Notariskantoor Van Dam",
    "Studio Kraan",
    "Wolff & Zn. Dakdekkers",
    "Fysio Centrum Oost",
    "Kanzlei Weber",
    "Tandartspraktijk De Kies",
    "Makelaardij Zuiderpark",
    "Garage Hendriks",
    "Uitvaartzorg Vredehof en Partners in Noord-Holland",
    "Loodgieter Smit",
    "Advocaten Terpstra",
)
AGENTS = (("201", "Anna de Wit"), ("202", "Bram Kok"), ("203", "Cas Vos"), ("204", "Dina Maas"))
SHARE_OF_HOUR = {8: 4, 9: 9, 10: 11, 11: 10, 12: 6, 13: 6, 14: 9, 15: 9, 16: 7, 17: 3}


@built_once
def office(*, now: datetime = NOW, first_day: date = FIRST_DAY) -> None:
    """Everything a page can show, up to `now`."""
    chance = random.Random(20261123)
    make.operator(timezone=ZONE)
    clients = [client(number, name) for number, name in enumerate(NAMES, start=1001)]
    agents = [make.agent(code, name=name) for code, name in AGENTS]
    pbx = make.source("pbx-1", last_look=now - timedelta(minutes=2), **looked_at(now))
    silent = make.source("pbx-2", last_look=now - timedelta(minutes=2), **looked_at(now))
    calls = list(traffic(chance, clients, agents, [pbx, silent], now, first_day))
    calls += without_client(chance, pbx, now)
    Call.objects.bulk_create(calls)
    count_sums(calls)
    files(pbx, silent, now)
    statements(clients, now)


def looked_at(now: datetime) -> dict[str, Any]:
    url = "sftp://balie@pbx.example.com/var/log/asterisk/cdr-csv/Master*.csv"
    return {"files": {"url": url}, "look_every": 15, "next_look": now + timedelta(minutes=13), "newest": now}


def client(number: int, name: str) -> Client:
    language = "de" if "Kanzlei" in name else "nl"
    made = make.client(str(number), name=name, language=language, email=f"info@{number}.example.com")
    make.number(made, f"+3120123{number:04d}", first=date(2026, 1, 1))
    make.contract(made)
    return made


def traffic(
    chance: random.Random,
    clients: list[Client],
    agents: list[Agent],
    sources: list[Source],
    now: datetime,
    first_day: date,
) -> Any:
    """Calls of every day until now; the second source falls silent on the last morning."""
    day, last = first_day, now.astimezone(ZoneInfo(ZONE)).date()
    while day <= last:
        busy = 0.18 if day.weekday() >= 5 else 1.0
        for hour, share in SHARE_OF_HOUR.items():
            for _ in range(round(share * busy * chance.uniform(0.7, 1.4))):
                local = datetime.combine(day, time(hour, chance.randrange(60), chance.randrange(60)), ZoneInfo(ZONE))
                source = chance.choice(sources)
                silent = source is sources[1] and day == last and hour >= 9
                if local.astimezone(UTC) <= now and not silent:
                    yield from one_call(chance, chance.choice(clients), chance.choice(agents), source, local)
        day += timedelta(days=1)


def one_call(chance: random.Random, client: Client, agent: Agent, source: Source, local: datetime) -> list[Call]:
    """An inbound call, sometimes missed, sometimes forwarded; now and then a call on behalf of the client instead."""
    key = f"pbx-{local.timestamp():.0f}.{chance.randrange(10**6)}"
    caller = chance.choice((f"+316{chance.randrange(10**7, 10**8)}", "+31205550120", "+4930123456", ""))
    shared = {"source": source, "client": client, "start": local.astimezone(UTC), "service": "telephone"}
    kind, ring, talk = chance.random(), chance.randrange(3, 40), chance.randrange(20, 420)
    if kind < 0.06:
        missed = {"direction": Direction.INBOUND, "type": CallType.MISSED, "caller": caller, "agent": None}
        return [Call(key=key, callee=number_of(client), ring=ring + 10, **missed, **shared)]
    if kind < 0.1:
        out = {"direction": Direction.OUTBOUND, "type": CallType.OUTBOUND_FIXED, "agent": agent, "talk": talk}
        return [Call(key=key, caller=number_of(client), callee="+31307654321", ring=ring, **out, **shared)]
    taken = {"direction": Direction.INBOUND, "type": CallType.ACCEPTED, "agent": agent, "talk": talk}
    calls = [Call(key=key, caller=caller, callee=number_of(client), ring=ring, **taken, **shared)]
    if kind > 0.93:
        onward = {"direction": Direction.FORWARDED, "type": CallType.FORWARDED_MOBILE, "agent": agent}
        calls.append(Call(key=f"{key}/1", caller=caller, callee="+31687650006", talk=talk * 2, **onward, **shared))
    return calls


def number_of(client: Client) -> str:
    return f"+3120123{int(client.number):04d}"


def without_client(chance: random.Random, source: Source, now: datetime) -> list[Call]:
    """Fourteen calls to three numbers that nobody has."""
    made = []
    for at, number in enumerate(["+31201231099"] * 8 + ["+31201231098"] * 4 + ["+31881234567"] * 2):
        shared = {"source": source, "direction": Direction.INBOUND, "type": CallType.ACCEPTED, "talk": 61}
        start = now - timedelta(hours=3 + at * 5)
        made.append(Call(key=f"lost-{at}", start=start, caller="+31612345678", callee=number, ring=9, **shared))
    return made


def count_sums(calls: list[Call]) -> None:
    """The sums beside the calls, as the importer keeps them."""
    months: Sums = defaultdict(lambda: [0, 0, 0, 0])
    hours: Sums = defaultdict(lambda: [0, 0, 0, 0])
    for call in calls:
        local = call.start.astimezone(ZoneInfo(ZONE))
        quick = int(call.type == CallType.ACCEPTED and call.ring <= QUICK)
        keys: list[tuple[Sums, tuple[Any, ...]]] = [(hours, (call.source_id, local.date(), local.hour, str(call.type)))]
        if call.client_id:
            key = call.client_id, local.year * 100 + local.month, str(call.direction), str(call.type)
            keys.append((months, key))
        for table, key in keys:
            for at, amount in enumerate((1, call.talk, call.ring, quick)):
                table[key][at] += amount
    named = ("calls", "talk", "ring", "quick")
    ClientMonth.objects.bulk_create(
        ClientMonth(client_id=c, month=m, direction=d, type=t, **dict(zip(named, row, strict=True)))
        for (c, m, d, t), row in months.items()
    )
    SourceHour.objects.bulk_create(
        SourceHour(source_id=s, day=d, hour=h, type=t, **dict(zip(named, row, strict=True)))
        for (s, d, h, t), row in hours.items()
    )


def files(pbx: Source, silent: Source, now: datetime) -> None:
    """Imports of the last days, one of them with lines nobody can read, one that failed."""
    for source in (pbx, silent):
        for back in range(6):
            at = now - timedelta(minutes=2, days=back)
            counts = {"lines": 412 - back, "calls": 131, "inbound": 121, "forwarded": 7, "outbound": 3, "internal": 4}
            read = {"started": at, "finished": at, "sha256": f"{source.pk}{back}", "size": 81_000, "duplicates": 201}
            Import.objects.create(source=source, name=f"Master-{at:%Y%m%d}.csv", unassigned=back % 2, **read, **counts)
    broken = Import.objects.filter(source=pbx).order_by("started")[2]
    Import.objects.filter(pk=broken.pk).update(rejected=3)
    reasons = (
        ("The start “2026-11-31 09:12:00” is no time.", '"","0612345678","+31201231001","trunk","2026-11-31 09:12:00"'),
        ("The line has 7 columns; 16 to 21 are needed.", "=HYPERLINK(1),<script>alert(1)</script>,x,y,z,7"),
        ("Its group ended more than 48 hours before the newest line.", "x" * 900),
    )
    BadLine.objects.bulk_create(
        BadLine(source=pbx, imported=broken, line=17 * n, reason=reason, text=text, digest=f"d{n}")
        for n, (reason, text) in enumerate(reasons, start=1)
    )
    failed = {"started": now - timedelta(days=2), "finished": now, "problem": "holiday.jpg: this is no call file."}
    Import.objects.create(source=silent, name="holiday.jpg", sha256="f", size=4_100_000, **failed)
    Source.objects.filter(pk=silent.pk).update(newest=now - timedelta(hours=2, minutes=32))


def statements(clients: list[Client], now: datetime) -> None:
    """September is closed; one client has a second revision."""
    from balie.calls.models import ClosedMonth

    at = datetime(2026, 10, 3, 4, 0, tzinfo=UTC)
    ClosedMonth.objects.create(month=202609, at=at)
    Closing.objects.create(month=202609, asked=at, done=at, clients=len(clients), clients_done=len(clients))
    for client in clients:
        for revision in (1, 2) if client.number == "1001" else (1,):
            kept = {"path": f"202609/{client.number}-{revision}.pdf", "sha256": "ab12" * 16, "content_sha256": "c" * 64}
            made = {"created": at + timedelta(days=revision - 1), "pages": 3, "rows": 118}
            Statement.objects.create(client=client, month=202609, revision=revision, **kept, **made)


def correction(call: Call, by: str = "Marit de Boer") -> CallCorrection:
    return CallCorrection.objects.create(
        source=call.source, key=call.key, billable=False, reason="Test call", by=by, at=NOW, before_client=call.client
    )


def manager(email: str = "marit@example.com", **values: Any) -> User:
    return make.user(email, name="Marit de Boer", **values)

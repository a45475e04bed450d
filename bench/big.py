"""An operator as large as real ones, made at once: what bench/pages.py asks for pages.

Written by the project's own bulk writers; what is kept beside calls and notes (bills, economics, findings, forecasts)
is worked out as the worker does.
"""

import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bench.pricing import DIRECTIONS, TYPES, world

if TYPE_CHECKING:
    import polars as pl

    from balie.rules.period import Period

ZONE, AGENTS, SPARE = "Europe/Amsterdam", 150, 300
WORDS = ("wil", "graag", "een", "offerte", "voor", "de", "badkamer", "en", "belt", "morgen", "terug", "over", "vrijdag")
REASONS = ("afspraak", "offerte", "klacht", "storing", "terugbelverzoek", "factuur")
HTML = '<table><tr><td style="font-family:Inter,sans-serif;font-size:15px;line-height:1.5">%s</td></tr></table>' * 4


@dataclass(frozen=True)
class Size:
    """How large: clients, months with so many calls each, notes over the last three of them."""

    clients: int = 2_000
    months: int = 13
    calls: int = 200_000
    notes: int = 500_000


def fill(size: Size, now: datetime, told: Callable[[str], None]) -> None:
    """All of it. told: called with each part once it is there."""
    from balie.rules.period import Period

    periods = [Period.of(now, ZONE)]
    while len(periods) < size.months:
        periods.insert(0, periods[0].previous())
    of_months: list[tuple[str, Sequence[Period], Callable[[Period], None]]] = [
        ("calls", periods, lambda one: put_calls(size.calls, one, now)),
        ("notes", periods[-3:], lambda one: put_notes(size.notes // 3, one, now)),
        ("recording", periods[-3:], lambda one: look_at(one, now)),
        ("bills", periods[:-1], lambda one: close(one, now, statements=one == periods[-2])),
    ]
    put_people(size, periods[0].first_day, now)
    put_sms(size.clients * 25, periods[-3:])  # before months are closed: what comes later is corrected
    for name, months, make in of_months:
        began = time.perf_counter()
        for month in months:
            make(month)
        analyze()
        told(f"{name} {time.perf_counter() - began:.0f} s")
    put_orders(size.clients // 4, now)
    put_log(size.clients * 50, now)
    work_out(now)
    analyze()


def put_people(size: Size, first_day: date, now: datetime) -> None:
    """Clients with contracts, numbers and a user each; agents; a manager, and an agent who logs in."""
    from balie.accounts.models import Agent, Client, Role, User
    from balie.operator.actions import Author
    from balie.world.loading import load_world

    said = world(size.clients, individual=False)
    for at, client in enumerate(said["clients"]):
        client |= {"name": f"{WORDS[at % len(WORDS)].title()} {at} B.V.", "email": f"info{at}@x.example"}
        client["contracts"][0]["start"] = first_day.isoformat()
    said["operator"] |= {"costs": {"agent_per_hour": "28.00"}}
    said["agents"] = [
        {"code": f"{2000 + n}", "name": f"Agent {n}", "endpoint": f"PJSIP/{2000 + n}"} for n in range(AGENTS)
    ]
    said["numbers"] = [
        {"number": f"020555{n:04d}"} | ({"client": f"{1000 + n}"} if n < size.clients else {})
        for n in range(size.clients + SPARE)
    ]
    load_world(json.dumps(said).encode(), name="bench", author=Author("bench", now))
    User.objects.create_user("manager@x.example", role=Role.MANAGER, name="Marit")
    User.objects.create_user("agent@x.example", role=Role.AGENT, agent=Agent.objects.all()[0], name="Anna")
    clients = Client.objects.order_by("pk")
    User.objects.bulk_create(User(email=f"owner{one.pk}@x.example", client=one, owner=True) for one in clients)


def put_calls(count: int, period: "Period", now: datetime) -> None:
    """Calls of office hours, a few clients with most of them; one in two hundred is nobody's."""
    import polars as pl

    from balie.accounts.models import Agent, Client
    from balie.calls import store
    from balie.calls.models import Source
    from balie.operator.queries import operator

    rng, begin = random.Random(period.key), period.begin
    days = max(1, (min(now, period.end) - begin).days)
    clients = list(Client.objects.order_by("pk").values_list("pk", flat=True))
    agents = list(Agent.objects.order_by("pk").values_list("pk", flat=True))
    weights = [rng.lognormvariate(0, 1) for _ in clients]
    kinds = rng.choices(TYPES, k=count)
    talks = [0 if kind == "missed" else 5 + int(rng.expovariate(1 / 120)) for kind in kinds]
    picked = rng.choices(range(len(clients)), weights, k=count)
    lost = [rng.random() < 0.005 for _ in kinds]
    both = list(zip(picked, lost, strict=True))
    rows = pl.DataFrame({
        "source_id": Source.objects.get().pk,
        "key": [f"k{period.key}-{n:08d}" for n in range(count)],
        "start": sorted(
            begin + timedelta(days=rng.randrange(days), seconds=rng.randrange(7 * 3600, 19 * 3600)) for _ in kinds
        ),
        "direction": [DIRECTIONS.get(kind, "inbound") for kind in kinds],
        "type": kinds,
        "caller": [f"+316{rng.randrange(20_000):08d}" for _ in kinds],
        "callee": [f"+3188{at % 40:07d}" if gone else f"+3120555{at:04d}" for at, gone in both],
        "client_id": [None if gone else clients[at] for at, gone in both],
        "agent_id": [rng.choice(agents) if talk else None for talk in talks],
        "endpoint": "PJSIP/2000", "account": "", "ring": [rng.randrange(2, 40) for _ in kinds],
        "talk": talks, "handling": talks, "service": "telephone", "billable": True, "late": False,
    })  # fmt: skip
    store.insert(store.with_local(rows.with_columns(pl.col("start").dt.convert_time_zone("UTC")), ZONE), operator())


def close(period: "Period", now: datetime, *, statements: bool) -> None:
    """The month is closed: wholly, or without the files of its statements."""
    from balie.billing.actions import freeze_bills
    from balie.billing.queries import fresh_bills
    from balie.calls.actions import mark_closed
    from balie.statements.actions import close_month
    from balie.statements.models import Closing, Statement

    if statements:
        close_month(period=period, by="bench", now=now)
        return
    bills = fresh_bills(period)
    freeze_bills(bills=bills, now=now)
    mark_closed(month=period.key, now=now)
    at = period.end + timedelta(days=2)
    said: dict[str, Any] = {"month": period.key, "revision": 1, "created": at, "sha256": "0" * 64, "pages": 3}
    Closing.objects.create(month=period.key, asked=at, done=at, clients=len(bills), clients_done=len(bills))
    Statement.objects.bulk_create(
        [Statement(client=one.client, path=f"statements/{period}/{one.client.number}-r1.pdf", **said) for one in bills],
        batch_size=500,
    )


def put_notes(count: int, period: "Period", now: datetime) -> None:
    """A note after most accepted calls with its mail, one in fifty too short; the older ones read."""
    import polars as pl
    from django.db.models import Max

    from balie.calls.models import Call
    from balie.notes.models import Delivery, Note
    from balie.notifications.models import Mail

    rng = random.Random(period.key)
    calls = Call.objects.filter(start__gte=period.begin, start__lt=min(period.end, now), client__isnull=False)
    found = list(calls.filter(talk__gt=0).order_by("pk").values_list(*CALL))
    rows = pl.DataFrame(sorted(rng.sample(found, min(count, len(found)))), schema=list(CALL.values()), orient="row")
    texts = [" ".join(rng.choices(WORDS, k=40)) if rng.random() > 0.02 else "bel terug" for _ in range(rows.height)]
    first_note, first_mail = ((Model.objects.aggregate(Max("pk"))["pk__max"] or 0) + 1 for Model in (Note, Mail))
    after = pl.Series([20 + int(rng.expovariate(1 / 60)) for _ in texts])
    rows = rows.with_columns(
        (pl.col("start") + pl.duration(seconds=pl.col("talk") + after)).alias("at"), pl.Series("text", texts),
        (first_note + pl.int_range(pl.len())).alias("note"), (first_mail + pl.int_range(pl.len())).alias("mail"),
    )  # fmt: skip
    read = pl.when(pl.col("at") < now - timedelta(days=3)).then(pl.col("at"))
    put(Note, rows.select(
        "client_id", "agent_id", "call_id", "given", "at", "caller", "text", id="note", received="at", read=read,
        callback="caller", caller_name=pl.format("{} {}", pl.lit("Jan"), pl.col("call_id") % 900), by=pl.lit("bench"),
        reason=pl.Series([rng.choice(REASONS) for _ in texts]), urgency=pl.lit("normal"), version=1,
        outcome=pl.Series(["callback" if rng.random() < 0.2 else "message" for _ in texts]), fields=pl.lit("{}"),
        email=pl.lit(""), promised=pl.lit(""),
    ))  # fmt: skip
    put(Mail, rows.select(
        "text", id="mail", kind=pl.lit("call_note"), key=pl.format("note:{}", "given"), language=pl.lit("nl"),
        about=pl.format("client:{}", "number"), recipient=pl.format("info{}@x.example", "number"), attempts=1,
        subject=pl.format("Notitie {}", "given"), html=pl.concat_str([pl.lit(HTML), "text"]), created="at", due="at",
        message_id=pl.format("{}@x.example", "given"), sent="at", problem=pl.lit(""), parked=pl.lit(""),
        lease_until=pl.lit(FREE),
    ))  # fmt: skip
    put(Delivery, rows.select(
        note_id="note", version=1, kind=pl.lit("mail"), mail_id="mail", copy=False,
        **{'"to"': pl.format("info{}@x.example", "number")},
    ))  # fmt: skip


def put(model: Any, rows: "pl.DataFrame") -> None:
    """Rows with ids of their own, as many at once as the database takes."""
    import polars as pl
    from django.core.management.color import no_style
    from django.db import connection

    from balie.calls import bulk

    named = {name.strip('"') for name in rows.columns}
    others = [one for one in model._meta.local_fields if one.column not in named and not one.null]
    rows = rows.with_columns(pl.lit(one.get_default()).alias(one.column) for one in others if not one.primary_key)
    bulk.put(model._meta.db_table, bulk.ready(rows))
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


CALL = {"pk": "call_id", "key": "given", "client": "client_id", "client__number": "number", "agent": "agent_id",
        "start": "start", "talk": "talk", "caller": "caller"}  # fmt: skip
FREE = datetime(1970, 1, 1, tzinfo=UTC)


def put_sms(count: int, periods: "list[Period]") -> None:
    """SMS of a list, and as many of ours."""
    import polars as pl

    from balie.accounts.models import Client
    from balie.messages import rows as frames
    from balie.messages import store
    from balie.messages.models import Outgoing, SmsSource

    rng, source = random.Random(5), SmsSource.objects.create(name="gateway")
    clients = list(Client.objects.order_by("pk").values_list("pk", flat=True))
    moments = sorted(
        rng.choice(periods).begin + timedelta(days=rng.randrange(25), seconds=rng.randrange(86400))
        for _ in range(count // 2)
    )
    whose = [rng.choice(clients) for _ in moments]
    told = pl.DataFrame({
        "key": [f"s{n}" for n in range(len(moments))], "sent_at": moments, "sender": "Balie", "text": "Bel terug",
        "recipient": [f"+316{rng.randrange(20_000):08d}" for _ in moments], "parts": 1, "account": "",
        "client_id": whose, "late": False,
    })  # fmt: skip
    told = told.with_columns(pl.col("sent_at").dt.convert_time_zone("UTC"))
    store.insert(frames.with_local(told, ZONE), source=source.pk)
    states = ["delivered"] * 95 + ["failed"] * 3 + ["unknown", "withheld"]
    Outgoing.objects.bulk_create(
        (Outgoing(mark=f"m{n}", key=f"k{n}", client_id=client, sender="Balie", recipient=f"+316{n:08d}", by="bench",
                  text="Bel terug", parts=1, created=at, due=at, accepted=at, state=rng.choice(states))
         for n, (client, at) in enumerate(zip(whose, moments, strict=True))), batch_size=500,
    )  # fmt: skip


def put_orders(count: int, now: datetime) -> None:
    """Orders that came to contracts; some under way, of clients without one; services cancelled."""
    from balie.accounts.models import Client
    from balie.contracts.actions import cancel_service, place_order
    from balie.contracts.models import Contract, Order, OrderStep
    from balie.operator.actions import Author
    from balie.tariffs.models import Tariff

    author, tariff = Author("bench", now), Tariff.objects.all()[0]
    Tariff.objects.update(public=True)
    for at, one in enumerate(Contract.objects.select_related("client").order_by("pk")[:count]):
        placed = now - timedelta(days=1 + at % 360)
        said = {"client": one.client, "service": "telephone", "tariff_id": one.tariff_id, "by": "bench"}
        made = Order.objects.create(contract=one, status="active", placed=placed, due=placed, **said)
        OrderStep.objects.create(order=made, status="active", at=placed)
    for at in range(count // 10):
        place_order(client=Client.objects.create(number=f"9{at:05d}", name=f"Nieuw {at}"), tariff=tariff, author=author)
    for at, who in enumerate(Client.objects.filter(contracts__isnull=False).order_by("-pk")[60 : 60 + count // 5]):
        when = Author("bench", now - timedelta(days=at % 80))
        cancel_service(client=who, service="telephone", reason=REASONS[at % 6], author=when)


def put_log(count: int, now: datetime) -> None:
    from balie.operator.models import LogEntry

    deeds = ("call.corrected", "note.corrected", "client.changed", "mail.sent_again", "booking.changed")
    LogEntry.objects.bulk_create(
        (LogEntry(at=now - timedelta(minutes=5 * (count - n)), who="Marit", deed=deeds[n % 5],
                  about=f"client:{1000 + n % 2000}", details={"reason": ["", "test"]}) for n in range(count)),
        batch_size=500,
    )  # fmt: skip


def look_at(period: "Period", now: datetime) -> None:
    """As the worker looks at notes and counts how calls are recorded."""
    from balie.worker.recording import check_month

    check_month(period, now=now)


def work_out(now: datetime) -> None:
    """What the worker would by now have worked out."""
    from balie.controlling import forecasting, keep
    from balie.controlling.actions import watch
    from balie.controlling.models import ForecastMonth
    from balie.controlling.queries import economics_due
    from balie.leases.actions import claim
    from balie.operator.actions import Author
    from balie.quality.counted import count_changed
    from balie.worker.win_backs import look_after

    while count_changed(now.date(), now=now + timedelta(minutes=2)):  # the world was loaded just now
        pass
    keep.ask_for_stale(now=now)
    while economics := claim(economics_due(), now=now, length=keep.LEASE):
        keep.work_out(economics, now=now)
    forecasting.ask_for_forecasts(now=now)
    while forecast := claim(forecasting.forecasts_due(), now=now, length=forecasting.LEASE):
        forecasting.work_out(forecast, now=now)
    assert ForecastMonth.objects.exists()
    watch(author=Author("worker", now))
    look_after(now)


def analyze() -> None:
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # as the server does by itself some time after so many rows
            cursor.execute("VACUUM ANALYZE")

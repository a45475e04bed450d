"""The sample operator's tables, and everything an import leaves behind in a form that can be compared."""

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from balie.accounts.models import Agent, AgentEndpoint
from balie.calls.actions import ImportResult, import_calls
from balie.calls.models import AgentDay, Call, ClientMonth, Source, SourceHour
from balie.numbers.models import Assignment, Number
from tests import make

SAMPLES = Path(__file__).parent.parent / "samples"
NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


def sample_world(**source: Any) -> Source:
    """The clients, agents and numbers of samples/world.json, made directly."""
    world = json.loads((SAMPLES / "world.json").read_text())
    make.operator()
    clients = {each["number"]: make.client(each["number"], name=each["name"]) for each in world["clients"]}
    for each in world["agents"]:
        agent = Agent.objects.create(code=each["code"], name=each["name"])
        AgentEndpoint.objects.create(agent=agent, endpoint=each["endpoint"])
    for each in world["numbers"]:
        number = Number.objects.create(number=each["number"])
        if "client" in each:
            Assignment.objects.create(number=number, client=clients[each["client"]], first_day=date(2026, 1, 1))
    return make.source(**source)


def emptied() -> Source:
    """The same tables as if nothing had ever been imported."""
    for model in (Call, ClientMonth, AgentDay, SourceHour, Source):
        model.objects.all().delete()
    return make.source()


def take(source: Source, data: bytes, name: str = "Master.csv") -> ImportResult:
    """Imports some bytes."""
    return import_calls(source=source, name=name, data=io.BytesIO(data), now=NOW)


def calls() -> list[tuple[Any, ...]]:
    """Every stored call, whole but for its row number."""
    return list(
        Call.objects.order_by("start", "key").values_list(
            "key", "start", "direction", "type", "caller", "callee", "client__number", "agent__code", "endpoint",
            "account", "ring", "talk", "handling", "billable", "late",
        )
    )  # fmt: skip


def sums() -> list[str]:
    """Every sum that is not zero."""
    months = ClientMonth.objects.values_list(
        "client__number", "month", "direction", "type", "calls", "talk", "ring", "quick"
    )
    days = AgentDay.objects.values_list("agent__code", "day", "type", "calls", "talk")
    hours = SourceHour.objects.values_list("source__name", "day", "hour", "type", "calls", "talk", "ring", "quick")
    return sorted(str(row) for row in [*months.exclude(calls=0), *days.exclude(calls=0), *hours.exclude(calls=0)])


def counted() -> list[str]:
    """The sums as they should be, counted from the calls one by one."""
    from collections import Counter
    from zoneinfo import ZoneInfo

    months: Counter[Any] = Counter()
    days: Counter[Any] = Counter()
    hours: Counter[Any] = Counter()
    found: list[Any] = []
    for call in Call.objects.select_related("client", "agent", "source"):
        local = call.start.astimezone(ZoneInfo("Europe/Amsterdam"))
        quick = int(call.type == "accepted" and call.ring <= 20)
        if call.client:
            key = (call.client.number, local.year * 100 + local.month, call.direction, call.type)
            for place, value in enumerate((1, call.talk, call.ring, quick)):
                months[key, place] += value
        if call.agent:
            for place, value in enumerate((1, call.talk)):
                days[(call.agent.code, local.date(), call.type), place] += value
        for place, value in enumerate((1, call.talk, call.ring, quick)):
            hours[(call.source.name, local.date(), local.hour, call.type), place] += value
    for counter, width in ((months, 4), (days, 2), (hours, 4)):
        keys = {key for key, _ in counter}
        found += [(*key, *(counter[key, place] for place in range(width))) for key in keys]
    return sorted(str(row) for row in found)

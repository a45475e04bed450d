"""Another time zone of the operator makes other days: the sums beside the calls follow."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from balie.calls.actions import import_calls, mark_closed
from balie.calls.models import AgentDay, Call, ClientMonth, Source, SourceHour
from tests import make
from tests.world.sample import load, refusal, sample

pytestmark = pytest.mark.django_db


def sums() -> list[Any]:
    """All sums, without their keys in the tables."""
    return [
        sorted(ClientMonth.objects.values_list("client__number", "month", "type", "calls", "talk")),
        sorted(AgentDay.objects.filter(calls__gt=0).values_list("agent__code", "day", "type", "calls", "talk")),
        sorted(SourceHour.objects.filter(calls__gt=0).values_list("day", "hour", "type", "calls", "talk")),
    ]


def read(samples: Path) -> None:
    data = (samples / "asterisk/Master.csv").read_bytes()
    import_calls(source=Source.objects.get(), name="Master.csv", data=data, now=make.NOW)


def test_sums_are_as_if_imported_in_the_new_zone(samples: Path) -> None:
    load(sample())
    read(samples)
    world = sample()
    world["operator"]["timezone"] = "Pacific/Pago_Pago"
    load(world)
    assert {row.day for row in AgentDay.objects.filter(calls__gt=0)} == {date(2026, 11, 22)}
    after = sums()
    for model in (Call, ClientMonth, AgentDay, SourceHour, Source):
        model._default_manager.all().delete()
    load(world)
    read(samples)
    assert after == sums()


def test_number_that_moved_that_day_is_found_by_the_new_days(samples: Path) -> None:
    world = sample()
    world["numbers"][0] |= {"from": "2026-11-23"}
    world["numbers"].append({"number": "+31201234501", "client": "1002", "to": "2026-11-22"})
    load(world)
    read(samples)
    world["operator"]["timezone"] = "Pacific/Pago_Pago"
    assert load(world).moved_calls == 1
    call = Call.objects.get(callee="+31201234501")
    assert call.client and call.client.number == "1002"


def test_zone_stays_once_a_month_is_closed() -> None:
    load(sample())
    mark_closed(month=202610, now=make.NOW)
    load(sample())
    assert refusal({"operator": {"timezone": "Europe/Berlin"}})[0] == "operator.timezone"

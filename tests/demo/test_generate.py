"""The big files of the benchmark are of the same kind as the demo's, and mean what they say."""

import json
from collections import Counter
from datetime import UTC, datetime

import pytest

from balie.calls.actions import import_calls
from balie.calls.models import Call, Source
from balie.demo.asterisk import CSV, CUSTOM, Exchange
from balie.demo.stories import Meant
from balie.operator.actions import Author
from balie.world.loading import load_world
from bench.generate import Office, span, world, written

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(("layout", "zone"), [(CSV, "UTC"), (CUSTOM, "Europe/Amsterdam")])
def test_generated_month_means_what_it_says(layout: str, zone: str) -> None:
    office, days = Office(clients=12, agents=5, seed=3), span("2026-10", 1)
    meant: list[Meant] = []
    lines = list(written(office, Exchange("bench", zone=zone, layout=layout), days, 6000, meant))
    said = json.dumps(world(office, days[0], zone)).encode()
    load_world(said, name="bench", author=Author("test", NOW))
    result = import_calls(source=Source.objects.get(), name="bench", data="".join(lines).encode(), now=NOW)
    assert (result.lines, result.calls, result.rejected) == (len(lines), len(meant), 0)
    kinds = Call.objects.values_list("client__number", "type", "agent__code", "talk", "callee")
    found = Counter((client or "", kind, agent or "", talk, callee) for client, kind, agent, talk, callee in kinds)
    wanted = Counter((call.client, call.type, call.agent, call.talk, call.callee) for call in meant)
    assert sorted((wanted - found).elements())[:5] == sorted((found - wanted).elements())[:5]

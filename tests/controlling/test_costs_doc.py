"""Costs from a day on, of a group and fixed: every figure of the table in docs/controlling.md, section 6."""

from datetime import UTC, date, datetime, timedelta

import pytest

from balie.accounts.models import Agent, AgentGroup, Client
from balie.operator.models import CostsFrom, FixedCost
from tests import make
from tests.controlling.economy import kept
from tests.controlling.test_controlling_doc import rows

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
TABLE = rows("| client | calls | minutes until")
SPREADS = ("calls", "minutes", "revenue", "client")


@pytest.fixture(autouse=True)
def house() -> None:
    """The clients with the minutes of the table; their calls, all but a few, of no time to speak of."""
    make.operator(timezone="Europe/Amsterdam", costs={"agent_per_hour": "30.00"})
    night, day = AgentGroup.objects.create(name="Night"), make.agent("201")
    late = make.agent("202", group=night)
    own = {str(night.pk): "45.00"}
    costs = {"agent_per_hour": "36.00"}
    CostsFrom.objects.create(first_day=date(2026, 10, 16), costs=costs, groups=own, made=NOW, by="")
    for number, calls, before, after, of_night, revenue, *_rest in TABLE:
        fee = {"meter": "basic_fee", "price": revenue}
        client = make.client(number)
        make.contract(client, tariff=make.tariff(f"T{number}", items=(fee,)))
        parts = [(15, day, int(before)), (16, day, int(after) - int(of_night)), (16, late, int(of_night))]
        worked(client, int(calls), [part for part in parts if part[2]])


def worked(client: Client, calls: int, parts: list[tuple[int, Agent, int]]) -> None:
    """So many calls: the minutes of each part in one of them, the others talked in for no handled time."""
    for at, (of_month, agent, minutes) in enumerate(parts):
        start = datetime(2026, 10, of_month, 9 + at, tzinfo=UTC)
        make.call(client, start=start, talk=minutes * 60, agent=agent)
    begin = datetime(2026, 10, 20, 9, tzinfo=UTC)
    for at in range(calls - len(parts)):
        make.call(client, start=begin + timedelta(minutes=at), talk=1, handling=0)


def test_costs_of_each_day_and_group() -> None:
    told = [
        [row.client.number, str(row.calls), f"{row.revenue:.2f}", f"{row.cost:.2f}", f"{row.revenue - row.cost:.2f}"]
        for row in kept(202610, NOW)
        if row.revenue is not None
    ]
    assert told == [[row[0], row[1], *row[5:8]] for row in TABLE]


@pytest.mark.parametrize("at", range(4))
def test_rent_is_spread_in_four_ways(at: int) -> None:
    FixedCost.objects.create(name="Rent", amount=100, spread=SPREADS[at], first_month=202610, made=NOW, by="")
    assert [f"{row.fixed:.2f}" for row in kept(202610, NOW)] == [row[8 + at] for row in TABLE]

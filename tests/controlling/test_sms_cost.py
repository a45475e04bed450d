"""What SMS cost: at the costs of their day, in the row of their own service or of the client's other one."""

from datetime import UTC, date, datetime

import pytest

from balie.controlling import keep
from balie.controlling.models import EconomicsMonth
from balie.operator.models import CostsFrom
from tests import make
from tests.controlling.economy import kept
from tests.messages.lists import an_office, take

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def office() -> None:
    one, other = an_office(costs={"agent_per_hour": "30.00", "sms": "0.060"})
    make.contract(one, tariff=make.tariff("T", items=({"meter": "basic_fee", "price": "20.00"},)))
    texts = make.tariff("S", items=({"meter": "sms", "price": "0.10"},))
    make.contract(other, service="sms", tariff=texts)
    take([f"2026-11-{day} 12:00:00,{sender},0612345678,{'x' * 161}" for day in (11, 12, 13)
          for sender in ("0201234501", "0201234502")])  # fmt: skip


def rows() -> list[tuple[str, str, str, str, str]]:
    found = kept(202611, NOW)
    return [(row.client.number, row.service, str(row.revenue), str(row.cost), str(row.network)) for row in found]


def test_sms_cost_in_the_row_of_their_service_or_of_the_clients_other_one() -> None:
    assert rows() == [("1001", "telephone", "20.00", "0.36", "0.36"), ("1002", "sms", "0.60", "0.36", "0.36")]


def test_costs_of_sms_hold_from_their_day_on() -> None:
    CostsFrom.objects.create(first_day=date(2026, 11, 13), costs={"sms": "0.500"}, made=NOW, by="")
    assert [row[3] for row in rows()] == ["1.24", "1.24"]


def test_new_sms_refresh_their_month() -> None:
    rows()
    assert EconomicsMonth.objects.count() == 1
    take(["2026-11-14 12:00:00,0201234501,0612345678,x"])
    assert 202611 in keep.ask_for_stale(now=NOW + keep.EVERY)

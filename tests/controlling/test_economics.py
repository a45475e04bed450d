"""What a month earned and cost, as rows: the figures of the watch, in cents; stale when what they hang on changes."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from balie.accounts.models import AgentGroup, Client
from balie.calls.actions import correct_call
from balie.calls.models import Call, ClientMonth, ClosedMonth
from balie.contracts.models import Contract
from balie.controlling import keep
from balie.controlling.actions import watch
from balie.controlling.models import Economics, EconomicsMonth
from balie.leases.actions import claim
from balie.operator.actions import Author
from balie.operator.models import CostsFrom, FixedCost, Operator
from balie.rules.call import Direction
from tests import make
from tests.controlling.economy import kept

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
LATER = NOW + keep.EVERY
FEE = {"meter": "basic_fee", "price": "100.00"}
TALK = {"meter": "talk_time", "price": "1.20", "unit": "minute", "increment": "1/1", "cost_limit": True}
COSTS = {"agent_per_hour": "30.00", "forwarded_mobile": "0.040", "sms": "0.060"}


@pytest.fixture(autouse=True)
def operator() -> Operator:
    return make.operator(timezone="Europe/Amsterdam", costs=COSTS)


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def has(client: Client, *items: dict[str, Any], start: date = date(2026, 1, 1), **values: Any) -> Contract:
    return make.contract(client, start=start, tariff=make.tariff(f"T{client.number}", items=items, **values))


def told(rows: list[Economics], *names: str) -> list[list[Any]]:
    return [[row.client.number, *(getattr(row, name) for name in names)] for row in rows]


def test_row_holds_what_a_service_earned_and_cost() -> None:
    client = make.client("1001")
    contract = has(client, FEE)
    make.call(client, start=at(10, 5), talk=3600)
    make.call(client, start=at(10, 6), talk=600, direction=Direction.FORWARDED, handling=0)
    make.call(client, start=at(10, 7), talk=1800, billable=False)
    [row] = kept(202610, NOW)
    assert (row.client, row.service, row.tariff, row.whole) == (client, "telephone", contract.tariff, True)
    assert (row.calls, row.handling, row.revenue) == (3, 5400, Decimal("100.00"))
    assert (row.cost, row.network, row.fixed) == (Decimal("45.40"), Decimal("0.40"), Decimal(0))


def test_month_that_a_contract_covers_in_part_says_so() -> None:
    has(make.client("1001"), FEE, start=date(2026, 10, 2))
    [row] = kept(202610, NOW)
    assert (row.whole, row.revenue) == (False, Decimal("100.00"))


def test_two_contracts_of_a_service_are_one_row_at_the_later_tariff() -> None:
    client = make.client("1001")
    first = has(client, FEE, prorate=True)
    Contract.objects.filter(pk=first.pk).update(end=date(2026, 10, 15))
    plus = make.tariff("PLUS", items=({"meter": "basic_fee", "price": "62.00"},), prorate=True)
    make.contract(client, start=date(2026, 10, 16), tariff=plus)
    [row] = kept(202610, NOW)
    assert (row.tariff, row.whole, row.revenue) == (plus, True, Decimal("80.39"))  # 48.39 + 32.00


def test_work_without_a_contract_costs_and_earns_nothing() -> None:
    make.call(make.client("1001"), start=at(10, 5), talk=3600)
    [row] = kept(202610, NOW)
    assert (row.tariff, row.whole, row.revenue, row.cost) == (None, False, Decimal(0), Decimal("30.00"))


def test_missing_price_leaves_the_revenue_empty_and_the_cost_known() -> None:
    client = make.client("1001")
    has(client, {**TALK, "price": ""})
    make.call(client, start=at(10, 5), talk=3600)
    [row] = kept(202610, NOW)
    assert (row.revenue, row.cost) == (None, Decimal("30.00"))
    assert row.problem and row.problem["code"] == "no_price"


def test_cost_limit_is_kept_with_its_sum_and_where_it_will_end() -> None:
    client = make.client("1001")
    has(client, TALK, cost_limit=100, tolerance_percent=20)
    make.source("pbx", newest=NOW)
    for month in (8, 9, 10):
        for day in range(1, 31):
            make.call(client, start=at(month, day), talk=150)
    for day in range(1, 16):
        make.call(client, start=at(11, day), talk=150)
    [past], [running] = kept(202610, NOW), kept(202611, NOW)
    assert (past.limit, past.limit_sum, past.tolerance_percent) == (Decimal(100), Decimal("90.00"), Decimal(20))
    assert past.limit_expected is None
    assert running.limit_sum == Decimal("45.00") and running.limit_expected
    low, expected, high = running.limit_low, running.limit_expected, running.limit_high
    assert low and expected and high and 60 < low <= expected <= high < 120


def test_costs_hold_from_their_day_on() -> None:
    client = make.client("1001")
    has(client, FEE)
    for day in (14, 15, 16):
        make.call(client, start=at(10, day), talk=3600)
    CostsFrom.objects.create(first_day=date(2026, 10, 15), costs={**COSTS, "agent_per_hour": "36.00"}, made=NOW, by="")
    CostsFrom.objects.create(first_day=date(2026, 10, 16), costs={}, made=NOW, by="", removed=NOW)
    assert told(kept(202610, NOW), "cost") == [["1001", Decimal("102.00")]]  # 30 + 36 + 36
    assert told(kept(202609, NOW), "cost") == [["1001", 0]]


def test_agents_of_a_group_cost_what_the_group_costs() -> None:
    client = make.client("1001")
    has(client, FEE)
    dear, cheap = (AgentGroup.objects.create(name=name) for name in ("Night", "Trainees"))
    for code, group in (("201", dear), ("202", cheap), ("203", None)):
        make.call(client, start=at(10, 5), talk=3600, agent=make.agent(code, group=group))
    groups = {str(dear.pk): "45.00"}
    CostsFrom.objects.create(first_day=date(2026, 1, 1), costs=COSTS, groups=groups, made=NOW, by="")
    assert told(kept(202610, NOW), "cost") == [["1001", Decimal("105.00")]]  # 45 + 30 + 30


@pytest.mark.parametrize(
    ("spread", "shares"),
    [
        ("calls", ["25.00", "75.01"]),
        ("minutes", ["66.67", "33.34"]),
        ("revenue", ["71.44", "28.57"]),
        ("client", ["50.01", "50.00"]),
    ],
)
def test_fixed_costs_are_spread_to_the_cent(spread: str, shares: list[str]) -> None:
    one, other = make.client("1001"), make.client("1002")
    has(one, FEE)
    has(other, {**FEE, "price": "40.00"})
    make.call(one, start=at(10, 5), talk=3600)
    for day in (6, 7, 8):
        make.call(other, start=at(10, day), talk=600)
    FixedCost.objects.create(name="Rent", amount="100.01", spread=spread, first_month=202610, made=NOW, by="")
    assert told(kept(202610, NOW), "fixed") == [["1001", Decimal(shares[0])], ["1002", Decimal(shares[1])]]
    assert told(kept(202609, NOW), "fixed") == [["1001", 0], ["1002", 0]]


def worked_out(now: datetime) -> set[int]:
    """Asks as the worker does and works out what is due; gives which months that were."""
    asked = keep.ask_for_stale(now=now)
    for month in asked:
        row = claim(EconomicsMonth.objects.filter(month=month), now=now, length=keep.LEASE)
        assert row and keep.work_out(row, now=now)
    return set(asked)


def of_two_months() -> Client:
    client = make.client("1001")
    has(client, FEE, start=date(2026, 10, 1))
    for month in (10, 11):
        make.call(client, start=at(month, 5), talk=3600)
        sums = {"direction": "inbound", "type": "accepted", "calls": 1, "talk": 3600}
        ClientMonth.objects.create(client=client, month=202600 + month, **sums)
    assert worked_out(NOW) == {202610, 202611}
    assert worked_out(LATER) == set()
    return client


def test_months_are_worked_out_once_until_something_changes() -> None:
    of_two_months()
    assert list(EconomicsMonth.objects.values_list("month", "done")) == [(202611, NOW), (202610, NOW)]


def test_new_calls_are_waited_for_a_while_then_their_month_is_worked_out() -> None:
    of_two_months()
    ClientMonth.objects.filter(month=202611).update(calls=2)
    assert worked_out(NOW + timedelta(minutes=1)) == set()
    assert worked_out(LATER) == {202611}


def test_late_calls_of_a_closed_month_refresh_it_and_other_prices_do_not() -> None:
    of_two_months()
    ClosedMonth.objects.create(month=202610, at=NOW)
    assert worked_out(LATER) == {202610}
    make.tariff("NEW", items=(FEE,))
    assert worked_out(LATER + keep.EVERY) == {202611}
    ClientMonth.objects.filter(month=202610).update(talk=7200)
    assert worked_out(LATER + 2 * keep.EVERY) == {202610}


def test_costs_from_a_day_refresh_the_months_they_hold_in() -> None:
    of_two_months()
    CostsFrom.objects.create(first_day=date(2026, 11, 1), costs={}, made=NOW, by="")
    assert worked_out(LATER) == {202611}
    FixedCost.objects.create(
        name="Rent", amount=100, spread="client", first_month=202610, last_month=202610, made=NOW, by=""
    )
    assert worked_out(LATER + keep.EVERY) == {202610}


def test_correction_of_a_call_refreshes_its_month() -> None:
    client = of_two_months()
    call = Call.objects.get(client=client, start=at(10, 5))
    correct_call(call=call, reason="A test", author=Author("test", LATER), billable=False)
    assert worked_out(LATER) == {202610}


def test_calls_that_change_hands_refresh_their_month() -> None:
    of_two_months()
    ClientMonth.objects.filter(month=202610).update(client=make.client("1002"))
    assert worked_out(LATER) == {202610}


def test_watch_goes_by_the_costs_of_each_day_and_not_by_fixed_costs() -> None:
    client = make.client("1001")
    has(client, FEE)
    for month in (8, 9, 10):
        make.call(client, start=at(month, 5), talk=7200)  # 60.00 of 100.00
    author = Author("test", NOW)
    FixedCost.objects.create(name="Rent", amount=9000, spread="client", first_month=202601, made=NOW, by="")
    assert watch(author=author).tasks == ()
    CostsFrom.objects.create(first_day=date(2026, 10, 1), costs={"agent_per_hour": "75.00"}, made=NOW, by="")
    [task] = watch(author=author).tasks
    assert (task.kind, task.figures["cost"]) == ("uneconomical", "90.00")  # (60 + 60 + 150) / 3


def test_lost_lease_stores_nothing() -> None:
    of_two_months()
    row = EconomicsMonth.objects.get(month=202610)
    row.lease_until = LATER
    Economics.objects.update(calls=7)
    assert not keep.work_out(row, now=LATER)
    assert Economics.objects.get(month=202610).calls == 7

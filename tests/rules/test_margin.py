"""What a contract earns and costs in a month: exact, by what belongs to the month."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.rules.errors import Refused
from balie.rules.margin import CostSet, Margin, Worked, cost, covered, earned, held, spread, wanted_revenue
from balie.rules.period import Period
from balie.rules.terms import Quantity
from tests.rules.make import NOVEMBER, terms, version

COSTS = {"agent_per_hour": "30.00", "forwarded_fixed": "0.010", "forwarded_mobile": "0.040", "sms": "0.060"}


def test_cost_is_time_by_the_hour_networks_by_the_minute_and_sms_by_the_part() -> None:
    worked = Worked(handling=3661, forwarded_fixed=90, forwarded_mobile=30, sms=7)
    assert cost(worked, COSTS) == Fraction(3661, 120) + Fraction("0.015") + Fraction("0.02") + Fraction("0.42")


def test_cost_that_is_not_set_is_none() -> None:
    assert cost(Worked(handling=3600, outbound_other=60), {}) == 0


def test_work_adds_up() -> None:
    assert Worked(handling=1, sms=2) + Worked(handling=3, outbound_fixed=4) == Worked(4, outbound_fixed=4, sms=2)


def test_revenue_is_usage_and_fees_for_the_month_not_what_is_charged_once() -> None:
    contract = terms(
        version(
            {"meter": "basic_fee", "price": "39.00", "in_advance": True},
            {"meter": "basic_fee", "price": "120.00", "cycle": "yearly", "in_advance": True},
            {"meter": "basic_fee", "price": "75.00", "cycle": "once"},
            {"meter": "calls_accepted", "price": "0.50"},
        ),
        start="2026-11-01",
    )
    assert earned(contract, NOVEMBER, {3: Quantity(calls=20, billed=20)}).revenue == Decimal("59.00")


@pytest.mark.parametrize(
    ("minutes", "revenue", "reached", "task"),
    [
        (95, "134.00", False, False),
        (100, "139.00", False, False),
        (120, "139.00", True, False),
        (121, "139.00", True, True),
    ],
)
def test_reached_cost_limit_earns_the_limit(minutes: int, revenue: str, reached: bool, task: bool) -> None:
    contract = terms(
        version(
            {"meter": "basic_fee", "price": "39.00"},
            {"meter": "talk_time", "price": "1.00", "cost_limit": True},
            cost_limit="100",
            tolerance_percent="20",
        )
    )
    found = earned(contract, NOVEMBER, {1: Quantity(1, minutes * 60, minutes * 60)})
    assert found.revenue == Decimal(revenue)
    assert found.limit and (found.limit.reached, found.limit.task) == (reached, task)


def test_minimum_revenue_is_earned() -> None:
    contract = terms(version({"meter": "talk_time", "price": "1.00", "minimum_revenue": True}, minimum_revenue="60"))
    assert earned(contract, NOVEMBER, {}).revenue == Decimal("60.00")


def test_month_before_the_first_version_is_refused() -> None:
    with pytest.raises(Refused):
        earned(terms(), NOVEMBER, {})


@pytest.mark.parametrize(
    ("start", "end", "whole"),
    [
        ("2026-11-01", None, True),
        ("2026-11-02", None, False),
        ("2026-01-01", "2026-11-30", True),
        ("2026-01-01", "2026-11-29", False),
    ],
)
def test_only_months_covered_entirely_say_anything(start: str, end: str | None, whole: bool) -> None:
    assert covered(terms(start=start, end=end), Period(2026, 11)) is whole


def test_margin_over_months_is_sum_against_sum() -> None:
    found = Margin.of([(Decimal("100.00"), Fraction(50)), (Decimal("300.00"), Fraction(350))])
    assert (found.amount, found.percent) == (Fraction(0), Fraction(0))


def test_nothing_earned_has_no_percentage_and_reaches_only_without_cost() -> None:
    assert Margin(Fraction(0), Fraction(1)).percent is None
    assert not Margin(Fraction(0), Fraction(1)).reaches(Decimal(20))
    assert Margin().reaches(Decimal(20))


def test_cost_of_250_wants_312_50_for_a_margin_of_20_percent() -> None:
    assert wanted_revenue(Fraction(250), Decimal(20)) == Fraction("312.5")
    assert Margin(Fraction("312.5"), Fraction(250)).reaches(Decimal(20))
    assert not Margin(Fraction("312.49"), Fraction(250)).reaches(Decimal(20))


def test_set_of_costs_holds_until_the_next_one_does() -> None:
    ever, april, june = CostSet({}), CostSet({}, date(2026, 4, 10)), CostSet({}, date(2026, 6, 1))
    sets = (june, ever, april)
    assert list(held(sets, date(2026, 4, 1), date(2026, 4, 30))) == [
        (date(2026, 4, 1), date(2026, 4, 9), ever),
        (date(2026, 4, 10), date(2026, 4, 30), april),
    ]
    assert list(held(sets, date(2026, 5, 1), date(2026, 5, 31))) == [(date(2026, 5, 1), date(2026, 5, 31), april)]
    assert list(held(sets, date(2026, 6, 1), date(2026, 6, 1))) == [(date(2026, 6, 1), date(2026, 6, 1), june)]
    assert list(held((ever,), date(2026, 1, 1), date(2026, 1, 31))) == [(date(2026, 1, 1), date(2026, 1, 31), ever)]


def test_group_without_a_cost_of_its_own_costs_what_the_others_do() -> None:
    known = CostSet({"agent_per_hour": "30.00", "sms": "0.06"}, groups={7: "45.00", 8: ""})
    assert [known.of_group(group)["agent_per_hour"] for group in (None, 7, 8, 9)] == [
        "30.00",
        "45.00",
        "30.00",
        "30.00",
    ]
    assert known.of_group(7)["sms"] == "0.06"


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        ("100.00", [1, 1, 1], ["33.34", "33.33", "33.33"]),
        ("100.00", [149, 100, 50], ["49.83", "33.45", "16.72"]),
        ("0.05", [0, 3, 0, 4], ["0.00", "0.02", "0.00", "0.03"]),
        ("10.00", [0, 0], ["5.00", "5.00"]),
        ("10.00", [], []),
    ],
)
def test_fixed_cost_is_spread_by_largest_remainders(amount: str, weights: list[int], parts: list[str]) -> None:
    assert [str(one) for one in spread(Decimal(amount), weights)] == parts


def test_amount_without_cents_is_spread_in_whole_units() -> None:
    assert [str(one) for one in spread(Decimal(1000), [1, 1, 1], cents=0)] == ["334.00", "333.00", "333.00"]


@given(
    st.decimals("0.01", "99999999.99", places=2),
    st.lists(st.one_of(st.integers(0, 10**9), st.fractions(0, 10**6)), min_size=1, max_size=40),
)
def test_shares_are_together_the_amount_and_each_within_a_cent(amount: Decimal, weights: list[int | Fraction]) -> None:
    parts, total = spread(amount, weights), Fraction(sum(weights))
    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        exact = Fraction(amount) * (weight / total if total else Fraction(1, len(weights)))
        assert abs(Fraction(part) - Fraction(exact)) < Fraction(1, 100)

"""Cost limit and minimum revenue (product.md 4, rating.md 14 and 15)."""

from decimal import Decimal
from typing import Any

import pytest

from balie.rules.errors import Refused
from tests.rules.make import amounts, of, priced, terms, version

NOON = "2026-11-23T12:00"
CALL = {"meter": "calls_accepted", "price": "0.01"}


def calls(cents: int) -> list[tuple[str, str, int]]:
    return [(NOON, "accepted", 30)] * cents


def capped(price: str, **values: Any) -> tuple[str, bool, bool]:
    """The net sum of one call at a price, under a limit of 100 with 20 % tolerance; whether reached, whether a task."""
    limits: dict[str, Any] = {"cost_limit": "100", "tolerance_percent": "20"} | values
    bill = priced(version({**CALL, "price": price, "cost_limit": True}, **limits), "2026-11", *calls(1))
    assert bill.limit and bill.limit.sum == Decimal(price)
    return str(bill.net), bill.limit.reached, bill.limit.task


@pytest.mark.parametrize(
    ("price", "net", "reached", "task"),
    [
        ("95", "95.00", False, False),
        ("100", "100.00", False, False),
        ("110", "100.00", True, False),
        ("120", "100.00", True, False),
        ("120.01", "100.00", True, True),
    ],
)
def test_cost_limit_with_tolerance(price: str, net: str, reached: bool, task: bool) -> None:
    assert capped(price) == (net, reached, task)


def test_cost_limit_without_tolerance_is_a_task_at_once() -> None:
    assert capped("100.01", tolerance_percent=None) == ("100.00", True, True)


def test_tariff_without_limit_has_no_state() -> None:
    assert priced(version({**CALL, "cost_limit": True}), "2026-11", *calls(1)).limit is None


def test_flagged_lines_become_nothing_and_one_line_takes_their_place() -> None:
    items: list[dict[str, Any]] = [
        {**CALL, "price": "60", "cost_limit": True},
        {"meter": "talk_time", "price": "60", "cost_limit": True},
    ]
    free = {"meter": "basic_fee", "price": "39.00"}
    bill = priced(version(*items, free, cost_limit="100"), "2026-11", *calls(1))
    assert amounts(bill) == [
        ("calls_accepted", "0.00"),
        ("talk_time", "0.00"),
        ("basic_fee", "39.00"),
        ("cost_limit", "100.00"),
    ]
    assert [line.quantity for line in bill.lines] == [0, 0, 1, 1]
    cap = of(bill, "talk_time").why.cap
    assert cap and (cap.before, cap.sum, cap.limit) == (Decimal(60), Decimal(120), Decimal(100))
    assert "fell under the cost limit of 100" in str(of(bill, "talk_time").why)


def test_limit_looks_at_the_sum_of_rounded_lines() -> None:
    items = [{**CALL, "price": "0.005", "cost_limit": True}] * 2
    bill = priced(version(items[0], {**items[1], "meter": "talk_time"}, cost_limit="0.01"), "2026-11", *calls(1))
    assert bill.limit and (str(bill.limit.sum), bill.limit.reached) == ("0.02", True)


def test_limit_is_taxed_as_the_tariff() -> None:
    item = {**CALL, "price": "120", "cost_limit": True, "vat_percent": "9"}
    bill = priced(version(item, cost_limit="100", vat_percent="21"), "2026-11", *calls(1))
    assert of(bill, "cost_limit").vat_percent == Decimal(21)


def test_fee_in_arrears_and_a_fee_once_count_to_the_limit_one_in_advance_does_not() -> None:
    fee = {"meter": "basic_fee", "price": "60", "cost_limit": True}
    both = version(fee, {**fee, "cycle": "once"}, cost_limit="100")
    bill = priced(terms(both, start="2026-11-01"))
    assert amounts(bill) == [("basic_fee", "0.00"), ("basic_fee", "0.00"), ("cost_limit", "100.00")]
    ahead = priced(version({**fee, "in_advance": True, "price": "600"}, cost_limit="100"))
    assert amounts(ahead) == [("basic_fee", "600.00")]


def test_yearly_fee_counts_a_twelfth_to_the_limit() -> None:
    fee = {"meter": "basic_fee", "price": "1200", "cycle": "yearly", "cost_limit": True}
    bill = priced(version(fee, {**CALL, "price": "0.01", "cost_limit": True}, cost_limit="100"), "2026-11", *calls(1))
    assert bill.limit and (str(bill.limit.sum), bill.limit.reached) == ("100.01", True)


def test_minimum_lifts_the_flagged_items() -> None:
    items: list[dict[str, Any]] = [
        {**CALL, "price": "10", "minimum_revenue": True},
        {"meter": "talk_time", "price": "7"},
    ]
    bill = priced(version(*items, minimum_revenue="25"), "2026-11", *calls(1))
    assert amounts(bill) == [("calls_accepted", "10.00"), ("talk_time", "7.00"), ("minimum_revenue", "15.00")]
    line = of(bill, "minimum_revenue")
    assert (line.quantity, line.price, line.position) == (1, "15.00", None)
    assert str(line.why) == "tariff BASIS; flagged items come to 10.00, lifted to the minimum revenue of 25.00"


def test_minimum_that_is_met_adds_nothing() -> None:
    item = {**CALL, "price": "25", "minimum_revenue": True}
    assert amounts(priced(version(item, minimum_revenue="25"), "2026-11", *calls(1))) == [("calls_accepted", "25.00")]


def test_fee_in_advance_counts_in_the_month_it_is_for() -> None:
    fee = {"meter": "basic_fee", "price": "39", "in_advance": True, "minimum_revenue": True}
    contract = terms(version(fee, minimum_revenue="60"), start="2026-01-01")
    found = [[amount for _, amount in amounts(priced(contract, month))] for month in ("2026-01", "2026-02", "2026-03")]
    assert found == [["39.00", "39.00", "21.00"], ["39.00", "21.00"], ["39.00", "21.00"]]


def test_yearly_fee_counts_a_twelfth_to_the_minimum_every_month() -> None:
    fee = {"meter": "basic_fee", "price": "100", "cycle": "yearly", "in_advance": True, "minimum_revenue": True}
    contract = terms(version(fee, minimum_revenue="60"), start="2026-03-15")
    assert [amounts(priced(contract, month)) for month in ("2026-03", "2026-04")] == [
        [("basic_fee", "100.00"), ("minimum_revenue", "51.67")],
        [("minimum_revenue", "51.67")],
    ]


def test_fee_once_counts_on_its_bill() -> None:
    fee = {"meter": "basic_fee", "price": "50", "cycle": "once", "minimum_revenue": True}
    contract = terms(version(fee, minimum_revenue="60"), start="2026-11-20")
    assert [amounts(priced(contract, month))[-1] for month in ("2026-11", "2026-12")] == [
        ("minimum_revenue", "10.00"),
        ("minimum_revenue", "60.00"),
    ]


def test_reached_limit_counts_to_the_minimum_by_its_flagged_part() -> None:
    both = {**CALL, "price": "70", "cost_limit": True, "minimum_revenue": True}
    capped_only = {"meter": "talk_time", "price": "60", "cost_limit": True}
    lifted_only = {"meter": "calls_accepted", "price": "5", "minimum_revenue": True}
    offered = version(both, capped_only, {**lifted_only, "meter": "basic_fee"}, cost_limit="100", minimum_revenue="60")
    bill = priced(offered, "2026-11", *calls(1))
    # 100 × 70/130 = 53.85, and 5: 1.15 are missing.
    assert amounts(bill)[-2:] == [("cost_limit", "100.00"), ("minimum_revenue", "1.15")]


def test_minimum_and_limit_are_never_prorated() -> None:
    contract = terms(version({**CALL, "minimum_revenue": True}, minimum_revenue="60", prorate=True), start="2026-11-30")
    assert amounts(priced(contract))[-1] == ("minimum_revenue", "60.00")


def test_fee_that_only_a_minimum_would_count_may_lack_its_price_where_there_is_none() -> None:
    """A yearly fee in arrears, not due yet: the limit does not ask for it."""
    fee = {"meter": "basic_fee", "cycle": "yearly", "minimum_revenue": True}
    call = {**CALL, "price": "60", "cost_limit": True}
    assert priced(version(call, fee, cost_limit="50"), "2026-11", *calls(1)).net == Decimal("50.00")
    with pytest.raises(Refused, match="no price"):
        priced(version(call, fee, cost_limit="50", minimum_revenue="10"), "2026-11", *calls(1))

"""The lines of a contract's month and what they come to."""

from datetime import date
from decimal import Decimal

import pytest

from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.rules.rating import price_bill, price_contract
from balie.rules.terms import Quantity
from tests.rules.make import amounts, of, priced, terms, version

NOON = "2026-11-23T12:00"
TALK = {"meter": "talk_time", "price": "0.89"}


def talk(seconds: int, **item: object) -> tuple[int, str]:
    """Quantity and amount of one call of so many seconds at an item of talk_time."""
    line = of(priced(version({**TALK, **item}), "2026-11", (NOON, "accepted", seconds)), "talk_time")
    return line.quantity, str(line.amount)


def test_price_per_minute_is_of_billed_seconds() -> None:
    assert talk(61, increment="60/1") == (61, "0.90")  # 0.904833…
    assert talk(61) == (120, "1.78")
    assert talk(4501, increment="1/1", unit="second", price="0.0125") == (4501, "56.26")


def test_line_is_rounded_once() -> None:
    bill = priced(
        version({**TALK, "price": "0.005", "unit": "second", "increment": "1/1"}),
        "2026-11",
        *[(NOON, "accepted", 1)] * 3,
    )
    assert (of(bill, "talk_time").amount, bill.net) == (Decimal("0.02"), Decimal("0.02"))


def test_half_a_cent_goes_up() -> None:
    assert talk(1, increment="1/1", unit="second", price="0.005") == (1, "0.01")


def test_included_minutes_are_taken_off_first() -> None:
    line = of(priced(version({**TALK, "included": 30}), "2026-11", (NOON, "accepted", 1860)), "talk_time")
    assert (line.quantity, str(line.amount), line.why.allowance and line.why.allowance.left) == (60, "0.89", 0)
    assert talk(1740, included=30) == (0, "0.00")


def test_steps_count_what_remains_after_the_included() -> None:
    steps = [{"up_to": 2, "price": "1.00"}, {"up_to": 3, "price": "0.50"}, {"price": "0.10"}]
    assert talk(60, included=1, steps=steps) == (0, "0.00")
    assert talk(180, included=1, steps=steps) == (120, "2.00")
    assert talk(300, included=1, steps=steps) == (240, "2.60")
    assert talk(181, steps=steps, increment="1/1") == (181, "2.50")


def test_stepped_line_shows_the_price_of_its_first_step_and_tells_each() -> None:
    steps = [{"up_to": 1, "price": "1.00"}, {"price": "0.50"}]
    line = of(priced(version({**TALK, "steps": steps}), "2026-11", (NOON, "accepted", 180)), "talk_time")
    assert (line.price, [(part.quantity, part.price) for part in line.why.steps]) == (
        "1.00",
        [(60, "1.00"), (120, "0.50")],
    )


@pytest.mark.parametrize("item", [{"price": ""}, {"price": "0.89", "steps": [{"up_to": 1, "price": "0.5"}]}])
def test_usage_without_a_price_is_an_error_never_zero(item: dict[str, object]) -> None:
    with pytest.raises(Refused) as refused:
        talk(120, **item, title={"en": "Talk"})
    assert refused.value.code == "no_price"
    assert all(word in refused.value.message for word in ("1001", "BASIS", "Talk"))


def test_usage_without_a_price_is_an_error_even_if_all_of_it_is_included() -> None:
    with pytest.raises(Refused):
        talk(60, price="", included=10)


def test_unpriced_item_without_usage_is_no_line_and_no_error() -> None:
    assert (
        priced(version({"meter": "talk_time"}, TALK | {"meter": "calls_accepted"})).lines[0].meter == "calls_accepted"
    )


def test_fee_without_a_price_is_an_error() -> None:
    with pytest.raises(Refused):
        priced(version({"meter": "basic_fee"}))


def test_free_is_written_as_zero() -> None:
    assert talk(600, price="0.00") == (600, "0.00")


def test_unused_items_stand_on_the_bill_with_nothing() -> None:
    assert amounts(priced(version(TALK))) == [("talk_time", "0.00")]


def test_currency_without_cents_rounds_to_whole_units() -> None:
    bill = priced(version({**TALK, "price": "31"}), "2026-11", (NOON, "accepted", 90), cents=0)
    assert str(bill.net) == "62.00"
    odd = priced(version({**TALK, "price": "31", "increment": "1/1"}), "2026-11", (NOON, "accepted", 89), cents=0)
    assert str(odd.net) == "46.00"  # 45.98…
    totals = price_bill(odd.lines, cents=0)
    assert (str(totals.vat), str(totals.gross)) == ("10.00", "56.00")  # 9.66


def test_vat_is_rounded_once_per_rate_over_all_contracts() -> None:
    fee = {"meter": "basic_fee", "price": "0.03"}
    bills = [priced(version(fee, {**fee, "vat_percent": "9"}, vat_percent="21")) for _ in range(4)]
    totals = price_bill(line for bill in bills for line in bill.lines)
    assert [(part.percent, str(part.net), str(part.vat)) for part in totals.rates] == [
        (Decimal(9), "0.12", "0.01"),
        (Decimal(21), "0.12", "0.03"),
    ]
    assert (str(totals.net), str(totals.vat), str(totals.gross)) == ("0.24", "0.04", "0.28")


def test_rates_written_differently_are_one_rate() -> None:
    bills = [priced(version({"meter": "basic_fee", "price": "0.03"}, vat_percent=rate)) for rate in ("21", "21.000")]
    assert len(price_bill(line for bill in bills for line in bill.lines).rates) == 1


def test_nothing_comes_to_nothing() -> None:
    totals = price_bill([])
    assert (str(totals.net), str(totals.vat), str(totals.gross), totals.rates) == ("0.00", "0.00", "0.00", ())


def test_month_before_the_tariffs_first_version_is_refused() -> None:
    contract = terms(version(TALK, first_day=date(2026, 12, 1)))
    with pytest.raises(Refused) as refused:
        priced(contract, "2026-11")
    assert refused.value.code == "no_version"


def test_changing_a_tariff_never_changes_an_earlier_month() -> None:
    fee = {"meter": "basic_fee", "price": "39.00", "in_advance": True, "minimum_revenue": True}
    first = version(
        fee, TALK, {"meter": "basic_fee", "cycle": "yearly", "price": "120", "in_advance": True}, minimum_revenue="60"
    )
    months = [f"2026-{month:02d}" for month in range(1, 13)]
    usage = {month: (f"{month}-20T12:00", "accepted", 600) for month in months}
    versions = [first]
    for number, month in enumerate(months[1:], start=1):
        before = {earlier: amounts(priced(terms(*versions), earlier, usage[earlier])) for earlier in months[:number]}
        dearer = {**fee, "price": f"{39 + number}.00"}
        versions.append(version(dearer, {**TALK, "price": "2"}, first_day=date.fromisoformat(f"{month}-01")))
        after = {earlier: amounts(priced(terms(*versions), earlier, usage[earlier])) for earlier in months[:number]}
        assert after == before


def test_line_says_why() -> None:
    items = {**TALK, "increment": "60/1", "included": 1, "window": {"from": "08:00", "to": "18:00"}, "min_seconds": 5}
    contract = terms(version(items, first_day=date(2026, 11, 1)))
    line = of(priced(contract, "2026-11", (NOON, "accepted", 150), (NOON, "accepted", 4)), "talk_time")
    assert str(line.why) == (
        "tariff BASIS of 2026-11-01; 1 calls of 150 s together; billed by 60/1: 150 s; 1 below 5 s not counted; "
        "within 08:00-18:00; 1:00 min of 1:00 min included used, 0:00 min left; 1:30 min at 0.89 a minute"
    )


def test_quantities_are_all_a_preview_needs() -> None:
    contract = terms(version(TALK))
    quantities = {0: Quantity(calls=1, seconds=61, billed=120)}
    bill = price_contract(contract, Period.parse("2026-11"), quantities)
    assert bill == priced(contract, "2026-11", (NOON, "accepted", 61))

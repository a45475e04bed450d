"""Which fees stand on which bill, and for which days (rating.md 6 and 8 to 12)."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.rules.fees import contract_year
from balie.rules.terms import Terms
from tests.rules.make import amounts, booking, fees, months, of, priced, terms, version

ARREARS = {"meter": "basic_fee", "price": "30.00"}
ADVANCE = {**ARREARS, "in_advance": True}
ONCE = {"meter": "basic_fee", "price": "50.00", "cycle": "once"}
YEAR_AHEAD = {"meter": "basic_fee", "price": "365.00", "cycle": "yearly", "in_advance": True}
YEAR_AFTER = {**YEAR_AHEAD, "in_advance": False}
OPTION = {"meter": "additional_option", "price": "10.00"}
USERS = {"meter": "user_module", "price": "5.00"}
SERVICE = {"meter": "other_service", "price": "12.50"}


def test_fee_in_arrears_stands_on_its_own_months_bill() -> None:
    contract = terms(version(ARREARS), start="2026-10-15", end="2026-11-10")
    assert fees(contract, "2026-10", "2026-11") == [["30.00"], ["30.00"]]


def test_fee_in_advance_stands_a_month_ahead_and_on_the_first_bill_twice() -> None:
    contract = terms(version(ADVANCE), start="2026-10-15", end="2026-12-10")
    assert fees(contract, "2026-10", "2026-11", "2026-12") == [["30.00", "30.00"], ["30.00"], []]
    lines = priced(contract, "2026-10").lines
    assert [str(line.for_month) for line in lines] == ["2026-10-01", "2026-11-01"]
    assert [line.quantity for line in lines] == [1, 1]


def test_nothing_beyond_the_contracts_end() -> None:
    assert fees(terms(version(ADVANCE), start="2026-10-15", end="2026-10-31"), "2026-10") == [["30.00"]]


def test_proration_counts_days_both_ends_included() -> None:
    contract = terms(version(ARREARS, prorate=True), start="2026-10-15", end="2026-11-10")
    assert fees(contract, "2026-10", "2026-11") == [["16.45"], ["10.00"]]  # 17 of 31, 10 of 30
    fee = of(priced(contract, "2026-10"), "basic_fee").why.fee
    assert fee and (str(fee.first_day), str(fee.last_day), fee.days, fee.of_days) == (
        "2026-10-15",
        "2026-10-31",
        17,
        31,
    )
    ahead = terms(version(ADVANCE, prorate=True), start="2026-10-15", end="2026-11-10")
    assert fees(ahead, "2026-10", "2026-11") == [["16.45", "10.00"], []]


def test_fee_once_stands_on_the_first_bill() -> None:
    contract = terms(version(ONCE, prorate=True), start="2026-10-15")
    assert fees(contract, "2026-10", "2026-11") == [["50.00"], []]


def test_continuing_contract_pays_no_fee_once_and_begins_its_own_months() -> None:
    old = terms(version(ONCE, ADVANCE), start="2026-01-01", end="2026-10-31")
    new = terms(version(ONCE, ADVANCE), start="2026-11-01", first_start=date(2026, 1, 1))
    assert fees(old, "2026-09", "2026-10") == [["30.00"], []]
    assert fees(new, "2026-11", "2026-12") == [["30.00", "30.00"], ["30.00"]]


def test_yearly_fee_in_advance_stands_on_the_first_bill_and_in_the_starts_month() -> None:
    contract = terms(version(YEAR_AHEAD), start="2024-03-15")
    standing = [month for month in months("2024-03", 30) if fees(contract, month)[0]]
    assert standing == ["2024-03", "2025-03", "2026-03"]


def test_yearly_fee_in_arrears_stands_where_the_year_ends() -> None:
    contract = terms(version(YEAR_AFTER), start="2024-03-01")
    standing = [month for month in months("2024-03", 30) if fees(contract, month)[0]]
    assert standing == ["2025-02", "2026-02"]


@pytest.mark.parametrize(("prorate", "amount"), [(False, "365.00"), (True, "100.00")])
def test_early_end_of_a_year(prorate: bool, amount: str) -> None:
    # 100 of 365 days
    ahead = terms(version(YEAR_AHEAD, prorate=prorate), start="2025-03-01", end="2025-06-08")
    assert fees(ahead, "2025-03", "2025-06") == [[amount], []]
    after = terms(version(YEAR_AFTER, prorate=prorate), start="2025-03-01", end="2025-06-08")
    assert fees(after, "2025-03", "2025-06") == [[], [amount]]


def test_year_that_would_begin_after_the_end_costs_nothing() -> None:
    contract = terms(version(YEAR_AHEAD), start="2024-03-15", end="2025-03-14")
    assert fees(contract, "2024-03", "2025-03") == [["365.00"], []]


def test_contract_year_from_29_february() -> None:
    since = date(2024, 2, 29)
    assert [tuple(map(str, contract_year(since, number))) for number in (0, 1, 3, 4)] == [
        ("2024-02-29", "2025-02-28"),
        ("2025-03-01", "2026-02-28"),
        ("2027-03-01", "2028-02-28"),
        ("2028-02-29", "2029-02-28"),
    ]


def test_yearly_fee_of_29_february_stands_on_februarys_bill() -> None:
    ahead, after = (terms(version(fee), start="2024-02-29") for fee in (YEAR_AHEAD, YEAR_AFTER))
    standing = [month for month in months("2024-02", 50) if fees(ahead, month)[0]]
    assert standing == ["2024-02", "2025-02", "2026-02", "2027-02", "2028-02"]
    assert [month for month in months("2024-02", 50) if fees(after, month)[0]] == [
        "2025-02",
        "2026-02",
        "2027-02",
        "2028-02",
    ]
    assert fees(terms(version(YEAR_AHEAD), start="2024-02-29", end="2025-02-28"), "2025-02") == [[]]


def test_anniversaries_count_from_the_first_start() -> None:
    new = terms(version(YEAR_AHEAD, prorate=True), start="2026-07-01", first_start=date(2025, 3, 1))
    assert [month for month in months("2026-07", 12) if fees(new, month)[0]] == ["2026-07", "2027-03"]
    assert fees(new, "2026-07") == [["243.00"]]  # 1 July to 28 February


def test_booked_meters_are_lines_while_they_are_booked() -> None:
    bookings = (booking("additional_option", 2, "2026-10-20", "2026-11-03"), booking("own_caller_number", 1))
    contract = terms(version(OPTION), bookings=bookings)
    found = [
        (line.quantity, str(line.amount))
        for month in ("2026-09", "2026-10", "2026-11", "2026-12")
        for line in priced(contract, month).lines
    ]
    assert found == [(2, "20.00"), (2, "20.00")]


def test_bookings_of_a_month_add_up_but_a_changed_quantity_counts_once() -> None:
    apart = (booking("additional_option", 1, "2026-11-01", "2026-11-10"), booking("additional_option", 2, "2026-11-20"))
    assert of(priced(terms(version(OPTION), bookings=apart)), "additional_option").quantity == 3
    changed = (booking("additional_option", 2, None, "2026-11-15"), booking("additional_option", 3, "2026-11-16"))
    assert of(priced(terms(version(OPTION), bookings=changed)), "additional_option").quantity == 3
    other = (booking("additional_option", 2, None, "2026-11-15", "fax"), booking("additional_option", 3, "2026-11-16"))
    assert of(priced(terms(version(OPTION), bookings=other)), "additional_option").quantity == 5


def test_bookings_are_prorated_by_their_own_days() -> None:
    bookings = (booking("additional_option", 2, None, "2026-11-15"), booking("additional_option", 3, "2026-11-16"))
    line = of(priced(terms(version(OPTION, prorate=True), bookings=bookings)), "additional_option")
    assert (line.quantity, str(line.amount)) == (3, "25.00")  # (2 × 15 + 3 × 15) / 30 × 10


def test_every_fee_item_bills_also_several_of_one_meter() -> None:
    contract = terms(version(OPTION, {**OPTION, "price": "1.00"}), bookings=(booking("additional_option", 2),))
    assert amounts(priced(contract)) == [("additional_option", "20.00"), ("additional_option", "2.00")]


def test_included_modules_are_taken_off() -> None:
    line = of(priced(terms(version({**USERS, "included": 2}), users=5)), "user_module")
    assert (line.quantity, str(line.amount)) == (3, "15.00")


def test_user_modules_are_active_users_unless_they_are_booked_on_the_last_day() -> None:
    bookings = (booking("user_module", 2, "2026-11-10", "2026-12-30"),)
    contract = terms(version(USERS), bookings=bookings, users=4)
    found = [of(priced(contract, month), "user_module").quantity for month in ("2026-10", "2026-11", "2026-12")]
    assert found == [4, 2, 4]
    assert priced(terms(version(USERS))).lines == ()


def test_last_day_of_a_contract_that_ends_in_the_month_is_its_own() -> None:
    contract = terms(version(USERS), end="2026-11-10", bookings=(booking("user_module", 2, None, "2026-11-20"),))
    assert of(priced(contract), "user_module").quantity == 2


def test_entry_by_hand_counts_in_its_month_and_whole() -> None:
    entries = (booking("other_service", 3, "2026-11-05"), booking("other_service", 1, "2026-11-30", "2026-11-30"))
    contract = terms(version(SERVICE, prorate=True), bookings=entries)
    assert fees(contract, "2026-10", "2026-11", "2026-12") == [[], ["50.00"], []]
    standing = terms(version(SERVICE), bookings=(booking("other_service", 1, "2026-10-05", "2026-11-02"),))
    assert fees(standing, "2026-10", "2026-11", "2026-12") == [["12.50"], ["12.50"], []]


def test_booked_fee_once_stands_where_the_booking_begins() -> None:
    option = {**OPTION, "cycle": "once"}
    contract = terms(version(option), start="2026-09-10", bookings=(booking("additional_option", 2, "2026-11-05"),))
    assert fees(contract, "2026-09", "2026-10", "2026-11", "2026-12") == [[], [], ["20.00"], []]
    always = terms(version(option), start="2026-09-10", bookings=(booking("additional_option"),))
    assert fees(always, "2026-09", "2026-10") == [["10.00"], []]
    again = terms(
        version(option), start="2026-09-10", first_start=date(2026, 1, 1), bookings=(booking("additional_option"),)
    )
    assert fees(again, "2026-09") == [[]]


def test_fee_that_turns_from_advance_to_arrears_is_not_charged_twice() -> None:
    contract = terms(version(ADVANCE), version(ARREARS, first_day=date(2026, 11, 1)))
    assert fees(contract, "2026-10", "2026-11", "2026-12") == [["30.00"], [], ["30.00"]]


def test_fee_in_advance_that_had_no_price_was_never_paid() -> None:
    contract = terms(version({**ADVANCE, "price": ""}), version(ARREARS, first_day=date(2026, 11, 1)))
    assert fees(contract, "2026-11") == [["30.00"]]


def test_version_of_the_month_prices_its_fee_in_advance() -> None:
    contract = terms(version(ADVANCE), version({**ADVANCE, "price": "45"}, first_day=date(2026, 11, 1)))
    assert fees(contract, "2026-10", "2026-11") == [["30.00"], ["45.00"]]


def test_unlike_fees_of_one_meter_are_told_apart_by_their_place() -> None:
    other = {**ARREARS, "price": "7.00"}
    contract = terms(version(ADVANCE, other), version(ADVANCE, other, first_day=date(2026, 11, 1)))
    assert fees(contract, "2026-10", "2026-11") == [["30.00", "7.00"], ["30.00", "7.00"]]


def test_yearly_fee_of_what_is_booked_stands_with_the_contracts_years() -> None:
    yearly = {**OPTION, "cycle": "yearly", "in_advance": True}
    contract = terms(version(yearly), start="2025-03-15", bookings=(booking("additional_option", 2, "2025-06-01"),))
    standing = [month for month in months("2025-03", 25) if fees(contract, month)[0]]
    assert standing == ["2026-03", "2027-03"]
    assert of(priced(contract, "2026-03"), "additional_option").quantity == 2


def test_yearly_fee_of_what_is_booked_is_prorated_by_the_days_it_is_booked() -> None:
    yearly = {**OPTION, "price": "365.00", "cycle": "yearly", "in_advance": True}
    booked = (booking("additional_option", 1, "2025-03-10", "2025-03-19"),)
    assert fees(terms(version(yearly, prorate=True), start="2025-03-01", bookings=booked), "2025-03") == [["10.00"]]


starts = st.dates(date(2023, 1, 1), date(2024, 12, 31))


@given(starts, st.integers(0, 700), st.booleans())
def test_each_month_of_a_contract_is_billed_once_whether_in_advance_or_not(
    start: date, days: int, prorate: bool
) -> None:
    end = start + timedelta(days=days)
    standing = months(f"{start:%Y-%m}", 26)

    def billed(item: Mapping[str, object]) -> list[str]:
        contract = Terms(1, 1, "1", (version(item, prorate=prorate),), start, end)
        lines = [line for month in standing for line in priced(contract, month).lines]
        return sorted(f"{line.for_month} {line.amount}" for line in lines)

    assert billed(ADVANCE) == billed(ARREARS)
    assert len(billed(ARREARS)) == (end.year - start.year) * 12 + end.month - start.month + 1


@given(starts, st.integers(0, 700), st.booleans())
def test_each_year_of_a_contract_is_billed_once_whether_in_advance_or_not(
    start: date, days: int, prorate: bool
) -> None:
    end = start + timedelta(days=days)
    standing = months(f"{start:%Y-%m}", 26)

    def billed(item: Mapping[str, object]) -> list[str]:
        contract = Terms(1, 1, "1", (version(item, prorate=prorate),), start, end)
        return [str(line.amount) for month in standing for line in priced(contract, month).lines]

    assert billed(YEAR_AHEAD) == billed(YEAR_AFTER)
    years = [number for number in range(3) if contract_year(start, number)[0] <= end]
    assert len(billed(YEAR_AHEAD)) == len(years)

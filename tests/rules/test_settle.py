"""Fees on frozen bills that are set right later: ended since, booked since (rating.md 12)."""

from dataclasses import replace

from balie.rules.bill import Line
from balie.rules.terms import Carried, Terms
from balie.rules.why import Reason
from tests.rules.make import booking, of, priced, terms, version

ADVANCE = {"meter": "basic_fee", "price": "31.00", "in_advance": True}
OPTION = {"meter": "own_caller_number", "price": "10.00", "in_advance": True}
USERS = {"meter": "user_module", "price": "5.00", "in_advance": True}


def frozen(contract: Terms, month: str) -> tuple[Carried, ...]:
    """The fees of a month's bill as a frozen one has them."""
    return tuple(carried(contract, line) for line in priced(contract, month).lines if line.why.fee)


def carried(contract: Terms, line: Line) -> Carried:
    assert line.item and line.why.fee
    fee = line.why.fee
    version = next(one for one in contract.versions if one.first_day == line.why.since)
    return Carried(line.item, version, fee.first_day, fee.last_day, line.quantity, line.amount)


def after(contract: Terms, month: str, next_month: str, **changes: object) -> list[tuple[str, int, str]]:
    """The settling lines of the next month's bill, when something changed after this month was frozen."""
    now = replace(contract, carried=frozen(contract, month), after_frozen=True, **changes)  # type: ignore[arg-type]
    lines = [line for line in priced(now, next_month).lines if line.why.reason is Reason.SETTLED]
    return [(str(line.meter), line.quantity, str(line.amount)) for line in lines]


def ended(contract: Terms, last_day: str) -> dict[str, object]:
    return {"end": terms(end=last_day).end}


def test_fee_of_a_frozen_bill_that_is_still_right_is_left_alone() -> None:
    contract = terms(version(ADVANCE, OPTION, prorate=True), bookings=(booking("own_caller_number"),))
    assert after(contract, "2026-11", "2026-12") == []


def test_fee_billed_beyond_an_earlier_end_comes_back_with_proration() -> None:
    contract = terms(version(ADVANCE, prorate=True))
    assert after(contract, "2026-11", "2026-12", **ended(contract, "2026-12-10")) == [("basic_fee", 1, "-21.00")]
    assert after(contract, "2026-11", "2026-12", **ended(contract, "2026-11-30")) == [("basic_fee", 1, "-31.00")]


def test_fee_billed_beyond_an_earlier_end_is_kept_without_proration() -> None:
    contract = terms(version(ADVANCE))
    assert after(contract, "2026-11", "2026-12", **ended(contract, "2026-12-10")) == []
    assert after(contract, "2026-11", "2026-12", **ended(contract, "2026-11-30")) == []


def test_credit_says_what_was_due_and_what_was_billed() -> None:
    contract = terms(version(ADVANCE, prorate=True))
    now = replace(contract, carried=frozen(contract, "2026-11"), after_frozen=True, end=terms(end="2026-12-10").end)
    line = of(priced(now, "2026-12"), "basic_fee")
    assert str(line.why) == (
        "tariff BASIS; for 2026-12-01 to 2026-12-10; 10 of 31 days; 1 at 31.00; due 10.00, billed before 31.00"
    )
    assert str(line.for_month) == "2026-12-01"


def test_yearly_fee_comes_back_by_days() -> None:
    yearly = {"meter": "basic_fee", "price": "365.00", "cycle": "yearly", "in_advance": True}
    contract = terms(version(yearly, prorate=True), start="2026-03-01")
    found = after(contract, "2026-03", "2026-07", **ended(contract, "2026-06-08"))
    assert found == [("basic_fee", 1, "-265.00")]


def test_contract_without_a_day_in_the_month_has_settling_lines_only() -> None:
    contract = terms(version(ADVANCE, {"meter": "talk_time", "price": "1"}, prorate=True, minimum_revenue="60"))
    now = replace(contract, carried=frozen(contract, "2026-11"), end=terms(end="2026-11-30").end)
    assert [str(line.amount) for line in priced(now, "2026-12").lines] == ["-31.00"]


def test_what_was_booked_after_the_bill_was_frozen_is_charged_on_the_next() -> None:
    contract = terms(version(ADVANCE, OPTION))
    booked = {"bookings": (booking("own_caller_number", 2, "2026-12-05"),)}
    assert after(contract, "2026-11", "2026-12", **booked) == [("own_caller_number", 2, "20.00")]


def test_what_was_booked_in_addition_is_charged_as_the_difference() -> None:
    contract = terms(version(OPTION), bookings=(booking("own_caller_number", 1),))
    more = {"bookings": (booking("own_caller_number", 1), booking("own_caller_number", 2, "2026-12-05"))}
    assert after(contract, "2026-11", "2026-12", **more) == [("own_caller_number", 2, "20.00")]


def test_what_is_booked_no_more_comes_back_with_proration_only() -> None:
    fewer = {"bookings": (booking("own_caller_number", 1, None, "2026-11-30"),)}
    for prorate, found in ((True, [("own_caller_number", 1, "-10.00")]), (False, [])):
        contract = terms(version(OPTION, prorate=prorate), bookings=(booking("own_caller_number", 1),))
        assert after(contract, "2026-11", "2026-12", **fewer) == found


def test_withdrawn_end_charges_what_the_frozen_bill_left_out() -> None:
    contract = terms(version(ADVANCE), end="2026-11-30")
    assert after(contract, "2026-11", "2026-12", end=None) == [("basic_fee", 1, "31.00")]


def test_counted_users_of_a_frozen_bill_stay_as_they_were_counted() -> None:
    contract = terms(version(USERS, prorate=True), users=3)
    assert after(contract, "2026-11", "2026-12", users=5) == []


def test_month_before_that_was_never_frozen_is_taken_to_have_carried_its_fees() -> None:
    contract = terms(version(ADVANCE))
    assert [line.why.reason for line in priced(contract, "2026-12").lines] == [Reason.FEE]

"""When a contract ends that notice is given of (product.md 6, rating.md 26)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.rules.fees import contract_year
from balie.rules.notice import end_of_notice, last_notice_day
from balie.rules.tariff import Notice

LONG_AGO = date(2020, 1, 1)


def ends(rule: Notice, given_on: str, first_start: date = LONG_AGO, start: date | None = None) -> str:
    return str(end_of_notice(rule, date.fromisoformat(given_on), first_start, start))


def test_without_notice_a_contract_ends_on_the_day_of_the_notice() -> None:
    assert ends(Notice.NONE, "2026-11-24") == "2026-11-24"


@pytest.mark.parametrize(
    ("given_on", "end"),
    [
        ("2026-06-01", "2026-07-31"),
        ("2026-06-30", "2026-07-31"),
        ("2026-01-31", "2026-02-28"),
        ("2026-12-15", "2027-01-31"),
    ],
)
def test_monthly_notice_ends_with_the_next_month(given_on: str, end: str) -> None:
    assert ends(Notice.MONTHLY, given_on) == end


@pytest.mark.parametrize(
    ("given_on", "end"),
    [
        ("2026-05-06", "2026-08-07"),
        ("2026-05-07", "2027-08-07"),
        ("2026-08-07", "2027-08-07"),
        ("2026-08-08", "2027-08-07"),
    ],
)
def test_yearly_notice_ends_the_year_three_months_ahead(given_on: str, end: str) -> None:
    assert ends(Notice.YEARLY, given_on, date(2025, 8, 8)) == end


def test_minimum_of_a_year_cannot_be_cut_short() -> None:
    assert ends(Notice.YEARLY, "2025-08-08", date(2025, 8, 8)) == "2026-08-07"


@pytest.mark.parametrize(
    ("last_day", "notice_by"),
    [
        ((2026, 8, 7), "2026-05-06"),
        ((2026, 5, 31), "2026-02-27"),  # 31 February: the 28th
        ((2028, 5, 30), "2028-02-28"),  # 30 February 2028: the 29th
        ((2026, 12, 31), "2026-09-29"),
        ((2026, 1, 31), "2025-10-30"),
        ((2025, 2, 28), "2024-11-27"),
    ],
)
def test_last_day_for_notice_is_the_day_before_three_months_less(
    last_day: tuple[int, int, int], notice_by: str
) -> None:
    assert str(last_notice_day(date(*last_day))) == notice_by


def test_year_from_29_february_ends_on_the_28th() -> None:
    assert ends(Notice.YEARLY, "2024-11-27", date(2024, 2, 29)) == "2025-02-28"
    assert ends(Notice.YEARLY, "2024-11-28", date(2024, 2, 29)) == "2026-02-28"
    assert ends(Notice.YEARLY, "2027-11-27", date(2024, 2, 29)) == "2028-02-28"


def test_notice_before_the_start_counts_as_given_on_it() -> None:
    start = date(2026, 12, 15)
    assert ends(Notice.NONE, "2026-11-24", start) == "2026-12-15"
    assert ends(Notice.MONTHLY, "2026-11-24", start) == "2027-01-31"
    assert ends(Notice.YEARLY, "2026-11-24", start) == "2027-12-14"


def test_terms_count_from_the_first_of_contracts_that_follow_each_other() -> None:
    assert ends(Notice.YEARLY, "2026-05-06", date(2025, 8, 8), date(2026, 6, 1)) == "2026-08-07"
    assert ends(Notice.NONE, "2026-11-24", LONG_AGO, date(2026, 12, 1)) == "2026-12-01"


days = st.dates(date(2020, 1, 1), date(2032, 12, 31))


@given(days, days)
def test_yearly_notice_ends_the_first_year_it_is_in_time_for(first_start: date, given_on: date) -> None:
    end = end_of_notice(Notice.YEARLY, given_on, first_start)
    given_on = max(given_on, first_start)
    years = [contract_year(first_start, number)[1] for number in range(16)]
    assert end == next(last for last in years if last_notice_day(last) >= given_on)

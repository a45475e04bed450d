"""How increments and windows read, and what they do to one call."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.rules.meter import Meter
from balie.rules.tariff import Cycle, HolidayRule, Increment, Item, Step, Unit, Window

SECONDS = (0, 1, 29, 30, 31, 59, 60, 61, 90, 91, 149, 150, 151, 4501)
SATURDAY, MONDAY = date(2026, 11, 21), date(2026, 11, 23)


@pytest.mark.parametrize(
    ("increment", "billed"),
    [
        ("60/60", [0, 60, 60, 60, 60, 60, 60, 120, 120, 120, 180, 180, 180, 4560]),
        ("60/1", [0, 60, 60, 60, 60, 60, 60, 61, 90, 91, 149, 150, 151, 4501]),
        ("30/6", [0, 30, 30, 30, 36, 60, 60, 66, 90, 96, 150, 150, 156, 4506]),
        ("90/60", [0, 90, 90, 90, 90, 90, 90, 90, 90, 150, 150, 150, 210, 4530]),
        ("1/1", [0, 1, 29, 30, 31, 59, 60, 61, 90, 91, 149, 150, 151, 4501]),
    ],
)
def test_increment_rounds_a_call_up(increment: str, billed: list[int]) -> None:
    assert [Increment.read(increment).billed(seconds) for seconds in SECONDS] == billed
    assert str(Increment.read(increment)) == increment


def test_item_has_the_defaults_of_rating() -> None:
    assert Item.read(3, {"meter": "talk_time"}) == Item(
        3, Meter.TALK_TIME, unit=Unit.MINUTE, increment=Increment(60, 60)
    )
    fee = Item.read(0, {"meter": "basic_fee", "price": "39.00"})
    assert (fee.unit, fee.cycle, fee.in_advance, fee.included, fee.window) == (
        Unit.PIECE,
        Cycle.MONTHLY,
        False,
        0,
        None,
    )


def test_item_reads_the_columns_of_a_table() -> None:
    row = {"meter": "sms", "price": "", "steps": [{"up_to": 5, "price": "0.1"}, {"price": "0.05"}], "window": None}
    item = Item.read(1, {**row, "vat_percent": None, "title": {"nl": "SMS"}})
    assert (item.steps, item.shown_price, item.vat_percent) == ((Step("0.1", 5), Step("0.05")), "0.1", None)


def test_window_takes_its_beginning_and_leaves_its_end() -> None:
    window = Window.read({"from": "08:00", "to": "18:00"})
    minutes = (7 * 60 + 59, 8 * 60, 17 * 60 + 59, 18 * 60)
    assert [window.contains(MONDAY, minute, holiday=False) for minute in minutes] == [False, True, True, False]


def test_window_past_midnight_asks_for_the_weekday_of_the_calls_own_start() -> None:
    window = Window.read({"days": "mon-fri", "from": "18:00", "to": "08:00"})
    assert [window.contains(MONDAY, minute, holiday=False) for minute in (120, 8 * 60, 18 * 60)] == [True, False, True]
    assert not window.contains(SATURDAY, 120, holiday=False)


def test_holidays_count_in_addition_to_the_days() -> None:
    only, never = (Window.read({"days": "mon-fri", "holidays": rule}) for rule in ("only", "except"))
    assert [only.contains(MONDAY, 600, holiday=holiday) for holiday in (True, False)] == [True, False]
    assert [never.contains(MONDAY, 600, holiday=holiday) for holiday in (True, False)] == [False, True]
    assert not only.contains(SATURDAY, 600, holiday=True)


def test_window_until_midnight_and_window_of_the_whole_day() -> None:
    evening = Window.read({"from": "18:00", "to": "00:00"})
    assert [evening.contains(MONDAY, minute, holiday=False) for minute in (0, 1080, 1439)] == [False, True, True]
    assert Window.read({}) == Window(tuple(range(7)), 0, 0, HolidayRule.ANY)


@pytest.mark.parametrize(
    ("said", "days"),
    [("mon-fri", (0, 1, 2, 3, 4)), ("sat,sun", (5, 6)), ("fri-mon", (0, 4, 5, 6)), ("wed", (2,)), ("Mon, Wed", (0, 2))],
)
def test_weekdays_read_as_they_are_said(said: str, days: tuple[int, ...]) -> None:
    assert Window.read({"days": said}).days == days


windows = st.builds(
    Window,
    st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.sampled_from(HolidayRule),
)


@given(windows)
def test_window_said_and_read_again_is_the_same(window: Window) -> None:
    again = Window.read(window.said)
    assert again.days == window.days and again.holidays == window.holidays and again.whole_day == window.whole_day
    assert again.hours == window.hours

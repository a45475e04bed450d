"""What is measured once prices every tariff that counts alike, to the last second."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balie.rules.errors import Refused
from balie.rules.measured import Measurable, digest, said, version_of
from balie.rules.tariff import Version
from balie.rules.terms import NOTHING, Quantity
from balie.rules.usage import measure
from tests.rules.make import NOVEMBER, ZONE, Call, calls, terms, version

Quantities = Mapping[int, Quantity]
NIGHT = {"days": "mon-fri", "from": "18:00", "to": "08:00"}
FEE = {"meter": "basic_fee", "price": "39.00"}
TALK = {"meter": "talk_time", "price": "0.89", "increment": "60/1"}
CALL = {"meter": "calls_accepted", "price": "1.00"}


def name(*items: dict[str, Any], region: str = "NL") -> str:
    return digest(said(Measurable.of(version(*items)).ways, zone=ZONE, region=region))


def directly(of: Version, *rows: Call) -> Quantities:
    return measure(calls(*rows), [terms(of)], period=NOVEMBER, region="NL").get(1, {})


def kept(of: Version, *rows: Call) -> Quantities:
    """By way of what is stored: measured without prices, then read for the version."""
    measurable = Measurable.of(of)
    found = directly(version_of(measurable.ways), *rows)
    stored = [found.get(place, NOTHING) for place in range(len(measurable.ways))]
    return measurable.quantities(stored, number="1001", period=NOVEMBER)


def test_prices_allowances_steps_and_fees_do_not_change_what_is_measured() -> None:
    dearer = {**TALK, "price": "", "included": 30, "steps": [{"price": "1.20"}], "cost_limit": True, "unit": "second"}
    assert name(FEE, TALK, CALL) == name(CALL, dearer) == name(TALK, CALL, FEE, FEE)


@pytest.mark.parametrize("change", [{"increment": "60/60"}, {"min_seconds": 1}, {"window": NIGHT}])
def test_increment_minimum_and_window_change_what_is_measured(change: dict[str, Any]) -> None:
    assert name({**TALK, **change}, TALK) != name(TALK)


def test_region_matters_only_to_windows_of_public_holidays() -> None:
    sundays = {**TALK, "window": {"days": "sun"}}, TALK
    holidays = {**TALK, "window": {"holidays": "only"}}, TALK
    assert name(*sundays, region="DE-NW") == name(*sundays, region="NL")
    assert name(*holidays, region="DE-NW") != name(*holidays, region="NL")


def test_items_behind_one_that_takes_every_call_are_not_measured() -> None:
    assert name(TALK, {**TALK, "increment": "1/1"}) == name(TALK)


def test_a_last_window_and_one_item_more_without_a_window_measure_the_same() -> None:
    """What no window holds is counted anyhow, so that a draft that forgets it needs no second measuring."""
    assert name({**TALK, "window": NIGHT}) == name({**TALK, "window": NIGHT}, {**TALK, "increment": "60/60"})


def test_usage_in_no_window_is_refused_with_the_words_of_measuring() -> None:
    forgets = version({**TALK, "window": NIGHT, "min_seconds": 10})
    rows = [("2026-11-23T10:00", "accepted", 61), ("2026-11-23T10:00", "accepted", 9)]
    with pytest.raises(Refused) as stored:
        kept(forgets, *rows)
    with pytest.raises(Refused) as direct:
        directly(forgets, *rows)
    assert (stored.value.message, stored.value.where) == (direct.value.message, direct.value.where)
    assert "1 uses of talk_time" in stored.value.message


windows = st.sampled_from([None, None, NIGHT, {"days": "sat,sun"}, {"holidays": "only"}, {"days": "fri-mon"}])
items = st.builds(
    lambda meter, increment, least, window: {
        "meter": meter,
        "price": "1",
        "min_seconds": least,
        "window": window,
        **({"increment": increment} if meter != "calls_accepted" else {}),
    },
    st.sampled_from(["talk_time", "handling_time", "calls_accepted", "outbound_time"]),
    st.sampled_from(["60/60", "60/1", "1/1", "7/13"]),
    st.sampled_from([0, 0, 20, 60]),
    windows,
)
rows = st.tuples(
    st.builds(lambda day, hour: f"2026-11-{day:02d}T{hour:02d}:30", st.integers(1, 30), st.integers(0, 23)),
    st.sampled_from(["accepted", "outbound_mobile", "missed", "forwarded_fixed"]),
    st.sampled_from([0, 1, 19, 20, 59, 60, 61, 4501]),
)


@settings(max_examples=80, derandomize=True)
@given(st.lists(items, min_size=1, max_size=6), st.lists(rows, max_size=8))
def test_what_is_kept_is_what_measuring_gives(tariff: list[dict[str, Any]], used: list[Call]) -> None:
    one = version(*tariff)
    try:
        wanted = {place: quantity for place, quantity in directly(one, *used).items() if quantity != NOTHING}
    except Refused:
        with pytest.raises(Refused):
            kept(one, *used)
        return
    assert kept(one, *used) == wanted
    measurable = Measurable.of(one)
    assert measurable.quantities(measurable.found(wanted), number="1001", period=NOVEMBER) == wanted

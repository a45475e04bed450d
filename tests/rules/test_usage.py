"""Which item bills which call: measured in frames, as one would by hand."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balie.rules.call import CallType
from balie.rules.candidates import Candidates
from balie.rules.errors import Refused
from balie.rules.holidays import public_holidays
from balie.rules.meter import TAKES, TIMES, USAGE, Meter
from balie.rules.period import Period
from balie.rules.tariff import Item
from balie.rules.terms import Quantity, Terms
from balie.rules.usage import Measuring, by_contract, measure, tally
from tests.rules.make import NOVEMBER, SCHEMA, ZONE, at, calls, terms, used, version

TALK = {"meter": "talk_time", "price": "0.89"}
NIGHT = {"days": "mon-fri", "from": "18:00", "to": "08:00"}
MONDAY, SATURDAY = "2026-11-23", "2026-11-21"


def test_each_call_is_rounded_before_they_are_summed() -> None:
    found = used((f"{MONDAY}T10:00", "accepted", 61), (f"{MONDAY}T11:00", "accepted", 1), of=version(TALK))
    assert found == {0: Quantity(calls=2, seconds=62, billed=180)}


def test_two_calls_in_the_same_second_are_two() -> None:
    found = used(*[(f"{MONDAY}T10:00", "accepted", 30)] * 2, of=version(TALK))
    assert found == {0: Quantity(calls=2, seconds=60, billed=120)}


def test_calls_without_talk_are_in_no_meter() -> None:
    every = version(*({"meter": meter, "price": "1"} for meter in USAGE))
    rows = [(f"{MONDAY}T10:00", kind, 0) for kind in CallType]
    assert measure(calls(*rows, handling=40), [terms(every)], period=NOVEMBER, region="NL") == {}


def test_calls_that_are_not_billable_cost_nothing() -> None:
    rows = calls((f"{MONDAY}T10:00", "accepted", 30), billable=False)
    assert measure(rows, [terms(version(TALK))], period=NOVEMBER, region="NL") == {}


def test_call_enters_every_meter_that_takes_it() -> None:
    every = version(*({"meter": meter, "price": "1", "increment": "1/1"} for meter in USAGE if meter is not Meter.SMS))
    meters = [item.meter for item in every.items]
    entered = {
        kind: {meters[position] for position in used((f"{MONDAY}T10:00", kind, 30), of=every)} for kind in CallType
    }
    assert entered == {
        "accepted": {"calls_accepted", "talk_time", "handling_time"},
        "missed": set(),
        "forwarded": set(),
        "forwarded_fixed": {"calls_forwarded", "forwarded_fixed"},
        "forwarded_mobile": {"calls_forwarded", "forwarded_mobile"},
        "forwarded_other": {"calls_forwarded", "forwarded_other"},
        "outbound_fixed": {"calls_outbound", "outbound_time", "outbound_fixed", "handling_time"},
        "outbound_mobile": {"calls_outbound", "outbound_time", "outbound_mobile", "handling_time"},
        "outbound_other": {"calls_outbound", "outbound_time", "outbound_other", "handling_time"},
    }


def test_handling_time_is_measured_by_its_own_seconds() -> None:
    item = {"meter": "handling_time", "price": "0.5", "increment": "1/1", "min_seconds": 50}
    rows = calls((f"{MONDAY}T10:00", "accepted", 30), (f"{MONDAY}T11:00", "accepted", 5), handling=20)
    found = measure(rows, [terms(version(item))], period=NOVEMBER, region="NL")
    assert found == {1: {0: Quantity(calls=1, seconds=50, billed=50, too_short=1)}}


def test_call_counts_from_the_minimum_seconds_on_for_pieces_too() -> None:
    items = version({**TALK, "min_seconds": 10}, {"meter": "calls_accepted", "price": "1", "min_seconds": 10})
    found = used((f"{MONDAY}T10:00", "accepted", 9), (f"{MONDAY}T11:00", "accepted", 10), of=items)
    assert found == {0: Quantity(1, 10, 60, too_short=1), 1: Quantity(1, 10, 1, too_short=1)}


def test_first_item_whose_window_contains_the_call_bills_it() -> None:
    items = version({**TALK, "window": NIGHT}, TALK, {**TALK, "price": "9"})
    starts = ("T07:59", "T08:00", "T17:59", "T18:00")
    found = used(*((f"{MONDAY}{start}", "accepted", 60) for start in starts), of=items)
    assert {position: quantity.calls for position, quantity in found.items()} == {0: 2, 1: 2}


def test_saturday_at_two_is_not_in_a_friday_night() -> None:
    items = version({**TALK, "window": NIGHT}, TALK)
    assert set(used((f"{SATURDAY}T02:00", "accepted", 60), of=items)) == {1}


def test_call_over_a_windows_edge_belongs_where_it_began() -> None:
    items = version({**TALK, "window": {"from": "08:00", "to": "18:00"}}, TALK)
    assert set(used((f"{MONDAY}T17:59:59", "accepted", 3600), of=items)) == {0}


def test_holiday_windows_follow_the_region() -> None:
    items = version({**TALK, "window": {"holidays": "only"}}, TALK)
    all_saints = ("2026-11-01T10:00", "accepted", 60)
    assert set(used(all_saints, of=items, region="DE-NW")) == {0}
    assert set(used(all_saints, of=items, region="DE-BE")) == {1}


def test_call_below_the_minimum_seconds_of_its_window_does_not_fall_through() -> None:
    items = version({**TALK, "window": NIGHT, "min_seconds": 30}, TALK)
    assert used((f"{MONDAY}T20:00", "accepted", 20), of=items) == {0: Quantity(too_short=1)}


def test_usage_in_no_window_is_refused_naming_client_tariff_and_item() -> None:
    items = version({**TALK, "window": NIGHT, "title": {"en": "Nights"}, "min_seconds": 10})
    assert used((f"{MONDAY}T10:00", "accepted", 9), of=items) == {}
    with pytest.raises(Refused) as refused:
        used((f"{MONDAY}T10:00", "accepted", 10), of=items)
    assert refused.value.code == "no_price"
    assert all(word in refused.value.message for word in ("1001", "BASIS", "Nights", "talk_time"))


def test_meter_without_any_item_is_not_billed() -> None:
    assert used((f"{MONDAY}T10:00", "forwarded_mobile", 60), of=version(TALK)) == {}


def test_month_and_contract_are_local_days() -> None:
    contract = terms(version(TALK), start="2026-11-10", end="2026-11-12")
    inside, outside = ("2026-11-10T00:00", "2026-11-12T23:59:59"), ("2026-11-09T23:59:59", "2026-11-13T00:00")
    rows = [(start, "accepted", 60) for start in inside + outside]
    assert used(*rows, of=contract) == {0: Quantity(2, 120, 120)}
    rows = [(start, "accepted", 60) for start in ("2026-10-31T23:59:59", "2026-11-01T00:00", "2026-12-01T00:00")]
    assert used(*rows, of=version(TALK)) == {0: Quantity(1, 60, 60)}


def test_contracts_of_a_client_share_a_month_by_their_days() -> None:
    old = terms(version(TALK), end="2026-11-15")
    new = terms(version(TALK), start="2026-11-16", contract=2)
    rows = calls(("2026-11-15T23:59", "accepted", 60), ("2026-11-16T00:00", "accepted", 61))
    found = measure(rows, [old, new], period=NOVEMBER, region="NL")
    assert found == {1: {0: Quantity(1, 60, 60)}, 2: {0: Quantity(1, 61, 120)}}


def test_doubled_hour_of_october_is_told_by_its_local_start() -> None:
    october = Period(2026, 10, ZONE)
    items = version({**TALK, "window": {"from": "02:00", "to": "03:00"}}, TALK)
    starts = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1, 2)]  # 02:30, 02:30 again, 03:30
    frame = pl.DataFrame([(7, start, "accepted", 60, 60, True) for start in starts], schema=SCHEMA, orient="row")
    found = measure(frame, [terms(items)], period=october, region="NL")
    assert {position: quantity.calls for position, quantity in found[1].items()} == {0: 2, 1: 1}


def test_version_of_the_month_measures_it() -> None:
    by_second = version({**TALK, "increment": "1/1"}, first_day=date(2026, 11, 1))
    contract = terms(version(TALK), by_second, version(first_day=date(2026, 12, 1)))
    assert used((f"{MONDAY}T10:00", "accepted", 61), of=contract)[0].billed == 61
    october = Period(2026, 10, ZONE)
    assert used(("2026-10-23T10:00", "accepted", 61), of=contract, period=october)[0].billed == 120


def test_messages_count_their_parts() -> None:
    items = version({"meter": "sms", "price": "0.1", "window": {"days": "sat,sun"}}, {"meter": "sms", "price": "0.05"})
    sent = pl.DataFrame(
        {"client": [7, 7, 8], "sent_at": [at(f"{SATURDAY}T10:00"), at(f"{MONDAY}T10:00"), at(f"{MONDAY}T10:00")]}
    ).with_columns(parts=pl.Series([2, 3, 9]))
    found = measure(calls(), [terms(items)], period=NOVEMBER, region="NL", messages=sent)
    assert found == {1: {0: Quantity(1, 0, 2), 1: Quantity(1, 0, 3)}}


WINDOWS: list[dict[str, str] | None] = [
    None,
    {"days": "mon-fri", "from": "08:00", "to": "18:00"},
    NIGHT,
    {"holidays": "only"},
    {"days": "sat,sun", "holidays": "except"},
    {"from": "22:00", "to": "06:00"},
]
METERS = [meter for meter in USAGE if meter is not Meter.SMS]
items = st.fixed_dictionaries(
    {
        "meter": st.sampled_from(METERS),
        "price": st.just("1"),
        "increment": st.sampled_from(["60/60", "60/1", "30/6", "1/1", "90/60"]),
        "min_seconds": st.sampled_from([0, 0, 10, 60]),
        "window": st.sampled_from(WINDOWS),
    }
)
minutes = st.integers(-1500, 32 * 1440)
call_rows = st.tuples(
    st.integers(1, 3), minutes, st.sampled_from(CallType), st.integers(0, 200), st.integers(0, 90), st.booleans()
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(items, max_size=6), min_size=3, max_size=3), st.lists(call_rows, max_size=25))
def test_frames_measure_what_one_would_count_by_hand(
    tariffs: list[list[dict[str, Any]]], rows: list[tuple[int, int, CallType, int, int, bool]]
) -> None:
    # An item without a window at the end, so that nothing is refused.
    last = [{"meter": meter, "price": "1"} for meter in METERS]
    contracts = [
        terms(version(*tariff, *last), contract=number, client=number, start="2026-11-03", end="2026-11-29")
        for number, tariff in enumerate(tariffs, start=1)
    ]
    begin = at("2026-11-01T00:00")
    frame = pl.DataFrame(
        [
            (who, begin + timedelta(minutes=minute), kind, talk, talk + more, ok)
            for who, minute, kind, talk, more, ok in rows
        ],
        schema=SCHEMA,
        orient="row",
    )
    by_hand: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0, 0]))
    for row in frame.iter_rows():
        for position, counts in counted(contracts[row[0] - 1], *row[1:]):
            sums = by_hand[row[0]][position]
            by_hand[row[0]][position] = [total + count for total, count in zip(sums, counts, strict=True)]
    expected = {who: {at: Quantity(*sums) for at, sums in found.items()} for who, found in by_hand.items()}
    assert measure(frame, contracts, period=NOVEMBER, region="NL") == expected
    here = Measuring(contracts, Candidates.of(contracts, NOVEMBER), NOVEMBER, "NL")
    assert by_contract([tally(frame[turn::3], here) for turn in range(3)], here) == expected


def counted(
    contract: Terms, start: datetime, kind: str, talk: int, handling: int, billable: bool
) -> list[tuple[int, tuple[int, int, int, int]]]:
    """What one call adds to which items: calls, seconds, billed, too_short."""
    local = start.astimezone(ZoneInfo(ZONE))
    if not billable or not talk or not contract.start <= local.date() <= contract.last:
        return []
    found = []
    for meter, kinds in TAKES.items():
        if kind in kinds:
            item = chosen(contract, meter, local)
            seconds = handling if meter is Meter.HANDLING_TIME else talk
            billed = item.increment.billed(seconds) if meter in TIMES else 1
            short = seconds < item.min_seconds
            found.append((item.position, (0, 0, 0, 1) if short else (1, seconds, billed, 0)))
    return found


def chosen(contract: Terms, meter: Meter, local: datetime) -> Item:
    holiday = local.date() in public_holidays("NL", [2026])
    minute = local.hour * 60 + local.minute
    return next(
        item
        for item in contract.versions[0].items
        if item.meter is meter and (item.window is None or item.window.contains(local.date(), minute, holiday=holiday))
    )

"""The stopwatch of orders."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.rules.activation import Status
from balie.rules.stopwatch import BOUNDS, Leg, Spread, grouped, legs, spread

PLACED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECONDS = st.lists(st.floats(0, 10_000), min_size=1, max_size=40)


def way(*steps: tuple[Status, float]) -> dict[Leg, float]:
    return legs(PLACED, [(status, PLACED + timedelta(seconds=after)) for status, after in steps])


def test_each_part_of_the_way_is_timed() -> None:
    steps = ((Status.CLAIMED, 0), (Status.CONFIGURED, 1.5), (Status.READY, 4), (Status.ACTIVE, 600))
    assert way(*steps) == {
        Leg.CLAIMED: 0,
        Leg.CONFIGURED: 1.5,
        Leg.PROVEN: 2.5,
        Leg.WHOLE: 4,
        Leg.FIRST_CALL: 596,
    }


def test_waiting_counts_to_the_part_in_which_it_waited() -> None:
    late = ((Status.WAITING, 0), (Status.CLAIMED, 90), (Status.CONFIGURED, 91), (Status.READY, 92))
    assert way(*late)[Leg.CLAIMED] == 90
    again = ((Status.CLAIMED, 0), (Status.WAITING, 5), (Status.CONFIGURED, 70), (Status.READY, 72))
    assert way(*again) == {Leg.CLAIMED: 0, Leg.CONFIGURED: 70, Leg.PROVEN: 2, Leg.WHOLE: 72}


def test_service_without_a_number_has_no_way_to_time() -> None:
    assert way((Status.ACTIVE, 0)) == {}


def test_spread_is_worked_by_hand() -> None:
    assert spread([]) is None
    assert spread([3]) == Spread(1, 3, 3, 3)
    assert spread([5, 1, 2, 4]) == Spread(4, 3, 5, 5)
    assert spread([*range(1, 11)]) == Spread(10, 5.5, 9, 10)


@pytest.mark.parametrize(("second", "group"), [(0, 0), (1, 0), (1.01, 1), (5, 2), (3600, 7), (3601, 8)])
def test_time_belongs_to_the_group_it_does_not_exceed(second: float, group: int) -> None:
    assert grouped([second]) == [int(at == group) for at in range(len(BOUNDS) + 1)]


@given(SECONDS)
def test_groups_hold_every_order_and_shares_are_in_order(seconds: list[float]) -> None:
    found = spread(seconds)
    assert sum(grouped(seconds)) == len(seconds)
    assert found and found.median <= found.nine_in_ten <= found.slowest == max(seconds)
    assert sum(one <= found.nine_in_ten for one in seconds) >= 0.9 * len(seconds)

"""Until when a client is open or closed, and its hours as people write them."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.notes.models import OpenHours
from balie.notes.opening import changes_at, said, spans_of
from balie.rules.errors import Refused

ZONE = "Europe/Amsterdam"
NINE, FIVE = time(9), time(17)
WORKDAYS = [OpenHours(day=day, begins=NINE, ends=FIVE) for day in range(5)]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE))


def changes(moment: str, hours: list[OpenHours], region: str = "NL") -> datetime | None:
    return changes_at(hours, at(moment), region=region, zone=ZONE)


@pytest.mark.parametrize(
    ("moment", "change"),
    [
        ("2026-11-23T10:00", "2026-11-23T17:00"),  # a Monday
        ("2026-11-23T08:59", "2026-11-23T09:00"),
        ("2026-11-23T17:00", "2026-11-24T09:00"),
        ("2026-11-27T18:00", "2026-11-30T09:00"),  # over the weekend
        ("2026-12-24T18:00", "2026-12-28T09:00"),  # and over Christmas, a Friday and a Saturday
    ],
)
def test_a_client_opens_and_closes_by_its_hours(moment: str, change: str) -> None:
    assert changes(moment, WORKDAYS) == at(change)


def test_a_holiday_has_hours_of_its_own() -> None:
    hours = [*WORKDAYS, OpenHours(day=7, begins=time(10), ends=time(12))]
    assert changes("2026-12-25T11:00", hours) == at("2026-12-25T12:00")
    assert changes("2026-12-25T11:00", hours, region="DE-NW") == at("2026-12-25T12:00")
    assert changes("2026-12-26T09:00", hours, region="NL") == at("2026-12-26T10:00")


def test_spans_that_meet_at_midnight_are_one() -> None:
    night = [OpenHours(day=0, begins=time(22), ends=time(0)), OpenHours(day=1, begins=time(0), ends=time(6))]
    assert changes("2026-11-23T23:00", night) == at("2026-11-24T06:00")


def test_who_is_always_open_never_closes() -> None:
    always = [OpenHours(day=day, begins=time(0), ends=time(0)) for day in range(8)]
    assert changes("2026-11-23T23:00", always) is None and changes("2026-11-23T23:00", []) is None


@given(st.lists(st.integers(0, 24 * 60), min_size=2, max_size=8, unique=True))
def test_hours_read_again_as_they_are_written(minutes: list[int]) -> None:
    edges = sorted(minutes)
    spans = [(clock(begin), clock(end)) for begin, end in zip(edges[::2], edges[1::2], strict=False)]
    assert spans_of(said(spans)) == spans


def clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


@pytest.mark.parametrize("text", ["9", "a–b", "24:30–25:00", "12:00–9:00", "9:60–10:00", "8:00–10:00, 9:00–11:00", "-"])
def test_what_are_no_hours_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        spans_of(text)

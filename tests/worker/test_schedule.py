"""When a source is looked at next."""

from datetime import UTC, datetime, time

import pytest

from balie.worker.schedule import next_look

AMSTERDAM = "Europe/Amsterdam"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "at", "zone", "expected"),
    [
        ("2026-11-23 04:00", time(5, 30), AMSTERDAM, "2026-11-23 04:30"),
        ("2026-11-23 04:30", time(5, 30), AMSTERDAM, "2026-11-24 04:30"),
        ("2026-06-01 12:00", time(5, 30), AMSTERDAM, "2026-06-02 03:30"),
        ("2026-11-23 22:59", time(0, 0), AMSTERDAM, "2026-11-23 23:00"),
        ("2026-12-31 23:30", time(0, 10), AMSTERDAM, "2027-01-01 23:10"),
        ("2026-11-23 12:00", time(23, 59), "UTC", "2026-11-23 23:59"),
    ],
)
def test_next_look_daily_is_at_the_local_time(after: str, at: time, zone: str, expected: str) -> None:
    assert next_look(after=utc(after), at=at, every=None, zone=zone) == utc(expected)


def test_next_look_in_the_hour_the_clocks_skip_comes_once_after_it() -> None:
    looks = [utc("2026-03-28 02:00")]
    for _ in range(3):
        looks.append(next_look(after=looks[-1], at=time(2, 30), every=None, zone=AMSTERDAM) or looks[0])
    assert looks[1:] == [utc("2026-03-29 01:30"), utc("2026-03-30 00:30"), utc("2026-03-31 00:30")]


def test_next_look_in_the_hour_that_comes_twice_comes_once() -> None:
    looks = [utc("2026-10-24 02:00")]
    for _ in range(2):
        looks.append(next_look(after=looks[-1], at=time(2, 30), every=None, zone=AMSTERDAM) or looks[0])
    assert looks[1:] == [utc("2026-10-25 00:30"), utc("2026-10-26 01:30")]


def test_next_look_every_few_minutes_counts_from_the_last() -> None:
    assert next_look(after=utc("2026-10-25 00:55"), at=None, every=15, zone=AMSTERDAM) == utc("2026-10-25 01:10")


def test_next_look_with_both_is_whichever_comes_first() -> None:
    at = time(5, 30)
    assert next_look(after=utc("2026-11-23 04:20"), at=at, every=15, zone=AMSTERDAM) == utc("2026-11-23 04:30")
    assert next_look(after=utc("2026-11-23 04:30"), at=at, every=15, zone=AMSTERDAM) == utc("2026-11-23 04:45")


def test_next_look_without_time_and_rhythm_is_never() -> None:
    assert next_look(after=utc("2026-11-23 04:20"), at=None, every=None, zone=AMSTERDAM) is None
    assert next_look(after=utc("2026-11-23 04:20"), at=None, every=0, zone=AMSTERDAM) is None

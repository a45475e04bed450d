"""The state of a day: what is usual, and when silence is an alarm."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from balie.calls.day import Delivery, days_with_usual, deliveries
from balie.calls.models import Import, Source, SourceHour
from balie.rules.call import CallType
from tests import make

pytestmark = pytest.mark.django_db
ZONE = "Europe/Amsterdam"
MONDAY = date(2026, 11, 23)


def local(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(ZONE))


def came(source: Source, day: date, hour: int, calls: int, type: str = CallType.ACCEPTED, ring: int = 0) -> None:
    SourceHour.objects.create(source=source, day=day, hour=hour, type=type, calls=calls, ring=ring, quick=calls // 2)


def habit(source: Source, *, hours: range = range(9, 17), calls: int = 10, weeks: int = 8) -> None:
    """So many calls in each of these hours of every weekday of the weeks before."""
    for back in range(1, weeks * 7 + 1):
        day = MONDAY - timedelta(days=back)
        if day.weekday() < 5:
            for hour in hours:
                came(source, day, hour, calls)


def looked(name: str = "pbx", **values: object) -> Source:
    return make.source(name, **{"files": {"url": "file:///cdr/*.csv"}, "look_every": 15, **values})


def state(now: datetime) -> Delivery:
    (found,) = deliveries(MONDAY, now=now, zone=ZONE)
    return found


def test_usual_is_the_mean_of_the_same_weekday_as_far_back_as_there_are_calls() -> None:
    source = make.source()
    came(source, MONDAY - timedelta(weeks=1), 9, 12)
    came(source, MONDAY - timedelta(weeks=2), 9, 6)
    came(source, MONDAY - timedelta(days=1), 9, 99)  # a Sunday says nothing about Mondays
    (day,) = days_with_usual(MONDAY, MONDAY)
    assert (day.weeks, day.usual[9].calls, day.usual[9].quick) == (2, 9, 4.5)


def test_a_weekday_without_calls_counts_as_none() -> None:
    source = make.source()
    came(source, MONDAY - timedelta(weeks=3), 9, 9)
    came(source, MONDAY - timedelta(weeks=1), 9, 9)
    (day,) = days_with_usual(MONDAY, MONDAY)
    assert (day.weeks, day.usual[9].calls) == (3, 6)


def test_the_hour_under_way_counts_in_part() -> None:
    source = make.source()
    for hour, calls in ((9, 10), (10, 20), (11, 40)):
        came(source, MONDAY - timedelta(weeks=1), hour, calls)
    (day,) = days_with_usual(MONDAY, MONDAY)
    assert [day.usual_until(hours).calls for hours in (9, 9.5, 10.25, 24)] == [0, 5, 15, 70]


def test_missed_calls_are_apart_with_their_wait() -> None:
    source = make.source()
    came(source, MONDAY, 9, 4, CallType.MISSED, ring=124)
    came(source, MONDAY, 9, 6)
    (day,) = days_with_usual(MONDAY, MONDAY)
    assert (day.total.calls, day.total.missed, day.total.missed_wait) == (6, 4, 124)


def test_days_are_read_in_one_query(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture has no public type
        days_with_usual(MONDAY - timedelta(days=13), MONDAY)


def test_silence_while_calls_are_expected_is_an_alarm() -> None:
    source = looked(newest=local(9, 10), last_look=local(11), next_look=local(11, 15))
    habit(source)
    found = state(local(11))
    assert (found.state, found.silence and round(found.silence.expected)) == ("bad", 18)


@pytest.mark.parametrize(
    ("newest", "now"),
    [
        (local(10, 40), local(11)),  # twenty minutes: chance
        (local(17, day=date(2026, 11, 20)), local(8)),  # since Friday evening, on Monday at eight
        (local(17, day=date(2026, 11, 20)), local(23, day=date(2026, 11, 22))),  # a silent weekend
    ],
)
def test_silence_while_nobody_calls_is_none(newest: datetime, now: datetime) -> None:
    habit(looked(newest=newest, last_look=now, next_look=now + timedelta(minutes=15)))
    assert state(now).silence is None


def test_a_source_looked_at_daily_is_blamed_up_to_its_last_look_only() -> None:
    source = looked(newest=local(16, 59, date(2026, 11, 20)), look_every=None, last_look=local(5, 30))
    habit(source)
    assert state(local(16)).silence is None


def test_a_new_source_without_a_habit_is_never_silent() -> None:
    looked(newest=local(9), last_look=local(16), next_look=local(16, 15))
    assert state(local(16)).silence is None


def test_a_file_by_hand_is_awaited_from_nobody() -> None:
    source = make.source(newest=local(9, day=date(2026, 11, 20)))
    habit(source)
    Import.objects.create(source=source, name="x", sha256="1", started=local(9), finished=local(9))
    assert state(local(16)).silence is not None, "the file of today should have held Friday's calls"
    Source.objects.update(newest=local(9))
    assert state(local(16)).silence is None


def test_a_source_that_pushes_all_day_is_expected_to_go_on() -> None:
    source = make.source(newest=local(9))
    habit(source)
    for minutes in range(80):
        at = local(9) - timedelta(hours=minutes)
        Import.objects.create(source=source, name="push", sha256=str(minutes), started=at, finished=at)
    assert state(local(12)).silence is not None


def test_a_look_that_is_overdue_shows_that_no_worker_runs() -> None:
    looked(last_look=local(9), next_look=local(9, 15))
    assert (state(local(9, 40)).overdue, state(local(10)).overdue) == (False, True)


@pytest.mark.parametrize(
    ("values", "expected"),
    [({}, "good"), ({"warning": "zone"}, "warn"), ({"last_problem": "no route"}, "bad"), ({"parked": "5"}, "bad")],
)
def test_the_state_of_a_source_is_its_worst(values: dict[str, str], expected: str) -> None:
    make.source(**values)
    assert state(local(9)).state == expected


def test_what_came_on_a_day_is_counted_per_source() -> None:
    one = make.source("a")
    make.source("b")
    came(one, MONDAY, 9, 7)
    came(one, MONDAY, 10, 2, CallType.MISSED)
    found = deliveries(MONDAY, now=local(12), zone=ZONE)
    assert [(d.source.name, d.calls, d.missed) for d in found] == [("a", 9, 2), ("b", 0, 0)]

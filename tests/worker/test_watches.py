"""The nightly watch: once a day, after its hour."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from balie.controlling.models import WatchDay
from balie.tasks.models import Task
from balie.worker import watches
from balie.worker.jobs import lane_called
from balie.worker.loop import Loop, Tally
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def operator() -> None:
    make.operator(timezone="Europe/Amsterdam", costs={"agent_per_hour": "30.00"})


def test_watch_is_asked_for_once_a_day_after_its_hour() -> None:
    early, late = datetime(2026, 11, 23, 5, 29, tzinfo=UTC), datetime(2026, 11, 23, 5, 30, tzinfo=UTC)
    assert watches.ask(early) is None
    assert watches.ask(late) == watches.ask(late.replace(hour=20))
    assert list(WatchDay.objects.values_list("day", flat=True)) == [date(2026, 11, 23)]


def test_watch_of_a_day_that_is_over_is_not_made_up_for() -> None:
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    watches.ask(datetime(2026, 11, 22, 9, tzinfo=UTC))
    watches.ask(now)
    assert [row.day for row in watches.due(now)] == [date(2026, 11, 23)]


def test_worker_watches_and_says_what_came_of_it(time_machine: Any) -> None:
    time_machine.move_to(datetime(2026, 11, 23, 9, tzinfo=UTC))
    client = make.client("1001")
    make.contract(client, tariff=make.tariff("FLAT", items=({"meter": "basic_fee", "price": "100.00"},)))
    for month in (8, 9, 10):
        make.call(client, start=datetime(2026, month, 5, 9, tzinfo=UTC), talk=30_000)
    lane = lane_called("closings")
    # The watch, the economics of the running month, and its forecast.
    assert Loop(lane, once=True).run() == Tally(done=3, failed=0)
    assert Loop(lane, once=True).run() == Tally(done=0, failed=0)
    [row] = WatchDay.objects.all()
    assert (row.day, row.checked, row.new_tasks, row.problems) == (date(2026, 11, 23), 1, 1, [])
    assert Task.objects.get().kind == "uneconomical"

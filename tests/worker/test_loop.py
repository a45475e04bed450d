"""The loop: what becomes of rows whose work goes well, goes wrong, or goes on while the worker must stop."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils.translation import get_language

from balie.leases import actions as leases
from balie.leases.models import WorkerBeat
from balie.rules.errors import Refused
from balie.statements.models import Closing
from balie.worker import loop as loops
from balie.worker.crew import LANE_NAMES
from balie.worker.jobs import LANES, Chore, Job, Lane, lane_called
from balie.worker.loop import Loop, Tally
from balie.worker.process import Stop
from balie.worker.turn import LeaseLost, Stopped, Turn
from tests import make

pytestmark = pytest.mark.django_db
Act = Callable[[Closing, Turn], None]


def rows(count: int) -> None:
    Closing.objects.bulk_create(Closing(month=202600 + n, asked=datetime.now(UTC)) for n in range(count))


def lane(act: Act, *chores: Chore, length: timedelta = timedelta(minutes=1)) -> Lane:
    return Lane("test", (Job("close", lambda now: Closing.objects.filter(done=None), act, length),), chores)


def finish(row: Closing, turn: Turn) -> None:
    leases.give_back(row, done=turn.now())


def run_once(act: Act, *chores: Chore) -> Tally:
    return Loop(lane(act, *chores), once=True).run()


def test_once_does_everything_that_is_due() -> None:
    rows(40)
    assert run_once(finish) == Tally(done=40, failed=0)
    assert not Closing.objects.filter(done=None).exists()


@pytest.mark.parametrize("language", ["nl", "de"])
def test_jobs_speak_the_operators_language(language: str) -> None:
    """What goes wrong is kept beside the row, and staff read it there."""
    spoken = []

    def act(row: Closing, turn: Turn) -> None:
        spoken.append(get_language())
        finish(row, turn)

    make.operator(language=language)
    rows(1)
    run_once(act)
    assert (spoken, get_language()) == ([language], "en")


def test_once_ends_although_a_row_stays_due() -> None:
    def act(row: Closing, turn: Turn) -> None:
        leases.give_back(row)

    rows(3)
    assert run_once(act) == Tally(done=3, failed=0)


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (Refused("x", "The month is not over yet."), "The month is not over yet."),
        (PermissionError(13, "Permission denied"), "It may not be read ([Errno 13] Permission denied)."),
        (TimeoutError(), "The server did not answer in time."),
        (ZeroDivisionError("by zero"), "A fault in Balie: ZeroDivisionError: by zero"),
        (OperationalError("database is locked"), "The database refused: database is locked"),
    ],
)
def test_row_that_fails_is_tried_again_and_then_parked_with_words(
    problem: Exception, said: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("balie.worker.loop.connection.close", lambda: None)  # the test's own transaction is on it

    def act(row: Closing, turn: Turn) -> None:
        raise problem

    rows(1)
    for attempt in range(1, 6):
        Closing.objects.update(lease_until=datetime(2026, 1, 1, tzinfo=UTC))
        assert run_once(act) == Tally(done=1, failed=1)
        assert Closing.objects.get().attempts == attempt
    assert Closing.objects.get().parked == said
    assert ("Traceback" in caplog.text) == said.startswith(("A fault", "The database"))


def test_row_that_fails_does_not_keep_others_from_their_turn() -> None:
    def act(row: Closing, turn: Turn) -> None:
        if row.month == 202601:
            raise ZeroDivisionError
        finish(row, turn)

    rows(3)
    assert run_once(act) == Tally(done=3, failed=1)
    assert Closing.objects.filter(done=None).count() == 1


def test_stop_ends_the_loop_and_frees_the_row() -> None:
    stop = Stop()

    def act(row: Closing, turn: Turn) -> None:
        stop.set()
        turn.keep()
        raise AssertionError("went on")

    rows(3)
    Loop(lane(act), stop).run()
    assert set(Closing.objects.values_list("attempts", "parked")) == {(0, "")}
    assert leases.claim(Closing.objects.all(), now=datetime.now(UTC), length=timedelta(1)) is not None


def test_loop_shows_signs_of_life_and_leaves() -> None:
    seen: list[Any] = []

    def act(row: Closing, turn: Turn) -> None:
        seen.append(WorkerBeat.objects.values_list("lane", "doing").get())
        finish(row, turn)

    rows(1)
    run_once(act)
    assert seen == [("test", "close: 202600")]
    assert not WorkerBeat.objects.exists()


def test_loop_goes_on_when_the_database_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "NO_DATABASE_SECONDS", 0.01)
    monkeypatch.setattr(loops, "WAIT_SECONDS", 0.01)
    monkeypatch.setattr("balie.worker.loop.connection.close", lambda: None)
    stop, troubles = Stop(), [OperationalError("server closed the connection"), OperationalError("starting up")]

    def due(now: datetime) -> Any:
        if troubles:
            raise troubles.pop()
        return Closing.objects.filter(done=None)

    def act(row: Closing, turn: Turn) -> None:
        finish(row, turn)
        stop.set()

    rows(1)
    tally = Loop(Lane("test", (Job("close", due, act, timedelta(minutes=1)),)), stop).run()
    assert tally == Tally(done=1, failed=0)


def test_chores_run_once_and_a_fault_in_one_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    ran: list[str] = []

    def broken(now: datetime) -> None:
        raise ZeroDivisionError

    rows(2)
    chores = (Chore("broken", broken), Chore("fine", lambda now: ran.append("fine")))
    assert run_once(finish, *chores) == Tally(done=2, failed=0)
    assert ran == ["fine"]
    assert "broken: a fault in Balie" in caplog.text


def held(length: timedelta) -> Turn:
    rows(1)
    row = leases.claim(Closing.objects.all(), now=datetime.now(UTC), length=length)
    assert row is not None
    return Turn(row, length)


@pytest.mark.django_db(transaction=True)
def test_keep_renews_once_a_third_of_the_lease_is_used() -> None:
    turn = held(timedelta(seconds=60))
    first = turn.row.lease_until
    turn.keep()
    assert turn.row.lease_until == first
    turn.row.lease_until -= timedelta(seconds=21)
    Closing.objects.update(lease_until=turn.row.lease_until)
    turn.keep()
    assert Closing.objects.get().lease_until == turn.row.lease_until > first - timedelta(seconds=1)


@pytest.mark.django_db(transaction=True)
def test_keep_notices_that_the_lease_is_lost() -> None:
    turn = held(timedelta(seconds=60))
    turn.row.lease_until -= timedelta(seconds=60)
    with pytest.raises(LeaseLost):
        turn.keep()


def test_keep_notices_that_it_must_stop() -> None:
    turn = held(timedelta(seconds=60))
    turn.worker.stopping = lambda: True
    with pytest.raises(Stopped):
        turn.keep()


def test_lanes_have_names_of_their_own() -> None:
    assert tuple(lane.name for lane in LANES) == LANE_NAMES
    assert [lane_called(lane.name) for lane in LANES] == list(LANES)

"""Claiming, keeping and giving back rows, one worker at a time."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from balie.leases import actions as leases
from balie.leases.models import FREE, WorkerBeat
from balie.leases.queries import alive
from balie.statements.models import Closing

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def row(month: int = 202601, **values: Any) -> Closing:
    return Closing.objects.create(month=month, asked=NOW, **values)


def claim(*, now: datetime = NOW) -> Closing | None:
    return leases.claim(Closing.objects.all(), now=now, length=MINUTE)


def stored() -> Closing:
    return Closing.objects.get()


def test_claim_of_nothing_is_nothing() -> None:
    assert claim() is None


def test_claim_holds_the_row_for_its_length() -> None:
    row()
    held = claim()
    assert held is not None
    assert (stored().lease_until, stored().attempts) == (NOW + MINUTE, 1)
    assert claim(now=NOW + MINUTE - timedelta(microseconds=1)) is None
    assert claim(now=NOW + MINUTE) is not None


def test_claim_that_somebody_else_made_first_takes_another_row(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = row(202601), row(202602)

    def rival(candidates: list[Closing]) -> None:
        candidates.sort(key=lambda each: each.month)
        Closing.objects.filter(pk=first.pk).update(lease_until=NOW + 2 * MINUTE)

    monkeypatch.setattr(random, "shuffle", rival)
    held = claim()
    assert held is not None and held.pk == second.pk
    assert Closing.objects.get(pk=first.pk).lease_until == NOW + 2 * MINUTE


def test_claim_when_everything_was_just_taken_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    row()
    monkeypatch.setattr(random, "shuffle", lambda rows: Closing.objects.update(lease_until=NOW + MINUTE))
    assert claim() is None


def test_claim_of_a_row_that_ceased_to_be_due_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    row()
    monkeypatch.setattr(random, "shuffle", lambda rows: Closing.objects.update(done=NOW))
    assert leases.claim(Closing.objects.filter(done=None), now=NOW, length=MINUTE) is None


def test_claim_chooses_among_the_first_sixteen() -> None:
    for month in range(40):
        row(202600 + month)
    months = set()
    for _ in range(300):
        held = claim()
        assert held is not None
        months.add(held.month)
        leases.give_back(held)
    assert months == set(range(202600, 202616))


def test_claim_passes_over_parked_rows() -> None:
    row(parked="broken")
    assert claim() is None


def test_give_back_stores_results_and_counts_anew() -> None:
    row()
    held = claim()
    assert held is not None
    assert leases.give_back(held, clients=7, done=NOW)
    assert (stored().lease_until, stored().attempts, stored().clients, stored().done) == (FREE, 0, 7, NOW)


Ending = Callable[[Closing], bool]
ENDINGS: dict[str, Ending] = {
    "give back": lambda held: leases.give_back(held, clients=7),
    "fail": lambda held: leases.fail(held, why="x", now=NOW),
    "interrupt": leases.interrupt,
    "renew": lambda held: leases.renew(held, now=NOW + MINUTE, length=MINUTE),
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=list(ENDINGS))
def test_whoever_lost_the_lease_changes_nothing(ending: Ending) -> None:
    row()
    slow = claim()
    quick = claim(now=NOW + MINUTE)
    assert slow is not None and quick is not None
    before = Closing.objects.values().get()
    assert ending(slow) is False
    assert Closing.objects.values().get() == before
    assert ending(quick) is True


def test_renew_holds_the_row_longer() -> None:
    row()
    held = claim()
    assert held is not None
    assert leases.renew(held, now=NOW + MINUTE / 2, length=MINUTE)
    assert claim(now=NOW + MINUTE) is None
    assert leases.give_back(held)


def test_renew_after_the_end_is_fine_while_nobody_else_came() -> None:
    row()
    held = claim()
    assert held is not None
    assert leases.renew(held, now=NOW + 5 * MINUTE, length=MINUTE)


def test_fail_waits_longer_each_time_then_parks() -> None:
    row()
    now, waits = NOW, []
    for _ in range(5):
        held = claim(now=now)
        assert held is not None
        assert leases.fail(held, why="no paper", now=now)
        waits.append((stored().lease_until - now).total_seconds())
        now = max(stored().lease_until, now)
    assert waits[:4] == [30, 120, 480, 1920]
    assert (stored().parked, stored().lease_until) == ("no paper", FREE)
    assert claim(now=now + timedelta(days=1)) is None


def test_interrupt_frees_the_row_as_if_nothing_happened() -> None:
    row()
    held = claim()
    assert held is not None
    assert leases.interrupt(held)
    assert (stored().lease_until, stored().attempts) == (FREE, 0)


def test_row_that_kills_its_workers_is_parked() -> None:
    row()
    now = NOW
    for _ in range(5):
        assert claim(now=now) is not None  # and dies
        now += MINUTE
    assert claim(now=now) is None
    assert stored().parked == str(leases.DIED)


def test_revive_gives_parked_rows_another_chance() -> None:
    row(202601, parked="broken", attempts=5)
    row(202602, lease_until=NOW + MINUTE, attempts=2)
    assert leases.revive(Closing.objects.all()) == 1
    assert list(Closing.objects.order_by("month").values_list("parked", "attempts")) == [("", 0), ("", 2)]


def test_beat_is_one_row_a_process_and_lane() -> None:
    for after in (0, 10, 20):
        leases.beat(host="h", pid=1, lane="imports", now=NOW + timedelta(seconds=after), doing="x" * 500)
    [beat] = WorkerBeat.objects.all()
    assert (beat.started, beat.at, len(beat.doing)) == (NOW, NOW + timedelta(seconds=20), 300)
    leases.beat(host="h", pid=2, lane="imports", now=NOW + timedelta(days=2))
    assert [beat.pid for beat in WorkerBeat.objects.all()] == [2]
    leases.leave(host="h", pid=2, lane="imports")
    assert not WorkerBeat.objects.exists()


@pytest.mark.parametrize(
    ("silent", "doing", "is_alive"),
    [(59, "", True), (61, "", False), (61, "x", True), (899, "x", True), (901, "x", False)],
)
def test_alive_is_who_gave_a_sign_lately(silent: int, doing: str, is_alive: bool) -> None:
    leases.beat(host="h", pid=1, lane="imports", now=NOW, doing=doing)
    assert alive(now=NOW + timedelta(seconds=silent)).exists() == is_alive

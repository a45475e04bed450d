"""Claiming, keeping and giving back a lease: one conditional update each, the same on both databases."""

import random
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy

from balie.leases.models import FREE, Leased, WorkerBeat

Row = TypeVar("Row", bound=Leased)
MOST_ATTEMPTS = 5
LOOK_AT = 16
FORGET_BEATS_AFTER = timedelta(days=1)
DIED = gettext_lazy("Five times in a row the worker died, or took too long, while it worked on this.")


def claim(due: QuerySet[Row], *, now: datetime, length: timedelta) -> Row | None:
    """One of the first 16 due rows, held until now + length; None when nothing is due or all were just taken.

    Chosen at random so that several workers seldom reach for the same row. A row that was claimed five times and
    never given back kills its workers: it is parked instead of taken a sixth time.
    """
    free = due.filter(lease_until__lte=now, parked="")
    candidates = list(free.order_by("pk")[:LOOK_AT])
    random.shuffle(candidates)
    for row in candidates:
        mine = now + length
        taken = free.filter(pk=row.pk, lease_until=row.lease_until).update(lease_until=mine, attempts=F("attempts") + 1)
        if not taken:
            continue
        row.lease_until, row.attempts = mine, row.attempts + 1
        if row.attempts <= MOST_ATTEMPTS:
            return row
        own(row).update(lease_until=FREE, parked=str(DIED))
    return None


def own(row: Row) -> QuerySet[Row]:
    """The row, as long as its lease is still the one this worker holds."""
    return type(row)._default_manager.filter(pk=row.pk, lease_until=row.lease_until)


def renew(row: Leased, *, now: datetime, length: timedelta) -> bool:
    """Holds the row longer; False when somebody else has it by now."""
    longer = now + length
    kept = own(row).update(lease_until=longer)
    if kept:
        row.lease_until = longer
    return bool(kept)


def give_back(row: Leased, **results: Any) -> bool:
    """The work is done: its results stored, free again, attempts counted anew.

    False when the lease was lost meanwhile: then nothing is stored, whoever holds the row now will do it.
    """
    return bool(own(row).update(**{"lease_until": FREE, "attempts": 0, **results}))


def interrupt(row: Leased) -> bool:
    """The worker is told to stop: free again at once, as if this attempt had not been made."""
    return bool(own(row).update(lease_until=FREE, attempts=F("attempts") - 1))


def fail(row: Leased, *, why: str, now: datetime, **results: Any) -> bool:
    """The work failed: tried again later each time, parked with its reason after five attempts."""
    if row.attempts >= MOST_ATTEMPTS:
        return park(row, why=why, **results)
    return bool(own(row).update(**{"lease_until": now + pause(row.attempts), **results}))


def park(row: Leased, *, why: str, **results: Any) -> bool:
    """Nobody tries any more, for this reason, until the row is revived."""
    return bool(own(row).update(**{"lease_until": FREE, "parked": why, **results}))


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts that failed: 30 s, 2 min, 8 min, 32 min."""
    return timedelta(seconds=30 * 4 ** (attempts - 1))


def revive(rows: QuerySet[Row]) -> int:
    """Somebody mended the cause: parked rows are due again. Returns how many there were."""
    return rows.exclude(parked="").update(parked="", attempts=0, lease_until=FREE)


def beat(*, host: str, pid: int, lane: str, now: datetime, doing: str = "") -> None:
    """A worker's sign of life; at its first the signs of those long dead are swept away."""
    _, new = WorkerBeat.objects.update_or_create(
        host=host,
        pid=pid,
        lane=lane,
        defaults={"at": now, "doing": doing[:300]},
        create_defaults={"at": now, "doing": doing[:300], "started": now},
    )
    if new:
        WorkerBeat.objects.filter(at__lt=now - FORGET_BEATS_AFTER).delete()


def leave(*, host: str, pid: int, lane: str) -> None:
    """A worker stops in good order: it is no longer expected to give signs of life."""
    WorkerBeat.objects.filter(host=host, pid=pid, lane=lane).delete()

"""Claiming, keeping and giving back a lease: one conditional update each, the same on both databases."""

import random
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import F, QuerySet

from balie.leases.models import FREE, Leased

Row = TypeVar("Row", bound=Leased)
MOST_ATTEMPTS = 5
LOOK_AT = 16


def claim(due: QuerySet[Row], *, now: datetime, length: timedelta) -> Row | None:
    """One of the first 16 due rows, held until now + length; None when nothing is due or all were just taken.

    Chosen at random so that several workers seldom reach for the same row.
    """
    free = due.filter(lease_until__lte=now, parked="")
    candidates = list(free.order_by("pk")[:LOOK_AT])
    random.shuffle(candidates)
    for row in candidates:
        mine = now + length
        taken = free.filter(pk=row.pk, lease_until=row.lease_until).update(lease_until=mine, attempts=F("attempts") + 1)
        if taken:
            row.lease_until, row.attempts = mine, row.attempts + 1
            return row
    return None


def renew(row: Row, *, now: datetime, length: timedelta) -> bool:
    """Holds the row longer; False when somebody else has it by now."""
    longer = now + length
    kept = type(row)._default_manager.filter(pk=row.pk, lease_until=row.lease_until).update(lease_until=longer)
    if kept:
        row.lease_until = longer
    return bool(kept)


def give_back(row: Row) -> bool:
    """The work is done: free again, attempts counted anew. False when the lease was lost meanwhile."""
    mine = type(row)._default_manager.filter(pk=row.pk, lease_until=row.lease_until)
    return bool(mine.update(lease_until=FREE, attempts=0))


def fail(row: Row, *, why: str, now: datetime) -> bool:
    """The work failed: tried again later each time, parked with its reason after five attempts."""
    mine = type(row)._default_manager.filter(pk=row.pk, lease_until=row.lease_until)
    if row.attempts >= MOST_ATTEMPTS:
        return bool(mine.update(lease_until=FREE, parked=why))
    return bool(mine.update(lease_until=now + timedelta(seconds=30 * 4 ** (row.attempts - 1))))

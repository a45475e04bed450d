"""The job that removes personal data after its time, every night. Killed at any point, the next look goes on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from balie.accounts import opened
from balie.leases import actions as leases
from balie.messages.actions import remove as sms
from balie.notifications import removal as mails
from balie.operator.models import Removal
from balie.operator.queries import operator
from balie.operator.retention import ask_for_removals, begin_of, begin_removal, boundary, end_removal, removals_due
from balie.quality import removal as notes
from balie.rules.errors import Refused
from balie.rules.retention import Kept, kept_from
from balie.statements import removal as statements
from balie.tariffs.queries import local_day
from balie.worker.turn import LeaseLost, Turn

LEASE = timedelta(minutes=2)  # renewed with every client and some hundred rows
Keep = Callable[[], None]


@dataclass(frozen=True)
class Remover:
    """What is still there of one kind before a moment (UTC), and how it is removed; both say how many rows."""

    count: Callable[[datetime], int]
    remove: Callable[[datetime, Keep], int]


REMOVERS: Mapping[Kept, Remover] = {
    Kept.NUMBERS: Remover(statements.count_numbers, statements.take_numbers),
    Kept.NOTES: Remover(notes.count_notes, notes.take_notes),
    Kept.SMS: Remover(sms.count_sms, sms.take_sms),
    Kept.MAILS: Remover(mails.count_mails, mails.take_mails),
    Kept.OPENED: Remover(opened.count_opened, opened.forget_opened),
    Kept.STATEMENTS: Remover(statements.count_statements, statements.drop_statements),
}


def ask(now: datetime) -> None:
    """Every kind that has a time is looked at in the next night."""
    ask_for_removals(now=now)


def due(now: datetime) -> QuerySet[Removal]:
    return removals_due(now=now)


def remove(row: Removal, turn: Turn) -> None:
    """Removes what is older than its time."""
    work(row, turn)


def work(row: Removal, turn: Turn) -> int:
    """The same; how many rows there were."""
    day = begin_removal(row, now=turn.now())
    if day is None:
        leases.give_back(row)
        return 0
    turn.doing = f"removing {row.kind}"
    removed = REMOVERS[Kept(row.kind)].remove(begin_of(day, operator()), turn.keep)
    if not end_removal(row, removed=removed, now=turn.now()):
        raise LeaseLost
    return removed


def would_remove(kind: Kept, months: int, *, now: datetime) -> int:
    """How many rows a time of so many months removes that are still there."""
    return REMOVERS[kind].count(begin_of(kept_from(local_day(now), months), operator()))


def outlived(kind: Kept, *, now: datetime) -> int:
    """How many rows have outlived the time that is set, and are still there."""
    day = boundary(kind, operator(), now=now)
    return REMOVERS[kind].count(begin_of(day, operator())) if day else 0


def remove_at_once(*, now: datetime) -> dict[Kept, int]:
    """Removes what outlived its time without waiting for the night; how many rows of each kind that has a time.

    Refused, after all others, where a worker is removing one kind, or did until two minutes ago and was killed.
    """
    ask_for_removals(now=now)
    found: dict[Kept, int] = {}
    busy = ""
    for held in Removal.objects.filter(kind__in=[kind for kind in Kept if operator().retention.get(kind)]):
        leases.revive(Removal.objects.filter(pk=held.pk))
        row = leases.claim(Removal.objects.filter(pk=held.pk), now=now, length=LEASE)
        if row is None:
            busy = held.kind
            continue
        try:
            found[Kept(row.kind)] = work(row, Turn(row, LEASE))
        except BaseException:
            leases.interrupt(row)
            raise
    if busy:
        said = _("A worker is removing some of this now; look again in two minutes.")
        raise Refused("being_removed", said, busy)
    return found

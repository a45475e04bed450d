"""Writes of the pool: which numbers there are and whose they are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.leases.faults import fault
from balie.numbers.models import Assignment, Number
from balie.numbers.queries import free_numbers, hinders
from balie.operator.actions import Author, log_changes
from balie.rules.errors import Refused
from balie.rules.merge import Counts, Merged
from balie.rules.spans import SILENT, Claim, SharedDay, Span, settle

BATCH = 500


@transaction.atomic
def put_numbers(numbers: Iterable[str]) -> Counts:
    """Adds numbers (E.164 where they can be) to the pool; what is there stays as it is."""
    wanted = dict.fromkeys(numbers)
    known = set(Number.objects.values_list("number", flat=True))
    new = [Number(number=number) for number in wanted if number not in known]
    Number.objects.bulk_create(new, batch_size=BATCH)
    return Counts(new=len(new), unchanged=len(wanted) - len(new))


@transaction.atomic
def put_assignments(
    claims: Sequence[tuple[str, Claim]], *, ended: Collection[int] = (), author: Author
) -> tuple[Counts, list[str]]:
    """Says whose each number is and when (owner: a client's id); also the numbers for which that changed.

    ended: assignments (ids) that ended with a service since; an open end does not open them again. The numbers are of
    the pool already. Raises Refused when a number would be two clients' on one day.
    """
    asked: dict[str, list[Claim]] = defaultdict(list)
    for number, claim in claims:
        asked[number].append(claim)
    rows = {row.number: row for row in Number.objects.select_for_update() if row.number in asked}
    stored = stored_spans(rows)
    merged: Merged[Assignment] = Merged()
    for number, own in asked.items():
        settle_number(rows[number], stored[number], [left_ended(one, stored[number], ended) for one in own], merged)
    Assignment.objects.bulk_create(merged.new, batch_size=BATCH)
    if merged.changed:
        Assignment.objects.bulk_update(merged.changed, ["client_id", "first_day", "last_day"], batch_size=BATCH)
    log_changes(merged, deed="number.changed", about=lambda row: f"number:{row.number}", author=author)
    return merged.counts, sorted({row.number.number for row in (*merged.new, *merged.changed)})


def left_ended(claim: Claim, stored: Sequence[Span], ended: Collection[int]) -> Claim:
    """The claim without its open end, where it is about an assignment that ended with a service since."""
    about = [span for span in stored if span.owner == claim.owner and claim.first in (SILENT, span.first)]
    over = claim.last is None and any(span.row and span.row.pk in ended for span in about)
    return replace(claim, last=SILENT) if over else claim


def stored_spans(rows: Mapping[str, Number]) -> dict[str, list[Span]]:
    """The assignments there are of these numbers."""
    by_id = {row.pk: row for row in rows.values()}
    found: dict[str, list[Span]] = defaultdict(list)
    for row in Assignment.objects.all():
        if number := by_id.get(row.number_id):
            row.number = number
            found[number.number].append(Span(row.client_id, row.first_day, row.last_day, row=row))
    return found


def settle_number(number: Number, stored: list[Span], claims: list[Claim], merged: Merged[Assignment]) -> None:
    """Settles one number and adds its rows to those to make and to change."""
    try:
        spans = settle(stored, claims)
    except SharedDay as shared:
        raise Refused("number_taken", whose(number, shared), shared.where) from None
    for span in spans:
        values = {"client_id": span.owner, "first_day": span.first, "last_day": span.last}
        if span.row is None:
            merged.new.append(Assignment(number=number, **values))
        else:
            merged.lay(span.row, values, said=bool(span.where))


def whose(number: Number, shared: SharedDay) -> str:
    """In words: two clients would have the number on one day, and what to do."""
    first, second = (Client.objects.get(pk=span.owner).number for span in (shared.earlier, shared.later))
    owners = f"clients {first} and {second}" if first != second else f"client {first} twice"
    since = f" from {shared.later.first}" if shared.later.first else ""
    return f'the number {number} would belong to {owners} on one day{since}; give the earlier assignment a "to"'


@transaction.atomic
def assign_number(*, number: str, client: Client, first_day: date | None) -> Assignment:
    """Gives a number to a client from a local day until its next assignment, if there is one; puts it into the pool.

    number: E.164, or as the phone system writes it. Refused where somebody has it on that day already.
    """
    Number.objects.get_or_create(number=number)
    row = Number.objects.select_for_update().get(number=number)
    begin = first_day or date.min
    others = list(row.assignments.select_related("client"))
    for other in others:
        if (other.first_day or date.min) <= begin <= (other.last_day or date.max):
            said = _("%(number)s is assigned to %(client)s on that day.") % {"number": number, "client": other.client}
            raise Refused("number_taken", said, "number")
    later = [other.first_day for other in others if other.first_day and other.first_day > begin]
    last_day = min(later) - timedelta(days=1) if later else None
    return Assignment.objects.create(number=row, client=client, first_day=first_day, last_day=last_day)


@transaction.atomic
def withdraw_assignment(*, assignment: int) -> None:
    """Takes an assignment back as if it had never been; the number stays in the pool. Refused when it is gone."""
    found = Assignment.objects.filter(pk=assignment).first()
    if found is None:
        raise Refused("nothing_to_undo", _("This assignment was taken back already."), "assignment")
    found.delete()


@transaction.atomic
def claim_number(*, client: Client, day: date) -> Number | None:
    """A free number of the pool is this client's from a local day on; None while none is free.

    However many ask at once, each number goes to one: on PostgreSQL by a lock on its row, on SQLite since there is one
    writer. Numbers that others are just claiming are passed over, not waited for.
    """
    tried: set[int] = set()
    while True:
        free = free_numbers(day).exclude(pk__in=tried).select_for_update(skip_locked=True)
        number = free.first()
        if number is None:
            return None
        # What was free when the query began may have been given out before its lock was ours: asked again, now held.
        if number.assignments.filter(hinders(day)).exists():
            tried.add(number.pk)
            continue
        Assignment.objects.create(number=number, client=client, first_day=day)
        fault("number-claimed")
        return number


def forget_claim(*, number: Number, client: Client, since: date) -> None:
    """Takes back that the number was this client's from that local day on or later, where that has ended: as if it had
    never been, so that it does not rest."""
    Assignment.objects.filter(number=number, client=client, first_day__gte=since).exclude(last_day=None).delete()


@transaction.atomic
def end_assignments(*, client: Client, last_day: date, numbers: Collection[int] | None = None) -> list[int]:
    """A client's numbers without an end are its until a local day; their assignments (ids).

    Those whose end somebody planned are left, and those that would begin later. numbers: only these (ids), also where
    a later end was planned.
    """
    begun = Assignment.objects.filter(Q(first_day=None) | Q(first_day__lte=last_day), client=client)
    if numbers is None:
        begun = begun.filter(last_day=None)
    else:
        begun = begun.filter(Q(last_day=None) | Q(last_day__gt=last_day), number__in=numbers)
    ids = sorted(begun.values_list("pk", flat=True))
    Assignment.objects.filter(pk__in=ids).update(last_day=last_day)
    return ids


@transaction.atomic
def reopen_assignments(*, assignments: Iterable[int], last_day: date) -> int:
    """Takes `end_assignments` back for those that still end on that day; how many."""
    return Assignment.objects.filter(pk__in=list(assignments), last_day=last_day).update(last_day=None)

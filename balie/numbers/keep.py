"""What staff do with the pool: add numbers, keep one back, end its rest, give it to a client and take it again, remove
it. Each deed is logged; those that can be taken back have a verb for that.
"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.numbers.actions import assign_number, put_numbers, withdraw_assignment
from balie.numbers.models import Assignment, Number
from balie.numbers.stock import State, state_on
from balie.operator.actions import Author, write_log
from balie.operator.models import LogEntry
from balie.operator.written import day as written_day
from balie.rules.errors import Refused
from balie.rules.merge import Counts
from balie.rules.ranges import runs

LONGEST_REASON = 200
RANGES_LOGGED = 20


@transaction.atomic
def add_numbers(*, numbers: Sequence[str], author: Author) -> Counts:
    """Puts numbers (E.164) into the pool, free at once; those that are there stay as they are."""
    counts = put_numbers(numbers)
    if counts.new:
        ranges = [first if first == last else f"{first}..{last}" for first, last in runs(numbers)]
        log("numbers.added", "numbers", author, new=counts.new, numbers=ranges[:RANGES_LOGGED])
    return counts


@transaction.atomic
def keep_back(*, number: Number, reason: str, author: Author) -> Number:
    """The number is not given out any more, whoever has it keeps it. Refused without a reason."""
    held, said = hold(number), " ".join(reason.split())[:LONGEST_REASON]
    if not said:
        raise Refused("no_reason", _("Say why it is kept back; whoever wonders reads it here."), "reason")
    if said != held.kept_back:
        log("number.kept_back", about(held), author, before=held.kept_back, reason=said)
        held.kept_back = said
        held.save(update_fields=["kept_back"])
    return held


@transaction.atomic
def stop_keeping_back(*, number: Number, author: Author) -> str:
    """The number may be given out again; why it was kept back, empty where it was not."""
    held = hold(number)
    reason = held.kept_back
    if reason:
        log("number.not_kept_back", about(held), author, before=reason)
        held.kept_back = ""
        held.save(update_fields=["kept_back"])
    return reason


@transaction.atomic
def end_rest(*, number: Number, day: date, author: Author) -> Number:
    """A number that rests can be given out at once. Refused where it does not rest on this local day."""
    held = hold(number)
    if state_on(held, day) != State.RESTING:
        raise Refused("not_resting", _("This number does not rest."), "number")
    held.rest_ended = day
    held.save(update_fields=["rest_ended"])
    log("number.rest_ended", about(held), author)
    return held


@transaction.atomic
def let_rest(*, number: Number, author: Author) -> bool:
    """Takes that back, as long as nobody has it; False where it has no effect any more."""
    held = hold(number)
    if held.rest_ended is None or state_on(held, held.rest_ended) == State.ASSIGNED:
        return False
    held.rest_ended = None
    held.save(update_fields=["rest_ended"])
    log("number.rests_again", about(held), author)
    return True


@transaction.atomic
def give_to(*, number: Number, client: Client, first_day: date, author: Author) -> Assignment:
    """The number is a client's from a local day until its next assignment. Refused where somebody has it then."""
    made = assign_number(number=number.number, client=client, first_day=first_day)
    log("number.assigned", about(number), author, client=client.number, first=str(first_day), assignment=made.pk)
    return made


@transaction.atomic
def take_back_giving(*, assignment: int, author: Author) -> Assignment:
    """Takes `give_to` back as if it had never been. Refused when it was taken back already, or not made by that."""
    found = Assignment.objects.select_related("number", "client").filter(pk=assignment).first()
    if found is None or not made_by_staff([found]):
        raise Refused("nothing_to_undo", _("This assignment was taken back already."), "assignment")
    withdraw_assignment(assignment=assignment)
    log("number.assignment_withdrawn", about(found.number), author, client=found.client.number)
    return found


def made_by_staff(assignments: Sequence[Assignment]) -> set[int]:
    """Which of these assignments (ids) were made by `give_to`: none of an order's and none of a world file's."""
    ids = [row.pk for row in assignments]
    rows = LogEntry.objects.filter(deed="number.assigned", details__assignment__in=ids)
    return {entry.details["assignment"] for entry in rows}


@transaction.atomic
def give_back(*, assignment: int, last_day: date, today: date, author: Author) -> Assignment:
    """A client has its number until a local day, today at the earliest: calls that came so far stay its.

    Refused before today or before it was the client's, after another client has it, and where it is over.
    """
    held = held_assignment(assignment)
    refuse_over(held, today)
    earliest = max(today, held.first_day or today)
    if last_day < earliest:
        raise Refused("too_early", _("Give a day from %(day)s on.") % {"day": written_day(earliest)}, "last_day")
    later = held.number.assignments.filter(first_day__gt=held.first_day or date.min).exclude(pk=held.pk)
    if later.filter(first_day__lte=last_day).exists():
        raise Refused("number_taken", _("The number is another client's on that day already."), "last_day")
    return until(held, last_day, "number.given_back", author)


@transaction.atomic
def keep_on(*, assignment: int, before: date | None, today: date, author: Author) -> Assignment:
    """Takes `give_back` back: the assignment ends as `before` again. Refused once its last day is over."""
    held = held_assignment(assignment)
    refuse_over(held, today)
    later = held.number.assignments.exclude(pk=held.pk).filter(first_day__gt=held.first_day or date.min)
    if later.exists() if before is None else later.filter(first_day__lte=before).exists():
        raise Refused("number_taken", _("The number will be another client's by then."), "last_day")
    return until(held, before, "number.kept_on", author)


def refuse_over(held: Assignment, today: date) -> None:
    if held.last_day and held.last_day < today:
        said = _("The client had this number until %(day)s.") % {"day": written_day(held.last_day)}
        raise Refused("over", said, "assignment")


def until(held: Assignment, last_day: date | None, deed: str, author: Author) -> Assignment:
    before = held.last_day
    held.last_day = last_day
    held.save(update_fields=["last_day"])
    said = {"client": held.client.number, "before": before and str(before), "after": last_day and str(last_day)}
    log(deed, about(held.number), author, **said)
    return held


def held_assignment(assignment: int) -> Assignment:
    """The assignment with its number's row held. Refused where it is gone."""
    found = Assignment.objects.select_related("number", "client").filter(pk=assignment).first()
    if found is None:
        raise Refused("no_assignment", _("This assignment was taken back."), "assignment")
    hold(found.number)
    found.refresh_from_db(fields=["first_day", "last_day"])
    return found


@transaction.atomic
def remove_number(*, number: Number, author: Author) -> None:
    """Takes a number out of the pool that was never anybody's. Refused where it was: calls need its history."""
    held = hold(number)
    if held.assignments.exists():
        raise Refused("has_history", _("This number was a client's; keep it back instead of removing it."), "number")
    log("number.removed", about(held), author)
    held.delete()


def hold(number: Number) -> Number:
    """The number's row, held until the transaction ends. Refused where it is gone."""
    found = Number.objects.select_for_update().filter(pk=number.pk).first()
    if found is None:
        raise Refused("no_number", _("This number is not in the pool any more."), "number")
    return found


def about(number: Number) -> str:
    return f"number:{number.number}"


def log(deed: str, what: str, author: Author, **details: object) -> None:
    write_log(author=author, deed=deed, about=what, details=details)

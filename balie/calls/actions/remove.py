"""Numbers taken out of calls after their time. The calls stay, with key, times and client: totals, prices and reports
go on, and an old file finds its calls known.
"""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Case, F, Q, QuerySet, Value, When

from balie.calls.files import forget_problems
from balie.calls.models import BadLine, Call, Import
from balie.rules.call import Direction

AT_ONCE = 5_000
OUTBOUND = Q(direction=Direction.OUTBOUND)
# Calls folded by an earlier version can have the number called for their caller.
OURS = OUTBOUND & ~Q(caller=F("callee"))
# The other party's numbers: who calls in, whom a call is passed on to, who is called.
NUMBERED = (~OURS & ~Q(caller="")) | (~Q(direction=Direction.INBOUND) & ~Q(callee=""))
NOTHING = Value("")


def with_numbers(*, before: datetime) -> QuerySet[Call]:
    """Calls that began before this moment and say who the other party was."""
    return Call.objects.filter(NUMBERED, start__lt=before).order_by()


def remove_numbers(calls: QuerySet[Call]) -> int:
    """Takes the other party's numbers out of these calls; how many had any. The dialled number of the pool stays."""
    return calls.filter(NUMBERED).update(
        caller=Case(When(OURS, then=F("caller")), default=NOTHING),
        callee=Case(When(direction=Direction.INBOUND, then=F("callee")), default=NOTHING),
    )


def remove_endpoints(*, before: datetime) -> int:
    """Ends of calls that are no agent's can be named after a number; how many were."""
    found = Call.objects.filter(agent=None, start__lt=before, endpoint__regex=r"[0-9]{6,}").exclude(endpoint="")
    return found.update(endpoint="")


def lines_with_text(*, before: datetime) -> QuerySet[BadLine]:
    """Lines that could not be read, of files read before this moment, that are kept with their text."""
    return BadLine.objects.filter(imported__started__lt=before).exclude(text="").order_by()


def remove_texts(*, before: datetime, keep: Callable[[], None]) -> int:
    """Takes the text out of those lines; the line itself stays known. keep: called between parts."""
    forget_problems(Import.objects.filter(started__lt=before))
    pks, lines = list(lines_with_text(before=before).values_list("pk", flat=True)), 0
    for at in range(0, len(pks), AT_ONCE):
        keep()
        lines += BadLine.objects.filter(pk__in=pks[at : at + AT_ONCE]).update(text="")
    return lines

"""Closed months that should be closed again: their calls are not what their statements say any more."""

from collections import Counter
from datetime import datetime

from django.db.models import Q, Sum

from balie.calls.models import Call, CallCorrection, ClientMonth
from balie.calls.queries import closed_months
from balie.messages.models import Message
from balie.rules.period import Period
from balie.statements.models import Closing, Statement
from balie.web.request import Desk

LOOKED_BACK = 24  # months


def late_calls(desk: Desk) -> dict[int, set[str]]:
    """Keys of the calls that came or changed after their month was closed, by month (202611), of the last two years."""
    found: dict[int, set[str]] = {}
    for start, key in Call.objects.filter(late=True, start__gte=oldest(desk)).values_list("start", "key"):
        found.setdefault(Period.of(start, desk.zone).key, set()).add(key)
    return found


def late_sms(desk: Desk) -> Counter[int]:
    """How many SMS came or changed after their month was closed, by month: the next bill has them, no statement."""
    moments = Message.objects.filter(late=True, sent_at__gte=oldest(desk)).values_list("sent_at", flat=True)
    return Counter(Period.of(moment, desk.zone).key for moment in moments)


def oldest(desk: Desk) -> datetime:
    """When the first of the months begins that are looked at."""
    return Period(desk.this_month.year - LOOKED_BACK // 12, desk.this_month.month, desk.zone).begin


def changed_since_closed(desk: Desk, late: dict[int, set[str]] | None = None) -> list[Period]:
    """Of these months with late calls those that were not closed again since, the newest first. Five queries."""
    late = late_calls(desk) if late is None else late
    keys = sorted(set(late) & closed_months(), reverse=True) if late else []
    if not keys:
        return []
    stated, stored = stated_rows(keys), stored_calls(keys)
    differ = {month for (month, client), rows in stated.items() if stored.get((month, client), 0) != rows}
    corrected = corrected_since_closed({key: late[key] for key in keys})
    return [Period.from_key(key, desk.zone) for key in keys if key in differ | corrected]


def corrected_since_closed(late: dict[int, set[str]]) -> set[int]:
    """Months of which a call was corrected, or its correction taken back, after they were last closed."""
    done = {one.month: one.done for one in Closing.objects.filter(month__in=late, done__isnull=False) if one.done}
    if not done:
        return set()
    first = min(done.values())
    since = CallCorrection.objects.filter(Q(at__gt=first) | Q(undone__gt=first))
    touched = [(key, max(at, undone or at)) for key, at, undone in since.values_list("key", "at", "undone")]
    return {month for month, closed in done.items() for key, at in touched if at > closed and key in late[month]}


def stated_rows(keys: list[int]) -> dict[tuple[int, int], int]:
    """How many calls the newest statement of each month and client has."""
    kept = Statement.objects.filter(month__in=keys).order_by("revision")
    return {(month, client): rows for month, client, rows in kept.values_list("month", "client", "rows")}


def stored_calls(keys: list[int]) -> dict[tuple[int, int], int]:
    """How many calls each client has in each of these months by now."""
    sums = ClientMonth.objects.filter(month__in=keys).order_by().values_list("month", "client")
    return {(month, client): calls for month, client, calls in sums.annotate(n=Sum("calls"))}

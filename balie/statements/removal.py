"""Numbers taken out of past months' calls, and statements themselves, after their time.

What a kept statement says is what its month's calls said. So that taking numbers out makes no revision of it, both go
together, a client and month at a time.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, QuerySet

from balie.accounts.models import Client
from balie.calls import legs as leg_store
from balie.calls.actions.remove import lines_with_text, remove_endpoints, remove_numbers, remove_texts, with_numbers
from balie.calls.models import Call
from balie.calls.queries import clients_calls
from balie.leases.faults import fault
from balie.leases.models import FREE
from balie.notes.models import ExemptCaller
from balie.operator.queries import operator
from balie.rules.period import Period
from balie.statements import files, queries
from balie.statements.models import Closing, Statement

Keep = Callable[[], None]


def calls_with_numbers(before: datetime) -> QuerySet[Call]:
    """Calls before this moment whose numbers are to go. Of callers that need no note they stay: the client's list of
    those has the number anyway, and without it the call would count as one whose note is missing."""
    exempt = ExemptCaller.objects.filter(client=OuterRef("client"), number=OuterRef("caller"))
    return with_numbers(before=before).filter(~Exists(exempt))


def count_numbers(before: datetime) -> int:
    """Calls and unread lines that still say who the other party was."""
    return calls_with_numbers(before).count() + lines_with_text(before=before).count()


def take_numbers(before: datetime, keep: Keep) -> int:
    """Takes the numbers out of calls before this moment; how many calls and lines had any. keep: called often."""
    removed = 0
    for period in months(before):
        if Closing.objects.filter(month=period.key).exclude(lease_until=FREE).exists():
            continue  # its statements are being made: the next night
        of_month = calls_with_numbers(before).filter(start__gte=period.begin, start__lt=period.end)
        clients = set(of_month.values_list("client", flat=True).distinct())
        newest = queries.newest_statements(period) if clients else {}
        for client in Client.objects.filter(pk__in=clients - {None}).order_by("pk"):
            keep()
            removed += of_client(client, period, of_month.filter(client=client), newest.get(client.pk))
        if None in clients:
            keep()
            removed += remove_numbers(of_month.filter(client=None))
    remove_endpoints(before=before)
    leg_store.remove_numbers(before.astimezone(ZoneInfo(operator().timezone)).date(), keep)
    return removed + remove_texts(before=before, keep=keep)


def months(before: datetime) -> Iterator[Period]:
    """Every month from the first call on that began before this moment."""
    first = Call.objects.aggregate(at=Min("start"))["at"]
    if first is None:
        return
    period = Period.of(first, operator().timezone)
    while period.begin < before:
        yield period
        period = period.next()


def of_client(client: Client, period: Period, calls: QuerySet[Call], newest: Statement | None) -> int:
    """One client's month, at once with what its statement is compared by."""
    with transaction.atomic():
        said = newest is not None and newest.content_sha256 == content(client, period)
        removed = remove_numbers(calls)
        fault("numbers-removed")
        if newest is not None and said:
            Statement.objects.filter(pk=newest.pk).update(content_sha256=content(client, period))
    return removed


def content(client: Client, period: Period) -> str:
    return queries.content(queries.facts(clients_calls(client, period)))


def old_statements(before: datetime) -> QuerySet[Statement]:
    """Statements of months that ended before this moment."""
    month = Period.of(before, operator().timezone).key
    return Statement.objects.filter(month__lt=month).order_by("pk")


def count_statements(before: datetime) -> int:
    return old_statements(before).count()


def drop_statements(before: datetime, keep: Keep) -> int:
    """Deletes old statements; how many. Their months are not closed anew (`actions.refuse_unfinished`).

    The file first: a row without a file is found by the next look, a file without a row by nobody.
    """
    dropped = 0
    for statement in list(old_statements(before)):
        keep()
        files.remove(statement.path)
        fault("statement-removed")
        statement.delete()
        dropped += 1
    return dropped

"""Numbers and texts taken out of SMS after their time. The SMS stay, with their parts: sums and reports go on."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from balie.calls.files import forget_problems
from balie.messages.actions.own import OWN_SOURCE
from balie.messages.models import FakeSms, Message, Outgoing, SmsBadLine, SmsImport, SmsSource, State
from balie.operator.actions import empty_details
from balie.operator.models import LogEntry

AT_ONCE = 2_000
LOGGED = ("sms.sent_again", "sms.stopped")  # with the number
UNDER_WAY = (State.WAITING, State.SENDING)
SAYS = ~Q(recipient="") | ~Q(text="")


def told(before: datetime) -> tuple[QuerySet[Any], ...]:
    """What still says something of SMS before this moment: of lists, our own, and lines that could not be read."""
    return (
        Message.objects.filter(SAYS, sent_at__lt=before),
        Outgoing.objects.filter(SAYS, created__lt=before).exclude(state__in=UNDER_WAY),
        SmsBadLine.objects.filter(imported__started__lt=before).exclude(text=""),
    )


def count_sms(before: datetime) -> int:
    """How many of those there are."""
    return sum(rows.count() for rows in told(before))


def take_sms(before: datetime, keep: Callable[[], None]) -> int:
    """Takes recipients and texts out; how many said something. keep: called between parts."""
    messages, own, lines = told(before)
    empty_details(LogEntry.objects.filter(deed__in=LOGGED, at__lt=before), ("to",), keep=keep)
    # The end of a list that had no newline is kept for the next list of that source.
    SmsSource.objects.exclude(cut=b"").exclude(imports__started__gte=before).update(cut=b"", cut_keys=[])
    forget_problems(SmsImport.objects.filter(started__lt=before))
    return (
        emptied(messages, keep, recipient="", text="")
        + emptied(own, keep, recipient="", text="")
        + emptied(lines, keep, text="")
    )


def remove_texts(sms: QuerySet[Outgoing]) -> None:
    """Takes the texts out of these, and of the same among all messages. One that still waits is held back."""
    rows = list(sms.exclude(state=State.SENDING).exclude(text="").order_by())
    Message.objects.filter(source__name=OWN_SOURCE, key__in=[own.own_key for own in rows]).update(text="")
    FakeSms.objects.filter(key__in=[own.mark for own in rows]).delete()
    mine = Outgoing.objects.filter(pk__in=[own.pk for own in rows])
    mine.filter(state=State.WAITING).update(state=State.WITHHELD)
    mine.update(text="")


def emptied(rows: QuerySet[Any], keep: Callable[[], None], **nothing: str) -> int:
    pks, found = list(rows.order_by().values_list("pk", flat=True)), 0
    for at in range(0, len(pks), AT_ONCE):
        keep()
        part = rows.model._default_manager.filter(pk__in=pks[at : at + AT_ONCE])
        with transaction.atomic():
            if rows.model is Outgoing:  # what the gateway that is none was given to look at
                FakeSms.objects.filter(key__in=part.values("mark")).delete()
            found += part.update(**nothing)
    return found

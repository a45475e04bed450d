"""Giving SMS to clients after they were stored: by hand, as numbers change hands, as clients come."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.calls.queries import closed_months
from balie.messages import store
from balie.messages.models import Message, NameOwner, SmsMonth
from balie.messages.owners import clients_of
from balie.messages.queries import of_name
from balie.messages.rows import framed
from balie.operator.actions import Author, write_log
from balie.operator.models import LogEntry
from balie.operator.queries import operator
from balie.rules.errors import Refused

ASSIGNED, TAKEN_BACK = "sms.assigned", "sms.assignment_undone"
AT_ONCE = 50_000
NAMES_AT_ONCE = 500


@dataclass(frozen=True)
class Assigned:
    """How many SMS have their client now; the log entry by which it can be undone."""

    messages: int
    entry: int


@transaction.atomic
def assign_name(*, name: str, client: Client, author: Author) -> Assigned:
    """Gives all SMS without a client that come from this sender, or name their client so, to a client; later ones too.

    Refused where there are none any more.
    """
    if not of_name(name).exists():
        said = _("No SMS of %(name)s is without a client any more.") % {"name": repr(name)}
        raise Refused("nothing_to_assign", said, "name")
    NameOwner.objects.update_or_create(name=name, defaults={"client": client})
    moved = follow(of_name(name))
    details = {"name": name, "client": client.number}
    entry = write_log(author=author, deed=ASSIGNED, about=f"client:{client.number}", details=details)
    return Assigned(moved, entry.pk)


@transaction.atomic
def undo_assignment(*, entry: int, author: Author) -> int:
    """Takes an assignment by hand back; gives how many SMS are without a client again."""
    done = LogEntry.objects.filter(pk=entry, deed=ASSIGNED).first()
    if done is None or LogEntry.objects.filter(deed=TAKEN_BACK, details__entry=entry).exists():
        raise Refused("nothing_to_undo", _("This assignment was taken back already."), "entry")
    name = done.details["name"]
    NameOwner.objects.filter(name=name, client__number=done.details["client"]).delete()
    write_log(author=author, deed=TAKEN_BACK, about=done.about, details={"entry": entry})
    return follow(Message.objects.filter(Q(sender=name, account="") | Q(account=name)))


@transaction.atomic
def follow_assignments(*, numbers: Iterable[str]) -> int:
    """After numbers changed hands: stored SMS from them belong to whoever had the number on their day.

    Gives how many changed.
    """
    wanted = list(numbers)
    parts = [wanted[at : at + NAMES_AT_ONCE] for at in range(0, len(wanted), NAMES_AT_ONCE)]
    return sum(follow(Message.objects.filter(sender__in=some, account="")) for some in parts)


@transaction.atomic
def follow_clients(*, numbers: Iterable[str]) -> int:
    """After clients came: SMS without a client whose list named one of these are that client's. How many changed."""
    wanted = list(numbers)
    parts = [wanted[at : at + NAMES_AT_ONCE] for at in range(0, len(wanted), NAMES_AT_ONCE)]
    return sum(follow(Message.objects.filter(client=None, account__in=some)) for some in parts)


@transaction.atomic
def follow_timezone() -> int:
    """After the operator's time zone changed: the months of the sums, and who had a number on an SMS's day.

    Gives how many changed their client.
    """
    zone = operator().timezone
    SmsMonth.objects.all().delete()
    moved = last = 0
    while pks := list(Message.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        some = Message.objects.filter(pk__gt=last, pk__lte=pks[-1])
        store.count(framed(some, zone), 1)
        moved += follow(some)
        last = pks[-1]
    return moved


def follow(messages: QuerySet[Message]) -> int:
    """These stored SMS belong to whom they belong to as things stand now."""
    stored = framed(messages, operator().timezone)
    if not stored.height:
        return 0
    return store.give(stored.with_columns(clients_of(stored).alias("new_client")), closed_months())

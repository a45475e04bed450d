"""What managers do about calls without a note: hand them to their agents, or say that a caller needs none."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.calls.models import Call
from balie.notes.actions.settings import exempt_of, put_desk
from balie.operator.actions import Author, write_log
from balie.operator.models import LogEntry
from balie.quality.counted import needing_notes
from balie.quality.models import HandedCall
from balie.rules.errors import Refused
from balie.rules.period import Period

HANDED = "recording.handed"
ANONYMOUS = ("", "anonymous")


@transaction.atomic
def hand_over(*, calls: Collection[int], period: Period, author: Author) -> LogEntry | None:
    """Calls of the month (by id) stand first at the desks of their agents, until they have a note.

    What has one, or needs none, is left out; None where nothing is left, or all were handed over before.
    """
    wanted = needing_notes(period).filter(pk__in=calls, notes=None).order_by("pk")
    asked = [
        HandedCall(source_id=call.source_id, key=call.key, agent_id=call.agent_id, by=author.who, at=author.now)
        for call in wanted
        if call.agent_id is not None
    ]
    known = set(HandedCall.objects.filter(key__in=[row.key for row in asked]).values_list("source", "key"))
    new = [row for row in asked if (row.source_id, row.key) not in known]
    HandedCall.objects.bulk_create(new, ignore_conflicts=True)  # two managers at once mean the same
    if not new:
        return None
    return write_log(
        author=author, deed=HANDED, about="recording",
        details={"calls": [[row.source_id, row.key] for row in new]},
    )  # fmt: skip


@transaction.atomic
def take_back(*, entry: LogEntry, author: Author) -> int:
    """These calls stand at the desks as any others do; how many."""
    number = 0
    for source, key in entry.details["calls"]:
        number += HandedCall.objects.filter(source=source, key=key).delete()[0]
    if number:
        write_log(
            author=author, deed="recording.taken_back", about="recording",
            details={"calls": entry.details["calls"]},
        )  # fmt: skip
    return number


@transaction.atomic
def exempt_caller(*, call: Call, why: str, author: Author) -> LogEntry | None:
    """Calls of this caller to this client need no note from now on, nor do those there are; None where it was so.

    Refused for a call without a client, or from a hidden number.
    """
    if call.client_id is None:
        raise Refused("no_client", _("Give the call its client first."), "client")
    if call.caller in ANONYMOUS:
        raise Refused("no_caller", _("The caller's number is not known, so it cannot be told from others."), "caller")
    client = Client.objects.select_for_update().get(pk=call.client_id)
    others = [row for row in exempt_of(client) if row["number"] != call.caller]
    if len(others) < len(exempt_of(client)):
        return None
    value = [*others, {"number": call.caller, "why": " ".join(why.split())[:200]}]
    return put_desk(client=client, part="exempt", value=value, author=author)

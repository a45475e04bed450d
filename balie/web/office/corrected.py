"""Corrections of calls in the history of a client: of the one a call was taken from and of the one it was given to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from balie.accounts.models import Client
from balie.calls.models import Call, CallCorrection
from balie.operator.models import LogEntry

MADE, UNDONE = "call.corrected", "call.correction_undone"


@dataclass(frozen=True)
class Corrected:
    """One entry of the log about a call. `call` is None once it is no longer kept; `made`: not taken back by it."""

    call: Call | None
    correction: CallCorrection
    made: bool


def entries_of(client: Client) -> Q:
    """The entries of the log about calls that are or once were this client's, as corrections say. One query."""
    found = list(corrections_of(client).values_list("key", "at", "undone"))
    keys = {key for key, _at, _undone in found}
    made = Q(deed=MADE, at__in={at for _key, at, _undone in found})
    undone = Q(deed=UNDONE, at__in={undone for _key, _at, undone in found if undone})
    return (made | undone) & Q(details__key__in=keys)


def corrections_of(client: Client) -> QuerySet[CallCorrection]:
    """All of calls that were this client's by one of them: one that takes such a call on does not name the client."""
    its = CallCorrection.objects.filter(Q(client=client) | Q(before_client=client))
    same = its.filter(source=OuterRef("source"), key=OuterRef("key"))
    return CallCorrection.objects.filter(Exists(same))


def told(entries: Iterable[LogEntry]) -> dict[int, Corrected]:
    """What each of these entries was about; those about something else are left out. Two queries."""
    about = {
        entry: call_of(entry) for entry in entries if entry.deed in (MADE, UNDONE) and entry.about.startswith("call:")
    }
    if not about:
        return {}
    calls = Call.objects.in_bulk(list(about.values()))
    keys = {str(entry.details.get("key")) for entry in about}
    found: dict[tuple[str, str, datetime, str], CallCorrection] = {}
    for one in CallCorrection.objects.filter(key__in=keys).select_related("client", "before_client").order_by("pk"):
        found[MADE, one.key, one.at, one.reason] = one
        if one.undone:
            found[UNDONE, one.key, one.undone, ""] = one
    return {
        entry.pk: Corrected(calls.get(pk), one, entry.deed == MADE)
        for entry, pk in about.items()
        for one in [found.get((entry.deed, str(entry.details.get("key")), entry.at, reason_of(entry)))]
        if one
    }


def reason_of(entry: LogEntry) -> str:
    """As the correction keeps it; of one that was taken back the log says none."""
    return str(entry.details.get("reason", "")).strip()[:300]


def call_of(entry: LogEntry) -> int:
    """Of an entry about call:17."""
    return int(entry.about.partition(":")[2])

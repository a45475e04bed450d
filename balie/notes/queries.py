"""Reads over notes."""

from datetime import UTC
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.calls.models import Call, Source
from balie.notes.models import Note
from balie.rules.call import veil
from balie.rules.errors import Refused


def call_by_key(key: str, *, client: Client | None = None, where: str = "call") -> Call:
    """The call with this key; of several the client's own, else the latest. Refused when there is none."""
    # By source too: that is how calls are known, and looked up without reading all of them.
    sources = list(Source.objects.values_list("pk", flat=True))
    found = list(Call.objects.filter(source__in=sources, key=key.strip()).order_by("-start"))
    if not found:
        raise Refused("unknown_call", _('There is no call "%(key)s".') % {"key": key[:80]}, where)
    return next((call for call in found if client and call.client_id == client.pk), found[0])


def notes() -> QuerySet[Note]:
    """All notes with what a list shows of them, the latest first."""
    return Note.objects.select_related("client", "agent", "call")


def note_document(note: Note) -> dict[str, Any]:
    """A note as JSON. Who called is hidden as the client wants, never the number to call back.

    The moment is UTC, whatever zone it was sent in: the same note asked for again says the same.
    """
    return {
        "note": note.pk,
        "client": note.client.number,
        "agent": note.agent.code,
        "call": note.call.key if note.call else None,
        "at": note.at.astimezone(UTC).isoformat(),
        "caller": veil(note.caller, note.client.hide_numbers) if note.caller else "",
        "caller_name": note.caller_name,
        "reason": note.reason,
        "text": note.text,
        "promised": note.promised,
        "outcome": str(note.outcome),
        "callback": note.callback,
        "urgency": str(note.urgency),
        "fields": note.fields,
        "version": note.version,
    }

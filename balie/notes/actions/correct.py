"""A note that was sent is corrected: the old words are kept, the new ones are sent again, marked so."""

from enum import Enum
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.calls.models import Call
from balie.notes.actions.take import Said, stored
from balie.notes.delivery import deliver
from balie.notes.models import Note, NoteVersion
from balie.operator.actions import Author
from balie.rules.errors import Refused

CHANGED_BY_A_CORRECTION = (
    "caller", "caller_name", "email", "reason", "text", "promised", "urgency", "outcome", "callback", "fields",
)  # fmt: skip


class Matched(Enum):
    """In place of a call: the one that was named was a mistake, the note's call is found by itself again."""

    BY_ITSELF = "by_itself"


class NoteChanged(Refused):
    """Somebody else corrected the note meanwhile; `note` is how it stands now."""

    def __init__(self, note: Note) -> None:
        said = _("This note was corrected meanwhile by %(who)s. Your words are still here: compare and send again.")
        super().__init__("note_changed", said % {"who": note.by}, "version")
        self.note = note


@transaction.atomic
def correct_note(
    *, note: Note, said: Said, version: int, client: Client | None = None, call: Call | Matched | None = None,
    author: Author,
) -> Note:  # fmt: skip
    """The note says this from now on, and the client has not read it yet. version: the one the agent read. client,
    call: others than before, where given.

    Nothing changed: as it stands. Raises NoteChanged where somebody was faster; refused as `take_note` does.
    """
    held = Note.objects.select_for_update().get(pk=note.pk)
    if held.version != version:
        raise NoteChanged(held)
    values: dict[str, Any] = stored(said)
    if client:
        values["client"] = client
    if isinstance(call, Call):
        values |= {"call": call, "given": call.key}
    elif call and held.given:
        values |= {"call": None, "given": ""}
    before = {name: getattr(held, name) for name in (*CHANGED_BY_A_CORRECTION, "client_id", "given")}
    if all(getattr(held, name) == value for name, value in values.items()):
        return held
    NoteVersion.objects.create(note=held, version=held.version, said=before, until=author.now, by=author.who)
    for name, value in values.items():
        setattr(held, name, value)
    held.version, held.changed, held.by, held.read = held.version + 1, author.now, author.who, None
    held.save()
    deliver(held, now=author.now)
    return held

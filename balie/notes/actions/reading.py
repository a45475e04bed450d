"""Whether somebody of the client has read its notes."""

from datetime import datetime

from django.db.models import Q

from balie.accounts.models import Client
from balie.notes.models import Note


def mark_read(*, note: Note, now: datetime) -> None:
    """Somebody of the client opened it; the first time counts."""
    Note.objects.filter(pk=note.pk, read=None).update(read=now)


def mark_unread(*, note: Note) -> None:
    """It shall look new again."""
    Note.objects.filter(pk=note.pk).update(read=None)


def mark_all_read(*, client: Client, until: datetime, now: datetime) -> int:
    """Every note as it was there then, none that came or was corrected since; how many."""
    unchanged = Q(changed=None) | Q(changed__lte=until)
    return Note.objects.filter(unchanged, client=client, read=None, received__lte=until).update(read=now)

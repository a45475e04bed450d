"""Who of staff opened which client: one entry of the log a day and person, so that people can read it. And who took
all of its data home."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import QuerySet

from balie.operator.actions import Author, write_log
from balie.operator.models import LogEntry

OPENED = "client.opened"
TAKEN = "client.data_taken"


def remember_opened(*, client: str, since: datetime, author: Author) -> None:
    """Remembers that this person opened the client (its number), unless he did since a moment, e.g. this morning."""
    about = f"client:{client}"
    opened = LogEntry.objects.filter(about=about, deed=OPENED, user_id=author.user_id, at__gte=since)
    if not opened.exists():
        write_log(author=author, deed=OPENED, about=about)


def remember_taken(*, client: str, author: Author) -> None:
    """Remembers that somebody downloaded all data of the client (its number)."""
    write_log(author=author, deed=TAKEN, about=f"client:{client}")


def opened_before(before: datetime) -> QuerySet[LogEntry]:
    """Who opened which client before this moment."""
    return LogEntry.objects.filter(deed=OPENED, at__lt=before)


def count_opened(before: datetime) -> int:
    return opened_before(before).count()


def forget_opened(before: datetime, keep: Callable[[], None]) -> int:
    """Deletes who opened which client before this moment; how many entries."""
    keep()
    return opened_before(before).delete()[0]

"""When a backup was last made, and whether a restore came to its end."""

from balie.backup.models import MADE, Restore
from balie.operator.models import LogEntry


def last_backup() -> LogEntry | None:
    """Its entry in the log: when, by whom, and in `details` the file and its size in bytes."""
    return LogEntry.objects.filter(deed=MADE).order_by("-pk").first()


def unfinished_restore() -> Restore | None:
    """One that was killed after its rows were stored and before the signing key was in place."""
    return Restore.objects.filter(finished=None).order_by("-pk").first()

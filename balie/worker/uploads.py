"""The job that reads call files given by hand."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from balie.calls.actions import read_upload
from balie.calls.models import Upload
from balie.worker.turn import Turn

LEASE = timedelta(minutes=10)
TELL_EVERY = timedelta(seconds=1)


def due(now: datetime) -> QuerySet[Upload]:
    """Files nobody has read yet, those given first before the others."""
    return Upload.objects.select_related("source")


def read(upload: Upload, turn: Turn) -> None:
    """Reads the file and tells how far it is about once a second."""
    told = turn.now() - TELL_EVERY

    def tell(doing: str, done: int, total: int) -> None:
        nonlocal told
        if done < total:  # as with files that are looked for: nothing stops between the last call and the end
            turn.keep()
        if turn.now() - told >= TELL_EVERY:
            told = turn.now()
            Upload.objects.filter(pk=upload.pk).update(doing=doing, done=done, total=total)

    read_upload(upload=upload, now=turn.now(), progress=tell)

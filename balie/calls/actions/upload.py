"""Call files given by hand: kept in the database until a worker, maybe on another host, has read them."""

import hashlib
import tempfile
import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO, cast

from django.db import transaction

from balie.calls.actions.imports import import_calls
from balie.calls.given import Progress
from balie.calls.models import Import, Source, Upload, UploadPart
from balie.leases.faults import fault
from balie.operator.actions import Author
from balie.rules.errors import Refused

FAST = 1  # of zlib: call files shrink to an eighth even so


@transaction.atomic
def take_upload(*, source: Source, name: str, chunks: Iterable[bytes], author: Author) -> Upload:
    """Keeps a file for the worker. chunks: its bytes in order, of a size that fits into a row."""
    upload = Upload.objects.create(source=source, name=name[-500:], given=author.now, by=author.who)
    size = 0
    for position, chunk in enumerate(chunks):
        UploadPart.objects.create(upload=upload, position=position, data=zlib.compress(chunk, FAST))
        size += len(chunk)
    upload.size = size
    upload.save(update_fields=["size"])
    return upload


def read_upload(*, upload: Upload, now: datetime, progress: Progress) -> None:
    """Imports the file and lets go of it. What came of it stands among the imports, a refusal too.

    Killed after importing it, the next try finds that it was read: a cut last line must not be taken for whole.
    """
    with tempfile.TemporaryFile() as copy:
        digest = hashlib.sha256()
        for part in upload.parts.order_by("position").iterator(chunk_size=8):
            chunk = zlib.decompress(part.data)
            digest.update(chunk)
            copy.write(chunk)
        copy.seek(0)
        read = Import.objects.filter(source=upload.source, sha256=digest.hexdigest(), started__gte=upload.given)
        if not read.exists():
            import_once(upload, cast(BinaryIO, copy), now, progress)
    fault("upload-read")
    upload.delete()


def import_once(upload: Upload, copy: BinaryIO, now: datetime, progress: Progress) -> None:
    """A file that is none of its source's is told there; one that others keep from being read is tried again."""
    try:
        import_calls(source=upload.source, name=upload.name, data=copy, now=now, progress=progress)
    except Refused as refusal:
        if refusal.code == "busy":
            raise


@transaction.atomic
def drop_upload(*, upload: Upload, now: datetime) -> bool:
    """Takes back a file nobody has read yet; False where a worker is at it. Gone already: nothing happens."""
    held = Upload.objects.select_for_update().filter(pk=upload.pk).first()
    if held and held.lease_until > now:
        return False
    if held:
        held.delete()
    return True

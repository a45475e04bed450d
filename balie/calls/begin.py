"""When a call file begins, told from its first lines: files given together are read in the order they were written.

A call can have one leg in the old file and one in the new. A phone system's older files have higher numbers
(Master.csv, Master.csv.1), so that in the order of their names the old leg would come too late (folding.md 5).
"""

import io
from datetime import datetime
from typing import BinaryIO

from balie.calls.models import Source
from balie.cdr.readers import READERS
from balie.rules.errors import Refused

HEAD = 64 * 1024


def begin_of(source: Source, stream: BinaryIO) -> datetime | None:
    """The earliest start in the file's first lines, by the phone system's clock; None where none can be read."""
    stream.seek(0)
    head = stream.read(HEAD)
    whole = head[: head.rfind(b"\n") + 1]
    options = {**source.options, "timezone": source.timezone}
    try:
        reading = READERS[source.format](io.BytesIO(whole), options, tail_too=lambda _: False)
    except Refused:
        return None
    found = reading.rows["start"].min()
    return found if isinstance(found, datetime) else None

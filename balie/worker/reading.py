"""One look at a phone system's files: fetch what is new and import it.

A file as large and as old as when it was last read is left alone, unless its last line was cut off then: it is read
once more. Everything else is read whole: known lines count once however often they come.
"""

import hashlib
import tempfile
from datetime import timedelta
from functools import partial
from typing import IO, BinaryIO, cast

from django.conf import settings
from django.utils.translation import gettext as _

from balie.calls.actions import import_calls
from balie.calls.models import SeenFile, Source
from balie.operator.phrases import told_with_place
from balie.rules.errors import Refused
from balie.worker import remote
from balie.worker.ours import secret_files
from balie.worker.turn import Turn

LONGEST_FETCH = timedelta(minutes=30)
LONGEST_PATH = 1000


def read_new(source: Source, turn: Turn) -> list[str]:
    """Imports every file that is new or has changed. Returns what is wrong with single files."""
    problems = []
    seen = {file.path: file for file in SeenFile.objects.filter(source=source)}
    with remote.opened(source.files or {}, secret=secret_files()) as place:
        for file in place.found():
            turn.keep()
            known = seen.get(file.path)
            if known and unchanged(file, known) and not known.cut:
                problem = known.problem
            else:
                problem = read_file(source, place, file, known, turn)
            if problem:
                problems.append(f"{file.name}: {problem}")
    return problems


def unchanged(file: remote.RemoteFile, known: SeenFile) -> bool:
    """As large and as old as when it was last read; a server that tells neither is never believed."""
    return file.size is not None and bool(file.mtime) and (file.size, file.mtime) == (known.size, known.mtime)


def read_file(source: Source, place: remote.Place, file: remote.RemoteFile, known: SeenFile | None, turn: Turn) -> str:
    """Fetches and imports one file and remembers it as listed. Returns what is wrong with it, or nothing."""
    if len(file.path) > LONGEST_PATH:
        return _("Its path is too long.")
    again = bool(known and known.cut and unchanged(file, known))
    with tempfile.TemporaryFile(dir=settings.HOME) as copy:
        try:
            digest = fetch(place, file, copy, turn)
        except (FileNotFoundError, PermissionError) as problem:
            # Of this one file: moved away since it was listed, or not ours to read. The others may be fine.
            return remote.words(problem)
        memory = SeenFile(size=file.size, mtime=file.mtime, sha256=digest, cut=False, problem="", at=turn.now())
        if known is None or known.cut or known.problem or known.sha256 != digest:
            try:
                result = import_calls(
                    source=source,
                    name=file.name,
                    data=cast(BinaryIO, copy),
                    now=turn.now(),
                    progress=partial(keep_until_done, turn),
                )
                memory.cut = bool(result.unread) and not again
            except Refused as refusal:
                memory.problem = told_with_place(refusal)
    remember(source, file, memory)
    return memory.problem


def keep_until_done(turn: Turn, what: str, done: int, total: int) -> None:
    """Not at the end: stopped between storing the last call and remembering the file, it would seem a second reading
    of the same bytes, and a cut last line be read too soon."""
    if done < total:
        turn.keep()


def fetch(place: remote.Place, file: remote.RemoteFile, copy: IO[bytes], turn: Turn) -> str:
    """Copies the remote file and goes back to the beginning of the copy. Returns its SHA-256."""
    digest = hashlib.sha256()
    end = turn.now() + LONGEST_FETCH

    def each(chunk: bytes) -> None:
        digest.update(chunk)
        turn.keep()
        if turn.now() > end:
            said = _("%(file)s takes longer than %(n)s minutes")
            raise TimeoutError(said % {"file": file.name, "n": LONGEST_FETCH.seconds // 60})

    place.fetch(file, remote.Copy(copy, each))
    copy.seek(0)
    return digest.hexdigest()


def remember(source: Source, file: remote.RemoteFile, memory: SeenFile) -> None:
    """Stores how the file was, for the next look."""
    values = {name: getattr(memory, name) for name in ("size", "mtime", "sha256", "cut", "problem", "at")}
    SeenFile.objects.update_or_create(source=source, path=file.path, defaults=values)

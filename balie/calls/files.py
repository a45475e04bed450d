"""What stays of every file that was read, of calls or of SMS: its import with the counts, and its bad lines once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import F, Manager, QuerySet
from django.utils.translation import gettext as _

from balie.calls.models import FileRead, KeptLine
from balie.cdr.lines import BadLine
from balie.operator import phrases
from balie.rules.errors import Refused

LONGEST_NAME = 500
GATHERED = "several"  # in place of a digest

Read = TypeVar("Read", bound=FileRead)


@dataclass(frozen=True)
class Told:
    """How an import is told to people. gathers: what came under this name before and this are one import."""

    name: str
    now: datetime
    gathers: bool = False

    @property
    def short(self) -> str:
        """The end of the name: folders stand before it."""
        return self.name[-LONGEST_NAME:]


def keep_refusal(imports: Manager[Read], told: Told, refusal: Refused) -> None:
    """That a file was none of its source's. imports: the source's."""
    with phrases.for_staff():
        problem = phrases.told_with_place(refusal)
    imports.create(name=told.short, started=told.now, finished=told.now, problem=problem)


def keep_import(imports: Manager[Read], told: Told, *, sha256: str, size: int, counts: Mapping[str, int]) -> Read:
    """The import's own row; size in bytes. Pushes of a day share one: a phone system that sends every call by itself
    makes thousands."""
    held = imports.filter(name=told.short, sha256=GATHERED).first() if told.gathers else None
    if held is None:
        digest = GATHERED if told.gathers else sha256
        moments = {"started": told.now, "finished": told.now}
        return imports.create(name=told.short, sha256=digest, size=size, **moments, **counts)
    more = {name: F(name) + count for name, count in counts.items()}
    imports.filter(pk=held.pk).update(**more, size=F("size") + size, finished=told.now)
    return held


def new_bad_lines(known: Manager[Any], bad: Iterable[BadLine]) -> list[BadLine]:
    """Those that were not kept before, each once. known: the source's bad lines."""
    each = {line.digest: line for line in bad}
    kept = set(known.values_list("digest", flat=True)) if each else set()
    return [line for digest, line in each.items() if digest not in kept]


def keep_bad_lines(model: type[KeptLine], read: FileRead, bad: Sequence[BadLine]) -> None:
    """Lines of a file that was read (`new_bad_lines`)."""
    of: dict[str, Any] = {"source": read.source, "imported": read}
    with phrases.for_staff():
        reasons = [phrases.told(line.reason)[:300] for line in bad]
    rows = [
        model(line=line.line, reason=reason, text=line.text, digest=line.digest, **of)
        for line, reason in zip(bad, reasons, strict=True)
    ]
    model._default_manager.bulk_create(rows, batch_size=1000)


def forget_problems(read: QuerySet[Any]) -> None:
    """Takes what they quote out of why these files were none of their source's; that they were none stays."""
    with phrases.for_staff():
        gone = _("Why was removed after its time.")
    read.exclude(problem="").exclude(problem=gone).update(problem=gone)

"""Importing a list of SMS: read, find the owners, store. The same list twice, in parts or growing: every SMS once.

A list is one transaction on both databases: killed in between nothing of it is there. Reading needs no lock.
"""

import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from time import perf_counter
from typing import Any, BinaryIO

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from balie.calls.files import Told, keep_bad_lines, keep_import, keep_refusal, new_bad_lines
from balie.calls.queries import closed_months
from balie.cdr import sms
from balie.cdr.sms_columns import checked_names
from balie.leases.faults import fault
from balie.messages import store
from balie.messages.actions.own import without_ours
from balie.messages.models import Message, SmsBadLine, SmsSource
from balie.messages.owners import clients_of
from balie.messages.rows import framed, read_rows
from balie.operator.models import Operator
from balie.operator.queries import operator
from balie.rules.errors import Refused

TRIES = 5
KEYS_AT_ONCE = 5000
LONGEST_SOURCE = 100
COUNTS = ("lines", "messages", "parts", "duplicates", "rejected", "unassigned")


@dataclass(frozen=True)
class SmsResult:
    """What an import did: `lines` read, `messages` new, of so many `parts`, lines known already (or of SMS that we
    sent) or not readable, new messages without a client."""

    lines: int = 0
    messages: int = 0
    parts: int = 0
    duplicates: int = 0
    rejected: int = 0
    unassigned: int = 0
    seconds: float = 0.0

    def document(self, *, source: str) -> dict[str, Any]:
        """The JSON of `balie import sms`."""
        return {"source": source, **asdict(self), "seconds": round(self.seconds, 3)}


@dataclass(frozen=True)
class ListFile:
    """A list given to be read: its bytes, or a seekable stream; its name, for people. gathers: what came under this
    name before and this are told as one import."""

    name: str
    data: bytes | BinaryIO
    gathers: bool = False

    def told(self, now: datetime) -> Told:
        return Told(self.name, now, self.gathers)


class Overtaken(Exception):
    """Another list of the source came in between: the try begins anew."""


def import_messages(
    *, source: str, file: ListFile, now: datetime, columns: Mapping[str, str] | None = None
) -> SmsResult:
    """Reads a list into the database. source: any name, made if unknown; columns: what its lists call the columns.

    Refused when it is no such list; then nothing is stored but, of a known source, the refusal.
    """
    began = perf_counter()
    name = checked_name(source)
    stream = io.BytesIO(file.data) if isinstance(file.data, bytes) else file.data
    for _again in range(TRIES):
        known = SmsSource.objects.filter(name=name).first() or SmsSource(name=name)
        known.columns = {**known.columns, **checked_names(columns or {})}
        reading = read(known, stream, file, now)
        try:
            done = store_reading(known, reading, file, now)
        except Overtaken:
            continue
        fault("sms-after-commit")
        return replace(done, seconds=perf_counter() - began)
    raise Refused("busy", _("Other lists of this source are being read; try again when they are done."), name)


def checked_name(source: str) -> str:
    name = source.strip()
    if not name or len(name) > LONGEST_SOURCE or not name.isprintable():
        said = _("Name the source in 1 to %(most)s characters.") % {"most": LONGEST_SOURCE}
        raise Refused("bad_source", said, "source")
    return name


def read(known: SmsSource, stream: BinaryIO, file: ListFile, now: datetime) -> sms.Reading:
    try:
        return sms.read(stream, known.columns, cut=bytes(known.cut))
    except Refused as refusal:
        if known.pk:
            keep_refusal(known.imports, file.told(now), refusal)
        raise


@transaction.atomic
def store_reading(known: SmsSource, reading: sms.Reading, file: ListFile, now: datetime) -> SmsResult:
    """All of it in one transaction. Raises Overtaken where another import changed what the reading stands on."""
    settings = operator()
    SmsSource.objects.get_or_create(name=known.name)
    source = SmsSource.objects.select_for_update().get(name=known.name)
    if bytes(source.cut) != bytes(known.cut):
        raise Overtaken
    said = read_rows(reading.rows, zone=settings.timezone, region=settings.country, rule=settings.sms_count)
    found = without_ours(said, reading.rows)
    if reading.goes_on and not is_there(source.cut_keys, reading, found):
        forget_cut(source, settings)
    new = with_owner(found.filter(~pl.col("key").is_in(known_keys(source, found).implode())))
    store.insert(new, source=source.pk)
    bad = new_bad_lines(source.bad_lines, reading.bad)
    result = SmsResult(
        lines=reading.lines,
        messages=new.height,
        parts=int(new["parts"].sum()),
        duplicates=reading.lines - new.height - len(bad),
        rejected=len(bad),
        unassigned=new["client_id"].null_count(),
    )
    counts = {name: getattr(result, name) for name in COUNTS}
    kept = keep_import(source.imports, file.told(now), sha256=reading.sha256, size=reading.size, counts=counts)
    keep_bad_lines(SmsBadLine, kept, bad)
    keep_source(source, known.columns, reading, found)
    fault("sms-before-commit")
    return result


def known_keys(source: SmsSource, found: pl.DataFrame) -> pl.Series:
    """Which of these SMS were read before."""
    keys = sorted(found["key"].to_list())
    known: list[str] = []
    for at in range(0, len(keys), KEYS_AT_ONCE):
        some = Message.objects.filter(source=source, key__in=keys[at : at + KEYS_AT_ONCE])
        known += some.order_by().values_list("key", flat=True)
    return pl.Series(known, dtype=pl.String)


def with_owner(new: pl.DataFrame) -> pl.DataFrame:
    late = pl.col("month").is_in(list(closed_months()))
    return new.with_columns(clients_of(new), late.alias("late"))


def keep_source(source: SmsSource, columns: dict[str, str], reading: sms.Reading, found: pl.DataFrame) -> None:
    """What the next list of this source has to know: the columns, and the line that may be longer then."""
    source.columns = columns
    source.cut = reading.cut
    source.cut_keys = []
    if reading.cut:
        cut = found.filter(pl.col("line") >= reading.cut_from)["key"].to_list()
        source.cut_keys = cut + [each.digest for each in reading.bad if each.line >= reading.cut_from]
    source.save()


def is_there(keys: list[str], reading: sms.Reading, found: pl.DataFrame) -> bool:
    """Whether what came of a cut line is in this list too, just as it was: then it was whole."""
    return set(keys) <= {*found["key"], *(each.digest for each in reading.bad)}


def forget_cut(source: SmsSource, settings: Operator) -> None:
    """What came of a line that was cut when it was read: it is whole now, and read again."""
    messages = Message.objects.filter(source=source, key__in=source.cut_keys)
    store.remove(framed(messages, settings.timezone))
    SmsBadLine.objects.filter(source=source, digest__in=source.cut_keys).delete()

"""The legs of a source that were ever read: all of each recent one, of the others what they are known by."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl
from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.utils.crypto import salted_hmac

from balie.calls.models import LegDay, Source
from balie.cdr.channels import VEIL, veiled
from balie.cdr.legs import BELONGS, IDENTITY, SCHEMA

AT_HAND = timedelta(hours=48)  # folding.md 5
WHOLE_DAYS = 4  # kept whole: the 48 hours and the longest calls that end in them
PART = 20_000
LETTERS = str.maketrans("0123456789", "ghijklmnop")
SIDES = ("channel", "dstchannel")
SLIM = {name: SCHEMA[name] for name in BELONGS}


def mark(source: Source) -> tuple[int, int]:
    """Changes whenever legs of the source were stored: tells whether another import came in between."""
    found = LegDay.objects.filter(source=source).aggregate(newest=Max("pk"), parts=Count("pk"))
    return found["newest"] or 0, found["parts"]


def known(source: Source, days: Iterable[date]) -> pl.DataFrame:
    """What the source's legs of these days are known by, with `whole` (whether all of each is kept)."""
    parts = [
        unpacked(legs, BELONGS).with_columns(pl.lit(whole).alias("whole"))
        for legs, whole in LegDay.objects.filter(source=source, day__in=list(days)).values_list("legs", "whole")
    ]
    return pl.concat(parts) if parts else pl.DataFrame(schema={**SLIM, "whole": pl.Boolean()})


def whole(source: Source) -> pl.DataFrame:
    """The source's recent legs with everything folding needs."""
    parts = [unpacked(legs) for legs in LegDay.objects.filter(source=source, whole=True).values_list("legs", flat=True)]
    return pl.concat(parts) if parts else pl.DataFrame(schema=SCHEMA)


@dataclass(frozen=True)
class Part:
    """Legs of one day, and the same packed."""

    day: date
    whole: bool
    legs: pl.DataFrame
    packed: bytes


def parts(legs: pl.DataFrame, *, newest: datetime) -> list[Part]:
    """New legs by the day they started, ready to be kept. Needs no database.

    newest: end of the newest line read so far.
    """
    oldest_whole = (newest - timedelta(days=WHOLE_DAYS)).date()
    legs = legs.select(list(SCHEMA)).with_columns(pl.col("start").dt.date().alias("day"))
    found = []
    for (day,), part in legs.sort("day", "line").partition_by("day", as_dict=True, maintain_order=True).items():
        assert isinstance(day, date)
        rows = part.drop("day") if day >= oldest_whole else part.select(BELONGS)
        found.append(Part(day, day >= oldest_whole, rows, packed(rows)))
    return found


def keep(source: Source, part: Part) -> None:
    """Stores new legs. Joins small parts of a day: a file read every minute must not leave 1,440 of them."""
    same = LegDay.objects.filter(source=source, day=part.day, whole=part.whole, veiled=False)
    small = same.filter(count__lt=PART).order_by("pk").first()
    legs, data = part.legs, part.packed
    if small:
        legs = pl.concat([unpacked(small.legs), legs])
        data = packed(legs)
        small.delete()
    LegDay.objects.create(source=source, day=part.day, count=legs.height, whole=part.whole, legs=data)


def cut_down(source: Source, *, newest: datetime) -> None:
    """Takes everything but their identity from legs whose groups are too old to be folded anew."""
    oldest_whole = (newest - timedelta(days=WHOLE_DAYS)).date()
    for part in LegDay.objects.filter(source=source, whole=True, day__lt=oldest_whole):
        legs = unpacked(part.legs, BELONGS)
        LegDay.objects.create(source=source, day=part.day, count=part.count, whole=False, legs=packed(legs))
        part.delete()


def comparable(rows: pl.DataFrame, seen: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What both are known by, in their order: where numbers were removed from some of `seen`, without numbers."""
    rows, seen = rows.select(IDENTITY), seen.select(IDENTITY)
    if any(seen[side].str.contains(VEIL, literal=True).any() for side in SIDES):
        return without_numbers(rows), without_numbers(seen)
    return rows, seen


def without_numbers(legs: pl.DataFrame) -> pl.DataFrame:
    """The legs with a mark in place of every number in a channel's name: the same number has the same mark here."""
    return legs.with_columns(veiled(legs[side], mark_of) for side in SIDES)


def mark_of(number: str) -> str:
    """Letters only: a mark must not look like a number itself."""
    return salted_hmac("balie.calls.legs", number).hexdigest()[:16].translate(LETTERS)


def with_numbers(before: date) -> QuerySet[LegDay]:
    """Days before this one whose legs may have numbers in the names of their channels."""
    return LegDay.objects.filter(day__lt=before, veiled=False)


def remove_numbers(before: date, keep: Callable[[], None]) -> None:
    """Takes numbers out of what the legs of earlier days are known by. They stay known. keep: called between days."""
    for pk in list(with_numbers(before).order_by("day", "pk").values_list("pk", flat=True)):
        keep()
        with transaction.atomic():
            # An import may have joined it with others meanwhile.
            if part := LegDay.objects.select_for_update().filter(pk=pk).first():
                legs = without_numbers(unpacked(part.legs, BELONGS))
                LegDay.objects.filter(pk=pk).update(legs=packed(legs), whole=False, veiled=True)


def packed(legs: pl.DataFrame) -> bytes:
    text = io.BytesIO()
    legs.write_parquet(text, compression="zstd", compression_level=3, statistics=False)
    return text.getvalue()


def unpacked(legs: bytes | memoryview, columns: list[str] | None = None) -> pl.DataFrame:
    return pl.read_parquet(io.BytesIO(legs), columns=columns)

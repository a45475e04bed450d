"""What a reading brings that was not known: its new legs, grouped with those still at hand (folding.md 5).

Folding the groups comes later, some at a time (`balie.calls.folding`).
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import polars as pl

from balie.calls import legs as leg_store
from balie.calls.models import Source
from balie.cdr.fold import FOLDED
from balie.cdr.groups import grouped
from balie.cdr.legs import IDENTITY, SCHEMA, PhoneSystem, Reading, no_legs
from balie.cdr.zone import in_utc, zone_warning
from balie.rules.errors import Phrase

TOO_LATE = Phrase("belongs to a call that ended more than 48 hours before the newest line read")
DAY = timedelta(days=1)


# Of a leg: new, known but still at hand, too old to be folded anew.
NEW, AT_HAND, OLD = 1, 2, 4


@dataclass
class Fresh:
    """New legs in groups: sorted by `group` (0, 1, 2 …), with `age`; among them those at hand of the same groups."""

    legs: pl.DataFrame
    count: int  # new legs
    newest: datetime | None
    calls: pl.DataFrame | None = None  # of formats that write a line a call: folded already, in order of group
    warning: str = ""
    bad: dict[int, str] = field(default_factory=dict)  # line -> why it is no call
    digests: dict[int, str] = field(default_factory=dict)  # line -> by what its leg is known as a bad line
    late: int = 0  # how many of them are legs that came too late


def fresh(source: Source, reading: Reading, system: PhoneSystem) -> Fresh:
    """The new legs of a reading. Takes the rows out of the reading, to save memory."""
    new = [unknown(source, reading)]
    if not new[0].height:
        empty = new[0].with_columns(pl.lit(0, dtype=pl.UInt32).alias("group"), age(NEW))
        return Fresh(empty, 0, source.newest)
    if reading.calls is not None:
        return single(source, new.pop(), reading.calls, system)
    return together(source, new.pop(), system)


def age(of: int) -> pl.Expr:
    return pl.lit(of, dtype=pl.UInt8).alias("age")


def unknown(source: Source, reading: Reading) -> pl.DataFrame:
    """The reading's legs that were never read before."""
    rows, reading.rows = distinct(reading.rows), no_legs()
    seen = leg_store.known(source, set(rows["start"].dt.date().unique().to_list()))
    if not seen.height:
        return rows
    said, known = leg_store.comparable(rows, seen)
    place = pl.int_range(pl.len(), dtype=pl.UInt32).alias("place")
    return rows[said.with_columns(place).join(known, on=IDENTITY, how="anti", maintain_order="left")["place"]]


def distinct(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows without those that say the same leg again. Most files have none: their hashes tell at once."""
    hashes = rows.select(pl.struct(IDENTITY).hash()).to_series()
    if hashes.n_unique() == rows.height:
        return rows
    return rows.unique(IDENTITY, keep="first", maintain_order=True)


def single(source: Source, new: pl.DataFrame, calls: pl.DataFrame, system: PhoneSystem) -> Fresh:
    """For formats that write one line a call: every line is a group of its own."""
    new = in_utc(new, system.zone).with_row_index("group").with_columns(age(NEW))
    begin = new.select("line", "group", "begin")
    found = calls.drop("group", "begin").join(begin, on="line").select(list(FOLDED)).sort("group")
    return Fresh(new, new.height, newest_of(source, new), found)


def together(source: Source, new: pl.DataFrame, system: PhoneSystem) -> Fresh:
    """Groups of new legs with those at hand; a leg whose group is too old by now is bad."""
    new = new.with_columns(age(NEW))
    at_hand, older = kept(source, new, system)
    count = new.height
    if at_hand.height or older.height:
        new = pl.concat([new, at_hand, older])
    legs = grouped(in_utc(new, system.zone))
    del new  # as big as the file: grouping has made its own copy
    result = Fresh(legs, count, source.newest)
    if older.height:
        refuse_late(result)
    if at_hand.height:
        touched = result.legs.filter(pl.col("age") == NEW)["group"].unique()
        legs = result.legs.filter(pl.col("group").is_in(touched.implode()))
        result.legs = legs.with_columns(pl.col("group").rle_id())
    result.newest = newest_of(source, result.legs)
    result.warning = no_trunk(system) or zone_warning(result.legs)
    return result


def refuse_late(result: Fresh) -> None:
    """Takes out the groups with legs that are too old; their new legs came too late."""
    ages = result.legs.group_by("group").agg((pl.col("age") == OLD).any().alias("old"))
    legs = result.legs.join(ages, on="group", maintain_order="left")
    late = legs.filter(pl.col("old") & (pl.col("age") == NEW))
    result.bad = dict.fromkeys(late["line"].to_list(), TOO_LATE)
    result.digests = dict(zip(late["line"], digests(late), strict=True))
    result.legs = legs.filter(~pl.col("old")).drop("old").with_columns(pl.col("group").rle_id())
    result.late = late.height
    result.count -= late.height


def kept(source: Source, new: pl.DataFrame, system: PhoneSystem) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Known legs that matter to the new ones: those still at hand, and of the older ones what they are known by."""
    none = pl.DataFrame(schema={**SCHEMA, "age": pl.UInt8()})
    if source.newest is None:
        return none, none
    whole = leg_store.whole(source)
    recent = grouped(in_utc(whole, system.zone)) if whole.height else whole
    if recent.height:
        since = int((source.newest - leg_store.AT_HAND).timestamp())
        recent = recent.filter(pl.col("finish").max().over("group") > since).select(list(SCHEMA))
    known = leg_store.known(source, around(new)).select(pl.exclude("whole"))
    older = known.join(recent.select(IDENTITY), on=IDENTITY, how="anti")
    filled = older.select(
        *(pl.col(name) if name in older.columns else pl.lit(None, kind).alias(name) for name, kind in SCHEMA.items())
    ).with_columns(
        pl.col("line").fill_null(0),
        pl.col("sequence").fill_null(0),
        (pl.col("end") - pl.col("start")).dt.total_seconds().alias("duration"),
        pl.lit(0, dtype=pl.Int64).alias("billsec"),
        pl.col(pl.String).fill_null(""),
    )
    return recent.with_columns(age(AT_HAND)), filled.with_columns(age(OLD))


def around(legs: pl.DataFrame) -> set[date]:
    """The legs' days, and those before and after."""
    days = legs["start"].dt.date().unique().to_list()
    return {near for day in days for near in (day - DAY, day, day + DAY)}


def digests(legs: pl.DataFrame) -> list[str]:
    """What bad lines that are legs are known by: the leg itself, since its line may be written in two orders."""
    return [
        hashlib.sha256("\x1f".join(map(str, leg)).encode()).hexdigest()[:32] for leg in legs.select(IDENTITY).rows()
    ]


def no_trunk(system: PhoneSystem) -> str:
    if system.trunks:
        return ""
    return Phrase("No trunk is named for it, so every call looks internal. Name its trunks.")


def newest_of(source: Source, legs: pl.DataFrame) -> datetime | None:
    """End of the newest line read so far."""
    last = legs["finish"].max()
    if not isinstance(last, int):
        return source.newest
    found = datetime.fromtimestamp(last, UTC)
    return max(found, source.newest) if source.newest else found

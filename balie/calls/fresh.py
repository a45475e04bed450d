"""What a reading brings that was not known: its new legs, folded together with those still at hand (folding.md 5)."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import polars as pl

from balie.calls import legs as leg_store
from balie.calls.models import Source
from balie.cdr.fold import FOLDED, fold
from balie.cdr.groups import grouped
from balie.cdr.legs import IDENTITY, SCHEMA, PhoneSystem, Reading, no_legs
from balie.cdr.zone import in_utc, zone_warning

TOO_LATE = "belongs to a call that ended more than 48 hours before the newest line read"
DAY = timedelta(days=1)


@dataclass
class Fresh:
    """New legs with the `group` they are in, and the calls of these groups."""

    legs: pl.DataFrame
    calls: pl.DataFrame
    newest: datetime | None
    internal: int = 0
    warning: str = ""
    bad: dict[int, str] = field(default_factory=dict)  # line -> why it is no call
    digests: dict[int, str] = field(default_factory=dict)  # line -> by what its leg is known as a bad line
    decided: list[str] = field(default_factory=list)  # digests of legs whose groups are calls by now
    late: int = 0  # how many of them are legs that came too late
    old_keys: dict[int, list[str]] = field(default_factory=dict)  # group -> calls that stood for parts of it
    moved: dict[str, str] = field(default_factory=dict)  # old key of a group's first call -> its new key


def fresh(source: Source, reading: Reading, system: PhoneSystem) -> Fresh:
    """The new legs of a reading and the calls of their groups. Takes the rows out of the reading, to save memory."""
    new = [unknown(source, reading)]
    if not new[0].height:
        empty = new[0].with_columns(pl.lit(0, dtype=pl.UInt32).alias("group"))
        return Fresh(empty, pl.DataFrame(schema=FOLDED), source.newest)
    if reading.calls is not None:
        return single(source, new.pop(), reading.calls, system)
    return folded(source, new.pop(), system)


def unknown(source: Source, reading: Reading) -> pl.DataFrame:
    """The reading's legs that were never read before."""
    rows, reading.rows = distinct(reading.rows), no_legs()
    seen = leg_store.known(source, set(rows["start"].dt.date().unique().to_list()))
    return rows.join(seen.select(IDENTITY), on=IDENTITY, how="anti", maintain_order="left") if seen.height else rows


def distinct(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows without those that say the same leg again. Most files have none: their hashes tell at once."""
    hashes = rows.select(pl.struct(IDENTITY).hash()).to_series()
    if hashes.n_unique() == rows.height:
        return rows
    return rows.unique(IDENTITY, keep="first", maintain_order=True)


def single(source: Source, new: pl.DataFrame, calls: pl.DataFrame, system: PhoneSystem) -> Fresh:
    """For formats that write one line a call: every line is a group of its own."""
    new = in_utc(new, system.zone).with_row_index("group")
    begin = new.select("line", "group", "begin")
    found = calls.drop("group", "begin").join(begin, on="line").select(list(FOLDED))
    return Fresh(new, found, newest_of(source, new))


def folded(source: Source, new: pl.DataFrame, system: PhoneSystem) -> Fresh:
    new = new.with_columns(pl.lit(1, dtype=pl.UInt8).alias("age"))
    at_hand, older = kept(source, new, system)
    count = new.height
    if at_hand.height or older.height:
        new = pl.concat([new, at_hand, older])
    legs = grouped(in_utc(new, system.zone))
    del new  # as big as the file: grouping has made its own copy
    bad: dict[int, str] = {}
    known_as: dict[int, str] = {}
    if older.height:
        # 1 new, 2 at hand, 4 too old: a group with a new leg and an old one came too late.
        ages = legs.group_by("group").agg((pl.col("age") == 4).any().alias("old"))
        legs = legs.join(ages, on="group", maintain_order="left")
        late = legs.filter(pl.col("old") & (pl.col("age") == 1))
        bad = dict.fromkeys(late["line"].to_list(), TOO_LATE)
        known_as = dict(zip(late["line"], digests(late), strict=True))
        legs = legs.filter(~pl.col("old")).drop("old").with_columns(pl.col("group").rle_id())
    if at_hand.height:
        touched = legs.filter(pl.col("age") == 1)["group"].unique()
        legs = legs.filter(pl.col("group").is_in(touched.implode()))
        legs = legs.with_columns(pl.col("group").rle_id())
    found = fold(legs, system)
    if found.undecided:
        lost = legs.filter(pl.col("group").is_in(list(found.undecided)) & (pl.col("age") == 1))
        bad |= {line: found.undecided[group] for line, group in lost.select("line", "group").iter_rows()}
        known_as |= dict(zip(lost["line"], digests(lost), strict=True))
    mine = legs.filter(pl.col("age") == 1) if at_hand.height else legs
    result = Fresh(mine, found.calls, newest_of(source, legs), len(found.internal))
    result.digests = known_as
    result.bad, result.late = bad, count - result.legs.height
    result.warning = no_trunk(system) or zone_warning(legs)
    if at_hand.height:
        remember_old(result, legs, system)
    return result


def kept(source: Source, new: pl.DataFrame, system: PhoneSystem) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Known legs that matter to the new ones: those still at hand (age 2), and of the older ones what they are (4)."""
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
    age = pl.lit(2, dtype=pl.UInt8).alias("age"), pl.lit(4, dtype=pl.UInt8).alias("age")
    return recent.with_columns(age[0]), filled.with_columns(age[1])


def around(legs: pl.DataFrame) -> set[date]:
    """The legs' days, and those before and after."""
    days = legs["start"].dt.date().unique().to_list()
    return {near for day in days for near in (day - DAY, day, day + DAY)}


def remember_old(result: Fresh, legs: pl.DataFrame, system: PhoneSystem) -> None:
    """Which stored calls the groups with legs at hand had until now: what is folded anew takes their place."""
    again = legs.filter(pl.col("age") == 2)
    if not again.height:
        return
    decided = again.filter(pl.col("group").is_in(result.calls["group"].unique().implode()))
    result.decided = digests(decided)
    again = grouped(again.with_columns(pl.col("group").alias("into")))
    into = dict(again.select("group", "into").unique("group").iter_rows())
    first = result.calls.filter(pl.col("direction") != "forwarded")
    main = dict(first.select("group", "key").iter_rows())
    for group in into.values():
        result.old_keys.setdefault(group, [])
    for group, key, direction in fold(again, system).calls.select("group", "key", "direction").iter_rows():
        result.old_keys[into[group]].append(key)
        if direction != "forwarded" and into[group] in main:
            result.moved[key] = main[into[group]]


def digests(legs: pl.DataFrame) -> list[str]:
    """What bad lines that are legs are known by: the leg itself, since its line may be written in two orders."""
    return [
        hashlib.sha256("\x1f".join(map(str, leg)).encode()).hexdigest()[:32] for leg in legs.select(IDENTITY).rows()
    ]


def no_trunk(system: PhoneSystem) -> str:
    return "" if system.trunks else "No trunk is named for it, so every call looks internal. Name its trunks."


def newest_of(source: Source, legs: pl.DataFrame) -> datetime | None:
    """End of the newest line read so far."""
    last = legs["finish"].max()
    if not isinstance(last, int):
        return source.newest
    found = datetime.fromtimestamp(last, UTC)
    return max(found, source.newest) if source.newest else found

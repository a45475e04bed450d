"""Some groups of legs folded into calls, and the stored calls whose place these take. Touches no database."""

from dataclasses import dataclass, field

import polars as pl

from balie.calls.fresh import AT_HAND, NEW, Fresh, digests
from balie.cdr.fold import FOLDED, fold
from balie.cdr.groups import grouped
from balie.cdr.legs import PhoneSystem, keys


@dataclass
class Folding:
    """Calls of some whole groups, numbered 0, 1, 2 …, with the new `legs` they were made of."""

    legs: pl.DataFrame
    calls: pl.DataFrame
    inside: pl.Series = field(default_factory=lambda: pl.Series("group", [], dtype=pl.UInt32))  # that stayed internal
    bad: dict[int, str] = field(default_factory=dict)  # line -> why it is no call
    digests: dict[int, str] = field(default_factory=dict)  # line -> by what its leg is known as a bad line
    decided: list[str] = field(default_factory=list)  # digests of legs whose groups are calls by now
    old_keys: dict[int, list[str]] = field(default_factory=dict)  # group -> calls that stood for parts of it
    moved: dict[str, str] = field(default_factory=dict)  # old key of a group's first call -> its new key

    @property
    def internal(self) -> int:
        return self.inside.len()


def folded(found: Fresh, legs: pl.DataFrame, system: PhoneSystem) -> Folding:
    """The calls of a slice of the fresh legs that holds its groups whole."""
    if not legs.height:
        return Folding(legs, pl.DataFrame(schema=FOLDED))
    first, last = int(legs["group"][0]), int(legs["group"][-1])
    legs = legs.with_columns(pl.col("group") - first)
    if found.calls is not None:
        return Folding(legs, of_groups(found.calls, first, last))
    made = fold(legs, system)
    new = legs.filter(pl.col("age") == NEW)
    result = Folding(new, made.calls, made.internal)
    if made.undecided:
        lost = new.filter(pl.col("group").is_in(list(made.undecided)))
        result.bad = {line: made.undecided[group] for line, group in lost.select("line", "group").iter_rows()}
        result.digests = dict(zip(lost["line"], digests(lost), strict=True))
    if new.height < legs.height:
        remember_old(result, legs, system)
    return result


def lines_of(made: Folding) -> pl.DataFrame:
    """The first new line of each call's group, by the call's key; without a key of groups that stayed internal."""
    firsts = made.legs.group_by("group").agg(pl.col("line").min())
    calls = made.calls.select("group", "key")
    inside = pl.DataFrame({"group": made.inside.cast(calls.schema["group"])}).with_columns(key=pl.lit(""))
    return pl.concat([calls, inside]).join(firsts, on="group").select("key", "line")


def of_groups(calls: pl.DataFrame, first: int, last: int) -> pl.DataFrame:
    """The calls of these groups, numbered from 0. calls: in order of group."""
    begin, end = calls["group"].search_sorted(first), calls["group"].search_sorted(last, side="right")
    return calls[int(begin) : int(end)].with_columns(pl.col("group") - first)


def remember_old(result: Folding, legs: pl.DataFrame, system: PhoneSystem) -> None:
    """Which stored calls the groups with legs at hand had until now: what is folded anew takes their place."""
    again = legs.filter(pl.col("age") == AT_HAND)
    result.decided = digests(again.filter(pl.col("group").is_in(result.calls["group"].unique().implode())))
    again = grouped(again.with_columns(pl.col("group").alias("into")))
    into = dict(again.select("group", "into").unique("group").iter_rows())
    first = result.calls.filter(pl.col("direction") != "forwarded")
    main = dict(first.select("group", "key").iter_rows())
    # What their calls are named after, too: phone systems' settings change, and then they would fold otherwise now.
    names = pl.DataFrame({"group": again["into"], "key": keys(again)}).unique(maintain_order=True)
    for group, key in names.iter_rows():
        result.old_keys.setdefault(group, []).append(key)
    onward = result.calls.filter(pl.col("direction") == "forwarded").select("group", "key")
    for group, key in onward.iter_rows():
        if key.rpartition("/")[0] in result.old_keys.get(group, []):
            result.old_keys[group].append(key)
    for group, key, direction in fold(again, system).calls.select("group", "key", "direction").iter_rows():
        if key not in result.old_keys[into[group]]:
            result.old_keys[into[group]].append(key)
        if direction != "forwarded" and into[group] in main:
            result.moved[key] = main[into[group]]

"""Which legs are one call: those with one token, and those that name one channel at one time (folding.md 6, 7).

Of FreeSWITCH's CSV also those that were called without being named (`balie.cdr.called`).
"""

import polars as pl

from balie.cdr.called import unnamed
from balie.cdr.legs import token

ADJOINING = 1  # second between the end of one leg and the start of the next: the columns are cut to seconds

LAST = 9  # more than the sequence of any leg that its reader did not take for a called one


def grouped(legs: pl.DataFrame) -> pl.DataFrame:
    """The legs with `group` (0, 1, 2 … ), sorted by group, start and sequence.

    Needs `begin` and `finish` in seconds (`balie.cdr.zone`).
    """
    numbered = legs.with_columns(numbers(legs.select(token()).to_series()).alias("group"))
    called, places = unnamed(numbered)
    links = shared_channels(numbered) + called
    if places:  # they stand behind the legs that called them, in the same second too
        numbered = numbered.with_columns(numbered["sequence"].scatter(places, LAST))
    if links:
        roots = joined(links)
        changed = pl.DataFrame(
            {"group": list(roots), "root": list(roots.values())}, schema={"group": pl.UInt32, "root": pl.UInt32}
        )
        numbered = numbered.join(changed, on="group", how="left", maintain_order="left").with_columns(
            pl.coalesce("root", "group").alias("group")
        )
    numbered = numbered.sort("group", "begin", "sequence", "line", maintain_order=True).drop("root", strict=False)
    return numbered.with_columns(pl.col("group").rle_id())


def numbers(tokens: pl.Series) -> pl.Series:
    """A number for each token (0, 1, 2 …), in the order in which they first appear."""
    ranks = tokens.rank("dense").cast(pl.UInt32) - 1
    firsts = ranks.unique(maintain_order=True)
    places = pl.int_range(firsts.len(), dtype=pl.UInt32, eager=True)
    return places.clone().scatter(firsts, places).gather(ranks)


def shared_channels(legs: pl.DataFrame) -> list[tuple[int, int]]:
    """Pairs of groups that name the same channel in overlapping or adjoining time."""
    until = pl.max_horizontal("finish", pl.col("answered") + pl.col("billsec")).alias("until")
    sides = [
        legs.lazy().filter(pl.col(side) != "").select(one_name(side).alias("name"), "group", "begin", until)
        for side in ("channel", "dstchannel")
    ]
    # Hashes tell cheaply which names may stand in several groups; the names themselves decide.
    hashed = pl.concat(side.select(pl.col("name").hash().alias("hash"), "group") for side in sides)
    spread = hashed.group_by("hash").agg(low=pl.col("group").min(), high=pl.col("group").max())
    several = spread.filter(pl.col("low") != pl.col("high")).select("hash").collect()
    if not several.height:
        return []
    every = pl.concat(side.with_columns(pl.col("name").hash().alias("hash")) for side in sides)
    names = every.join(several.lazy(), on="hash", how="semi").collect().sort("name", "begin")
    before = pl.col("until").cum_max().shift(1).over("name")
    previous = pl.col("group").shift(1).over("name").alias("previous")
    links = names.with_columns(before.alias("before"), previous).filter(
        (pl.col("group") != pl.col("previous")) & (pl.col("begin") <= pl.col("before") + ADJOINING)
    )
    return list(links.select("previous", "group").unique().iter_rows())


def one_name(side: str) -> pl.Expr:
    """The channel's name; the two ends of a Local channel are one channel."""
    name = pl.col(side)
    return pl.when(name.str.starts_with("Local/")).then(name.str.replace(r";[12]$", "")).otherwise(name)


def joined(links: list[tuple[int, int]]) -> dict[int, int]:
    """For every linked group the lowest group it is linked with over any number of links."""
    parent: dict[int, int] = {}

    def root(group: int) -> int:
        while (above := parent.setdefault(group, group)) != group:
            parent[group] = parent[above]
            group = above
        return group

    for one, other in links:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return {group: root(group) for group in list(parent)}

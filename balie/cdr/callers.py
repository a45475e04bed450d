"""Who an outbound call came from: never the number called, which click to call writes where the caller belongs."""

import polars as pl

from balie.cdr.channels import TRUNK
from balie.cdr.dialled import all_numbers
from balie.cdr.telephone import same_number


def callers(calls: pl.DataFrame, legs: pl.DataFrame) -> pl.Series:
    """`caller` of every folded call. Of an outbound one that would be its callee: the first other number its legs name.

    legs: in order of group and time, with the kind of the channel they lead `to`.
    """
    ours = calls.with_row_index("row").filter(pl.col("direction") == "outbound")
    ours = ours.select("row", "group", "caller", "called")
    called = dialled(ours, legs)
    wrong = ours.join(called, on="group").filter(same_number("caller", "number"))["row"].unique()
    if not wrong.len():
        return calls["caller"]
    ours = ours.filter(pl.col("row").is_in(wrong.implode())).select("row", "group")
    said = legs.filter(pl.col("src") != "").join(ours, on="group", maintain_order="left")
    said = said.select("row", "group", "src").unique(maintain_order=True).with_row_index("turn")
    theirs = said.join(called, on="group").filter(same_number("src", "number"))["turn"]
    own = said.filter(~pl.col("turn").is_in(theirs.implode())).unique("row", keep="first", maintain_order=True)
    found = ours.join(own, on="row", how="left", maintain_order="left")["src"].fill_null("")
    return calls["caller"].scatter(ours["row"], found)


def dialled(ours: pl.DataFrame, legs: pl.DataFrame) -> pl.DataFrame:
    """`group` and `number` of everything that some groups called on trunks."""
    tried = legs.filter((pl.col("to") == TRUNK) & (pl.col("lastdata") != "")).join(ours, on="group", how="semi")
    tried = tried.select("group", pl.col("lastdata").alias("command")).unique()
    numbers = tried.join(all_numbers(tried["command"]), on="command").select("group", "number")
    every = pl.concat([ours.select("group", pl.col("called").alias("number")), numbers])
    return every.filter(pl.col("number") != "").unique()

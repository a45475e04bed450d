"""Whose an SMS is: the client the list names, else who had the sending number on its local day, else who was given the
name by hand."""

import polars as pl

from balie.accounts.models import Client
from balie.cdr.owner import ASSIGNED, within
from balie.messages.models import NameOwner
from balie.numbers.models import Assignment

NAMED = {"name": pl.String, "client": pl.Int64}


def clients_of(rows: pl.DataFrame) -> pl.Series:
    """The client (id) of each SMS (columns account, sender, day); null where there is none. Three queries."""
    numbers = pl.DataFrame(list(Client.objects.values_list("number", "pk")), schema=NAMED, orient="row")
    by_hand = pl.DataFrame(list(NameOwner.objects.values_list("name", "client_id")), schema=NAMED, orient="row")
    names = pl.concat([numbers, by_hand]).unique("name", keep="first", maintain_order=True)
    named = joined(rows, "account", names)
    by_number = holders(rows).fill_null(joined(rows, "sender", by_hand))
    return pl.select(pl.when(rows["account"] != "").then(named).otherwise(by_number)).to_series().alias("client_id")


def joined(rows: pl.DataFrame, column: str, names: pl.DataFrame) -> pl.Series:
    return rows.join(names, left_on=column, right_on="name", how="left", maintain_order="left")["client"]


def holders(rows: pl.DataFrame) -> pl.Series:
    """Who had the sending number on the SMS's local day."""
    found = Assignment.objects.values_list("number__number", "client_id", "first_day", "last_day")
    assigned = pl.DataFrame(list(found), schema=ASSIGNED, orient="row")
    asked = rows.select(pl.col("sender").alias("number"), "day").unique()
    held = asked.join(assigned, on="number").filter(within()).unique(["number", "day"])
    both = rows.select(pl.col("sender").alias("number"), "day").join(
        held.select("number", "day", "client"), on=["number", "day"], how="left", maintain_order="left"
    )
    return both["client"]

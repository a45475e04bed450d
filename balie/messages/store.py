"""SMS written and changed together with their sums. Called inside a transaction."""

import polars as pl

from balie.calls import bulk, rollups
from balie.messages.models import Message, SmsMonth

BATCH = 500


def insert(rows: pl.DataFrame, *, source: int) -> None:
    """New SMS (`rows.read_rows` with `client_id` and `late`) and their sums."""
    if not rows.height:
        return
    table = rows.select(
        pl.lit(source, dtype=pl.Int64).alias("source_id"),
        *("key", "sent_at", "sender", "recipient", "text", "parts", "account", "client_id"),
        pl.lit("sent").alias("status"),
        "late",
    )
    bulk.put(Message._meta.db_table, bulk.ready(table))
    count(rows, 1)


def count(rows: pl.DataFrame, sign: int) -> None:
    """Adds (1) or takes away (-1) SMS in the sums, and remembers whose closed months changed by them."""
    if not rows.height:
        return
    owned = rows.filter(pl.col("client_id").is_not_null())
    sums = owned.group_by("month", "client_id", maintain_order=True).agg(
        (pl.len().cast(pl.Int64) * sign).alias("messages"), (pl.col("parts").sum() * sign).alias("parts")
    )
    keys = ["month", "client_id"]
    bulk.add_up(SmsMonth._meta.db_table, keys=keys, plain=[], sums=["messages", "parts"], rows=sums)
    rollups.note_closed(owned.rename({"client_id": "client"}))


def remove(stored: pl.DataFrame) -> None:
    """Takes SMS (`rows.framed`) out of the table and the sums."""
    count(stored, -1)
    for some in batches(stored):
        Message.objects.filter(pk__in=some).delete()


def give(stored: pl.DataFrame, closed: set[int]) -> int:
    """Gives stored SMS with `new_client` to their new clients, in step with the sums; how many changed.

    closed: keys of the months whose SMS are late.
    """
    moved = stored.filter(~pl.col("client_id").eq_missing(pl.col("new_client")))
    count(moved, -1)
    for (client, month), part in moved.partition_by("new_client", "month", as_dict=True).items():
        late = {"late": True} if month in closed else {}
        for some in batches(part):
            Message.objects.filter(pk__in=some).update(client_id=client, **late)
    count(moved.with_columns(pl.col("new_client").alias("client_id")), 1)
    return moved.height


def batches(rows: pl.DataFrame) -> list[list[int]]:
    pks = rows["pk"].to_list()
    return [pks[at : at + BATCH] for at in range(0, len(pks), BATCH)]

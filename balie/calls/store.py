"""Calls written, changed and taken away, together with their sums. Called inside a transaction."""

import polars as pl
from django.db.models import QuerySet

from balie.calls import bulk, rollups
from balie.calls.models import Call, CallCorrection, Source
from balie.operator.models import Operator
from balie.rules.call import CallType

HANDLED = (CallType.ACCEPTED, CallType.OUTBOUND_FIXED, CallType.OUTBOUND_MOBILE, CallType.OUTBOUND_OTHER)
# What the phone system's record says of a call; a correction by hand outlasts a change of the others.
RECORDED = [
    "start", "direction", "type", "caller", "callee", "client_id", "agent_id", "endpoint", "account", "ring", "talk",
    "handling",
]  # fmt: skip


def table_rows(calls: pl.DataFrame, source: Source, closed: set[int]) -> pl.DataFrame:
    """Owned calls (`balie.cdr.owner.owned`) as rows of the call table, with the columns the sums need beside them.

    closed: keys of the months whose calls are late. Handling time is the talk time until a note says more.
    """
    handled = pl.when(pl.col("type").is_in(HANDLED)).then(pl.col("talk")).otherwise(0)
    return calls.select(
        pl.lit(source.pk, dtype=pl.Int64).alias("source_id"),
        "key",
        "start",
        "direction",
        "type",
        "caller",
        "callee",
        pl.col("client").alias("client_id"),
        pl.col("agent").alias("agent_id"),
        "endpoint",
        "account",
        "ring",
        "talk",
        handled.alias("handling"),
        pl.lit("telephone").alias("service"),
        pl.lit(True).alias("billable"),
        pl.col("month").is_in(list(closed)).alias("late"),
        "month",
        "day",
        "hour",
    )


def ready(rows: pl.DataFrame) -> bulk.Ready:
    """New calls (`table_rows`), ready for the table. Needs no database."""
    return bulk.ready(rows.drop("month", "day", "hour"))


def insert(rows: pl.DataFrame, operator: Operator, prepared: bulk.Ready | None = None) -> None:
    """New calls and their sums. prepared: the same rows made ready beforehand."""
    if rows.height:
        bulk.put(Call._meta.db_table, prepared or ready(rows))
        count(rows, 1, operator)


def count(rows: pl.DataFrame, sign: int, operator: Operator) -> None:
    """Adds (1) or takes away (-1) the rows in the sums."""
    names = {"source_id": "source", "client_id": "client", "agent_id": "agent"}
    rollups.change(
        rows.rename(names).with_columns(pl.lit(sign, dtype=pl.Int64).alias("sign")),
        answer_seconds=operator.answer_seconds,
    )


def stored(source: Source, keys: list[str], zone: str) -> pl.DataFrame:
    """The calls of these keys as they stand, with month, day and hour for the sums, and `pk`."""
    return framed(Call.objects.filter(source=source, key__in=keys), zone)


def framed(calls: QuerySet[Call], zone: str) -> pl.DataFrame:
    """Stored calls as a frame like `table_rows`, and `pk`."""
    names = ["pk", "source_id", "key", *RECORDED, "service", "billable", "late"]
    rows = list(calls.order_by().values_list(*names))
    return with_local(pl.DataFrame(rows, schema={name: SCHEMA[name] for name in names}, orient="row"), zone)


SCHEMA: dict[str, pl.DataType] = {
    "pk": pl.Int64(),
    "source_id": pl.Int64(),
    "key": pl.String(),
    "start": pl.Datetime("us", "UTC"),
    "direction": pl.String(),
    "type": pl.String(),
    "caller": pl.String(),
    "callee": pl.String(),
    "client_id": pl.Int64(),
    "agent_id": pl.Int64(),
    "endpoint": pl.String(),
    "account": pl.String(),
    "ring": pl.Int64(),
    "talk": pl.Int64(),
    "handling": pl.Int64(),
    "service": pl.String(),
    "billable": pl.Boolean(),
    "late": pl.Boolean(),
}


def with_local(rows: pl.DataFrame, zone: str) -> pl.DataFrame:
    """The rows with local month, day and hour."""
    local = rows["start"].dt.convert_time_zone(zone)
    return rows.with_columns(
        (local.dt.year().cast(pl.Int32) * 100 + local.dt.month()).alias("month"),
        local.dt.date().alias("day"),
        local.dt.hour().alias("hour"),
    )


def replace(old: pl.DataFrame, new: pl.DataFrame, moved: dict[str, str], operator: Operator) -> pl.DataFrame:
    """Puts `new` (table_rows) in the place of `old` (stored) calls of the same groups; gives the new or changed ones.

    A call that is the same is left alone, with the handling time that its note says; one that is gone is removed; a
    correction by hand is kept.
    moved: the new key of a group's first call by its old one.
    """
    new = corrected(old, new, moved)
    was = [pl.col(name).alias(f"was_{name}") for name in RECORDED]
    both = new.join(old.select("key", "pk", *was), on="key", how="left")
    compared = [name for name in RECORDED if name != "handling"]
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"was_{name}")) for name in compared)
    changed = both.filter(~pl.col("pk").is_null() & ~same)
    fresh = new.join(old, on="key", how="anti")
    gone = old.join(new, on="key", how="anti")
    count(old.filter(pl.col("pk").is_in(pl.concat([changed["pk"], gone["pk"]]).implode())).drop("pk"), -1, operator)
    Call.objects.filter(pk__in=gone["pk"].to_list()).delete()
    for row in changed.iter_rows(named=True):
        Call.objects.filter(pk=row["pk"]).update(**{name: row[name] for name in RECORDED}, late=row["late"])
    rows = changed.select(new.columns)
    count(rows, 1, operator)
    insert(fresh, operator)
    return pl.concat([rows, fresh])


def corrected(old: pl.DataFrame, new: pl.DataFrame, moved: dict[str, str]) -> pl.DataFrame:
    """The new rows with what a manager corrected on the calls they replace; corrections move to a group's new key."""
    if not old.height:
        return new
    standing = CallCorrection.objects.filter(source_id=old["source_id"][0], key__in=old["key"].to_list(), undone=None)
    for correction in standing:
        key = moved.get(correction.key, correction.key)
        CallCorrection.objects.filter(pk=correction.pk).update(key=key)
        mine = pl.col("key") == key
        client = pl.lit(correction.client_id, dtype=pl.Int64)
        new = new.with_columns(
            pl.when(mine & client.is_not_null()).then(client).otherwise("client_id").alias("client_id"),
            pl.when(mine).then(pl.lit(correction.billable)).otherwise("billable").alias("billable"),
        )
    return new

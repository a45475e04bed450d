"""The sums kept beside the calls: client × month, agent × day, source × hour. Changed only in step with the calls."""

from secrets import token_hex

import polars as pl
from django.db.models import Model

from balie.calls import bulk
from balie.calls.models import AgentDay, ChangedMonth, ClientMonth, ClosedMonth, SourceHour
from balie.rules.call import CallType

# What a frame of changes must have: a call's columns and `sign`, 1 for a call that came, -1 for one that went.
CHANGES = ["sign", "source", "client", "agent", "month", "day", "hour", "direction", "type", "talk", "ring"]


def change(changes: pl.DataFrame, *, answer_seconds: int) -> None:
    """Adds and takes away calls in all sums. answer_seconds: accepted within them counts as quick."""
    if not changes.height:
        return
    quick = (pl.col("type") == CallType.ACCEPTED) & (pl.col("ring") <= answer_seconds)
    signed = changes.select(
        *CHANGES[:9],
        pl.col("sign").alias("calls"),
        pl.col("talk") * pl.col("sign"),
        pl.col("ring") * pl.col("sign"),
        (quick.cast(pl.Int64) * pl.col("sign")).alias("quick"),
    )
    sums = ["calls", "talk", "ring", "quick"]
    _add(ClientMonth, signed.rename({"client": "client_id"}), ["month", "client_id", "type"], ["direction"], sums)
    _add(AgentDay, signed.rename({"agent": "agent_id"}), ["day", "agent_id", "type"], [], sums[:2])
    _add(SourceHour, signed.rename({"source": "source_id"}), ["day", "hour", "source_id", "type"], [], sums)
    note_closed(changes)


def change_quick(calls: pl.DataFrame, sign: int) -> None:
    """These accepted calls count as quick from now on (1), or no longer (-1); they stay counted as they are.

    calls: with the columns of CHANGES but `sign`. No bill goes by it, so closed months are as they were.
    """
    nothing = [pl.lit(0, dtype=pl.Int64).alias(name) for name in ("calls", "talk", "ring")]
    signed = calls.select(*CHANGES[1:9], *nothing, pl.lit(sign, dtype=pl.Int64).alias("quick"))
    sums = ["calls", "talk", "ring", "quick"]
    _add(ClientMonth, signed.rename({"client": "client_id"}), ["month", "client_id", "type"], ["direction"], sums)
    _add(SourceHour, signed.rename({"source": "source_id"}), ["day", "hour", "source_id", "type"], [], sums)


def note_closed(changes: pl.DataFrame) -> None:
    """Remembers whose calls of closed months changed: what they cost is to be corrected."""
    months = changes["month"].unique().to_list()
    closed = list(ClosedMonth.objects.filter(month__in=months).values_list("month", flat=True))
    if not closed:
        return
    touched = changes.filter(pl.col("month").is_in(closed)).select("client", "month").drop_nulls().unique()
    mark = token_hex(8)
    rows = [ChangedMonth(client_id=client, month=month, change=mark) for client, month in touched.iter_rows()]
    ChangedMonth.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["client", "month"],
        update_fields=["change"],
    )


def _add(model: type[Model], signed: pl.DataFrame, keys: list[str], plain: list[str], sums: list[str]) -> None:
    some = signed.drop_nulls(keys).group_by([*keys, *plain], maintain_order=True)
    rows = some.agg(pl.col(name).sum() for name in sums)
    bulk.add_up(model._meta.db_table, keys=keys, plain=plain, sums=sums, rows=rows)

"""The calls and SMS of a month as the frames that balie.rules.usage measures; the two databases differ here.

The database writes the rows as one text, which polars reads: a third of the time that fetching rows takes.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import polars as pl
from django.db import connection

from balie.calls.models import Call
from balie.messages.models import Message
from balie.rules.period import Period

FRAME = {"client": pl.Int64, "start": pl.String, "type": pl.String, "talk": pl.Int64, "handling": pl.Int64}
MESSAGES: dict[str, pl.DataType] = {"client": pl.Int64(), "sent_at": pl.Datetime("us", "UTC"), "parts": pl.Int64()}
# What a row is in the text, without quotes: none of these has a comma.
WRITTEN = {
    "sqlite": "group_concat(client_id || ',' || substr(start, 1, 19) || ',' || type || ',' || talk || ',' || handling,"
    " char(10))",
    "postgresql": "string_agg(concat_ws(',', client_id, floor(date_part('epoch', start)), type, talk, handling),"
    " chr(10))",
}
START = {
    "sqlite": pl.col("start").str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", time_zone="UTC"),
    "postgresql": pl.from_epoch(pl.col("start").cast(pl.Int64), time_unit="s").dt.replace_time_zone("UTC"),
}
SOME_DAYS = timedelta(days=8)
NO_CALLS = pl.DataFrame(schema={**FRAME, "start": MESSAGES["sent_at"], "billable": pl.Boolean})


def calls_of(period: Period, clients: Collection[int] | None = None) -> pl.DataFrame:
    """The calls that can cost something: with a client, talked, billable. clients: only of these (ids)."""
    return pl.concat(some_calls(period, clients))


def some_calls(period: Period, clients: Collection[int] | None = None) -> Iterator[pl.DataFrame]:
    """The same, at least one frame; of all clients some days at a time, so that no text outgrows a database."""
    wanted = "client_id IS NOT NULL"
    if clients is not None:
        wanted = f"client_id IN ({', '.join(str(int(one)) for one in sorted(clients)) or 'NULL'})"
    moments = [period.begin, period.end] if clients is not None else [*cuts(period), period.end]
    for begin, end in pairwise(moments):
        text = written(wanted, begin, end)
        rows = pl.read_csv(text.encode(), has_header=False, schema=FRAME) if text else pl.DataFrame(schema=FRAME)
        yield rows.with_columns(START[connection.vendor], pl.lit(True).alias("billable"))


def messages_of(period: Period, clients: Collection[int] | None = None) -> pl.DataFrame:
    """The SMS with a client, in one query. clients: only of these (ids)."""
    sent = Message.objects.filter(sent_at__gte=period.begin, sent_at__lt=period.end).order_by()
    sent = sent.filter(client__isnull=False) if clients is None else sent.filter(client__in=clients)
    return pl.DataFrame(list(sent.values_list("client_id", "sent_at", "parts")), schema=MESSAGES, orient="row")


def cuts(period: Period) -> Iterator[datetime]:
    moment = period.begin
    while moment < period.end:
        yield moment
        moment += SOME_DAYS


def written(wanted: str, begin: datetime, end: datetime) -> str:
    """The rows of the calls that began from a moment until another."""
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {WRITTEN[connection.vendor]} FROM {Call._meta.db_table}"
            f" WHERE start >= %s AND start < %s AND {wanted} AND talk > 0 AND billable",
            [f"{moment:%Y-%m-%d %H:%M:%S}" if sqlite else moment for moment in (begin, end)],
        )
        (text,) = cursor.fetchone()
    return text or ""

"""The one place where SQLite and PostgreSQL differ: putting many rows into a table at once.

SQLite: executemany of statements of many rows. PostgreSQL: COPY.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import polars as pl
from django.db import connection

ROWS = 100  # a statement; SQLite takes at most 32,766 values in one
SQLITE_MOMENT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True)
class Ready:
    """Rows in the form the database takes fastest, made beforehand: making them needs no database."""

    frame: pl.DataFrame  # SQLite: values as it stores them
    text: bytes = b""  # PostgreSQL: all rows as CSV


def ready(frame: pl.DataFrame) -> Ready:
    """The frame's rows, ready for `put`. Moments in UTC, whole seconds."""
    if connection.vendor == "postgresql":
        return Ready(frame, as_csv(frame))
    return Ready(storable(frame))


def put(table: str, ready: Ready) -> None:
    """Appends rows to a table."""
    columns = ready.frame.columns
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH (FORMAT csv, NULL '')") as into:
                into.write(ready.text)
            return
        rows = ready.frame.rows()
        whole = len(rows) - len(rows) % ROWS
        # Many rows a statement: a third faster than one row a statement.
        many = [list(chain.from_iterable(rows[at : at + ROWS])) for at in range(0, whole, ROWS)]
        cursor.executemany(insertion(table, columns, ROWS), many)
        cursor.executemany(insertion(table, columns, 1), rows[whole:])


def insertion(table: str, columns: Sequence[str], rows: int) -> str:
    marks = f"({', '.join(['%s'] * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([marks] * rows)}"


def storable(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with moments as Django writes them into SQLite."""
    moments = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Datetime)]
    days = [name for name, kind in frame.schema.items() if kind == pl.Date]
    return frame.with_columns(
        *(pl.col(name).dt.to_string(SQLITE_MOMENT) for name in moments),
        *(pl.col(name).dt.to_string("%Y-%m-%d") for name in days),
    )


def as_csv(frame: pl.DataFrame) -> bytes:
    """The frame as COPY reads it: every text quoted, so that an empty one is not taken for NULL."""
    text = io.BytesIO()
    moments = "%Y-%m-%d %H:%M:%S+00"
    frame.write_csv(text, include_header=False, quote_style="non_numeric", null_value="", datetime_format=moments)
    return text.getvalue()


def add_up(table: str, *, keys: Sequence[str], plain: Sequence[str], sums: Sequence[str], rows: pl.DataFrame) -> None:
    """Adds to the sums of rows known by their keys, which must be unique in the table; new keys begin at the sums.

    plain: columns that follow from the keys. rows: columns keys, plain and sums, in this order.
    """
    names = [*keys, *plain, *sums]
    marks = ", ".join(["%s"] * len(names))
    more = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in sums)
    upsert = (
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"
        f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {more}"
    )
    with connection.cursor() as cursor:
        cursor.executemany(upsert, storable(rows).rows())

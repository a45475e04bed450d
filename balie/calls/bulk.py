"""The one place where SQLite and PostgreSQL differ: putting many rows into a table, or values into many, at once.

SQLite: executemany of statements of many rows. PostgreSQL: COPY, and joining with the values.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db import connection
from django.db.backends.utils import CursorWrapper

# In one statement: a third faster than one row, and other threads wait less often. SQLite takes 32,766 values at most.
ROWS = 1000
UPDATED = 5000
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
            statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN WITH (FORMAT csv, NULL '')"
            with connection.wrap_database_errors, cursor.copy(statement) as into:
                into.write(ready.text)
            return
        insert_many(cursor, table, ready.frame)


def insert_many(cursor: CursorWrapper, table: str, frame: pl.DataFrame) -> None:
    """SQLite's fastest plain way: few long statements, and columns with one value for all rows bound only once."""
    same = [name for name in frame.columns if frame.height > ROWS and frame[name].n_unique() == 1]
    varying = [name for name in frame.columns if name not in same]
    once, values = [frame[name][0] for name in same], flat(frame.select(varying))
    width = len(varying) * ROWS
    whole = frame.height // ROWS * width
    many = [once + values[at : at + width] for at in range(0, whole, width)]
    cursor.executemany(insertion(table, same, varying, ROWS), many)
    if rest := frame.height % ROWS:
        cursor.execute(insertion(table, same, varying, rest), once + values[whole:])


def flat(frame: pl.DataFrame) -> list[Any]:
    """All values, row after row. Column by column into their places: no tuple is made for a row."""
    found: list[Any] = [None] * (frame.height * frame.width)
    for place, column in enumerate(frame):
        found[place :: frame.width] = column.to_list()
    return found


def insertion(table: str, same: Sequence[str], varying: Sequence[str], rows: int) -> str:
    """A statement that inserts rows: first the values that are the same in all, then the others row by row.

    Only the same values' marks are numbered: SQLite looks up each numbered one among all before it.
    """
    row = ", ".join([*(f"?{place}" for place in range(1, len(same) + 1)), *["?"] * len(varying)])
    return f"INSERT INTO {table} ({', '.join([*same, *varying])}) VALUES {', '.join([f'({row})'] * rows)}"


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


def set_column(table: str, column: str, values: Mapping[int, int | None], *, where: str = "") -> None:
    """Gives this column (of numbers) of these rows (by id) other values. where: SQL, only of rows like that."""
    rows, only = sorted(values.items()), f" AND {where}" if where else ""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            statement = f"UPDATE {table} SET {column} = %s WHERE id = %s{only}"
            cursor.executemany(statement, [(value, pk) for pk, value in rows])
            return
        for at in range(0, len(rows), UPDATED):
            part = rows[at : at + UPDATED]
            given = ", ".join(f"({int(pk)}, {'NULL' if value is None else int(value)}::bigint)" for pk, value in part)
            # Between: one look along the index, where a join by itself would read the whole table.
            cursor.execute(
                f"UPDATE {table} SET {column} = given.value FROM (VALUES {given}) AS given (pk, value)"
                f" WHERE id = given.pk AND id BETWEEN %s AND %s{only}",
                [part[0][0], part[-1][0]],
            )

"""Worlds built once a process: the first test that asks builds one, the others get a copy of its rows.

Thousands of rows cost half a second by the models, and a hundredth of that as they lie in the tables.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec

from django.db import connection

Rows = dict[str, Any]
P = ParamSpec("P")


def built_once(build: Callable[P, object]) -> Callable[P, None]:
    """Wraps what fills tables that are empty before it; the same arguments must give the same rows.

    Where any of the tables has rows already, it is built anew: nothing is kept then, and nothing copied.
    """
    kept: dict[Any, Rows] = {}

    @wraps(build)
    def make(*args: P.args, **named: P.kwargs) -> None:
        key = (args, tuple(sorted(named.items())))
        if key in kept and not filled(list(kept[key])):
            put_back(kept[key])
            return
        before = filled(tables())
        counted = {table: count(table) for table in before}
        build(*args, **named)
        if all(count(table) == counted[table] for table in before):
            kept[key] = {table: rows_of(table) for table in filled(tables()) if table not in counted}

    return make


def tables() -> list[str]:
    return connection.introspection.django_table_names(only_existing=False)


def filled(names: Sequence[str]) -> list[str]:
    """Those with rows, in one query."""
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [name for (name,) in cursor.fetchall()]


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        return int(cursor.fetchone()[0])


def rows_of(table: str) -> Any:
    """The rows as the database keeps them: its own copy format, or values no converter has read."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                return b"".join(bytes(block) for block in copy)
        names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
        # The plus makes it an expression, and those have no type by which the driver would convert them.
        cursor.execute(f'SELECT {", ".join(f"""+"{name}" """ for name in names)} FROM "{table}"')
        return cursor.fetchall()


def put_back(kept: Rows) -> None:
    with connection.cursor() as cursor:
        for table, rows in kept.items():
            if connection.vendor == "postgresql":
                with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                    copy.write(rows)
            else:
                marks = ", ".join("?" * len(rows[0]))
                connection.connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)

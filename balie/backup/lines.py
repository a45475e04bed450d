"""A row as a line of text, the same from both databases: tabs between values, escaped as PostgreSQL's COPY has it.

Values are written as SQLite keeps them: moments in UTC without saying so, yes and no as 1 and 0, numbers with as many
decimals as their column has, bytes as `\\x` and hexadecimal digits. PostgreSQL takes these as they are.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, cast

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Field, ForeignKey

NULL = r"\N"
KINDS = {
    "AutoField": "integer", "BigAutoField": "integer", "BigIntegerField": "integer", "IntegerField": "integer",
    "PositiveIntegerField": "integer", "PositiveSmallIntegerField": "integer", "PositiveBigIntegerField": "integer",
    "SmallIntegerField": "integer", "BooleanField": "boolean", "CharField": "text", "TextField": "text",
    "GenericIPAddressField": "address", "DateField": "date", "DateTimeField": "moment", "TimeField": "time",
    "DecimalField": "decimal", "FloatField": "float", "JSONField": "json", "BinaryField": "binary",
}  # fmt: skip
ESCAPED = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
MEANT = {"t": "\t", "n": "\n", "r": "\r"}
ESCAPE = re.compile(r"\\(.)")
FETCHED = 5000


def kind_of(field: "Field[Any, Any]") -> str:
    """What a column holds. A KeyError for a field nobody has thought of: its rows could not be kept."""
    while isinstance(field, ForeignKey):
        field = field.target_field
    return KINDS[field.get_internal_type()]


def lines_of(cursor: CursorWrapper, table: str, fields: "list[Field[Any, Any]]", *, key: str) -> Iterator[bytes]:
    """All rows of a table by their key, some whole lines at a time; the database itself writes them as text."""
    name, order = quoted(table), quoted(key)
    if connection.vendor == "postgresql":
        columns = ", ".join(POSTGRES.get(kind_of(field), "{}").format(quoted(str(field.column))) for field in fields)
        with cursor.copy(f"COPY (SELECT {columns} FROM {name} ORDER BY {order}) TO STDOUT") as copy:
            for block in copy:
                yield bytes(block)
        return
    connection.connection.create_function("exact", 1, exact, deterministic=True)
    line = " || char(9) || ".join(sqlite_text(field) for field in fields)
    cursor.execute(f"SELECT {line} FROM {name} ORDER BY {order}")
    while rows := cursor.fetchmany(FETCHED):
        yield "".join(f"{row}\n" for (row,) in rows).encode()


# As SQLite has them; {} is the column. What is not here is written alike.
POSTGRES = {
    "boolean": "{}::integer",
    "address": "host({})",
    "moment": "to_char({0} AT TIME ZONE 'UTC', CASE WHEN date_trunc('second', {0}) = {0}"
    " THEN 'YYYY-MM-DD HH24:MI:SS' ELSE 'YYYY-MM-DD HH24:MI:SS.US' END)",
}


def sqlite_text(field: "Field[Any, Any]") -> str:
    """What gives a column's value as COPY would write it."""
    column, kind = quoted(str(field.column)), kind_of(field)
    text = column
    if kind == "decimal":
        text = f"printf('%.{getattr(field, 'decimal_places', 0)}f', {column})"
    elif kind == "float":
        text = f"exact({column})"
    elif kind == "binary":
        text = rf"'\\x' || lower(hex({column}))"
    elif kind in ("text", "json"):
        for sign, written in ESCAPED.items():
            text = f"replace({text}, char({ord(sign)}), '{written}')"
        # Few texts have such a sign: looking for any first takes a third of the time off.
        text = f"iif({column} GLOB '*[{''.join(ESCAPED)}]*', {text}, {column})"
    return f"iif({column} IS NULL, '{NULL}', {text})" if field.null else f"({text})"


def exact(number: float | None) -> str | None:
    """SQLite writes 15 digits, and a float may need 17. Whole ones as PostgreSQL has them: 341."""
    return None if number is None else repr(float(number)).removesuffix(".0")


def put(cursor: CursorWrapper, table: str, columns: list[tuple[str, str]], data: bytes) -> None:
    """Appends rows (whole lines) to a table; columns: name and kind, in the order of the lines."""
    names = ", ".join(quoted(name) for name, _ in columns)
    if connection.vendor == "postgresql":
        with connection.wrap_database_errors, cursor.copy(f"COPY {quoted(table)} ({names}) FROM STDIN") as copy:
            copy.write(data)
        return
    marks = ", ".join(["%s"] * len(columns))
    values = values_of(data, [kind for _, kind in columns])
    # One after the other: eight megabytes of rows at once would be a hundred of Python's.
    cursor.executemany(f"INSERT INTO {quoted(table)} ({names}) VALUES ({marks})", cast(list[Any], values))


def values_of(data: bytes, kinds: list[str]) -> Iterator[list[Any]]:
    """The values of each line as SQLite keeps them. Texts of numbers become numbers by the type of their column."""
    special = [(place, READ[kind]) for place, kind in enumerate(kinds) if kind in READ]
    for line in data.decode().split("\n")[:-1]:
        values: list[Any] = line.split("\t")
        if "\\" in line:
            values = [unescaped(value) for value in values]
        for place, read in special:
            if values[place] is not None:
                values[place] = read(values[place])
        yield values


def unescaped(value: str) -> str | None:
    if value == NULL:
        return None
    return ESCAPE.sub(lambda found: MEANT.get(found[1], found[1]), value) if "\\" in value else value


def as_sqlite_has_it(text: str) -> str:
    """JSON as Django writes it, since rows are found by the text: PostgreSQL leaves signs that are not ASCII."""
    return text if text.isascii() else json.dumps(json.loads(text))


READ: dict[str, Callable[[str], Any]] = {
    "binary": lambda text: bytes.fromhex(text.removeprefix("\\x")),
    "json": as_sqlite_has_it,
    "float": float,
}


def quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))

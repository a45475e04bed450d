"""Which tables there are, what is in them, and the numbers they go on with; emptying and making them anew.

All of it knows a database of an older or empty installation too: it asks the database, not only the models.
"""

from collections.abc import Collection
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from balie.backup.lines import quoted

Migration = tuple[str, str]
MIGRATIONS, CACHE = "django_migrations", "cache"
# Of this very moment and place, or a danger in a file that is carried about: nobody stays logged in.
NOT_KEPT = {"django_session", "usersessions_usersession", "leases_workerbeat", "backup_restore"}
# What `balie init` writes into a new database.
OF_INIT = {"operator_operator", "django_content_type", "auth_permission"}


def models() -> dict[str, type[Model]]:
    """What is kept, by table: each model's of this version, and tables between two models."""
    found = apps.get_models(include_auto_created=True)
    return {
        model._meta.db_table: model for model in found if model._meta.managed and model._meta.db_table not in NOT_KEPT
    }


def applied() -> set[Migration]:
    return set(MigrationRecorder(connection).applied_migrations())


def known() -> set[Migration]:
    """Every migration of this version."""
    return set(MigrationLoader(None).disk_migrations)


def existing(steps: Collection[Migration]) -> list[str]:
    """Balie's tables of a database after these steps, whatever else may be in it."""
    there = set(connection.introspection.table_names())
    state = MigrationLoader(None).project_state(ends(steps)) if steps else None
    ours = {model._meta.db_table for model in state.apps.get_models(include_auto_created=True)} if state else set()
    return sorted(there & (ours | {CACHE}))


def ends(steps: Collection[Migration]) -> list[Migration]:
    """The steps that no other of them builds upon: reaching those is reaching all."""
    graph, wanted = MigrationLoader(None).graph, set(steps)
    return sorted(
        step for step in wanted if not wanted.intersection(child.key for child in graph.node_map[step].children)
    )


def filled(names: Collection[str]) -> set[str]:
    """Those with rows."""
    if not names:
        return set()
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {quoted(name)})" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return {name for (name,) in cursor.fetchall()}


def count(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {quoted(name)}")
        return int(cursor.fetchone()[0])


def prepare(cursor: CursorWrapper, *, steps: set[Migration], now_at: set[Migration]) -> None:
    """Leaves empty tables as they are after these steps. In the caller's transaction: it may all be taken back."""
    names = existing(now_at)
    if steps == now_at:
        empty(cursor, names)
        return
    drop(cursor, [*names, *({MIGRATIONS} & set(connection.introspection.table_names(cursor)))])
    executor = MigrationExecutor(connection)
    executor.migrate(ends(steps))
    empty(cursor, existing(steps))  # a step may have made rows


def empty(cursor: CursorWrapper, names: list[str]) -> None:
    if connection.vendor == "postgresql":
        cursor.execute(f"TRUNCATE {', '.join(map(quoted, names))} RESTART IDENTITY")
        return
    for name in names:
        cursor.execute(f"DELETE FROM {quoted(name)}")
    cursor.execute("DELETE FROM sqlite_sequence")


def drop(cursor: CursorWrapper, names: list[str]) -> None:
    if names and connection.vendor == "postgresql":
        cursor.execute(f"DROP TABLE {', '.join(map(quoted, names))} CASCADE")
        return
    for name in names:
        cursor.execute(f"DROP TABLE {quoted(name)}")


def last_numbers(cursor: CursorWrapper) -> dict[str, int]:
    """The last id each table has given, also to rows that are gone: no id is ever given twice."""
    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT c.relname, s.last_value FROM pg_sequences s"
            " JOIN pg_depend d ON d.objid = format('%I.%I', s.schemaname, s.sequencename)::regclass"
            " JOIN pg_class c ON c.oid = d.refobjid"
            " WHERE d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND s.last_value IS NOT NULL"
        )
    else:
        cursor.execute("SELECT name, seq FROM sqlite_sequence")
    kept = models()
    return {name: int(last) for name, last in cursor.fetchall() if name in kept}


def go_on_from(cursor: CursorWrapper, numbers: dict[str, int], *, gap: int) -> None:
    """The next row of each table gets an id above these, the highest in it, and so many more left out."""
    there = set(connection.introspection.table_names(cursor))
    for name, model in models().items():
        key = model._meta.pk
        if key is None or name not in there or not key.db_returning:
            continue
        cursor.execute(f"SELECT max({quoted(str(key.column))}) FROM {quoted(name)}")
        highest = max(numbers.get(name, 0), cursor.fetchone()[0] or 0)
        if not highest:
            continue
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [quoted(name), key.column, highest + gap]
            )
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, highest + gap])


def described(model: type[Model]) -> Any:
    """A model's own columns, in the order of its fields."""
    return list(model._meta.local_concrete_fields)

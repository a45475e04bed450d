"""No two assignments of a number share a day: PostgreSQL itself refuses it, on SQLite there is one writer at a time.

Ranges of a single id instead of the id itself: so it needs no extension of the database, which the installer might not
be allowed to make. Looked at when a transaction ends: one that swaps two clients' days passes through a state that
overlaps.
"""

from typing import Any

from django.db import migrations

ADD = """
ALTER TABLE numbers_assignment ADD CONSTRAINT no_number_twice EXCLUDE USING gist (
    int8range(number_id, number_id, '[]') WITH &&, daterange(first_day, last_day, '[]') WITH &&
) DEFERRABLE INITIALLY DEFERRED
"""


def add(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ADD)


def drop(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE numbers_assignment DROP CONSTRAINT no_number_twice")


class Migration(migrations.Migration):

    dependencies = [
        ('numbers', '0002_number_kept_back'),
    ]

    operations = [migrations.RunPython(add, drop)]

from django.core.management import call_command
from django.db import migrations


def make_table(apps, schema_editor):
    """Counts of wrong codes and codes already used must be the same for every process; see CACHES in the settings."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_registrations"),
    ]

    operations = [
        migrations.RunPython(make_table, migrations.RunPython.noop),
    ]

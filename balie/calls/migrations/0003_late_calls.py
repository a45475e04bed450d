"""Late calls are few: the start page and the list of months find them without looking at the others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("calls", "0002_seen_files")]

    operations = [
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["start"], name="calls_come_late", condition=models.Q(late=True)),
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_table_of_the_cache"),
        ("contracts", "0004_orders_and_cancellations"),
    ]

    operations = [
        migrations.CreateModel(
            name="CancellationRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                (
                    "identified",
                    models.CharField(help_text="Client number or telephone number, as it was typed", max_length=60),
                ),
                ("email", models.EmailField(max_length=254)),
                ("service", models.CharField(max_length=40)),
                ("extraordinary", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "wanted",
                    models.DateField(
                        blank=True, help_text="Last day that is wished; empty: as soon as can be", null=True
                    ),
                ),
                ("language", models.CharField(default="nl", max_length=2)),
                ("received", models.DateTimeField(db_index=True)),
                (
                    "link_sent",
                    models.DateTimeField(
                        blank=True, help_text="When the client was mailed a link to confirm it", null=True
                    ),
                ),
                (
                    "outcome",
                    models.CharField(blank=True, help_text="accepted or rejected; empty: it waits", max_length=9),
                ),
                ("decided", models.DateTimeField(blank=True, null=True)),
                ("by", models.CharField(blank=True, max_length=200)),
                ("answer", models.CharField(blank=True, help_text="Why it was rejected", max_length=500)),
                (
                    "cancellation",
                    models.ForeignKey(
                        blank=True,
                        help_text="What came of it",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="requests",
                        to="contracts.cancellation",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose it is: found by number and address, or by staff",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="cancellation_requests",
                        to="accounts.client",
                    ),
                ),
            ],
            options={
                "ordering": ["-received", "-pk"],
            },
        ),
    ]

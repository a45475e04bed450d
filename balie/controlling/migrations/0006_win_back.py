import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0004_orders_and_cancellations"),
        ("controlling", "0005_forecasts"),
        ("notifications", "0001_first"),
        ("tariffs", "0005_watch_of_a_tariff"),
    ]

    operations = [
        migrations.CreateModel(
            name="WinBack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(db_index=True, help_text="open, offered, won, lost or dismissed", max_length=9),
                ),
                ("opened", models.DateTimeField()),
                (
                    "usage",
                    models.JSONField(
                        help_text="The calls of ninety days before the notice (balie.controlling.fitting)"
                    ),
                ),
                (
                    "months",
                    models.JSONField(help_text="Keys of the months that tariffs are compared by, the earliest first"),
                ),
                ("revenue", models.DecimalField(decimal_places=2, max_digits=16, null=True)),
                ("cost", models.DecimalField(decimal_places=2, default=0, help_text="Of work", max_digits=16)),
                ("tariffs", models.JSONField(help_text="The tariffs compared: tariff (id), revenue, margin, reaches")),
                ("best_revenue", models.DecimalField(decimal_places=2, max_digits=16, null=True)),
                ("problem", models.JSONField(help_text="The missing price: code, where, message", null=True)),
                ("times_sent", models.PositiveSmallIntegerField(default=0, help_text="How often any offer was sent")),
                ("closed", models.DateTimeField(blank=True, null=True)),
                (
                    "closed_by",
                    models.CharField(blank=True, help_text="Who decided; empty: it closed by itself", max_length=200),
                ),
                ("reason", models.CharField(blank=True, help_text="Why it was dismissed", max_length=200)),
                (
                    "kept",
                    models.DecimalField(
                        decimal_places=2, help_text="Revenue of a year, once won", max_digits=16, null=True
                    ),
                ),
                (
                    "best",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="tariffs.tariff",
                    ),
                ),
                (
                    "cancellation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="win_back",
                        to="contracts.cancellation",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="win_backs", to="accounts.client"
                    ),
                ),
            ],
            options={
                "ordering": ["-cancellation__at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="WinBackOffer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "revenue",
                    models.DecimalField(
                        decimal_places=2,
                        help_text="Of the case's months, had it held in them",
                        max_digits=16,
                        null=True,
                    ),
                ),
                ("sent", models.DateTimeField(help_text="When it was sent last")),
                ("sent_by", models.CharField(max_length=200)),
                ("recipients", models.JSONField(help_text="Addresses it was sent to last")),
                ("withdrawn", models.DateTimeField(blank=True, null=True)),
                ("accepted", models.DateTimeField(blank=True, null=True)),
                ("accepted_how", models.CharField(blank=True, help_text="link, code or staff", max_length=5)),
                ("accepted_by", models.CharField(blank=True, max_length=200)),
                ("declined", models.DateTimeField(blank=True, null=True)),
                ("declined_by", models.CharField(blank=True, max_length=200)),
                ("decline_reason", models.CharField(blank=True, max_length=200)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="offers", to="controlling.winback"
                    ),
                ),
                (
                    "mail",
                    models.ForeignKey(
                        help_text="The first of the last",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="notifications.mail",
                    ),
                ),
                (
                    "tariff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tariffs.tariff"
                    ),
                ),
            ],
            options={
                "ordering": ["sent", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn", None)),
                        fields=("case",),
                        name="one_standing_offer_of_a_win_back",
                    )
                ],
            },
        ),
    ]

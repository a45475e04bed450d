import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_owners_of_clients"),
    ]

    operations = [
        migrations.CreateModel(
            name="Registration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("company", models.CharField(max_length=200)),
                ("name", models.CharField(max_length=200)),
                ("email", models.EmailField(max_length=254)),
                (
                    "password",
                    models.CharField(
                        blank=True, help_text="Hashed; empty: chosen when it is activated", max_length=128
                    ),
                ),
                ("language", models.CharField(default="nl", max_length=2)),
                (
                    "terms",
                    models.PositiveIntegerField(
                        blank=True, help_text="Version agreed to; empty where there are none", null=True
                    ),
                ),
                ("agreed", models.DateTimeField(blank=True, null=True)),
                (
                    "tariff",
                    models.CharField(
                        blank=True, help_text="Code of what is ordered once it is activated", max_length=40
                    ),
                ),
                (
                    "next",
                    models.CharField(blank=True, help_text="Local path that is opened then", max_length=300),
                ),
                ("made", models.DateTimeField()),
                ("sent", models.DateTimeField(help_text="When its last link was made")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("activated", models.DateTimeField(blank=True, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="registrations",
                        to="accounts.client",
                    ),
                ),
            ],
            options={"ordering": ["-made", "-pk"]},
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.UniqueConstraint(
                condition=models.Q(("activated", None)),
                fields=("email",),
                name="one_unconfirmed_registration_an_email",
            ),
        ),
        migrations.CreateModel(
            name="MailAsked",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.CharField(max_length=254)),
                ("address", models.CharField(max_length=45)),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.AddIndex(
            model_name="mailasked",
            index=models.Index(fields=["address", "at"], name="mails_asked_from_address"),
        ),
    ]

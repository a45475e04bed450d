from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("operator", "0003_rest_and_stock_of_numbers"),
    ]

    operations = [
        migrations.AddField(
            model_name="operator",
            name="second_factor",
            field=models.BooleanField(
                blank=True, help_text="Asked of staff; empty: as soon as an administrator has one", null=True
            ),
        ),
        migrations.CreateModel(
            name="Terms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(unique=True)),
                (
                    "texts",
                    models.JSONField(help_text="The whole text by language: paragraphs with an empty line between them"),
                ),
                ("made", models.DateTimeField()),
                ("by", models.CharField(max_length=200)),
            ],
            options={"ordering": ["-version"]},
        ),
    ]

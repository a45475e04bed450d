"""What the watch goes by may be said by a tariff."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tariffs", "0004_price_changes")]

    operations = [
        migrations.AddField(
            model_name="tariff",
            name="target_margin_percent",
            field=models.DecimalField(
                blank=True,
                decimal_places=3,
                help_text="Of the watch; empty: the operator's",
                max_digits=7,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="tariff",
            name="margin_months",
            field=models.PositiveSmallIntegerField(
                blank=True, help_text="That the watch looks back on; empty: the operator's", null=True
            ),
        ),
        migrations.AddField(
            model_name="tariff",
            name="offer_step",
            field=models.DecimalField(
                blank=True, decimal_places=4, help_text="Of offers; empty: the operator's", max_digits=12, null=True
            ),
        ),
    ]

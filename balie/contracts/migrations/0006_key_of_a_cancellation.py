from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contracts", "0005_cancellation_requests")]

    operations = [
        migrations.AddField(
            model_name="cancellation",
            name="key",
            field=models.CharField(
                blank=True, help_text="Of a program that asks twice", max_length=200, null=True, unique=True
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('numbers', '0004_routes_of_fake_and_manual'),
    ]

    operations = [
        migrations.AddField(
            model_name='number',
            name='rest_ended',
            field=models.DateField(blank=True, help_text='Whoever had it before this local day is no reason for it to rest any more', null=True),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('numbers', '0005_rest_ended_early'),
    ]

    operations = [
        migrations.CreateModel(
            name='StockAlarm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened', models.DateTimeField()),
                ('free', models.PositiveIntegerField(help_text='Then')),
                ('wanted', models.PositiveIntegerField(help_text='The setting then: fewer raise the alarm')),
                ('closed', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-opened', '-pk'],
            },
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('controlling', '0002_economics'),
        ('notifications', '0001_first'),
        ('tasks', '0001_first'),
    ]

    operations = [
        migrations.AddField(
            model_name='offer',
            name='accepted',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='offer',
            name='accepted_by',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='offer',
            name='accepted_how',
            field=models.CharField(blank=True, help_text='link, code or staff', max_length=5),
        ),
        migrations.AddField(
            model_name='offer',
            name='decline_reason',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='offer',
            name='declined',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='offer',
            name='declined_by',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='offer',
            name='follow_up',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='followed_offers', to='tasks.task'),
        ),
        migrations.AddField(
            model_name='offer',
            name='followed',
            field=models.DateTimeField(blank=True, help_text='When nobody had answered for so many days', null=True),
        ),
        migrations.AddField(
            model_name='offer',
            name='sent',
            field=models.DateTimeField(blank=True, help_text='When it was sent last', null=True),
        ),
        migrations.AddField(
            model_name='offer',
            name='times_sent',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.CreateModel(
            name='Sending',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('time', models.PositiveSmallIntegerField()),
                ('recipient', models.CharField(max_length=254)),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=200)),
                ('mail', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='notifications.mail')),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sendings', to='controlling.offer')),
            ],
            options={
                'ordering': ['at', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('offer', 'time', 'recipient'), name='one_mail_a_recipient_and_time')],
            },
        ),
    ]

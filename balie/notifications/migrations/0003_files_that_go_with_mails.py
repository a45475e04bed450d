from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0002_mails_by_kind_and_recipient'),
    ]

    operations = [
        migrations.AddField(
            model_name='mail',
            name='file',
            field=models.CharField(blank=True, default='', help_text='Kept below BALIE_FILES_URL; goes with it', max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='mail',
            name='file_name',
            field=models.CharField(blank=True, default='', help_text="What its recipient's copy is called", max_length=100),
            preserve_default=False,
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sms", "0002_sending")]

    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(condition=models.Q(("late", True)), fields=["sent_at"], name="sms_come_late"),
        ),
    ]

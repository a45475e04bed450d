from django.db import migrations, models


def first_users_become_owners(apps, schema_editor):
    """Until now every user of a client might do everything: nobody loses anything."""
    apps.get_model("accounts", "User").objects.exclude(client=None).update(owner=True)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_digest_of_managers"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="owner",
            field=models.BooleanField(default=False, help_text="Of the client: may invite and remove its users"),
        ),
        migrations.RunPython(first_users_become_owners, migrations.RunPython.noop),
    ]

import secrets

from django.db import migrations
from django.utils import timezone


def turn_into_invitations(apps, schema_editor):
    """Who was invited and chose no password is no user yet. Their clients send the invitation again."""
    User, Invitation = (apps.get_model("accounts", name) for name in ("User", "Invitation"))
    now = timezone.now()
    for user in User.objects.filter(is_active=True, role="", password__startswith="!").exclude(client=None):
        Invitation.objects.get_or_create(
            client_id=user.client_id,
            email=user.email.lower(),
            defaults={
                "name": user.name,
                "owner": user.owner,
                "language": user.language,
                "made": now,
                "sent": now,
                "digest": secrets.token_hex(32),  # of no link: those sent before are dead
            },
        )
        user.is_active, user.client = False, None
        user.save(update_fields=["is_active", "client"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_invitations"),
    ]

    operations = [
        migrations.RunPython(turn_into_invitations, migrations.RunPython.noop),
    ]

"""Mails that strangers ask for: how often they may, and the one about a new password.

Whether an address is known is never told: the answer is the same, only the mails differ.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from balie.accounts.actions import password_path
from balie.accounts.login import plain
from balie.accounts.models import MailAsked, User
from balie.notifications.actions import queue_mail
from balie.operator.queries import operator, pages
from balie.rules.errors import Refused

WITHIN = timedelta(hours=1)
MOST_PER_EMAIL = 3
MOST_PER_ADDRESS = 20
KEPT = timedelta(days=1)


def may_ask(*, kind: str, email: str, address: str, now: datetime) -> bool:
    """Counts that somebody at this network address asks for a mail to this email. False: that mailbox has had enough.

    kind: of `MailAsked`, each counted for itself: nobody uses up what another page may send. Refused "too_many_tries"
    where the address asked for too many, whoever they were for. Not within a transaction, or other processes would not
    see it in time.
    """
    MailAsked.objects.filter(at__lt=now - KEPT).delete()
    asked = MailAsked.objects.create(kind=kind, email=plain(email), address=address[:45], at=now)
    recent = MailAsked.objects.filter(kind=kind, at__gt=now - WITHIN)
    if recent.filter(address=asked.address).count() > MOST_PER_ADDRESS:
        asked.delete()
        raise Refused("too_many_tries", _("That was often enough for now. Wait an hour, then try again."), "email")
    if recent.filter(email=asked.email).count() <= MOST_PER_EMAIL:
        return True
    MailAsked.objects.filter(pk=asked.pk).update(email="")  # counts for who asked; trying again makes no hour longer
    return False


def ask(*, kind: str, email: str, address: str, now: datetime) -> None:
    """The same, Refused "too_many_tries" also where the mailbox has had enough, whether there is anybody or not."""
    if not may_ask(kind=kind, email=email, address=address, now=now):
        said = _("Several mails went to this address within the hour. Look there, or wait an hour.")
        raise Refused("too_many_tries", said, "email")


def ask_for_password(*, email: str, address: str, now: datetime) -> None:
    """Queues the mail with the link to set a new password, where there is such a user. Refused: see `ask`."""
    ask(kind=MailAsked.PASSWORD, email=email, address=address, now=now)
    user = User.objects.filter(email__iexact=plain(email), is_active=True).first()
    if user is None:
        return
    values = {"name": str(user), "link": pages(operator()) + password_path(user)}
    queue_mail(kind="password_reset", to=user.email, language=user.language, values=values, now=now)

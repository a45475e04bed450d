"""Texts and addresses taken out of mails after their time. The rows stay, so that no event is told twice."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from balie.notifications.models import Mail
from balie.operator.queries import operator

AT_ONCE = 2_000


def is_gone() -> str:
    """Why nobody tries any more to send a mail whose text is removed."""
    with override(operator().language):
        return _("Its text was removed after its time.")


def old_mails(before: datetime) -> QuerySet[Mail]:
    """Mails before this moment that still say something; not those that wait to be sent."""
    says = ~Q(recipient="") | ~Q(text="")
    return Mail.objects.filter(says, created__lt=before).exclude(sent=None, parked="")


def count_mails(before: datetime) -> int:
    return old_mails(before).count()


def take_mails(before: datetime, keep: Callable[[], None]) -> int:
    """Takes text and recipient out of them; how many there were. keep: called between parts."""
    pks, found = list(old_mails(before).order_by().values_list("pk", flat=True)), 0
    for at in range(0, len(pks), AT_ONCE):
        keep()
        found += remove_texts(Mail.objects.filter(pk__in=pks[at : at + AT_ONCE]), recipient="")
    return found


def remove_texts(mails: QuerySet[Mail], **also: str) -> int:
    """Takes what they say out of these mails. One that still waits is given up: nobody has what it should say."""
    nothing = {"subject": "", "text": "", "html": "", "file": "", "file_name": "", "problem": "", **also}
    return mails.filter(sent=None).update(parked=is_gone(), **nothing) + mails.exclude(sent=None).update(**nothing)

"""The mails of De Linde's past went out in it. What is queued from the day of the demo on waits: it has no mail server,
and nothing ever leaves the machine."""

from datetime import datetime, timedelta

from balie.notifications.actions import record_sent
from balie.notifications.models import Mail

FRESH = timedelta(minutes=2)  # younger mails are on their way
TAKES = timedelta(seconds=4)


def newest() -> int:
    """The last mail there is; 0 where there is none."""
    return Mail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def post(*, after: int, present: datetime) -> None:
    """Mails queued since that one are sent a few seconds after they were written, but for the youngest.

    A mail that somebody caused who tried the demo is never one of them: it came before.
    """
    queued = Mail.objects.filter(pk__gt=after, sent=None, parked="", created__lt=present - FRESH)
    for mail in queued.defer("text", "html").order_by("pk"):
        record_sent(mail, now=mail.created + TAKES)

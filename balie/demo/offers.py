"""The offer that the manager of De Linde sent eight days ago, and that nobody has answered yet."""

from datetime import datetime, timedelta

from balie.controlling import letters
from balie.controlling.actions import watch
from balie.controlling.models import Offer
from balie.controlling.offers import open_follow_ups, send_offer
from balie.notifications.queries import wording
from balie.operator.actions import Author
from balie.operator.queries import operator, pages

AGO = timedelta(days=8)
MANAGER, WATCH = "Marit de Boer", "worker"


def send_first(now: datetime) -> None:
    """The watch of that morning finds contracts that do not pay; the first of them is sent its offer. Done once."""
    if Offer.objects.exists():
        return
    watch(author=Author(WATCH, now))
    found = Offer.objects.select_related("task__client").order_by("task__client__number").first()
    if found is None:
        return
    client, words = found.task.client, wording(kind=letters.MAIL, language=letters.language_of(found, operator()))
    to = [client.email or f"info@{client.number}.example"]
    send_offer(offer=found, to=to, words=words, times=0, home=pages(operator()), author=Author(MANAGER, now))


def remind(now: datetime) -> None:
    """What the worker would do within the next minute: a task about the offer nobody answered."""
    open_follow_ups(now=now)

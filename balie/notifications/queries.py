"""Reads over the outbox and over the operator's own words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from balie.notifications.mails import KINDS
from balie.notifications.models import Mail, MailText
from balie.notifications.wording import Wording
from balie.operator.models import Operator

STATES = ("waiting", "sent", "failed")
SEARCHED = 20_000  # mails that are read for a word


def due(*, now: datetime) -> QuerySet[Mail]:
    """Mails to be sent now; none while the operator has no mail server: they wait."""
    operator = Operator.objects.first()
    if operator is None or not operator.mail.get("url"):
        return Mail.objects.none()
    return Mail.objects.filter(sent=None, due__lte=now).order_by("due", "pk")


def outbox(*, state: str = "", kind: str = "", search: str = "") -> QuerySet[Mail]:
    """Mails, the newest first. state: one of STATES; search: words in recipient, subject or what it is about, looked
    for in the newest mails; in all of them by the whole address, client or id of a message."""
    found = {"": Mail.objects.all, "waiting": waiting, "sent": sent, "failed": failed}[state]()
    if state in ("waiting", "failed"):
        # Those first, which are few, and then by time: not all by time until these are found.
        found = Mail.objects.filter(pk__in=found.order_by().values("pk"))
    if kind:
        found = found.filter(kind=kind)
    if words := search.split():
        found = found.filter(pk__in=newest_with(words).union(exactly(" ".join(words))))
    return found.order_by("-created", "-pk")


def newest_with(words: Sequence[str]) -> QuerySet[Any]:
    """Ids of the newest mails with all of these words. Reading half a million mails would take seconds."""
    before = Mail.objects.order_by("-pk").values_list("pk", flat=True)[SEARCHED : SEARCHED + 1]
    found = Mail.objects.order_by().filter(pk__gt=before[0] if before else 0)
    for word in words:
        found = found.filter(Q(recipient__icontains=word) | Q(subject__icontains=word) | Q(about__icontains=word))
    return found.values_list("pk", flat=True)


def exactly(text: str) -> QuerySet[Any]:
    """Ids of the mails to this address, about this client or of this Message-ID, however old."""
    found = Q(recipient=text) | Q(about=f"client:{text}") | Q(message_id=text)
    return Mail.objects.order_by().filter(found).values_list("pk", flat=True)


def counts() -> dict[str, int]:
    """How many mails there are in each state. Those not sent are few, and have an index of their own."""
    unsent = Mail.objects.filter(sent=None).aggregate(all=Count("pk"), waits=Count("pk", filter=Q(parked="")))
    return {
        "waiting": unsent["waits"],
        "sent": Mail.objects.count() - unsent["all"],
        "failed": unsent["all"] - unsent["waits"],
    }


def sent() -> QuerySet[Mail]:
    return Mail.objects.exclude(sent=None)


def waiting() -> QuerySet[Mail]:
    """Neither sent nor given up."""
    return Mail.objects.filter(sent=None, parked="")


def failed() -> QuerySet[Mail]:
    """Given up: somebody must look."""
    return Mail.objects.filter(sent=None).exclude(parked="")


def own_text(*, kind: str, language: str) -> MailText | None:
    """The operator's own words, if there are any."""
    return MailText.objects.filter(kind=kind, language=language).first()


def wording(*, kind: str, language: str) -> Wording:
    """The words of this kind of mail: the operator's own, else the standard ones."""
    own = own_text(kind=kind, language=language)
    return words_of(own) if own else KINDS[kind].standard[language]


def words_of(own: MailText) -> Wording:
    return Wording(own.subject, own.body, own.button)


def own_texts() -> dict[tuple[str, str], MailText]:
    """Every text of the operator's own, by kind and language."""
    return {(text.kind, text.language): text for text in MailText.objects.all()}

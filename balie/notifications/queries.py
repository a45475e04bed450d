"""Reads over the outbox and over the operator's own words."""

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from balie.notifications.mails import KINDS
from balie.notifications.models import Mail, MailText
from balie.notifications.wording import Wording
from balie.operator.models import Operator

STATES = ("waiting", "sent", "failed")


def due(*, now: datetime) -> QuerySet[Mail]:
    """Mails to be sent now; none while the operator has no mail server: they wait."""
    operator = Operator.objects.first()
    if operator is None or not operator.mail.get("url"):
        return Mail.objects.none()
    return Mail.objects.filter(sent=None, due__lte=now).order_by("due", "pk")


def outbox(*, state: str = "", kind: str = "", search: str = "") -> QuerySet[Mail]:
    """Mails, the newest first. state: one of STATES; search: words in recipient, subject or what it is about."""
    found = {"": Mail.objects.all, "waiting": waiting, "sent": sent, "failed": failed}[state]()
    if kind:
        found = found.filter(kind=kind)
    for word in search.split():
        found = found.filter(
            Q(recipient__icontains=word) | Q(subject__icontains=word) | Q(about__icontains=word) | Q(message_id=word)
        )
    return found.order_by("-created", "-pk")


def counts() -> dict[str, int]:
    """How many mails there are in each state."""
    found = Mail.objects.aggregate(
        all=Count("pk"), waits=Count("pk", filter=Q(sent=None, parked="")), unsent=Count("pk", filter=Q(sent=None))
    )
    return {
        "waiting": found["waits"],
        "sent": found["all"] - found["unsent"],
        "failed": found["unsent"] - found["waits"],
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

"""Queueing mails, recording what became of them, sending again. The operator's own words: texts.py."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet

from balie.leases import actions as leases
from balie.leases.faults import fault
from balie.notifications import letter
from balie.notifications.kind import LANGUAGES, OPERATOR, Kind
from balie.notifications.mails import KINDS
from balie.notifications.models import Mail
from balie.notifications.queries import wording
from balie.notifications.wording import Wording, fill
from balie.operator.actions import Author, write_log
from balie.operator.models import Operator
from balie.operator.queries import operator as the_operator

LONGEST_SUBJECT = 400
NO_HOST = "balie.invalid"


@transaction.atomic
def queue_mail(
    *,
    kind: str,
    to: str,
    language: str,
    values: Mapping[str, str],
    key: str = "",
    about: str = "",
    now: datetime,
    words: Wording | None = None,
) -> Mail | None:
    """Renders a mail and puts it into the outbox, in the caller's transaction; nothing is sent here.

    kind: of `mails.KINDS`; language: the recipient's, the operator's where there are no texts in it; values: of every
    variable of the kind but `operator`. key: of the event it tells, and of the recipient where there are several: the
    same key again gives the mail there is. words: for this one mail, instead of those of its kind.
    None where there is no address to send to.
    """
    recipient = to.strip()
    if not recipient:
        return None
    keyed = Mail.objects.exclude(key="")  # said too: only then does SQLite look into the index of keys
    if key and (held := keyed.filter(key=key).order_by().first()):
        return held
    fields = {"kind": kind, "about": about, "recipient": recipient, "created": now, "due": now}
    fields |= rendered(KINDS[kind], language, values, words)
    mail = keyed.get_or_create(key=key, defaults=fields)[0] if key else Mail.objects.create(**fields)
    fault("mail-queued")
    return mail


def rendered(kind: Kind, language: str, values: Mapping[str, str], words: Wording | None) -> dict[str, Any]:
    """The fields of a mail that say something."""
    operator = the_operator()
    spoken = spoken_in(language, operator)
    return filled_in(kind, spoken, values, words or wording(kind=kind.name, language=spoken), operator)


def spoken_in(language: str, operator: Operator) -> str:
    """A language there are texts in: the recipient's, else the operator's."""
    return next((code for code in (language, operator.language) if code in LANGUAGES), "en")


def filled_in(kind: Kind, spoken: str, values: Mapping[str, str], words: Wording, operator: Operator) -> dict[str, Any]:
    """The same fields of these words. No query."""
    said = complete(kind, values, operator.name)
    filled = fill(words, said, link=kind.link)
    head = letter.Head(operator.name, operator.address, spoken)
    return {
        "language": spoken,
        "subject": filled.subject[:LONGEST_SUBJECT],
        "text": letter.plain(filled, head),
        "html": letter.html(filled, head),
        "message_id": message_id(operator),
    }


def complete(kind: Kind, values: Mapping[str, str], operator: str) -> dict[str, str]:
    """The values with the operator's name. Raises ValueError when they are not exactly the kind's: a bug."""
    said = {OPERATOR: operator, **values}
    if set(said) != set(kind.names):
        wrong = ", ".join(sorted(set(said) ^ set(kind.names)))
        raise ValueError(f"a mail {kind.name} has other variables than these; look at: {wrong}")
    return said


def message_id(operator: Operator) -> str:
    """A new Message-ID, under the name of the pages or of the sender's address."""
    sender = parseaddr(str(operator.mail.get("from") or ""))[1]
    host = urlsplit(operator.base_url).hostname or sender.rpartition("@")[2] or NO_HOST
    return f"<{uuid4().hex}@{host}>"


def record_sent(mail: Mail, *, now: datetime) -> bool:
    """The server has taken it. False when the lease was lost meanwhile: then nothing is stored."""
    return leases.give_back(mail, sent=now, problem="")


def record_refusal(mail: Mail, *, why: str, final: bool, now: datetime) -> bool:
    """It was not taken: tried again later each time; parked after five attempts, or at once when it never will be."""
    if final or mail.attempts >= leases.MOST_ATTEMPTS:
        return leases.park(mail, why=why, problem=why)
    return leases.fail(mail, why=why, now=now, problem=why, due=now + leases.pause(mail.attempts))


@transaction.atomic
def send_again(mails: QuerySet[Mail], *, author: Author) -> int:
    """Parked mails are due at once, with their five attempts anew. Returns how many there were; logged in one entry."""
    found = mails.filter(sent=None).exclude(parked="").exclude(text="")  # those say nothing any more
    numbers = sorted(found.order_by().values_list("pk", flat=True))
    if not numbers:
        return 0
    again = Mail.objects.filter(pk__in=numbers)
    again.update(due=author.now)
    revived = leases.revive(again)
    about = {"mails": len(numbers), "first": numbers[:20]}
    write_log(author=author, deed="mail.sent_again", details=about)
    return revived

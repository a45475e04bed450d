"""One mail to whoever asks, handed to the mail server at once: does it take mails of ours? It is in no outbox."""

from datetime import datetime
from time import monotonic
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from balie.notifications import letter, post
from balie.notifications.actions import message_id
from balie.notifications.wording import Filled, Paragraph, Part
from balie.operator.actions import Author, write_log
from balie.operator.models import LogEntry, Operator
from balie.rules.errors import Refused

SECONDS = 4  # at every step, eight in all: somebody waits for the answer
DEED = "mail.tried"


def try_server(*, to: str, operator: Operator, author: Author) -> LogEntry:
    """Sends a mail that says so to this address, in the active language; what came of it, as the log keeps it.

    details: `server`, `to`, and `why` it was not taken or how many `seconds` it took and whether it was `encrypted`.
    """
    began = monotonic()
    details: dict[str, Any] = {"to": to}
    try:
        server = post.Server.parse(operator.mail)
        details["server"] = server.host
        encrypted = post.hand_over(mail(to, operator, author.now), server, seconds=SECONDS)
    except post.Undelivered as problem:
        details["why"] = problem.why
    except Refused as refusal:
        details["why"] = refusal.message
    else:
        details |= {"seconds": round(monotonic() - began, 1), "encrypted": encrypted or server.here}
    return write_log(author=author, deed=DEED, about="operator", details=details)


def mail(to: str, operator: Operator, now: datetime) -> post.Letter:
    """The mail itself, as every mail of this operator looks."""
    language = (get_language() or "en")[:2]
    words = _("The mail server of %(operator)s took this mail. Mails of Balie go out this way.")
    lines = (words % {"operator": operator.name},), (_("Nothing else is to be done."),)
    filled = Filled(_("Test mail of Balie"), tuple(Paragraph(Part.WORDS, line) for line in lines))
    head = letter.Head(operator.name, operator.address, language)
    sender = post.sender(operator.mail, name=operator.name, base_url=operator.base_url)
    return post.Letter(
        message_id(operator), sender, to, language, filled.subject,
        letter.plain(filled, head), letter.html(filled, head), now,
    )  # fmt: skip


def last_trial() -> LogEntry | None:
    """The latest of them."""
    return LogEntry.objects.filter(deed=DEED).order_by("-at", "-pk").first()

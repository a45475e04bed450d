"""The job that sends the mails of the outbox. At least once, each time as the same mail; recorded while it is ours."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import translation

from balie.leases.faults import fault
from balie.notifications import post, queries
from balie.notifications.actions import record_refusal, record_sent
from balie.notifications.models import Mail
from balie.operator.models import Operator
from balie.operator.queries import operator as the_operator
from balie.rules.errors import Refused
from balie.statements.queries import kept_file
from balie.worker.turn import LeaseLost, Turn

LEASE = timedelta(minutes=10)  # longer than post.WHOLE_SECONDS: nobody takes a mail that is on its way


def due(now: datetime) -> QuerySet[Mail]:
    """Mails to be sent now; none while the operator has no mail server."""
    return queries.due(now=now)


def send(mail: Mail, turn: Turn) -> None:
    """Hands one mail to the server and records what it said, in the operator's language where it refused."""
    operator = the_operator()
    fault("mail-taken")
    with translation.override(operator.language):
        why, final = attempt(mail, operator)
    fault("mail-accepted")
    now = turn.now()
    kept = record_refusal(mail, why=why, final=final, now=now) if why else record_sent(mail, now=now)
    if not kept:
        raise LeaseLost
    fault("mail-recorded")


def attempt(mail: Mail, operator: Operator) -> tuple[str, bool]:
    """Why the server did not take the mail, "" when it did; and whether that is its last word."""
    try:
        server = post.Server.parse(operator.mail)
        post.hand_over(letter(mail, operator), server)
    except post.Undelivered as problem:
        return problem.why, problem.final
    except Refused as refusal:
        return refusal.message, False
    return "", False


def letter(mail: Mail, operator: Operator) -> post.Letter:
    """The mail as it was rendered, from whom mails come now."""
    return post.Letter(
        mail.message_id,
        post.sender(operator.mail, name=operator.name, base_url=operator.base_url),
        mail.recipient,
        mail.language,
        mail.subject,
        mail.text,
        mail.html,
        mail.created,
        ((mail.file_name, kept_file(mail.file)),) if mail.file else (),
    )

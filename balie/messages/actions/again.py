"""Sending all SMS again that failed: the gateway had no credit left, say, and has some now."""

from balie.messages.actions.send import send_again
from balie.messages.models import State
from balie.messages.outbox import problems
from balie.operator.actions import Author
from balie.rules.errors import Refused

MOST_AT_ONCE = 500


def send_failed_again(*, author: Author) -> tuple[int, int]:
    """Sends those of the last seven days again, the oldest first and 500 at most, each in a transaction of its own.

    How many wait now, and how many must not be sent: the number opted out, or the client's limit is reached.
    """
    failed = problems(author.now, [State.FAILED]).values_list("pk", flat=True)[:MOST_AT_ONCE]
    sent = refused = 0
    for sms in list(failed):
        try:
            send_again(sms=sms, author=author)
        except Refused:
            refused += 1
        else:
            sent += 1
    return sent, refused

"""Sending many SMS again: those that failed, since the gateway had no credit left, say; or those of which nobody knows,
since a backup was restored.
"""

from balie.messages.actions.send import send_again
from balie.messages.models import State
from balie.messages.outbox import problems
from balie.operator.actions import Author
from balie.rules.errors import Refused

MOST_AT_ONCE = 500


def send_all_again(*, state: State, author: Author) -> tuple[int, int]:
    """Sends those in a state of the last seven days again, the oldest first and 500 at most, each in a transaction of
    its own.

    How many wait now, and how many must not be sent: the number opted out, or the client's limit is reached.
    """
    found = problems(author.now, [state]).values_list("pk", flat=True)[:MOST_AT_ONCE]
    sent = refused = 0
    for sms in list(found):
        try:
            send_again(sms=sms, author=author)
        except Refused:
            refused += 1
        else:
            sent += 1
    return sent, refused

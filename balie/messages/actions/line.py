"""The line to the gateway: whoever holds its lease sends; what is wrong with it, staff see."""

from datetime import datetime, timedelta

from balie.leases import actions as leases
from balie.messages.models import Line
from balie.operator.actions import Author, write_log

LINE = 1
PAUSES = (5, 15, 30, 60, 120)  # seconds until the gateway is tried again


def the_line() -> Line:
    """The row whose lease is the right to send."""
    return Line.objects.get_or_create(pk=LINE)[0]


def locked_line() -> Line:
    """The row, held until the transaction ends: a receipt and the id it tells of must not miss each other."""
    the_line()
    return Line.objects.select_for_update().get(pk=LINE)


def line_works(line: Line) -> None:
    """The gateway answered."""
    if line.problem:
        Line.objects.filter(pk=line.pk).update(problem="", since=None)
        line.problem, line.since = "", None


def line_down(line: Line, *, why: str, now: datetime) -> bool:
    """There is no line: tried again soon, then later each time. Never given up: everything else waits for it."""
    tries = min(line.attempts, len(PAUSES) - 1)
    again = now + timedelta(seconds=PAUSES[max(tries - 1, 0)])
    # One less than the attempts that park a row.
    return leases.give_back(
        line, attempts=min(tries, leases.MOST_ATTEMPTS - 1), lease_until=again, problem=why, since=line.since or now
    )


def try_line_now(*, author: Author) -> None:
    """Somebody mended the cause: the gateway is tried at once."""
    leases.revive(Line.objects.all())
    Line.objects.exclude(problem="").update(lease_until=author.now, attempts=0)
    write_log(author=author, deed="sms.line_tried", about="sms")

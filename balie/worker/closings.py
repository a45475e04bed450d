"""The job that closes months somebody, or the calendar, asked for."""

from datetime import datetime

from django.db.models import QuerySet

from balie.operator.queries import operator
from balie.rules.period import Period
from balie.statements.actions import LEASE, ask_when_due, run_closing
from balie.statements.models import Closing
from balie.statements.queries import closings_due
from balie.worker.recording import freshen_handling
from balie.worker.turn import Turn

__all__ = ["LEASE", "ask", "close", "due"]


def ask(now: datetime) -> Closing | None:
    """Asks for the month just ended when its day and hour have come and nothing speaks against it."""
    return ask_when_due(now=now)


def due(now: datetime) -> QuerySet[Closing]:
    """Months somebody asked to close that are not done since."""
    return closings_due()


def close(closing: Closing, turn: Turn) -> None:
    """Makes the statements that are missing or changed, then marks the month closed."""
    now = turn.now()
    freshen_handling(Period.from_key(closing.month, operator().timezone), now=now)
    turn.keep()
    run_closing(closing, now=turn.now(), keep=turn.keep)

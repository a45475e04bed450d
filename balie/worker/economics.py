"""The job that works out what clients earned and cost in a month, whenever something it hangs on changed."""

from datetime import datetime

from django.db.models import QuerySet

from balie.controlling import keep
from balie.controlling.keep import LEASE
from balie.controlling.models import EconomicsMonth
from balie.controlling.queries import economics_due
from balie.worker.turn import Turn

__all__ = ["LEASE", "ask", "due", "work_out"]


def ask(now: datetime) -> list[int]:
    """Asks for the months whose figures are not what they would be now."""
    return keep.ask_for_stale(now=now)


def due(now: datetime) -> QuerySet[EconomicsMonth]:
    """Months asked for and not worked out since."""
    return economics_due()


def work_out(row: EconomicsMonth, turn: Turn) -> None:
    keep.work_out(row, now=turn.now())

"""The job that prices closed months with another tariff."""

from datetime import datetime

from django.db.models import QuerySet

from balie.controlling.models import WhatIf
from balie.controlling.whatif import LEASE, run_what_if, what_ifs_due
from balie.worker.turn import Turn

__all__ = ["LEASE", "due", "work_out"]


def due(now: datetime) -> QuerySet[WhatIf]:
    """What-ifs nobody has worked out yet."""
    return what_ifs_due()


def work_out(row: WhatIf, turn: Turn) -> None:
    """Measures what is missing and prices the bills; each step is kept before the next begins."""
    run_what_if(row, now=turn.now(), keep=turn.keep)

"""The job that watches limits and profit every night, after the files of the day before have usually come."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet, Subquery

from balie.controlling.actions import watch
from balie.controlling.models import WatchDay
from balie.leases import actions as leases
from balie.operator.actions import Author
from balie.operator.models import Operator
from balie.worker.turn import Turn

AT = time(6, 30)  # local; what was delivered at 05:30 is in
LEASE = timedelta(minutes=15)


def ask(now: datetime) -> WatchDay | None:
    """Asks for today's watch once its hour has come."""
    operator = Operator.objects.first()
    if operator is None:
        return None
    local = now.astimezone(ZoneInfo(operator.timezone))
    return WatchDay.objects.get_or_create(day=local.date())[0] if local.time() >= AT else None


def due(now: datetime) -> QuerySet[WatchDay]:
    """The last watch asked for, as long as it is not done; one of a day before is of no use any more."""
    newest = WatchDay.objects.order_by("-day").values("day")[:1]
    return WatchDay.objects.filter(done=None, day=Subquery(newest))


def look(row: WatchDay, turn: Turn) -> None:
    """Looks at every contract that is watched."""
    now = turn.now()
    found = watch(author=Author("worker", now))
    leases.give_back(
        row, done=turn.now(), checked=found.checked, new_tasks=len(found.new), problems=list(found.problems)
    )

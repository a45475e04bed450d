"""The job that watches limits and profit every night, after the files of the day before have usually come."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from balie.controlling import news
from balie.controlling.actions import ask_for_watch, watch
from balie.controlling.models import WatchDay
from balie.controlling.queries import watches_due
from balie.leases import actions as leases
from balie.operator.actions import Author
from balie.operator.models import Operator
from balie.worker.turn import Turn

AT = time(6, 30)  # local; what was delivered at 05:30 is in
LEASE = timedelta(minutes=15)


def ask(now: datetime) -> WatchDay | None:
    """Asks for today's watch once its hour has come, whoever asked for one before that."""
    operator = Operator.objects.first()
    if operator is None:
        return None
    local = now.astimezone(ZoneInfo(operator.timezone))
    hour = datetime.combine(local.date(), AT, local.tzinfo)
    return ask_for_watch(author=Author("worker", now), unless_since=hour) if local >= hour else None


def due(now: datetime) -> QuerySet[WatchDay]:
    """The last watch asked for, as long as nobody looked since."""
    return watches_due()


def look(row: WatchDay, turn: Turn) -> None:
    """Looks at every contract that is watched; the watch itself keeps what came of it."""
    now = turn.now()
    watch(author=Author("worker", now))
    # Also where midnight came between: a day that is over is not waited for.
    leases.give_back(row, done=now)


def send_digests(now: datetime) -> int:
    """Mails to managers what came and what is solved, each morning once the watch has looked."""
    if Operator.objects.first() is None or watches_due().exists():
        return 0
    return news.send_digests(now=now)

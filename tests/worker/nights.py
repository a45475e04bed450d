"""Nights in which a worker removes what outlived its time."""

from datetime import UTC, datetime, timedelta

from balie.leases import actions as leases
from balie.operator.actions import Author, change_operator
from balie.operator.retention import ask_for_removals
from balie.rules.retention import Kept
from balie.worker import retention
from balie.worker.turn import Turn
from tests.statements.made import STARTS

EVE = datetime(2027, 2, 1, 12, tzinfo=UTC)  # three months after October ended
NIGHT = datetime(2027, 2, 2, 1, 30, tzinfo=UTC)  # 02:30 in Amsterdam
AUTHOR = Author("Eva", STARTS)


def keep_for(months: int, *kinds: Kept) -> None:
    change_operator({"retention": dict.fromkeys(kinds, months)}, author=AUTHOR)


def nights_pass(now: datetime = NIGHT) -> dict[str, int]:
    """What a worker asks for the day before and does in this night: rows removed by kind."""

    class Then(Turn):
        def now(self) -> datetime:
            return now

    ask_for_removals(now=now - timedelta(hours=13))
    found = {}
    while row := leases.claim(retention.due(now), now=now, length=retention.LEASE):
        retention.remove(row, Then(row, retention.LEASE))
        row.refresh_from_db()
        assert (row.done, row.attempts) == (now, 0)
        found[row.kind] = row.removed if row.removed_at == now else 0
    return found

"""The worker's looks at days, at a time of the test's own."""

from datetime import datetime

from balie.leases import actions as leases
from balie.quality.models import CheckedDay
from balie.quality.stale import ask_for_stale_days
from balie.worker import recording
from balie.worker.turn import Turn
from tests.quality.planted import NOW


class At(Turn):
    """A turn whose clock stands still."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


def looks(now: datetime = NOW) -> list[str]:
    """Asks for stale days and looks at all that are due, until nothing is stale; which days, each time again."""
    done: list[str] = []
    for _round in range(3):
        ask_for_stale_days(now=now)
        while row := leases.claim(recording.due(now), now=now, length=recording.LEASE):
            turn = At(row, recording.LEASE)
            turn.at = now
            recording.look(row, turn)
            done.append(f"{row.day:%m-%d}")
    assert not CheckedDay.objects.filter(done=None).exists()
    return sorted(done)

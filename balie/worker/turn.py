"""One worker's hold on one row while it works on it: keeps the lease, shows signs of life, notices when to stop."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from balie.leases import actions as leases
from balie.leases.models import Leased

BEAT_EVERY = timedelta(seconds=10)
HOST = socket.gethostname()


class Stopped(Exception):
    """The worker is told to stop; what is half done is left as after a kill, only sooner."""


class LeaseLost(Exception):
    """Another worker has the row by now: this one's result is thrown away."""


@dataclass
class Worker:
    """A process (or `--once`) at work on one lane: who it is, whether it should stop, when it last gave a sign."""

    lane: str
    stopping: Callable[[], bool] = lambda: False
    once: bool = False
    last_beat: datetime | None = None

    def beat(self, doing: str = "", *, at_once: bool = False) -> None:
        """A sign of life every ten seconds, at once when what it does changes."""
        now = timezone.now()
        if at_once or self.last_beat is None or now - self.last_beat >= BEAT_EVERY:
            leases.beat(host=HOST, pid=os.getpid(), lane=self.lane, now=now, doing=doing)
            self.last_beat = now

    def leave(self) -> None:
        leases.leave(host=HOST, pid=os.getpid(), lane=self.lane)


@dataclass
class Turn:
    """What a job gets beside its row. It calls `keep` often: between files, parts of files, clients."""

    row: Leased
    length: timedelta
    worker: Worker = field(default_factory=lambda: Worker(""))
    doing: str = ""

    def now(self) -> datetime:
        return timezone.now()

    def keep(self) -> None:
        """Raises Stopped or LeaseLost; holds the row longer once a third of the lease is used up.

        Inside a transaction a lease cannot be renewed for others to see: it lasts longer than any of ours.
        """
        if self.worker.stopping():
            raise Stopped
        if transaction.get_connection().in_atomic_block:
            return
        now = self.now()
        if self.row.lease_until - now < self.length * 2 / 3 and not leases.renew(self.row, now=now, length=self.length):
            raise LeaseLost
        self.worker.beat(self.doing)

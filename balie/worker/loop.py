"""The loop of one lane: claim a row, work on it, go on until told to stop; with `once` until nothing is due."""

import logging
import math
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from balie.leases import actions as leases
from balie.operator.phrases import language_of_staff
from balie.worker.jobs import Job, Lane
from balie.worker.process import Stop
from balie.worker.remote import outside_errors, words
from balie.worker.turn import LeaseLost, Stopped, Turn, Worker

log = logging.getLogger(__name__)
WAIT_SECONDS = 1.0
CHORES_SECONDS = 60.0
NO_DATABASE_SECONDS = 5.0
NO_DATABASE = (OperationalError, InterfaceError)


@dataclass
class Tally:
    """How many rows were worked on, and how many of them went wrong in a way that the row does not tell itself."""

    done: int = 0
    failed: int = 0


@dataclass
class Loop:
    """One lane at work in this process. `stop` ends it after the row it is at, or at the row's next safe point."""

    lane: Lane
    stop: Stop = field(default_factory=Stop)
    once: bool = False
    tally: Tally = field(default_factory=Tally)
    worked_on: set[tuple[str, int]] = field(default_factory=set)
    chores_at: float = 0.0
    language: str = "en"

    def __post_init__(self) -> None:
        self.worker = Worker(self.lane.name, stopping=self.stop.is_set, once=self.once)

    def run(self) -> Tally:
        """Works until told to stop; survives a database that goes away and comes back."""
        while not self.stop.is_set():
            try:
                if self.round():
                    continue
                if self.once:
                    break
                self.stop.wait(WAIT_SECONDS)
            except NO_DATABASE as problem:
                if self.once:
                    raise
                log.warning("the database does not answer: %s", str(problem).strip())
                connection.close()
                self.stop.wait(NO_DATABASE_SECONDS)
        self.goodbye()
        return self.tally

    def round(self) -> bool:
        """Each job of the lane once, so that none starves behind another. False when there was nothing to do."""
        if not connection.in_atomic_block:  # as it is when a test runs us
            close_old_connections()
        self.worker.beat()
        self.do_chores()
        with override(self.language):  # what goes wrong is read by staff
            worked = [self.one(job) for job in self.lane.jobs if not self.stop.is_set()]
        return any(worked)

    def do_chores(self) -> None:
        """The lane's chores, every minute; with `once` at the start. The language of staff is looked up then too."""
        if time.monotonic() < self.chores_at:
            return
        self.language = language_of_staff()
        self.chores_at = time.monotonic() + (math.inf if self.once else CHORES_SECONDS)
        for chore in self.lane.chores:
            try:
                chore.run(timezone.now())
            except NO_DATABASE:
                raise
            except Exception:
                # As with rows below: a bug in one chore must not keep the lane from its work.
                log.exception("%s: a fault in Balie", chore.name)

    def one(self, job: Job) -> bool:
        """One row of one job. False when none is due."""
        now = timezone.now()
        due = job.due(now)
        if self.once:
            # A row that is due again by the time it is done would never let `once` end.
            due = due.exclude(pk__in=[pk for name, pk in self.worked_on if name == job.name])
        row = leases.claim(due, now=now, length=job.lease)
        if row is None:
            return False
        if self.once:
            self.worked_on.add((job.name, row.pk))
        turn = Turn(row, job.lease, self.worker, f"{job.name}: {row}")
        self.worker.beat(turn.doing, at_once=True)
        self.work(job, turn)
        self.tally.done += 1
        self.worker.beat(at_once=True)
        return True

    def work(self, job: Job, turn: Turn) -> None:
        """Lets the job act on its row; whatever it raises ends this row's turn, never the loop."""
        try:
            job.act(turn.row, turn)
        except Stopped:
            leases.interrupt(turn.row)
        except LeaseLost:
            log.warning("%s: took too long, another worker has it by now", turn.doing)
        except outside_errors() as problem:
            log.warning("%s: %s", turn.doing, words(problem))
            self.failed(turn, words(problem))
        except DatabaseError as problem:
            log.exception("%s: the database refused", turn.doing)
            connection.close()
            self.failed(turn, _("The database refused: %(problem)s") % {"problem": problem})
        except Exception as bug:
            # The one place where a bug does not end the process: the other rows are not to blame.
            log.exception("%s: a fault in Balie", turn.doing)
            said = _("A fault in Balie: %(fault)s")
            self.failed(turn, said % {"fault": f"{type(bug).__name__}: {bug}"})

    def failed(self, turn: Turn, why: str) -> None:
        self.tally.failed += 1
        leases.fail(turn.row, why=why[:2000], now=timezone.now())

    def goodbye(self) -> None:
        """A last sign, if the database still listens."""
        try:
            self.worker.leave()
        except NO_DATABASE:
            log.warning("stopped without saying so: the database does not answer")


def run_all_once(lanes: Iterable[Lane], stop: Stop) -> Tally:
    """Every lane in turn until nothing is due in any of them."""
    total = Tally()
    for lane in lanes:
        tally = Loop(lane, stop, once=True).run()
        total.done += tally.done
        total.failed += tally.failed
    return total

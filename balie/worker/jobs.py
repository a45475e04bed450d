"""Everything that runs by itself, in one list. A job claims one row that is due, works on it and records the result."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from balie.worker import closings, sources, watches
from balie.worker.turn import Turn


@dataclass(frozen=True)
class Job:
    """One kind of work. `act` gives the row back itself, with its result; what it raises counts as an attempt."""

    name: str
    due: Callable[[datetime], QuerySet[Any]]
    act: Callable[[Any, Turn], None]
    lease: timedelta


@dataclass(frozen=True)
class Chore:
    """What is looked at every minute without a row to claim: it makes the rows. Harmless when several do it at once."""

    name: str
    run: Callable[[datetime], object]


@dataclass(frozen=True)
class Lane:
    """Jobs that may wait for each other. Each lane has a process of its own."""

    name: str
    jobs: tuple[Job, ...]
    chores: tuple[Chore, ...] = ()


LANES = (
    Lane("imports", jobs=(Job("look at files", sources.due, sources.look, sources.LEASE),)),
    Lane(
        "closings",
        jobs=(
            Job("close months", closings.due, closings.close, closings.LEASE),
            Job("watch limits and profit", watches.due, watches.look, watches.LEASE),
        ),
        chores=(
            Chore("ask for the month just ended", closings.ask),
            Chore("ask for today's watch", watches.ask),
        ),
    ),
)


def lane_called(name: str) -> Lane:
    """The lane of that name. Raises StopIteration for none: names come from LANES."""
    return next(lane for lane in LANES if lane.name == name)

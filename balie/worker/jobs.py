"""Everything that runs by itself, in one list. A job claims one row that is due, works on it and records the result."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from balie.worker import (
    closings,
    economics,
    forecasts,
    mails,
    offers,
    orders,
    recording,
    registrations,
    retention,
    sms,
    sources,
    uploads,
    watches,
    whatifs,
    win_backs,
)
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
    Lane(
        "orders",
        jobs=(
            Job("make orders work", orders.due, orders.advance, orders.LEASE),
            Job("take numbers out", orders.due_to_remove, orders.remove, orders.LEASE),
        ),
        chores=(
            Chore("notice first calls", orders.first_calls),
            Chore("put contracts off that do not work yet", orders.put_off),
            Chore("see whether enough numbers are free", orders.stock),
        ),
    ),
    Lane(
        "imports",
        jobs=(
            Job("look at files", sources.due, sources.look, sources.LEASE),
            Job("read files given by hand", uploads.due, uploads.read, uploads.LEASE),
        ),
        chores=(Chore("tell of phone systems in trouble", sources.tell),),
    ),
    Lane(
        "closings",
        jobs=(
            Job("close months", closings.due, closings.close, closings.LEASE),
            Job("watch limits and profit", watches.due, watches.look, watches.LEASE),
            Job("check recording", recording.due, recording.look, recording.LEASE),
            Job("work out economics", economics.due, economics.work_out, economics.LEASE),
            Job("work out forecasts", forecasts.due, forecasts.work_out, forecasts.LEASE),
            Job("work out what-ifs", whatifs.due, whatifs.work_out, whatifs.LEASE),
            Job("remove what outlived its time", retention.due, retention.remove, retention.LEASE),
        ),
        chores=(
            Chore("ask for the month just ended", closings.ask),
            Chore("ask for today's watch", watches.ask),
            Chore("ask for days whose notes changed", recording.ask),
            Chore("count how days were recorded", recording.count),
            Chore("mail what is wrong with notes", recording.tell),
            Chore("ask for economics that changed", economics.ask),
            Chore("ask for forecasts that changed", forecasts.ask),
            Chore("settle offers", offers.settle),
            Chore("follow offers up", offers.follow_up),
            Chore("open and close win-back cases", win_backs.look_after),
            Chore("queue digests", watches.send_digests),
            Chore("forget unconfirmed registrations", registrations.forget),
            Chore("ask for tonight's removals", retention.ask),
        ),
    ),
    Lane(
        "sms",
        jobs=(Job("send SMS", sms.due, sms.send, sms.LEASE),),
        chores=(Chore("forget receipts of others' SMS", sms.forget),),
    ),
    # Last: with `--once` what the others queue goes out too.
    Lane("mails", jobs=(Job("send mails", mails.due, mails.send, mails.LEASE),)),
)


def lane_called(name: str) -> Lane:
    """The lane of that name. Raises StopIteration for none: names come from LANES."""
    return next(lane for lane in LANES if lane.name == name)

"""What happened at De Linde, day by day: files came in, the manager put things right, months were closed.

Every deed goes through the action a person or the worker would have used, with the moment it happened as `now`.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple

from balie.accounts.queries import client_by_number
from balie.calls.actions import assign_unassigned, correct_call, import_calls
from balie.calls.models import Call, CallCorrection, Source
from balie.calls.queries import unassigned
from balie.controlling.actions import watch
from balie.demo import desk_day, mending, offers, orders, texting
from balie.demo.desks import tell_absences
from balie.demo.noting import write_down
from balie.demo.operator import FOUND_NUMBER, PBX_ZONES, ZONE
from balie.demo.tape import Tape, archive
from balie.leases import actions as leases
from balie.operator.actions import Author
from balie.rules.call import CallType
from balie.rules.period import Period
from balie.statements.actions import close_month
from balie.worker import economics, forecasts
from balie.worker.turn import Turn

MANAGER, WATCH = "Marit de Boer", "worker"
LATE_MONTH, LATE_PBX = 1, "pbx-2"  # whose last evening came two days after the month was closed
PUT_RIGHT_IN = 2  # the month in which the manager corrects calls before it is closed
DAYS_OF_IMPORTS = 7
LAST_IMPORT = timedelta(minutes=12)  # ago; what has come since is for the worker to find
MONTH_IS_YOUNG = timedelta(days=9)
LOOKED, MENDED, REVIEWED = timedelta(days=4), timedelta(days=3), timedelta(days=2)  # ago


class Deed(NamedTuple):
    """Something that happened: when, what to call it, and the action."""

    at: datetime
    what: str
    do: Callable[[datetime], object]


def diary(*, first: date, tape: Tape, now: datetime) -> list[Deed]:
    """Everything up to now, in order. What belongs to a month that is over is never later than now."""
    deeds: list[Deed] = []
    period, running, place = Period(first.year, first.month, ZONE), Period.of(now, ZONE), 0
    while period < running:
        if period >= tape.since:
            deeds += month_over(period, place, tape, now)
        period, place = period.next(), place + 1
    deeds += this_month(running, tape, now)
    deeds += [
        Deed(now - timedelta(days=21), "Hearing who is away", partial(tell_absences, now)),
        Deed(now - orders.GAVE_NOTICE, "Receiving a notice", orders.give_notice_too_soon),
        Deed(now - orders.OFFERED, "Offering another tariff", orders.win_back),
        Deed(now - orders.STAYED, "Winning a client back", orders.stay),
        Deed(now - offers.AGO, "Sending an offer", offers.send_first),
        Deed(now - orders.LEFT, "Receiving a notice", orders.give_notice),
        Deed(now - orders.ORDERED, "Making a number ready", orders.order),
    ]
    last = [
        Deed(now, "Beginning notes", desk_day.begin_notes),
        Deed(now, "Reading notes", desk_day.read_notes),
        Deed(now, f"Looking at the notes of {running}", partial(mending.check, running)),
        Deed(now, "Looking at notes", mending.look),
        Deed(now, "Watching limits and profit", look),
        Deed(now, "Reminding of the offer", offers.remind),
        Deed(now, "Working out what clients earn", work_out),
    ]
    return [*sorted(deeds, key=lambda deed: deed.at), *last]


def month_over(period: Period, place: int, tape: Tape, now: datetime) -> Iterator[Deed]:
    """A month's files, two days later the first ones of the next month, then it is closed."""
    after = period.next()
    for pbx in PBX_ZONES:
        is_late = (place, pbx) == (LATE_MONTH, LATE_PBX)
        until = at(after, -1, 16, now) if is_late else None
        yield Deed(
            at(after, 0, 5.5, now),
            f"Reading the call files of {period}",
            partial(take_in, tape, pbx, period, archive(period), until),
        )
    yield Deed(at(after, 0, 5.7, now), f"Reading the SMS of {period}", partial(texting.take_in, period, now))
    for pbx in PBX_ZONES:
        moment = at(after, 2, 5.5, now)
        yield Deed(
            moment, f"Reading the call files of {after}", partial(take_in, tape, pbx, after, "Master.csv", moment)
        )
    if place == PUT_RIGHT_IN:
        yield Deed(at(after, 2, 5.6, now), f"Correcting calls of {period}", partial(put_right, period))
    yield from noted(period, now)
    yield Deed(at(after, 2, 6, now), f"Closing {period}", partial(close, period))
    if place == LATE_MONTH:
        late = partial(take_in, tape, LATE_PBX, period, archive(period), None)
        yield Deed(at(after, 4, 9.2, now), f"Reading a late file of {period}", late)
        notes = partial(write_down, period.end - timedelta(days=1), period.end, now)
        yield Deed(at(after, 4, 9.3, now), f"Writing down late calls of {period}", notes)
        yield Deed(at(after, 4, 9.5, now), f"Closing {period} again", partial(close, period))


def noted(period: Period, now: datetime) -> Iterator[Deed]:
    """A month's notes, and what became of them before it was closed; what was mended long ago is not told."""
    after = period.next()
    notes = partial(write_down, period.begin, at(after, 2, 5.5, now), now)
    yield Deed(at(after, 2, 5.65, now), f"Writing down the calls of {period}", notes)
    yield Deed(at(after, 2, 5.7, now), f"Looking at the notes of {period}", partial(mending.check, period))
    yield Deed(at(after, 2, 5.8, now), f"Dismissing findings of {period}", partial(mending.dismiss, period))
    if now < after.begin + MONTH_IS_YOUNG:
        yield Deed(at(after, 2, 5.8, now), f"Mending notes of {period}", partial(mending.mend, period))
        yield Deed(at(after, 2, 5.9, now), f"Looking at the notes of {period}", partial(mending.check, period))


def this_month(running: Period, tape: Tape, now: datetime) -> Iterator[Deed]:
    """The running month's files: every fourth morning's, every one of the last week, and what has come since."""
    days = [n for n in range(1, 31) if running.begin + timedelta(days=n) < now - timedelta(hours=6)]
    seldom, daily = days[:-DAYS_OF_IMPORTS:4], days[-DAYS_OF_IMPORTS:]
    moments = [at(running, n, 5.5, now) for n in seldom + daily]
    for moment in [*moments, max(running.begin, now - LAST_IMPORT)]:
        for pbx in PBX_ZONES:
            yield Deed(
                moment,
                f"Reading the call files of {running}",
                partial(take_in, tape, pbx, running, "Master.csv", moment),
            )
    for place, moment in enumerate([*moments[-DAYS_OF_IMPORTS:], now]):
        since = max(running.begin, moment - timedelta(days=2)) if place else running.begin
        notes = partial(write_down, since, moment, now)
        yield Deed(moment, f"Writing down the calls of {running}", notes)
    yield Deed(max(running.begin, now - LOOKED), f"Looking at the notes of {running}", partial(mending.check, running))
    yield Deed(max(running.begin, now - MENDED), f"Mending notes of {running}", partial(mending.mend, running))
    yield Deed(max(running.begin, now - MENDED), f"Dismissing findings of {running}", partial(mending.dismiss, running))
    yield Deed(max(running.begin, now - REVIEWED), "Reviewing notes", partial(mending.review, running.previous()))
    yield Deed(now, f"Reading the SMS of {running}", partial(texting.take_in, running, now))


def at(period: Period, days: int, hours: float, now: datetime) -> datetime:
    """So many days and hours after a month began, but not after now."""
    return min(period.begin + timedelta(days=days, hours=hours), now)


def take_in(tape: Tape, pbx: str, period: Period, name: str, until: datetime | None, now: datetime) -> None:
    """Imports a phone system's file as it was at a moment."""
    data = tape.month(pbx, period, until=until)
    if data:
        import_calls(source=Source.objects.get(name=pbx), name=name, data=data, now=now)


def look(now: datetime) -> None:
    watch(author=Author(WATCH, now))


def work_out(now: datetime) -> None:
    """What the worker would work out within the next minutes: economics, then the forecasts made of them."""
    for job in (economics, forecasts):
        job.ask(now)
        while row := leases.claim(job.due(now), now=now, length=job.LEASE):
            job.work_out(row, Turn(row, job.LEASE))


def close(period: Period, now: datetime) -> None:
    close_month(period=period, by=MANAGER, now=now)


def put_right(period: Period, now: datetime) -> None:
    """The manager gives the calls of a forgotten number their client, and corrects two calls. Done once."""
    author = Author(MANAGER, now)
    if unassigned().filter(callee=FOUND_NUMBER).exists():
        assign_unassigned(client=client_by_number("1012"), number=FOUND_NUMBER, author=author)
    if CallCorrection.objects.exists():
        return
    spam = a_call(period, "1018", day=12)
    correct_call(call=spam, billable=False, reason="Reclame, niet voor de klant", author=author)
    misled = a_call(period, "1009", day=19)
    other = client_by_number("1002")
    correct_call(call=misled, client=other, reason="Bedoelde notariskantoor Van Dam", author=author)


def a_call(period: Period, client: str, *, day: int) -> Call:
    """A client's first accepted call of a day, or of the next day that has one."""
    calls = Call.objects.filter(client__number=client, type=CallType.ACCEPTED, start__lt=period.end)
    found = calls.filter(start__gte=period.begin + timedelta(days=day)).order_by("start").first()
    assert found, f"client {client} has no call after day {day} of {period}"
    return found

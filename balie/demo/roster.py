"""Who sits at which telephone when: ten telephones, a shift for each that changes from week to week."""

from datetime import date, timedelta
from typing import NamedTuple

from balie.demo.operator import AGENTS, agent_at
from balie.demo.stories import Seat

EXTENSIONS = sorted({extension for _, _, extension, _ in AGENTS})
EARLY, MIDDLE, LATE, EVENING, NIGHT, WEEKEND = (
    (7.4, 16.0),
    (8.9, 17.5),
    (11.5, 20.0),
    (15.4, 23.6),
    (23.0, 31.6),
    (7.9, 17.2),
)
SHIFTS = (EARLY, EARLY, EARLY, EARLY, MIDDLE, MIDDLE, LATE, EVENING, NIGHT, WEEKEND)


class Duty(NamedTuple):
    """A telephone and the hours of the local day (above 24: of the next) in which somebody sits there."""

    seat: Seat
    begin: float
    end: float


def works(place: int, day: date) -> tuple[float, float] | None:
    """The shift of the place-th telephone on a day; None: off."""
    shift = SHIFTS[(place + day.isocalendar().week) % len(SHIFTS)]
    if day.weekday() >= 5:
        return shift if shift in (LATE, EVENING, NIGHT, WEEKEND) else None
    if shift == WEEKEND or (shift in (EARLY, MIDDLE) and (place + day.toordinal()) % 6 == 0):
        return None
    return shift


def duties(day: date, first: date) -> list[Duty]:
    """Everybody who sits at a telephone at some hour of this day, the last night's agent too."""
    found = []
    for place, extension in enumerate(EXTENSIONS):
        for away in (0, 1):
            on = day - timedelta(days=away)
            if (shift := works(place, on)) and shift[1] > 24 * away:
                seat = Seat(f"PJSIP/{extension}", *agent_at(extension, day, first))
                found.append(Duty(seat, shift[0] - 24 * away, shift[1] - 24 * away))
    return found

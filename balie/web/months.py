"""Choosing a month: which ones can be shown, the one before and the one after."""

from dataclasses import dataclass

from balie.rules.period import Period
from balie.web.request import Desk

CHOICES = 24


@dataclass(frozen=True)
class MonthChoices:
    """The month shown, its neighbours, and the list to choose from."""

    shown: Period
    before: Period
    after: Period | None  # None: the running month is shown
    all: list[Period]
    running: bool


def choices(shown: Period, desk: Desk) -> MonthChoices:
    """The last two years to choose from, and the month shown where it is older."""
    newest = desk.this_month
    months = [newest]
    while len(months) < CHOICES:
        months.append(months[-1].previous())
    if shown not in months:
        months.append(shown)
    after = shown.next() if shown < newest else None
    return MonthChoices(shown, shown.previous(), after, months, shown == newest)


def past_months(period: Period, how_many: int) -> list[Period]:
    """The months before this one, the newest first."""
    found = [period.previous()]
    while len(found) < how_many:
        found.append(found[-1].previous())
    return found

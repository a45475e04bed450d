"""When a contract or a booking ends that notice is given of. Pure. Days are local."""

from calendar import monthrange
from datetime import date, timedelta

from balie.rules.fees import contract_year
from balie.rules.period import Period
from balie.rules.tariff import Notice

DAY = timedelta(days=1)


def end_of_notice(rule: Notice | str, given_on: date, first_start: date, start: date | None = None) -> date:
    """The last day, for notice received on a day (rating.md 26).

    Terms count from `first_start`, the start of the first of the contracts that follow each other without a day
    between; notice before it counts as given on it. A contract that begins later (`start`) ends on its first day at
    the earliest.
    """
    given = max(given_on, first_start)
    if rule == Notice.NONE:
        end = given
    elif rule == Notice.MONTHLY:
        end = Period(given.year, given.month).next().last_day
    else:
        end = end_of_term(given, first_start)
    return max(end, start or end)


def end_of_term(given: date, first_start: date) -> date:
    """The last day of the first contract year that can still be ended by notice on this day."""
    number = max(0, given.year - first_start.year - 1)
    while last_notice_day(end := contract_year(first_start, number)[1]) < given:
        number += 1
    return end


def last_notice_day(last_day_of_term: date) -> date:
    """The last day on which a term can be ended: the day before its end less three months."""
    return months_before(last_day_of_term, 3) - DAY


def months_before(day: date, months: int) -> date:
    """The same day some months earlier; a missing day becomes the month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))

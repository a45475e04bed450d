"""Days, months and contract years for the slow pricer, by counting. Nothing of Balie is used here."""

from collections.abc import Iterator
from datetime import date, timedelta

ONE = timedelta(days=1)
FOREVER = date(2999, 12, 31)
Month = tuple[int, int]
Span = tuple[date, date]  # both ends included


def month_of(day: date) -> Month:
    return day.year, day.month


def parse_month(text: str) -> Month:
    return int(text[:4]), int(text[5:7])


def next_month(month: Month) -> Month:
    year, number = month
    return (year + 1, 1) if number == 12 else (year, number + 1)


def month_before(month: Month) -> Month:
    year, number = month
    return (year - 1, 12) if number == 1 else (year, number - 1)


def whole_month(month: Month) -> Span:
    return date(*month, 1), date(*next_month(month), 1) - ONE


def length(span: Span) -> int:
    """How many days, both ends included."""
    return (span[1] - span[0]).days + 1


def shared(first: Span, second: Span) -> Span | None:
    """The days two spans have in common."""
    begin, end = max(first[0], second[0]), min(first[1], second[1])
    return (begin, end) if begin <= end else None


def anniversary(start: date, years: int) -> date:
    """The day a contract year begins on; 1 March for 29 February in common years."""
    try:
        return date(start.year + years, start.month, start.day)
    except ValueError:
        return date(start.year + years, 3, 1)


def contract_years(start: date, until: date) -> Iterator[tuple[int, Span]]:
    """The years of a contract that begin not later than `until`, counted from 0."""
    count = 0
    while anniversary(start, count) <= until:
        yield count, (anniversary(start, count), anniversary(start, count + 1) - ONE)
        count += 1

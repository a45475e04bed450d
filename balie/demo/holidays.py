"""Public holidays of the Netherlands, on which offices stay closed."""

from datetime import date, timedelta


def easter(year: int) -> date:
    """Easter Sunday, by Gauss's rule as Butcher wrote it down."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    month, day = divmod(h + k - 7 * ((a + 11 * h + 22 * k) // 451) + 114, 31)
    return date(year, month, day + 1)


def is_holiday(day: date) -> bool:
    """New Year, Easter Monday, King's Day, Ascension, Whit Monday, Christmas."""
    if (day.month, day.day) in ((1, 1), (12, 25), (12, 26)):
        return True
    kings_day = date(day.year, 4, 27)
    if day == (kings_day - timedelta(days=1) if kings_day.weekday() == 6 else kings_day):
        return True
    return (day - easter(day.year)).days in (1, 39, 50)

"""Calendar months in a time zone. Pure."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from balie.rules.errors import Phrase, Refused

YEARS = range(1970, 3000)


@dataclass(frozen=True, order=True)
class Period:
    """One calendar month as people in `zone` live it."""

    year: int
    month: int
    zone: str = "UTC"

    @classmethod
    def parse(cls, text: str, zone: str = "UTC") -> "Period":
        """The month written as YYYY-MM. Raises Refused for anything else."""
        year, _, month = text.partition("-")
        if not (len(year) == 4 and len(month) == 2 and (year + month).isascii() and (year + month).isdigit()):
            said = Phrase("%(text)s is not a month; write it as YYYY-MM, for instance 2026-11.", text=repr(text))
            raise Refused("bad_month", said, "month")
        if not (1 <= int(month) <= 12 and int(year) in YEARS):
            said = Phrase("There is no month %(text)s; write it as YYYY-MM, for instance 2026-11.", text=repr(text))
            raise Refused("bad_month", said, "month")
        return cls(int(year), int(month), zone)

    @classmethod
    def of(cls, moment: datetime, zone: str) -> "Period":
        """The month in which this moment (aware) falls, in local time."""
        local = moment.astimezone(ZoneInfo(zone))
        return cls(local.year, local.month, zone)

    @classmethod
    def from_key(cls, key: int, zone: str) -> "Period":
        """The month of a stored key such as 202611."""
        return cls(key // 100, key % 100, zone)

    @property
    def key(self) -> int:
        """As stored in tables: 202611."""
        return self.year * 100 + self.month

    @cached_property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @cached_property
    def last_day(self) -> date:
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    @property
    def begin(self) -> datetime:
        """The first moment, UTC."""
        return day_begin(self.first_day, self.zone)

    @property
    def end(self) -> datetime:
        """The first moment after it, UTC."""
        return self.next().begin

    def next(self) -> "Period":
        return Period(self.year + self.month // 12, self.month % 12 + 1, self.zone)

    def previous(self) -> "Period":
        return Period(self.year - (self.month == 1), (self.month - 2) % 12 + 1, self.zone)

    def days(self) -> Iterator[date]:
        day = self.first_day
        while day <= self.last_day:
            yield day
            day += timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def day_begin(day: date, zone: str) -> datetime:
    """The first moment of a local day, in UTC; where midnight happens twice the first, where it is skipped the jump."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)

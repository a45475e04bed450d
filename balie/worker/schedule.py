"""When a source is looked at next: daily at a local time, every so many minutes, or both. Pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def next_look(*, after: datetime, at: time | None, every: int | None, zone: str) -> datetime | None:
    """The first moment (UTC) later than `after` at which to look; None when there is neither a time nor a rhythm.

    `at` is local time in `zone`: an hour the clocks skip counts as the one after it, one that comes twice is used the
    first time only. `every` is in minutes and counts from `after`.
    """
    moments = []
    if at is not None:
        moments.append(next_at(after, at, zone))
    if every:
        moments.append(after + timedelta(minutes=every))
    return min(moments, default=None)


def next_at(after: datetime, at: time, zone: str) -> datetime:
    """The first moment later than `after` at which local clocks in `zone` first show `at`."""
    place = ZoneInfo(zone)
    day = after.astimezone(place).date()
    moment = datetime.combine(day, at, tzinfo=place).astimezone(UTC)
    while moment <= after:
        day += timedelta(days=1)
        moment = datetime.combine(day, at, tzinfo=place).astimezone(UTC)
    return moment

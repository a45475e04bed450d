"""Quiet hours: local times between which nobody is disturbed. Pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def quiet_until(moment: datetime, *, begins: time | None, ends: time | None, zone: str) -> datetime | None:
    """When the quiet hours end in which this moment lies, in UTC; None where it lies in none.

    Over midnight where they begin later than they end; none where they begin when they end. An end that clocks skip
    is as long after the jump as it would have been after the hour before; one that comes twice is the first.
    """
    if begins is None or ends is None or begins == ends:
        return None
    local = moment.astimezone(ZoneInfo(zone))
    clock, over_midnight = local.time(), begins > ends
    if over_midnight and clock >= begins:
        return at_clock(local + timedelta(days=1), ends)
    if clock >= ends or not (over_midnight or clock >= begins):
        return None
    # In the hour that comes twice the end may have been before: then it is quiet no longer.
    end = at_clock(local, ends)
    return end if end > moment else None


def at_clock(day: datetime, clock: time) -> datetime:
    """The moment at which local clocks first show this on the local day of `day`."""
    return datetime.combine(day.date(), clock, tzinfo=day.tzinfo).astimezone(UTC)

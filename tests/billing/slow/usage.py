"""Which item bills a call, and how many seconds of it: the slow pricer, one call at a time."""

from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

Row = dict[str, Any]
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
TIMED = {
    "talk_time",
    "handling_time",
    "forwarded_fixed",
    "forwarded_mobile",
    "forwarded_other",
    "outbound_time",
    "outbound_fixed",
    "outbound_mobile",
    "outbound_other",
}


class Unpriced(Exception):
    """Usage without a price: the item's position, or None where no item's window fits."""

    def __init__(self, meter: str, position: int | None) -> None:
        super().__init__(f"{meter} {position}")
        self.meter, self.position = meter, position


def meters_of(call: Row) -> dict[str, int]:
    """The meters a call is in, each with its seconds."""
    if not call["billable"] or call["talk"] == 0:
        return {}
    kind, talk, handling = call["type"], call["talk"], call["handling"]
    if kind == "accepted":
        return {"calls_accepted": talk, "talk_time": talk, "handling_time": handling}
    if kind.startswith("forwarded_"):
        return {"calls_forwarded": talk, kind: talk}
    if kind.startswith("outbound_"):
        return {"calls_outbound": talk, "outbound_time": talk, kind: talk, "handling_time": handling}
    return {}


@cache
def days_off(region: str, year: int) -> frozenset[date]:
    country, _, part = region.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))


def named_days(days: str) -> set[int]:
    """`mon-fri` or `sat,mon`: what is named, round the weekend where it is named backwards."""
    found = set()
    for part in days.split(","):
        first, _, last = part.partition("-")
        day, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
        found.add(day)
        while day != end:
            day = (day + 1) % 7
            found.add(day)
    return found


def in_window(window: Row | None, start: datetime, region: str) -> bool:
    """Whether a window holds a call that started then, in local time."""
    if not window:
        return True
    if window.get("days") and start.weekday() not in named_days(window["days"]):
        return False
    off = start.date() in days_off(region, start.year)
    if window.get("holidays", "any") == "only" and not off:
        return False
    if window.get("holidays", "any") == "except" and off:
        return False
    begin, end = window.get("from") or "00:00", window.get("to") or "24:00"
    clock = start.strftime("%H:%M:%S")
    begin, end = f"{begin}:00", "24:00:00" if end == "00:00" else f"{end}:00"
    if begin < end:
        return begin <= clock < end
    return clock >= begin or clock < end


def billed_seconds(seconds: int, increment: str) -> int:
    """Counted up: the first stretch, then one more as long as the call is longer."""
    first, following = (int(part) for part in increment.split("/"))
    if seconds == 0:
        return 0
    billed = first
    while billed < seconds:
        billed += following
    return billed


def too_short(item: Row, seconds: int) -> bool:
    """Whether a call counts nothing for an item; an SMS has no seconds and always counts."""
    least: int = item.get("min_seconds", 0)
    return item["meter"] != "sms" and seconds < least


def measure(items: list[Row], uses: list[tuple[datetime, dict[str, int], int]], region: str) -> dict[int, int]:
    """What each item of a tariff bills, by its position: pieces or billed seconds, allowances not yet taken off.

    uses: local start, seconds by meter, how many pieces it is.
    """
    found: dict[int, int] = {}
    for start, meters, pieces in uses:
        for meter, seconds in meters.items():
            own = [(position, item) for position, item in enumerate(items) if item["meter"] == meter]
            fitting = [(position, item) for position, item in own if in_window(item.get("window"), start, region)]
            if not fitting:
                if own and not all(too_short(item, seconds) for _, item in own):
                    raise Unpriced(meter, None)
                continue
            position, item = fitting[0]
            if too_short(item, seconds):
                continue
            amount = billed_seconds(seconds, item.get("increment", "60/60")) if meter in TIMED else pieces
            found[position] = found.get(position, 0) + amount
    return found


def uses_of(rows: list[Row], sms: list[Row], client: str, zone: str) -> list[tuple[datetime, dict[str, int], int]]:
    """Calls and SMS of a client as the slow pricer counts them, with their local start."""
    local = ZoneInfo(zone)
    calls = [(row["start"].astimezone(local), meters_of(row), 1) for row in rows if row["client"] == client]
    texts = [(row["sent_at"].astimezone(local), {"sms": 0}, row["parts"]) for row in sms if row["client"] == client]
    return calls + texts

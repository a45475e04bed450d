"""Random operators, tariffs, contracts, bookings and calls, most of them at the edges where pricers go wrong."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.billing.slow.calendar_days import ONE, Month, month_before, next_month, whole_month
from tests.billing.slow.fees import FEES
from tests.billing.slow.usage import TIMED

Row = dict[str, Any]
TELEPHONE = sorted(TIMED | {"calls_accepted", "calls_forwarded", "calls_outbound"})
BOOKED = ["user_module", "own_caller_number", "additional_option", "other_service"]
TYPES = [
    "accepted",
    "missed",
    "forwarded",
    "forwarded_fixed",
    "forwarded_mobile",
    "forwarded_other",
    "outbound_fixed",
    "outbound_mobile",
    "outbound_other",
]
SECONDS = [0, 1, 29, 30, 31, 59, 60, 61, 90, 91, 149, 150, 151, 4501]
# Months with 28, 29, 30 and 31 days, with Easter, Whitsun and the nights on which the clock jumps.
MONTHS: list[Month] = [(2024, 2), (2025, 2), (2026, 3), (2026, 4), (2026, 5), (2026, 10), (2026, 12), (2027, 1)]

prices = st.one_of(
    st.sampled_from(["0.00", "0.89", "0.005", "39.00", "0.0333", "1"]),
    st.decimals(0, 99, places=4).map(str),
)
percents = st.sampled_from(["0", "7", "19", "21", "9", "20.5"])
seconds = st.one_of(st.sampled_from(SECONDS), st.integers(0, 7200))


@st.composite
def steps(draw: st.DrawFn) -> list[Row]:
    ends = sorted(draw(st.sets(st.integers(1, 60), max_size=3)))
    priced = [{"up_to": end, "price": draw(prices)} for end in ends]
    return [*priced, {"price": draw(prices)}] if draw(st.integers(0, 9)) else priced


@st.composite
def windows(draw: st.DrawFn) -> Row:
    hours = st.sampled_from(["00:00", "08:00", "12:30", "18:00"])
    window: Row = {"days": draw(st.sampled_from(["mon-fri", "sat,sun", "fri-mon", "mon,wed", "sun"]))}
    begin, end = draw(hours), draw(hours)
    if begin != end:
        window |= {"from": begin, "to": end}
    if draw(st.booleans()):
        window["holidays"] = draw(st.sampled_from(["only", "except", "any"]))
    return window


@st.composite
def items(draw: st.DrawFn, meters: list[str]) -> Row:
    meter = draw(st.sampled_from(meters))
    item: Row = {"meter": meter, "price": draw(prices), "cycle": "monthly", "in_advance": False}
    item["cost_limit"], item["minimum_revenue"] = draw(st.booleans()), draw(st.booleans())
    item["included"] = draw(st.sampled_from([0, 0, 0, 1, 2, 30]))
    if draw(st.integers(0, 3)) == 0:
        item["steps"] = draw(steps())
    if draw(st.integers(0, 24)) == 0:
        item["price"] = None
    if draw(st.integers(0, 5)) == 0:
        item["vat_percent"] = draw(percents)
    if meter in FEES:
        item["cycle"] = draw(st.sampled_from(["monthly", "monthly", "monthly", "yearly", "once"]))
        item["in_advance"] = draw(st.booleans())
        item["cost_limit"] = item["cost_limit"] and not item["in_advance"]
        return item
    item["min_seconds"] = draw(st.sampled_from([0, 0, 1, 10, 30, 60]))
    item["window"] = draw(windows()) if draw(st.integers(0, 3)) == 0 else None
    if meter in TIMED:
        item["unit"] = draw(st.sampled_from(["minute", "minute", "second"]))
        item["increment"] = draw(st.sampled_from(["60/60", "60/1", "30/6", "90/60", "1/1", "7/13"]))
    return item


@st.composite
def priced(draw: st.DrawFn, meters: list[str]) -> list[Row]:
    """Items in order. What has windows mostly ends with one that takes the rest."""
    found: list[Row] = draw(st.lists(items(meters), min_size=1, max_size=6))
    open_meters = {item["meter"] for item in found if item.get("window")}
    if draw(st.integers(0, 19)):
        found += [{**draw(items([meter])), "window": None} for meter in sorted(open_meters)]
    return found


@st.composite
def tariffs(draw: st.DrawFn, code: str, service: str, meters: list[str], month: Month) -> list[Row]:
    """A tariff of one version, or of two of which the second begins about the month."""
    froms: list[str | None] = [None]
    if draw(st.booleans()):
        begin = draw(st.sampled_from([month_before(month), month, next_month(month)]))
        froms.append(whole_month(begin)[0].isoformat())
    found = []
    for first in froms:
        limit = draw(st.one_of(st.none(), st.integers(0, 30000).map(lambda cents: f"{cents / 100:.2f}")))
        found.append(
            {
                "code": code,
                "service": service,
                "from": first,
                "vat_percent": draw(percents),
                "prorate": draw(st.booleans()),
                "cost_limit": limit,
                "tolerance_percent": limit and draw(st.sampled_from([None, "0", "20", "12.5"])),
                "minimum_revenue": draw(st.one_of(st.none(), st.sampled_from(["0.00", "25.01", "60.00", "300"]))),
                "items": draw(priced(meters)),
            }
        )
    return found


def near(month: Month) -> st.SearchStrategy[date]:
    """Days in and about a month, and of years before it; 29 February too."""
    first, last = whole_month(month)
    leap = date(2024, 2, 29)
    return st.one_of(
        st.integers(-3, 35).map(lambda days: first + days * ONE),
        st.integers(-400, 40).map(lambda days: first + days * ONE),
        st.sampled_from([first - ONE, first, last, last + ONE, leap, first.replace(year=first.year - 1, day=1)]),
    )


@st.composite
def bookings(draw: st.DrawFn, start: date, month: Month) -> list[Row]:
    found: dict[tuple[str, str | None], Row] = {}
    for _ in range(draw(st.integers(0, 3))):
        first, last = draw(st.one_of(st.none(), near(month))), draw(st.one_of(st.none(), near(month)))
        if first and last and last < first:
            first, last = last, first
        meter = draw(st.sampled_from(BOOKED))
        said: Row = {"meter": meter, "quantity": draw(st.integers(0, 4))}
        said |= {"from": first and first.isoformat(), "to": last and last.isoformat()}
        found[meter, said["from"]] = said
    return list(found.values())


@st.composite
def contracts(draw: st.DrawFn, service: str, codes: list[str], month: Month) -> list[Row]:
    """One contract, or several that follow each other at once or after some days."""
    found: list[Row] = []
    start: date | None = draw(near(month))
    while start is not None and len(found) < 3:
        last = draw(st.one_of(st.none(), near(month)))
        end = max(last, start) if last else None
        contract: Row = {"service": service, "tariff": draw(st.sampled_from(codes)), "start": start.isoformat()}
        contract |= {"end": end and end.isoformat(), "booked": draw(bookings(start, month))}
        found.append(contract)
        start = end + draw(st.sampled_from([1, 1, 1, 2, 20])) * ONE if end else None
    return found


@st.composite
def moments(draw: st.DrawFn, zone: str, month: Month, edges: list[date]) -> datetime:
    """Moments in and about the month, many of them at midnight, at a window's hour or a contract's end."""
    first, last = whole_month(month)
    days = [first, last, first - ONE, last + ONE, *edges]
    day = draw(st.one_of(st.sampled_from(days), st.integers(0, 30).map(lambda number: first + number * ONE)))
    hour = draw(st.sampled_from([time(0, 0), time(8, 0), time(12, 30), time(18, 0), time(2, 30), time(23, 59, 59)]))
    shift = draw(st.sampled_from([0, 0, 0, -1, 1, 3600, -3600, 1234]))
    return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC) + timedelta(seconds=shift)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Row, str, list[Row], list[Row]]:
    """A world with one client, a month, calls and SMS of it."""
    month = draw(st.sampled_from(MONTHS))
    zone = draw(st.sampled_from(["Europe/Amsterdam", "Europe/Berlin", "UTC", "America/New_York"]))
    operator = {
        "timezone": zone,
        "region": draw(st.sampled_from(["NL", "DE-NW", "DE-BY"])),
        "currency": draw(st.sampled_from(["EUR", "EUR", "EUR", "JPY"])),
    }
    both = draw(st.booleans())
    telephone = TELEPHONE + sorted(FEES) + ([] if both else ["sms"])
    codes = ["A", "B"] if draw(st.booleans()) else ["A"]
    versions = [one for code in codes for one in draw(tariffs(code, "telephone", telephone, month))]
    running = draw(contracts("telephone", codes, month))
    if both:
        versions += draw(tariffs("S", "sms", ["sms", "basic_fee", "own_caller_number", "additional_option"], month))
        running += draw(contracts("sms", ["S"], month))
    world = {"operator": operator, "tariffs": versions, "clients": [{"number": "1001", "contracts": running}]}
    edges = [date.fromisoformat(one[end]) for one in running for end in ("start", "end") if one[end]]
    starts = moments(zone, month, [day for day in edges if abs((day - whole_month(month)[0]).days) < 40])
    return world, f"{month[0]}-{month[1]:02d}", draw(calls(starts)), draw(messages(starts))


@st.composite
def calls(draw: st.DrawFn, starts: st.SearchStrategy[datetime]) -> list[Row]:
    found = []
    for _ in range(draw(st.integers(0, 12))):
        talk = draw(seconds)
        call: Row = {"client": draw(st.sampled_from(["1001"] * 9 + ["1002"])), "start": draw(starts)}
        call |= {"type": draw(st.sampled_from(["accepted", *TYPES])), "talk": talk}
        call |= {"handling": talk + draw(st.sampled_from([0, 0, 1, 29, 600])), "billable": draw(st.integers(0, 9)) > 0}
        found.append(call)
    return found


@st.composite
def messages(draw: st.DrawFn, starts: st.SearchStrategy[datetime]) -> list[Row]:
    parts = st.sampled_from([1, 1, 2, 5])
    return [{"client": "1001", "sent_at": draw(starts), "parts": draw(parts)} for _ in range(draw(st.integers(0, 3)))]

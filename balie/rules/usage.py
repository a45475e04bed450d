"""What is billed of calls and messages: integers per contract and item, measured in frames, never call by call. Pure.

A call goes to the first item of its meter, in the tariff's order, whose window contains its local start (rating.md 2).
In each round the calls still without an item look at the next candidate of their contract and meter (candidates.py), so
there are as many rounds as a tariff has windows for one meter.

Frames of calls have the columns client (whole number), start (UTC), type (rules.call), talk, handling (seconds) and
billable; frames of messages client, sent_at (UTC) and parts.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from balie.rules.call import FORWARDED_TYPES, OUTBOUND_TYPES, CallType
from balie.rules.candidates import RULES, Candidates
from balie.rules.errors import Phrase, Refused
from balie.rules.holidays import public_holidays
from balie.rules.meter import TAKES, TIMES, Meter
from balie.rules.period import Period
from balie.rules.tariff import HolidayRule, Version
from balie.rules.terms import Quantities, Quantity, Terms

BITS = pl.lit(pl.Series([1 << day for day in range(7)], dtype=pl.Int16))
ONLY, EXCEPT = (pl.lit(RULES[rule], pl.Int8) for rule in (HolidayRule.ONLY, HolidayRule.EXCEPT))
TALLY = {"slot": pl.UInt32, "calls": pl.Int64, "seconds": pl.Int64, "billed": pl.Int64, "too_short": pl.Int64}
TYPES = {kind: number for number, kind in enumerate((CallType.ACCEPTED, *FORWARDED_TYPES, *OUTBOUND_TYPES))}


@dataclass(frozen=True)
class Measuring:
    """One measuring: whose contracts, what bills them, in which month, and whose public holidays count."""

    terms: Sequence[Terms]
    candidates: Candidates
    period: Period
    region: str


def measure(
    calls: pl.DataFrame, terms: Sequence[Terms], *, period: Period, region: str, messages: pl.DataFrame | None = None
) -> Quantities:
    """What each contract used of each of its items in this month, within the contract's days.

    Raises Refused, naming client, tariff and meter, for usage that none of the meter's items has a window for.
    """
    here = Measuring(terms, Candidates.of(terms, period), period, region)
    return by_contract([tally(calls, here, messages=messages)], here)


def tally(calls: pl.DataFrame, here: Measuring, *, messages: pl.DataFrame | None = None) -> pl.DataFrame:
    """What these calls, perhaps only some of the month's, come to per item (slot); `by_contract` adds up several."""
    found = [used(meter, rows, here) for meter, rows in uses(calls, messages, here)]
    return pl.concat(found) if found else pl.DataFrame(schema=TALLY)


def uses(calls: pl.DataFrame, messages: pl.DataFrame | None, here: Measuring) -> Iterator[tuple[Meter, pl.DataFrame]]:
    """Per meter that anybody bills, what it takes: term, seconds, pieces, and when it began where a window asks."""
    wanted = [meter for meter in TAKES if meter in here.candidates.meters]
    counted = counted_calls(calls, here) if wanted else pl.DataFrame()
    for meter in wanted:
        kinds = [TYPES[kind] for kind in TAKES[meter]]
        seconds = pl.col("handling" if meter is Meter.HANDLING_TIME else "talk").cast(pl.Int64)
        yield meter, counted.filter(pl.col("kind").is_in(kinds)).with_columns(seconds=seconds, pieces=pl.lit(1))
    if messages is not None and Meter.SMS in here.candidates.meters:
        sent = messages.select("client", "parts", start="sent_at")
        pieces = pl.col("parts").cast(pl.Int64)
        yield Meter.SMS, in_contracts(sent, here).with_columns(seconds=pl.lit(0, pl.Int64), pieces=pieces)


def counted_calls(calls: pl.DataFrame, here: Measuring) -> pl.DataFrame:
    """The calls that can cost something, each with its contract."""
    kind = pl.col("type").cast(pl.String).replace_strict(TYPES, default=None, return_dtype=pl.UInt8)
    counting = calls.filter(pl.col("billable").cast(pl.Boolean) & (pl.col("talk") > 0))
    kinds = counting.select("client", "start", "talk", "handling", kind=kind)
    return in_contracts(kinds.filter(pl.col("kind").is_not_null()), here)


def in_contracts(rows: pl.DataFrame, here: Measuring) -> pl.DataFrame:
    """The rows with the contract (`term`) of their local day; those of no contract are left out (rating.md 5)."""
    start = pl.col("start")
    if not getattr(rows.schema["start"], "time_zone", None):
        start = start.dt.replace_time_zone("UTC")
    begun = rows.with_columns(pl.col("client").cast(pl.Int64), start=start)
    begun = begun.filter(pl.col("start").is_between(here.period.begin, here.period.end, closed="left"))
    inside = begun.join(here.candidates.terms, on="client", how="inner")
    if here.candidates.partial or here.candidates.windowed:
        # Local time without its zone: the clock's columns come out of it in half the time.
        local = pl.col("start").dt.convert_time_zone(here.period.zone).dt.replace_time_zone(None)
        inside = inside.with_columns(start=local, day=local.dt.date())
    if here.candidates.partial:
        inside = inside.filter(pl.col("day").is_between("first_day", "last_day"))
    if here.candidates.windowed:
        inside = inside.with_columns(*clock(here))
    return inside.drop("client", "start", "day", "first_day", "last_day", strict=False)


def clock(here: Measuring) -> list[pl.Expr]:
    """Weekday (Monday is the lowest bit), minute of the day and what rule a holiday breaks, of the local start."""
    days = sorted(public_holidays(here.region, [here.period.year])) if here.candidates.holidays else []
    start, day = pl.col("start").dt, pl.col("day")
    return [
        BITS.gather(day.dt.weekday() - 1).alias("weekday"),
        (start.hour().cast(pl.Int16) * 60 + start.minute()).alias("minute"),
        pl.when(day.is_in(pl.Series(days, dtype=pl.Date).implode())).then(EXCEPT).otherwise(ONLY).alias("broken"),
    ]


def used(meter: Meter, rows: pl.DataFrame, here: Measuring) -> pl.DataFrame:
    """Per item (slot) what counts of one meter: calls, seconds, billed, too_short."""
    resolved = pl.concat(resolved_rows(meter, rows, here))
    billed = billed_seconds() if meter in TIMES else pl.col("pieces").cast(pl.Int64)
    short = pl.col("seconds") < pl.col("min_seconds")
    counted = resolved.select("slot", "seconds", short=short, billed=billed)
    counts = ~pl.col("short")
    return counted.group_by("slot").agg(
        calls=counts.sum().cast(pl.Int64),
        seconds=(pl.col("seconds") * counts).sum(),
        billed=(pl.col("billed") * counts).sum(),
        too_short=pl.col("short").sum().cast(pl.Int64),
    )


def billed_seconds() -> pl.Expr:
    """`Increment.billed` of a whole column."""
    seconds, first, then = pl.col("seconds"), pl.col("first"), pl.col("then")
    more = (seconds - first + then - 1) // then * then
    return pl.when(seconds <= 0).then(0).when(seconds <= first).then(first).otherwise(first + more)


def resolved_rows(meter: Meter, rows: pl.DataFrame, here: Measuring) -> list[pl.DataFrame]:
    """The rows with the item (slot) that bills them and what it bills by, one frame a round."""
    slots, ranks = here.candidates.slots, here.candidates.ranks
    rows = rows.with_columns(key=here.candidates.key(meter))
    rows = rows.with_columns(ranks[0].gather(rows["key"]).alias("slot")).filter(pl.col("slot").is_not_null())
    done = []
    for number in range(len(ranks)):
        columns = WINDOW if meter in here.candidates.windowed else ()
        facts = [slots[name].gather(rows["slot"]) for name in ("first", "then", "min_seconds", *columns)]
        rows = rows.with_columns(facts)
        fits = within_window() if columns else pl.lit(True)
        done.append(rows.filter(fits).select("slot", "seconds", "pieces", "first", "then", "min_seconds"))
        rows = rows.filter(~fits) if columns else rows.clear()
        if rows.is_empty():
            return done
        following = ranks[number + 1].gather(rows["key"]) if number + 1 < len(ranks) else pl.lit(None, pl.UInt32)
        rows = rows.with_columns(following.alias("slot"))
        refuse_outside(meter, rows.filter(pl.col("slot").is_null()), here)
        rows = rows.filter(pl.col("slot").is_not_null())
    return done


WINDOW = ("days", "begin", "end", "rule")


def within_window() -> pl.Expr:
    """`Window.contains` of whole columns; without a window every call is within."""
    minute, begin, end = pl.col("minute"), pl.col("begin"), pl.col("end")
    weekday = (pl.col("days") & pl.col("weekday")) != 0
    straight, overnight = (minute >= begin) & (minute < end), (minute >= begin) | (minute < end)
    hour = pl.when(begin < end).then(straight).otherwise(overnight)
    return weekday & hour & (pl.col("rule") != pl.col("broken"))


def refuse_outside(meter: Meter, rows: pl.DataFrame, here: Measuring) -> None:
    """Refused when calls that are long enough for any item of their meter are in no window of it (rating.md 2)."""
    if rows.is_empty():
        return
    slots = here.candidates.slots.group_by("key").agg(pl.col("min_seconds").min().alias("least"))
    counting = rows.select("term", "key", "seconds").join(slots, on="key").filter(pl.col("seconds") >= pl.col("least"))
    if counting.is_empty():
        return
    numbers = counting["term"].to_list()
    term = min(set(numbers), key=lambda number: here.terms[number].number)
    one = here.terms[term]
    version = one.version_in(here.period)
    assert version is not None  # a contract without a version has no candidates
    raise outside_refused(one.number, version, meter, numbers.count(term), here.period)


def outside_refused(number: str, version: Version, meter: Meter, count: int, period: Period) -> Refused:
    """What is said of usage that is in no window of its meter's items."""
    names = ", ".join(f'"{item.named()}"' for item in version.items if item.meter is meter)
    said = Phrase(
        "Client %(client)s, tariff %(tariff)s: %(count)s uses of %(meter)s in %(month)s are in no window of %(items)s;"
        " add an item of this meter without a window.",
        client=number, tariff=version.code, count=count, meter=meter.value, month=str(period), items=names,
    )  # fmt: skip
    return Refused("no_price", said, f"tariff {version.code}, {meter.value}")


def by_contract(tallies: Sequence[pl.DataFrame], here: Measuring) -> Quantities:
    """Slots back into contracts and positions, everything counted of them together."""
    slots = here.candidates.slots
    found = pl.concat(tallies).group_by("slot").sum() if len(tallies) > 1 else tallies[0]
    rows = found.with_columns(slots["term"].gather(found["slot"]), slots["position"].gather(found["slot"]))
    quantities: defaultdict[int, dict[int, Quantity]] = defaultdict(dict)
    columns = rows.select("term", "position", "calls", "seconds", "billed", "too_short")
    for term, position, calls, seconds, billed, too_short in columns.iter_rows():
        quantities[here.terms[term].contract][position] = Quantity(calls, seconds, billed, too_short)
    return dict(quantities)

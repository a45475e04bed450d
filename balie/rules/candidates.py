"""The items that may bill a contract's usage in a month, as tables: one row (slot) per contract and item. Pure.

Items of one contract and meter stand in ranks by the tariff's order; `ranks[n]` gives, for the number of a contract and
a meter (`key`), the slot of that rank or nothing. What a slot bills by stands in `slots` at its own number.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from balie.rules.meter import USAGE, Meter
from balie.rules.period import Period
from balie.rules.tariff import HolidayRule, Item, Version, Window
from balie.rules.terms import Terms

NUMBER_OF = {meter: number for number, meter in enumerate(USAGE)}
RULES = {HolidayRule.ANY: 0, HolidayRule.ONLY: 1, HolidayRule.EXCEPT: 2}
ITEM = {
    "version": pl.UInt32,
    "position": pl.Int32,
    "meter": pl.UInt32,
    "rank": pl.UInt32,
    "first": pl.Int64,
    "then": pl.Int64,
    "min_seconds": pl.Int64,
    "windowed": pl.Boolean,
    "days": pl.Int16,
    "begin": pl.Int16,
    "end": pl.Int16,
    "rule": pl.Int8,
}
TERM = {"term": pl.UInt32, "version": pl.UInt32, "client": pl.Int64, "first_day": pl.Date, "last_day": pl.Date}


@dataclass(frozen=True)
class Candidates:
    """`terms`: term (place in the list), client, first_day, last_day within the month; of those with usage items."""

    terms: pl.DataFrame
    slots: pl.DataFrame
    ranks: Sequence[pl.Series]
    meters: frozenset[Meter]
    windowed: frozenset[Meter]
    holidays: bool
    partial: bool  # whether a contract has not all days of the month

    @classmethod
    def of(cls, terms: Sequence[Terms], period: Period) -> "Candidates":
        versions: dict[int, Version] = {}
        rows = [
            (number, id(version), one.client, max(one.start, period.first_day), min(one.last, period.last_day))
            for number, one in enumerate(terms)
            if one.covers(period) and (version := seen(one.version_in(period), versions))
        ]
        numbers = {name: number for number, name in enumerate(versions)}
        term_rows = [(term, numbers[name], *rest) for term, name, *rest in rows]
        table = pl.DataFrame(term_rows, schema=TERM, orient="row")
        items = pl.DataFrame(item_rows(versions), schema=ITEM, orient="row")
        slots = table.select("term", "version").join(items, on="version").sort("term", "position")
        slots = slots.with_columns(key=pl.col("term") * len(USAGE) + pl.col("meter"))
        return cls(
            terms=table.select("term", "client", "first_day", "last_day"),
            slots=slots,
            ranks=ranked(slots, len(terms) * len(USAGE)),
            meters=meters_of(items),
            windowed=meters_of(items.filter("windowed")),
            holidays=bool((items["rule"] != 0).any()),
            partial=table.filter(
                (pl.col("first_day") > period.first_day) | (pl.col("last_day") < period.last_day)
            ).height
            > 0,
        )

    def key(self, meter: Meter) -> pl.Expr:
        """The number of a contract (column `term`) and this meter."""
        return pl.col("term") * len(USAGE) + NUMBER_OF[meter]


def seen(version: Version | None, versions: dict[int, Version]) -> Version | None:
    """Keeps the version; many contracts share one."""
    if version is not None:
        versions[id(version)] = version
    return version


def item_rows(versions: dict[int, Version]) -> list[tuple[Any, ...]]:
    """The usage items of these versions; the rank counts within version and meter."""
    rows = []
    for number, version in enumerate(versions.values()):
        ranks: Counter[Meter] = Counter()
        for item in sorted(version.items, key=lambda item: item.position):
            if not item.fee:
                rows.append((number, item.position, NUMBER_OF[item.meter], ranks[item.meter], *counting(item)))
                ranks[item.meter] += 1
    return rows


def counting(item: Item) -> tuple[Any, ...]:
    """What decides whether and how a call counts: increment, minimum seconds, window."""
    window = item.window or Window()
    days = sum(1 << day for day in window.days)
    return (
        item.increment.first,
        item.increment.then,
        0 if item.meter == Meter.SMS else item.min_seconds,  # messages have no seconds
        item.window is not None,
        days,
        window.begin,
        window.end,
        RULES[window.holidays],
    )


def ranked(slots: pl.DataFrame, keys: int) -> list[pl.Series]:
    """Per rank the slot of every key."""
    numbered = slots.select("key", "rank").with_row_index("slot")
    every = pl.DataFrame({"key": pl.int_range(keys, dtype=pl.UInt32, eager=True)})
    deepest = numbered["rank"].max()
    return [
        every.join(numbered.filter(pl.col("rank") == rank), on="key", how="left", maintain_order="left")["slot"]
        for rank in range(deepest + 1 if isinstance(deepest, int) else 0)
    ]


def meters_of(items: pl.DataFrame) -> frozenset[Meter]:
    return frozenset(USAGE[number] for number in items["meter"].unique())

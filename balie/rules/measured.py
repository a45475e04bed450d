"""What of a month's usage a tariff wants measured, apart from its prices; what was measured, back as its usage. Pure.

Tariffs that differ only in prices, allowances, steps, fees, limit or minimum measure the same: quantities measured once
price all of them. So the ways in which a version counts are written down in one order, whatever its items' order.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from balie.rules.meter import TIMES, USAGE, Meter
from balie.rules.period import Period
from balie.rules.tariff import HolidayRule, Increment, Item, Version, Window
from balie.rules.terms import NOTHING, Quantity
from balie.rules.usage import outside_refused

Found = Sequence[Quantity]  # what was measured, one for each way


@dataclass(frozen=True, slots=True)
class Way:
    """How one item counts the calls of its meter that no item before it takes. Increment: of times only."""

    meter: Meter
    increment: Increment | None = None
    min_seconds: int = 0
    window: Window | None = None

    @property
    def said(self) -> list[Any]:
        return [
            self.meter.value,
            str(self.increment) if self.increment else None,
            self.min_seconds,
            self.window.said if self.window else None,
        ]


@dataclass(frozen=True)
class Measurable:
    """A version's ways of counting. `positions`: of the item that each way is of; None of one that is no item's.

    Where every item of a meter has a window there is such a way behind them, which counts what no window holds.
    """

    version: Version
    ways: tuple[Way, ...]
    positions: tuple[int | None, ...]

    @classmethod
    def of(cls, version: Version) -> "Measurable":
        places = [place for meter in USAGE for place in ways_of(meter, version)]
        return cls(version, tuple(way for way, _ in places), tuple(position for _, position in places))

    def quantities(self, found: Found, *, number: str, period: Period) -> dict[int, Quantity]:
        """What was measured by the position of the item; what was not used is left out.

        Raises Refused, as measuring does, for usage of this client (number) that no window of the meter's items holds.
        """
        for way, position, quantity in zip(self.ways, self.positions, found, strict=True):
            if position is None and quantity.calls:
                raise outside_refused(number, self.version, way.meter, quantity.calls, period)
        pairs = zip(self.positions, found, strict=True)
        return {position: one for position, one in pairs if position is not None and one != NOTHING}

    def found(self, quantities: Mapping[int, Quantity]) -> list[Quantity]:
        """The other way round: what was measured of a contract at this version, without a refusal, by the ways."""
        return [NOTHING if position is None else quantities.get(position, NOTHING) for position in self.positions]


def ways_of(meter: Meter, version: Version) -> list[tuple[Way, int | None]]:
    """Of one meter: its items in order up to the first that takes every call, else a way that takes the rest."""
    found: list[tuple[Way, int | None]] = []
    items = sorted((item for item in version.items if item.meter is meter), key=lambda item: item.position)
    for item in items:
        found.append((way_of(item), item.position))
        if item.window is None:
            return found
    if found:
        # Only calls long enough for any of the items are a mistake in no window (rating.md 2).
        found.append((Way(meter, increment(meter), min(way.min_seconds for way, _ in found)), None))
    return found


def way_of(item: Item) -> Way:
    least = 0 if item.meter is Meter.SMS else item.min_seconds  # messages have no seconds
    return Way(item.meter, increment(item.meter, item.increment), least, item.window)


def increment(meter: Meter, own: Increment | None = None) -> Increment | None:
    return (own or Increment()) if meter in TIMES else None


def version_of(ways: Sequence[Way]) -> Version:
    """A tariff that measures just so and has no prices: way n is its item n."""
    items = tuple(
        Item(place, way.meter, increment=way.increment or Increment(), min_seconds=way.min_seconds, window=way.window)
        for place, way in enumerate(ways)
    )
    return Version("", "", Decimal(0), items)


def said(ways: Sequence[Way], *, zone: str, region: str) -> dict[str, Any]:
    """What decides what is measured of a month: the ways, the zone, and the region where public holidays matter."""
    holidays = any(way.window and way.window.holidays is not HolidayRule.ANY for way in ways)
    return {"zone": zone, "region": region if holidays else "", "ways": [way.said for way in ways]}


def digest(told: Mapping[str, Any]) -> str:
    """A short name of what is measured, the same wherever the same is measured."""
    return hashlib.sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:32]

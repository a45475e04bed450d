"""Prices of many tariffs changed at once: what each item would cost. Reads and values; `actions.prices` writes them.

A percentage or an amount per unit, per meter or for all meters, rounded to a step (halves away from zero). Free stays
free with a percentage, and an item without a price stays without. A price never falls below zero.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from balie.rules.errors import Refused
from balie.rules.meter import Meter
from balie.tariffs.checks import PRICE_PLACES, bad
from balie.tariffs.models import Item, Tariff, TariffVersion
from balie.tariffs.queries import VERSION_FIELDS, drafted, in_force, items_of, reaches_into, values_of, versions_of

ALL = ""


@dataclass(frozen=True)
class Adjustment:
    """What is done to a price: so many percent, or so much per unit; either may be negative."""

    percent: Decimal | None = None
    amount: Decimal | None = None

    def applied(self, price: str, step: Decimal) -> str:
        """The new price of a price as it is written, with as many decimals as the step or the price had."""
        old = Decimal(price)
        if not self.changes or (self.amount is None and not old):
            return price
        new = old * (100 + (self.percent or Decimal(0))) / 100 + (self.amount or Decimal(0))
        rounded = max(Decimal(0), (new / step).quantize(Decimal(1), ROUND_HALF_UP) * step)
        decimals = max(places(step), min(len(price.partition(".")[2]), 2))
        return f"{rounded:.{decimals}f}"

    @property
    def changes(self) -> bool:
        return bool(self.percent or self.amount)


def places(number: Decimal) -> int:
    """Decimals a number is written with."""
    return max(0, -int(number.normalize().as_tuple().exponent)) if number else 0


@dataclass(frozen=True)
class PriceRule:
    """What is asked for: tariffs (ids), from the first of a month, an adjustment per meter ("" for all others)."""

    tariffs: Collection[int]
    first_day: date
    adjustments: Mapping[str, Adjustment]
    round_to: Decimal = Decimal("0.01")

    def document(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "tariffs": sorted(self.tariffs),
            "from": str(self.first_day),
            "round_to": str(self.round_to),
            "adjustments": {
                meter: {"percent": text(one.percent), "amount": text(one.amount)}
                for meter, one in sorted(self.adjustments.items())
                if one.changes
            },
        }

    def of(self, meter: str) -> Adjustment:
        return self.adjustments.get(meter) or self.adjustments.get(ALL) or Adjustment()


def text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number.normalize():f}"


@dataclass(frozen=True)
class RaisedItem:
    """One item before and after; of steps their prices in order."""

    position: int
    meter: str
    title: Mapping[str, str]
    old: str
    new: str
    old_steps: tuple[str, ...] = ()
    new_steps: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        return (self.old, self.old_steps) != (self.new, self.new_steps)


@dataclass(frozen=True)
class Raised:
    """One tariff before and after. version: as it would be, not stored (`draft_items`); None where it is refused.

    later: a version that begins after it and keeps its own prices. refused: why this tariff cannot be changed.
    """

    tariff: Tariff
    base: TariffVersion | None
    version: TariffVersion | None
    items: tuple[RaisedItem, ...] = ()
    later: date | None = None
    refused: str = ""

    @property
    def changed(self) -> bool:
        return any(item.changed for item in self.items)


def price_change_preview(rule: PriceRule, *, closed: Collection[int]) -> list[Raised]:
    """What a change of prices does to each of its tariffs, by code. Nothing is stored.

    Refused for a rule that cannot be: no tariff, no change, an unknown meter, a day that is no first of a month.
    """
    refuse_impossible(rule)
    tariffs = list(Tariff.objects.filter(pk__in=rule.tariffs))
    versions = versions_of(tariffs)
    return [raised(tariff, versions.get(tariff.pk, []), rule, closed) for tariff in tariffs]


def refuse_impossible(rule: PriceRule) -> None:
    if not rule.tariffs:
        raise bad(_("Choose at least one tariff."), "tariffs")
    if rule.first_day.day != 1:
        raise bad(_("Prices change on the first of a month."), "from")
    if not any(one.changes for one in rule.adjustments.values()):
        raise bad(_("Say by how much prices change."), "adjustments")
    if not 0 < rule.round_to <= 1000 or places(rule.round_to) > PRICE_PLACES:
        raise bad(_("Prices are rounded to steps such as 0.01 or 0.05."), "round_to")
    for meter, one in rule.adjustments.items():
        if meter not in (ALL, *Meter):
            raise bad(_("“%(text)s” is not known; known are %(known)s.") % {"text": meter, "known": ", ".join(Meter)},
                      f"adjustments.{meter}")  # fmt: skip
        if one.percent is not None and one.amount is not None:
            raise bad(_("Give a percentage or an amount, not both."), f"adjustments.{meter}")
        if not -100 <= (one.percent or 0) <= 1000:
            raise bad(_("Prices change by -100 to 1000 percent."), f"adjustments.{meter}")


def raised(tariff: Tariff, versions: Sequence[TariffVersion], rule: PriceRule, closed: Collection[int]) -> Raised:
    base = in_force(versions, rule.first_day)
    later = next((one.first_day for one in versions if one.first_day and one.first_day > rule.first_day), None)
    if base is None:
        return Raised(tariff, None, None, later=later, refused=_("It has no prices on that day."))
    if base.first_day == rule.first_day:
        message = _("It has a version from that day already: change that one, or choose another month.")
        return Raised(tariff, base, None, later=later, refused=message)
    if reaches_into(rule.first_day, versions, closed):
        return Raised(tariff, base, None, later=later, refused=_("A closed month would get other prices."))
    rows = items_of(base)
    values = [raised_values(item, rule) for item in rows]
    items = tuple(shown(item, after) for item, after in zip(rows, values, strict=True))
    fields = {name: getattr(base, name) for name in VERSION_FIELDS}
    version = drafted(tariff, rule.first_day, fields, values)
    return Raised(tariff, base, version, items, later)


def raised_values(item: Item, rule: PriceRule) -> dict[str, Any]:
    """What an item says after the change."""
    adjustment = rule.of(item.meter)
    values = values_of(item)
    values["price"] = adjustment.applied(item.price, rule.round_to) if item.price else ""
    values["steps"] = [{**step, "price": adjustment.applied(step["price"], rule.round_to)} for step in item.steps]
    return values


def shown(item: Item, after: Mapping[str, Any]) -> RaisedItem:
    old, new = (tuple(step["price"] for step in steps) for steps in (item.steps, after["steps"]))
    return RaisedItem(item.position, item.meter, item.title, item.price, after["price"], old, new)


def refuse_refused(rows: Sequence[Raised]) -> None:
    """Refused where any of the tariffs cannot be changed, naming the first."""
    for row in rows:
        if row.refused:
            raise Refused("price_change", f"{row.tariff}: {row.refused}", "tariffs")

"""The offer for a contract that does not pay: the smallest fee, price per call or limit that would. Pure.

Which of them (rating.md 21, 24) follows from what the contract is; everything else of the tariff stays as it is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from balie.rules.meter import Meter
from balie.rules.money import rounded
from balie.rules.tariff import Cycle, Item, Version

CALL_STEP = Decimal("0.05")
LARGEST = Decimal(10_000_000)  # a fee beyond this is no offer
TIMED = (Meter.TALK_TIME, Meter.HANDLING_TIME)


class Kind(StrEnum):
    """What the profit of a contract hangs on."""

    COST_LIMIT = "cost_limit"
    FLAT_RATE = "flat_rate"
    FLAT_FEE = "flat_fee"  # per call
    OTHER = "other"


class Changes(StrEnum):
    """What an offer changes of a tariff."""

    BASIC_FEE = "basic_fee"
    CALL_PRICE = "call_price"
    COST_LIMIT = "cost_limit"


@dataclass(frozen=True, slots=True)
class Offer:
    """A version of the tariff with which the watched months reach the target, and the figure that changed."""

    changes: Changes
    fee: Decimal
    version: Version


def kind_of(version: Version) -> Kind:
    """Contracts with a cost limit; without priced time: flat per call where accepted calls have a price, else flat."""
    if version.cost_limit is not None:
        return Kind.COST_LIMIT
    if any(item.meter in TIMED and charges(item) for item in version.items):
        return Kind.OTHER
    if any(item.meter is Meter.CALLS_ACCEPTED and charges(item) for item in version.items):
        return Kind.FLAT_FEE
    return Kind.FLAT_RATE


def charges(item: Item) -> bool:
    """Whether an item ever costs anything: free is 0.00."""
    return any(rate for _up_to, rate, _written in item.rates)


Reaches = Callable[[Version], bool]


def offer(version: Version, *, step: Decimal, reaches: Reaches) -> Offer | None:
    """The smallest change with which `reaches` says yes; None where none does, or the contract is not watched.

    reaches: whether the watched months reach the target at a version.
    """
    kind = kind_of(version)
    if kind is Kind.FLAT_FEE:
        return smallest(Changes.CALL_PRICE, CALL_STEP, lambda price: with_call_price(version, price), reaches)
    if kind is Kind.FLAT_RATE:
        return smallest(Changes.BASIC_FEE, step, lambda fee: with_fee(version, fee), reaches)
    if kind is Kind.COST_LIMIT:
        unlimited = replace(version, cost_limit=None, tolerance_percent=None)
        if reaches(unlimited):
            return smallest(Changes.COST_LIMIT, step, lambda limit: replace(version, cost_limit=limit), reaches)
        return smallest(Changes.BASIC_FEE, step, lambda fee: with_fee(unlimited, fee), reaches)
    return None


def smallest(changes: Changes, step: Decimal, made: Callable[[Decimal], Version], reaches: Reaches) -> Offer | None:
    """The smallest multiple of the step that reaches; more of it never earns less, so halving finds it."""
    low, high = 0, 1
    while not reaches(made(high * step)):
        low, high = high, high * 2
        if high * step > LARGEST:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(made(middle * step)) else (middle, high)
    return Offer(changes, high * step, made(high * step))


def with_fee(version: Version, fee: Decimal) -> Version:
    """With this basic fee: of the first recurring one, else of a new one, monthly and in arrears, first in the list."""
    place = basic_fee_place(version)
    if place is None:
        added = Item(position=-1, meter=Meter.BASIC_FEE, price=written(fee))
        return replace(version, items=(added, *version.items))
    item = version.items[place]
    return with_item(version, place, replace(item, price=written(fee), steps=()))


def basic_fee_place(version: Version) -> int | None:
    """Where the basic fee stands: monthly before yearly."""
    fees = [
        (item.cycle is not Cycle.MONTHLY, place)
        for place, item in enumerate(version.items)
        if item.meter is Meter.BASIC_FEE and item.cycle is not Cycle.ONCE
    ]
    return min(fees)[1] if fees else None


def with_call_price(version: Version, price: Decimal) -> Version:
    """With this price per accepted call, in every window that charges for one."""
    for place in call_places(version):
        version = with_item(version, place, replace(version.items[place], price=written(price), steps=()))
    return version


def call_places(version: Version) -> Iterator[int]:
    for place, item in enumerate(version.items):
        if item.meter is Meter.CALLS_ACCEPTED and charges(item):
            yield place


def with_item(version: Version, place: int, item: Item) -> Version:
    return replace(version, items=(*version.items[:place], item, *version.items[place + 1 :]))


def written(amount: Decimal) -> str:
    """An amount as a tariff writes it: with at least two decimals, without further zeros."""
    plain = amount.normalize()
    exponent = plain.as_tuple().exponent
    return f"{plain:.2f}" if not isinstance(exponent, int) or exponent > -2 else f"{plain:f}"


def monthly_fee(version: Version) -> Fraction:
    """What the basic fees of a month come to; of a yearly one a twelfth."""
    found = Fraction(0)
    for item in version.items:
        if item.meter is Meter.BASIC_FEE and item.cycle is not Cycle.ONCE and item.rates:
            found += item.rates[0][1] / (12 if item.cycle is Cycle.YEARLY else 1)
    return found


def break_even(fee: Fraction, per_minute: Fraction) -> Fraction | None:
    """How many minutes of work a flat fee pays for; None where a minute costs nothing."""
    return fee / per_minute if per_minute else None


@dataclass(frozen=True, slots=True)
class Paid:
    """How many minutes of work a month's fee pays for: up to none is left of it, and up to the target margin."""

    break_even: Decimal | None = None
    target: Decimal | None = None


def paid_minutes(fee: Fraction, *, network: Fraction, per_hour: Fraction, target_percent: Fraction) -> Paid:
    """At what an agent hour costs, once networks and SMS of an average month are paid; nothing where it costs nothing.

    149.00 at 30.00 an hour: 298 minutes, and 238.4 for a margin of 20 %.
    """
    wanted = fee * (1 - target_percent / 100)
    minutes = [break_even(one - network, per_hour / 60) for one in (fee, wanted)]
    return Paid(*(None if one is None else rounded(one) for one in minutes))

"""The lines of a contract's month before limit and minimum: each item's usage and fees, rounded once. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from balie.rules import fees
from balie.rules.bill import Line
from balie.rules.errors import Phrase, Refused
from balie.rules.fees import Charge
from balie.rules.meter import BOOKED, Meter
from balie.rules.money import quotient
from balie.rules.period import Period
from balie.rules.tariff import Item, Unit, Version
from balie.rules.terms import Quantity, Terms
from balie.rules.why import Allowance, Measured, Portion, Reason, Why

# Lines by what they follow from, so that contracts of one tariff that come to the same share them. One month's.
Known = dict[Any, Sequence[Line]]


@dataclass(frozen=True, slots=True)
class Pricing:
    """One contract's month being priced. `cents`: decimals of the currency, 2 or 0."""

    terms: Terms
    version: Version
    period: Period
    cents: int
    known: Known = field(default_factory=dict)


def lines_of(here: Pricing, item: Item, quantity: Quantity) -> Sequence[Line]:
    """The lines of an item; many contracts have the same of a tariff, which are made once."""
    terms = here.terms
    key: tuple[Any, ...] = (id(here.version), item.position, quantity)
    if item.fee:
        held = (terms.bookings, terms.users) if item.meter in BOOKED else ()
        key = (*key[:2], id(terms.versions), terms.start, terms.end, terms.first_start, held)
    if (lines := here.known.get(key)) is None:
        lines = here.known[key] = list(fee_lines(here, item)) if item.fee else usage_lines(here, item, quantity)
    return lines


def usage_lines(here: Pricing, item: Item, quantity: Quantity) -> list[Line]:
    line = usage_line(here, item, quantity)
    return [line] if line else []


def usage_line(here: Pricing, item: Item, quantity: Quantity) -> Line | None:
    """The line of a usage item, also where nothing was used; none of an unpriced item that nothing used."""
    if not item.rates:
        if quantity.calls:
            raise no_price(here, item)
        return None
    used = min(item.included_quantity, quantity.billed)
    billed = quantity.billed - used
    why = Why(
        Reason.USAGE,
        here.version.code,
        here.version.first_day,
        item.unit,
        item.shown_price,
        billed,
        Measured(
            quantity.calls,
            quantity.seconds,
            quantity.too_short,
            item.min_seconds,
            item.increment if item.timed else None,
            item.window,
            quantity.billed if item.meter is Meter.SMS else None,
        ),
        Allowance(quantity.billed, item.included_quantity, used) if item.included else None,
        portions(item, billed) if item.steps else (),
    )
    return line_of(here, item, billed, cost(here, item, billed), why)


def fee_lines(here: Pricing, item: Item) -> Iterator[Line]:
    """A line for each stretch of time that stands on this bill."""
    for charge in fees.charges(here.terms, here.version, item, here.period):
        yield fee_line(here, item, charge)


def fee_line(here: Pricing, item: Item, charge: Charge) -> Line:
    """A fee of a month, with what of its quantity (pieces) is included and what remains to pay."""
    quantity = max(0, charge.quantity - item.included_quantity)
    why = Why(
        Reason.FEE,
        here.version.code,
        here.version.first_day,
        item.unit,
        item.shown_price,
        quantity,
        allowance=Allowance(charge.quantity, item.included_quantity, charge.quantity - quantity)
        if item.included
        else None,
        steps=portions(item, quantity) if item.steps else (),
        fee=charge.fee,
        booked=None if item.meter == Meter.BASIC_FEE else charge.quantity,
        active_users=charge.users,
    )
    return line_of(here, item, quantity, fee_amount(here, item, charge), why)


def line_of(here: Pricing, item: Item, quantity: int, amount: Decimal, why: Why) -> Line:
    month = why.fee.first_day.replace(day=1) if why.fee else here.period.first_day
    vat = here.version.vat_of(item)
    return Line(
        item.position, item.meter, quantity, item.unit, item.shown_price, amount, vat, month, why, item.title, item
    )


def fee_amount(here: Pricing, item: Item, charge: Charge, *, parts: int = 1) -> Decimal:
    """The amount of a fee, or one of so many parts of it."""
    quantity = max(0, charge.quantity - item.included_quantity)
    return cost(here, item, quantity, charge.share / parts if parts > 1 else charge.share)


def cost(here: Pricing, item: Item, quantity: int, share: Fraction | None = None) -> Decimal:
    """Quantity × price, exact until it is rounded here, once. Refused where no price or step covers it."""
    parts, rates = item.parts
    total = counted = 0
    for up_to, price in rates:
        end = quantity if up_to is None else min(up_to, quantity)
        total += price * (end - counted)
        counted = end
    if counted < quantity or not rates:
        raise no_price(here, item)
    if share is not None:
        total, parts = total * share.numerator, parts * share.denominator
    return quotient(total, parts, here.cents)


def portions(item: Item, quantity: int) -> tuple[Portion, ...]:
    """How much of a quantity falls into which step."""
    found, counted = [], 0
    for up_to, _, price in item.rates:
        end = quantity if up_to is None else min(up_to, quantity)
        if end > counted:
            found.append(Portion(end - counted, price))
            counted = end
    return tuple(found)


def no_price(here: Pricing, item: Item) -> Refused:
    said = Phrase(
        'Client %(client)s, tariff %(tariff)s, item "%(item)s" (%(meter)s), %(month)s: %(missing)s; free is 0.00.',
        client=here.terms.number, tariff=here.version.code, item=item.named(), meter=item.meter.value,
        month=str(here.period),
        missing=Phrase("its steps do not cover the quantity") if item.steps else Phrase("it has no price"),
    )  # fmt: skip
    return Refused("no_price", said, f"tariff {here.version.code}, items[{item.position}]")


def extra_line(here: Pricing, meter: str, amount: Decimal, why: Why) -> Line:
    """A line that no item has; taxed as the tariff is."""
    vat, month = here.version.vat_percent, here.period.first_day
    return Line(None, meter, 1, Unit.PIECE, str(amount), amount, vat, month, why)

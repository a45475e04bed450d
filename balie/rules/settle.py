"""Fees on frozen bills against what they ought to be now: ended since, booked since (rating.md 12). Pure."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from balie.rules import fees
from balie.rules.bill import Line
from balie.rules.fees import Charge
from balie.rules.lines import Pricing, fee_amount, line_of
from balie.rules.meter import Meter
from balie.rules.period import Period
from balie.rules.tariff import Cycle, Item
from balie.rules.terms import Carried, Terms
from balie.rules.why import Fee, Reason, Settlement, Why

ZERO = Decimal("0.00")


def settlements(terms: Terms, period: Period, cents: int) -> Iterator[Line]:
    """The lines that set frozen bills right on the bill of this month.

    What was billed for time after an earlier end, or for more than is booked now, comes back with proration only. What
    the frozen bill of the month before should have carried for this month, booked since, is charged now.
    """
    for carried in terms.carried:
        users = carried.quantity + carried.item.included_quantity if carried.item.meter == Meter.USER_MODULE else 0
        here = Pricing(replace(terms, users=users), carried.version, period, cents)
        due = fees.due_now(here.terms, carried.version, carried.item, carried.first_day)
        if line := settled(here, carried, due):
            yield line
    if terms.after_frozen and (before := terms.version_in(period.previous())):
        yield from forgotten(Pricing(replace(terms, users=0), before, period, cents))


def settled(here: Pricing, carried: Carried, charge: Charge | None) -> Line | None:
    """What is owed of a fee beside what was billed in advance; None where nothing is. charge: what is due now."""
    due = fee_amount(here, carried.item, charge) if charge else ZERO
    if due == carried.amount or (due < carried.amount and not carried.version.prorate):
        return None
    quantity = max(0, charge.quantity - carried.item.included_quantity) if charge else 0
    # The first day stays that of the frozen line: by it the two are known to be about one fee.
    fee = charge.fee._replace(first_day=carried.first_day) if charge else Fee(carried.first_day, carried.last_day, 0, 1)
    return settling(here, carried.item, abs(quantity - carried.quantity) or quantity, (fee, due, carried.amount))


def forgotten(here: Pricing) -> Iterator[Line]:
    """Fees for this month that the bill of the month before, in advance, does not carry at all."""
    carried = [one for one in here.terms.carried if fees.begins_in(one.first_day, here.period)]
    for item in here.version.items:
        ahead = item.fee and item.cycle is Cycle.MONTHLY and item.in_advance
        if not ahead or any(one.item.position == item.position for one in carried):
            continue
        for charge in fees.monthly(here.terms, here.version, item, here.period):
            quantity = max(0, charge.quantity - item.included_quantity)
            yield settling(here, item, quantity, (charge.fee, fee_amount(here, item, charge), ZERO))


def settling(here: Pricing, item: Item, quantity: int, sums: tuple[Fee, Decimal, Decimal]) -> Line:
    """A line of the difference: the fee, what is due for it and what was billed."""
    fee, due, billed = sums
    why = Why(
        Reason.SETTLED,
        here.version.code,
        here.version.first_day,
        item.unit,
        item.shown_price,
        quantity,
        fee=fee,
        settlement=Settlement(due, billed),
    )
    return line_of(here, item, quantity, due - billed, why)

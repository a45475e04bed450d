"""The cost limit and the minimum revenue of a contract's month. Pure.

Both look at what is flagged and is *for* the month, whatever bill it stands on (rating.md 14, 15).
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from balie.rules import fees
from balie.rules.bill import COST_LIMIT, MINIMUM_REVENUE, LimitState, Line
from balie.rules.lines import Pricing, extra_line, fee_amount
from balie.rules.money import rounded
from balie.rules.tariff import Cycle, Item
from balie.rules.why import Cap, Lift, Reason, Why

ZERO = Decimal("0.00")


def counted(here: Pricing, lines: Iterable[Line], flagged: Iterable[Item]) -> dict[int, Decimal]:
    """What each of the flagged items counts to limit or minimum of this month, by position (rating.md 14).

    Only of those asked for: a fee that neither needs may lack its price until it is due.
    """
    amounts = {line.position: line.amount for line in lines if line.why.reason is Reason.USAGE}
    found: dict[int, Decimal] = {}
    for item in flagged:
        if not item.fee:
            found[item.position] = amounts.get(item.position, ZERO)
        elif charge := fees.for_month(here.terms, here.version, item, here.period):
            parts = 12 if item.cycle is Cycle.YEARLY else 1
            found[item.position] = fee_amount(here, item, charge, parts=parts)
    return found


def limited(here: Pricing, lines: list[Line]) -> tuple[list[Line], LimitState | None]:
    """The lines under the cost limit, with the limit's own line where it is reached."""
    limit = here.version.cost_limit
    if limit is None:
        return lines, None
    capped = [item for item in here.version.items if item.capped]
    total = sum(counted(here, lines, capped).values(), ZERO)
    tolerated = limit * (100 + (here.version.tolerance_percent or 0)) / 100
    state = LimitState(limit, total, reached=total > limit, task=total > tolerated)
    if not state.reached:
        return lines, state
    amount = rounded(Fraction(limit), here.cents)
    why = Why(Reason.COST_LIMIT, here.version.code, here.version.first_day, cap=Cap(limit, total, total))
    return [*(under_limit(line, state) for line in lines), extra_line(here, COST_LIMIT, amount, why)], state


def under_limit(line: Line, state: LimitState) -> Line:
    """The line as it stands under a reached limit: nothing where the item is flagged."""
    if line.item is None or not line.item.capped:
        return line
    why = line.why._replace(cap=Cap(state.limit, state.sum, line.amount))
    return line._replace(quantity=0, amount=ZERO, why=why)


def lifted(here: Pricing, lines: Iterable[Line], state: LimitState | None) -> Iterator[Line]:
    """The line that lifts the flagged items to the minimum revenue; a reached limit counts in place of its items."""
    minimum = here.version.minimum_revenue
    if minimum is None:
        return
    flagged = [item for item in here.version.items if item.minimum_revenue]
    amounts, reached = counted(here, lines, flagged), state is not None and state.reached
    total = Fraction(sum((amounts.get(item.position, ZERO) for item in flagged if not (reached and item.capped)), ZERO))
    if state and reached:
        part = sum((amounts.get(item.position, ZERO) for item in flagged if item.capped), ZERO)
        total += Fraction(state.limit) * Fraction(part) / Fraction(state.sum)
    if (amount := rounded(Fraction(minimum) - total, here.cents)) > 0:
        lift = Lift(minimum, rounded(total, here.cents))
        why = Why(Reason.MINIMUM_REVENUE, here.version.code, here.version.first_day, lift=lift)
        yield extra_line(here, MINIMUM_REVENUE, amount, why)

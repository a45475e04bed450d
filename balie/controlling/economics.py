"""What every service of every client earned and cost in a month, as rows to be kept. Reads only; keep.py stores them.

Revenue and cost are those of the watch (looks.py), of months too that a contract covered in part; in cents, so that the
sums on a page are those of its rows.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from balie.billing.pricing import House
from balie.contracts.models import Contract
from balie.controlling.costs import Costs
from balie.controlling.expected import expectations
from balie.controlling.limit_day import Limited
from balie.controlling.looks import Looked, looked_at, quantities_of
from balie.controlling.models import Economics
from balie.controlling.worked import SMS, Key, Work, work
from balie.operator.models import FixedCost, Operator
from balie.operator.queries import fixed_costs
from balie.rules import margin
from balie.rules.bill import LimitState
from balie.rules.errors import Refused
from balie.rules.margin import Earned, Spread
from balie.rules.money import rounded
from balie.rules.period import Period
from balie.rules.terms import Quantities

ZERO = Decimal("0.00")


@dataclass
class Part:
    """One service of one client: its contracts of the month, the earliest first, and the work for them."""

    client: int
    service: str
    looked: list[Looked] = field(default_factory=list)
    work: Work = field(default_factory=Work)


def economics(period: Period, *, operator: Operator, now: datetime) -> list[Economics]:
    """The rows of a month, by client and service, not stored. A few queries and one reading of the month's calls."""
    house = House.of(operator)
    looked = looked_at(period.first_day, period.last_day)
    parts = parts_of(looked, work(period, None, Costs.of(operator)))
    quantities = quantities_of(looked, period, house)
    rows = [row_of(part, period, quantities, house) for part in parts]
    if period == Period.of(now, operator.timezone):
        expect_limits(rows, parts, quantities, operator=operator, now=now, period=period)
    spread_fixed(rows, [one for one in fixed_costs() if one.holds(period.key)], house.cents)
    return rows


def parts_of(looked: Sequence[Looked], done: Mapping[Key, Work]) -> list[Part]:
    """Every service with a contract or with work. SMS without a contract of its own is work for another service."""
    found: dict[Key, Part] = {}
    for one in looked:
        key = one.contract.client_id, one.contract.service
        found.setdefault(key, Part(*key)).looked.append(one)
    main: dict[int, Part] = {}
    for part in found.values():
        main.setdefault(part.client, part)
    for key, worked in done.items():
        other = main.get(key[0]) if key[1] == SMS else None
        known = found.get(key) or other or found.setdefault(key, Part(*key))
        known.work += worked
    return sorted(found.values(), key=lambda part: (part.client, part.service))


def row_of(part: Part, period: Period, quantities: Quantities, house: House) -> Economics:
    """One row; where a price is missing without revenue, with what pricing said."""
    cost = rounded(part.work.cost, house.cents)
    row = Economics(
        client_id=part.client,
        month=period.key,
        service=part.service,
        tariff=part.looked[-1].contract.tariff if part.looked else None,
        whole=covered([one.contract for one in part.looked], period),
        calls=part.work.calls,
        handling=part.work.worked.handling,
        cost=cost,
        network=min(cost, rounded(part.work.network, house.cents)),
        revenue=ZERO,
    )
    try:
        earned = [earned_by(one, period, quantities, house) for one in part.looked]
    except Refused as refusal:
        row.revenue = None
        row.problem = {"code": refusal.code, "where": refusal.where, "message": refusal.message}
        return row
    row.revenue = sum((one.revenue for one in earned), ZERO)
    if earned and (state := earned[-1].limit):
        keep_limit(row, state, part.looked[-1], period)
    return row


def earned_by(one: Looked, period: Period, quantities: Quantities, house: House) -> Earned:
    return margin.earned(one.terms, period, quantities.get(one.contract.pk, {}), cents=house.cents)


def covered(contracts: Sequence[Contract], period: Period) -> bool:
    """Whether contracts, one after the other, cover the month from the first to the last day."""
    days = {
        day for one in contracts for day in period.days() if one.start <= day and (one.end is None or day <= one.end)
    }
    return len(days) == period.last_day.day


def keep_limit(row: Economics, state: LimitState, one: Looked, period: Period) -> None:
    version = one.terms.version_in(period)
    row.limit, row.limit_sum = state.limit, state.sum
    row.tolerance_percent = (version.tolerance_percent if version else None) or Decimal(0)


def expect_limits(
    rows: Sequence[Economics],
    parts: Sequence[Part],
    quantities: Quantities,
    *,
    operator: Operator,
    now: datetime,
    period: Period,
) -> None:
    """What counts to cost limits at the end of the running month, as the watch expects it."""
    limited = [(row, part.looked[-1]) for row, part in zip(rows, parts, strict=True) if row.limit is not None]
    if not limited:
        return
    cents = House.of(operator).cents
    expected = expectations(period, {row.client_id for row, _one in limited}, operator=operator, now=now)
    for row, one in limited:
        used = quantities.get(one.contract.pk, {})
        expect_limit(row, Limited(one, period, used, expected[row.client_id], cents))


def expect_limit(row: Economics, limited: Limited) -> None:
    made = limited.expected.amount
    try:
        ends = [limited.state(end) for end in (made.expected, made.low, made.high)]
        day = limited.days().limit
    except Refused:  # steps that do not reach so far: nothing can be said of the end
        return
    row.limit_expected, row.limit_low, row.limit_high = (one.sum if one else None for one in ends)
    row.limit_day = day


def spread_fixed(rows: Sequence[Economics], costs: Sequence[FixedCost], cents: int) -> None:
    """Each fixed cost in shares, together the cost to the cent."""
    for one in costs:
        shares = margin.spread(one.amount, weights(rows, Spread(one.spread)), cents=cents)
        for row, share in zip(rows, shares, strict=True):
            row.fixed = (row.fixed or ZERO) + share


def weights(rows: Sequence[Economics], by: Spread) -> list[Fraction | int]:
    """What counts for the share of each row; alike for each client where nobody has any of it."""
    found: list[Fraction | int] = []
    if by is Spread.CALLS:
        found = [row.calls for row in rows]
    elif by is Spread.MINUTES:
        found = [row.handling for row in rows]
    elif by is Spread.REVENUE:
        found = [max(Fraction(row.revenue or 0), Fraction(0)) for row in rows]
    return found if any(found) else one_a_client(rows)


def one_a_client(rows: Sequence[Economics]) -> list[Fraction | int]:
    """Clients alike, whatever number of services they have: the first of them bears it."""
    seen: dict[int, int] = defaultdict(int)
    found: list[Fraction | int] = []
    for row in rows:
        found.append(0 if seen[row.client_id] else 1)
        seen[row.client_id] += 1
    return found

"""What a contract earns and costs in a month, as controlling looks at it. Pure.

Revenue is what belongs to the month, whatever bill it stands on: usage, the recurring fees for it (a yearly one by a
twelfth), cost limit and minimum revenue; not what is charged once (rating.md 20). Exact amounts are Fractions of the
currency's unit; rounding them is for who shows them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from balie.rules import fees
from balie.rules.bill import LimitState, Line
from balie.rules.errors import Phrase, Refused
from balie.rules.limits import lifted, limited
from balie.rules.lines import Pricing, fee_amount, line_of, usage_line
from balie.rules.period import Period
from balie.rules.tariff import Cycle, Item
from balie.rules.terms import NOTHING, Quantity, Terms
from balie.rules.why import Reason, Why

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Worked:
    """What was worked for a client: seconds of handling, seconds per network, parts of SMS."""

    handling: int = 0
    forwarded_fixed: int = 0
    forwarded_mobile: int = 0
    forwarded_other: int = 0
    outbound_fixed: int = 0
    outbound_mobile: int = 0
    outbound_other: int = 0
    sms: int = 0

    def __add__(self, other: "Worked") -> "Worked":
        return Worked(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Worked)))


NETWORKS = tuple(one.name for one in fields(Worked) if one.name not in ("handling", "sms"))
COSTS = ("agent_per_hour", *NETWORKS, "sms")


def cost(worked: Worked, costs: Mapping[str, str]) -> Fraction:
    """Handling time × cost per agent hour + time per network × its cost per minute + SMS × cost.

    costs: amounts as written, by the keys of a world file; what is not there costs nothing.
    """
    return agents_cost(worked.handling, costs) + other_cost(worked, costs)


def agents_cost(seconds: int, costs: Mapping[str, str]) -> Fraction:
    """Handling time (seconds) × cost per agent hour."""
    return Fraction(seconds, 3600) * Fraction(costs.get("agent_per_hour") or 0)


def other_cost(worked: Worked, costs: Mapping[str, str]) -> Fraction:
    """What the networks and SMS cost."""
    found = worked.sms * Fraction(costs.get("sms") or 0)
    for name in NETWORKS:
        found += Fraction(getattr(worked, name), 60) * Fraction(costs.get(name) or 0)
    return found


@dataclass(frozen=True, slots=True)
class CostSet:
    """What work costs from a day on, until another set does; `first_day` None: from ever. `groups`: what an hour of
    the agents of a group (by its id) costs, where that is not what every other agent's does."""

    costs: Mapping[str, str]
    first_day: date | None = None
    groups: Mapping[int, str] = field(default_factory=dict)

    def of_group(self, group: int | None) -> Mapping[str, str]:
        """The amounts with the agent hour of this group."""
        own = self.groups.get(group) if group is not None else None
        return {**self.costs, "agent_per_hour": own} if own else self.costs


def held(sets: Sequence[CostSet], first: date, last: date) -> Iterator[tuple[date, date, CostSet]]:
    """The parts of the days from first to last, each with the set that holds in it; the earliest first.

    sets: at most one for each first day, one of them from ever.
    """
    ordered = sorted(sets, key=lambda one: one.first_day or date.min)
    for at, one in enumerate(ordered):
        after = ordered[at + 1].first_day if at + 1 < len(ordered) else None
        begin = max(first, one.first_day or first)
        end = min(last, after - timedelta(days=1)) if after else last
        if begin <= end:
            yield begin, end, one


class Spread(StrEnum):
    """By what fixed costs are spread over the clients of a month."""

    CALLS = "calls"
    MINUTES = "minutes"  # handled
    REVENUE = "revenue"
    CLIENT = "client"  # each alike


def spread(amount: Decimal, weights: Sequence[Fraction | int], *, cents: int = 2) -> list[Decimal]:
    """The amount in parts as the weights (none negative) are, each whole cents, together exactly the amount.

    The cents that rounding down leaves over go to the largest remainders, the first of equal ones. Alike where all
    weights are nothing; no parts where there is nobody.
    """
    if not weights:
        return []
    total = sum(weights, Fraction(0))
    known = [Fraction(one) for one in weights] if total else [Fraction(1)] * len(weights)
    unit = Decimal(1).scaleb(-cents)
    whole = int(amount / unit)
    exact = [whole * one / (total or len(weights)) for one in known]
    parts = [int(one) for one in exact]
    order = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in order[: whole - sum(parts)]:
        parts[at] += 1
    return [(one * unit).quantize(Decimal("0.01")) for one in parts]


@dataclass(frozen=True, slots=True)
class Earned:
    """What a contract earned in a month, net, and how its cost limit stands."""

    revenue: Decimal
    limit: LimitState | None


def earned(terms: Terms, period: Period, quantities: Mapping[int, Quantity], *, cents: int = 2) -> Earned:
    """What belongs to the month of one contract.

    Raises Refused as pricing does, and for a month before the tariff's first version.
    """
    version = terms.version_in(period)
    if version is None:
        message = Phrase(
            "Client %(client)s: its tariff has no version that holds in %(month)s.",
            client=terms.number, month=str(period),
        )  # fmt: skip
        raise Refused("no_version", message, f"client {terms.number}")
    here = Pricing(terms, version, period, cents)
    lines = [*usage(here, quantities), *recurring(here)]
    capped, state = limited(here, lines)
    revenue = sum((line.amount for line in (*capped, *lifted(here, lines, state))), ZERO)
    return Earned(revenue, state)


def usage(here: Pricing, quantities: Mapping[int, Quantity]) -> Iterator[Line]:
    for item in here.version.items:
        if not item.fee and (line := usage_line(here, item, quantities.get(item.position, NOTHING))):
            yield line


def recurring(here: Pricing) -> Iterator[Line]:
    """The fees for this month; of a yearly one a twelfth."""
    for item in here.version.items:
        if item.fee and item.cycle is not Cycle.ONCE:
            yield from fee_of_month(here, item)


def fee_of_month(here: Pricing, item: Item) -> Iterator[Line]:
    if charge := fees.for_month(here.terms, here.version, item, here.period):
        amount = fee_amount(here, item, charge, parts=12 if item.cycle is Cycle.YEARLY else 1)
        why = Why(Reason.FEE, here.version.code, here.version.first_day, fee=charge.fee)
        yield line_of(here, item, charge.quantity, amount, why)


def covered(terms: Terms, period: Period) -> bool:
    """Whether the contract held on every day of the month: only then its margin says anything (rating.md 20)."""
    return terms.start <= period.first_day and terms.last >= period.last_day


@dataclass(frozen=True, slots=True)
class Margin:
    """Revenue and cost of one or more months together, exact."""

    revenue: Fraction = Fraction(0)
    cost: Fraction = Fraction(0)

    @classmethod
    def of(cls, months: Iterable[tuple[Decimal, Fraction]]) -> "Margin":
        """Sum against sum: a month with little in it weighs little."""
        pairs = list(months)
        return cls(Fraction(sum((one for one, _ in pairs), ZERO)), sum((one for _, one in pairs), Fraction(0)))

    @property
    def amount(self) -> Fraction:
        return self.revenue - self.cost

    @property
    def percent(self) -> Fraction | None:
        """Margin in percent of the revenue; None where nothing was earned."""
        return self.amount * 100 / self.revenue if self.revenue else None

    def reaches(self, target_percent: Decimal) -> bool:
        """Whether the margin is at least the target. What earns and costs nothing is no loss."""
        return self.revenue >= wanted_revenue(self.cost, target_percent)


def wanted_revenue(cost: Fraction, target_percent: Decimal) -> Fraction:
    """What has to be earned for the margin to be the target: cost 250.00 and 20 % want 312.50."""
    return cost / (1 - Fraction(target_percent) / 100)

"""How contracts stand: what they used, earned and cost over months. Reads only."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from balie.billing.pricing import House, measured
from balie.billing.terms import terms_of, versions_of
from balie.contracts.models import Contract
from balie.contracts.queries import contracts_between
from balie.controlling.costs import Costs
from balie.controlling.worked import SMS, Work, work
from balie.controlling.yardstick import yardstick
from balie.operator.models import Operator
from balie.rules import margin
from balie.rules.errors import Refused
from balie.rules.margin import Margin
from balie.rules.period import Period
from balie.rules.tariff import Version
from balie.rules.terms import NOTHING, Quantities, Quantity, Terms


@dataclass(frozen=True)
class Looked:
    """One contract with what it is priced by."""

    contract: Contract
    terms: Terms


@dataclass(frozen=True)
class MonthUsed:
    """A month of one contract that it covered entirely: what was measured, and what the work for it cost."""

    period: Period
    quantities: Mapping[int, Quantity]
    cost: Fraction


@dataclass(frozen=True)
class Past:
    """The months of one contract by which its profit is judged, the earliest first."""

    looked: Looked
    months: tuple[MonthUsed, ...]
    cents: int

    def margin(self, version: Version | None = None) -> Margin:
        """Sum against sum over the months; with a version as if that had held in all of them.

        Raises Refused where a price is missing.
        """
        terms = self.looked.terms
        if version is not None:
            terms = replace(terms, versions=(replace(version, first_day=None),))
        return Margin.of((self.earned(terms, month), month.cost) for month in self.months)

    def earned(self, terms: Terms, month: MonthUsed) -> Decimal:
        return margin.earned(terms, month.period, month.quantities, cents=self.cents).revenue


def looked_at(first: date, last: date) -> list[Looked]:
    """The contracts with a day within these, by client number and service. Six queries."""
    contracts = list(contracts_between(first, last).order_by("client__number", "service", "start"))
    return [
        Looked(one, terms) for one, terms in zip(contracts, terms_of(contracts, versions_of(contracts)), strict=True)
    ]


def months_to(last: Period, count: int) -> list[Period]:
    """So many months up to this one, the earliest first (rating.md 22)."""
    found = [last]
    while len(found) < count:
        found.insert(0, found[0].previous())
    return found


def pasts(looked: Sequence[Looked], last: Period, operator: Operator) -> list[Past]:
    """What these contracts used and cost in the months up to the last that their tariff, else the operator, looks back
    on, as far as they covered them entirely; those without one are left out."""
    house, costs = House.of(operator), Costs.of(operator)
    counts = {one.contract.pk: yardstick(one.contract.tariff, operator).months for one in looked}
    found: dict[int, list[MonthUsed]] = defaultdict(list)
    months = months_to(last, max(counts.values(), default=1))
    for back, period in zip(range(len(months), 0, -1), months, strict=True):
        whole = [one for one in looked if back <= counts[one.contract.pk] and margin.covered(one.terms, period)]
        if not whole:
            continue
        clients = {one.contract.client_id for one in whole}
        quantities, done = quantities_of(whole, period, house), work(period, clients, costs)
        for one in whole:
            cost = of_contract(one, looked, done).cost
            used = quantities.get(one.contract.pk, {})
            found[one.contract.pk].append(MonthUsed(period, used, cost))
    return [Past(one, tuple(found[one.contract.pk]), house.cents) for one in looked if found[one.contract.pk]]


def quantities_of(looked: Sequence[Looked], period: Period, house: House) -> Quantities:
    """What contracts used of their items. Where one lacks a window for its usage, that one is measured as nothing:
    it is told where it is priced."""
    terms = [one.terms for one in looked]
    try:
        return measured(terms, period, house, {one.client for one in terms})
    except Refused:
        return dict(one_by_one(terms, period, house))


def one_by_one(terms: Sequence[Terms], period: Period, house: House) -> Iterator[tuple[int, Mapping[int, Quantity]]]:
    for one in terms:
        try:
            yield one.contract, measured([one], period, house, [one.client]).get(one.contract, {})
        except Refused:
            continue


def of_contract(one: Looked, others: Sequence[Looked], done: Mapping[tuple[int, str], Work]) -> Work:
    """The work for one contract: that of its service, and SMS where no contract of the client is for those alone."""
    client, service = one.contract.client_id, one.contract.service
    own = done.get((client, service), Work())
    if service != SMS and not any(
        other.contract.client_id == client and other.contract.service == SMS for other in others
    ):
        own += done.get((client, SMS), Work())
    return own


def scaled(quantities: Mapping[int, Quantity], factor: float) -> dict[int, Quantity]:
    """Quantities as they would be at the end of the month; what is included and stepped is counted anew by pricing."""
    return {
        position: Quantity(*(round(part * factor) for part in (one.calls, one.seconds, one.billed, one.too_short)))
        for position, one in quantities.items()
    } or {0: NOTHING}


def days_of(first: date, last: date) -> list[date]:
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]

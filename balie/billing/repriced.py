"""A month of many clients with other versions of their tariffs, all at once. Nothing is stored.

The contracts at these tariffs only: what else a client has costs the same before and after.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from balie.accounts.models import Client
from balie.billing.past import as_they_were
from balie.billing.pricing import House, measured, priced_part
from balie.billing.terms import Priceable
from balie.operator.queries import operator
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.rules.terms import Quantities
from balie.tariffs.models import TariffVersion
from balie.tariffs.queries import terms_of as version_terms


@dataclass(frozen=True)
class Repriced:
    """One contract's month, net, as it was and at the other version."""

    client: Client
    old: Decimal
    new: Decimal

    @property
    def difference(self) -> Decimal:
        return self.new - self.old


@dataclass(frozen=True)
class Repricing:
    """All contracts that could be priced both ways, by the client's number; and how many lack a price."""

    found: list[Repriced]
    unpriced: int


def repriced(period: Period, versions: Mapping[int, TariffVersion]) -> Repricing:
    """The month of every contract at one of these tariffs (ids) as it was, and at the version given for its tariff.

    As `preview` prices one client: a closed month's contracts are as they were frozen, corrections are left out. The
    number of queries is the same for any number of clients.
    """
    house = House.of(operator())
    before = as_they_were(period, tariffs=versions)
    after = [with_version(one, versions[one.contract.tariff_id]) for one in before]
    try:
        quantities = [quantities_of(rows, period, house) for rows in (before, after)]
    except Refused:  # a window is missing: nothing can be measured, neither then nor with other prices
        return Repricing([], len(before))
    found = []
    for was, other in zip(before, after, strict=True):
        old = net_or_none(was, period, house, quantities[0])
        new = net_or_none(other, period, house, quantities[1])
        if old is not None and new is not None:
            found.append(Repriced(was.contract.client, old, new))
    return Repricing(found, len(before) - len(found))


def with_version(one: Priceable, version: TariffVersion) -> Priceable:
    return replace(one, terms=replace(one.terms, versions=(replace(version_terms(version), first_day=None),)))


def quantities_of(rows: Sequence[Priceable], period: Period, house: House) -> Quantities:
    return measured([one.terms for one in rows], period, house, {one.contract.client_id for one in rows})


def net_or_none(one: Priceable, period: Period, house: House, quantities: Quantities) -> Decimal | None:
    try:
        return priced_part(one, period, house, quantities).net
    except Refused:
        return None

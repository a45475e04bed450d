"""The contracts of a month as they were: of a closed month as they were frozen, of another as they stand."""

from collections.abc import Collection

from balie.accounts.models import Client
from balie.billing.frozen import terms_read
from balie.billing.models import FrozenPart
from balie.billing.terms import Priceable, terms_of, versions_of
from balie.contracts.queries import contracts_between
from balie.rules.period import Period


def as_they_were(
    period: Period, *, client: Client | None = None, tariffs: Collection[int] | None = None
) -> list[Priceable]:
    """Those with a day in the month by the client's number, service and start, nothing carried over from other bills.

    client: only this one's. tariffs: only those at one of these (ids).
    """
    rows = FrozenPart.objects.filter(bill__month=period.key, contract__isnull=False)
    standing = contracts_between(period.first_day, period.last_day)
    if client is not None:
        rows, standing = rows.filter(bill__client=client), standing.filter(client=client)
    if tariffs is not None:
        rows, standing = rows.filter(contract__tariff__in=tariffs), standing.filter(tariff__in=tariffs)
    whole = rows.select_related("bill__client", "contract__client", "contract__tariff")
    kept = [part for part in whole if "start" in part.terms]
    if kept:
        contracts = [part.contract for part in kept if part.contract]
        versions = versions_of(contracts)
        made = [terms_read(part, versions.get(one.tariff_id, ())) for part, one in zip(kept, contracts, strict=True)]
    else:
        contracts = list(standing)
        made = terms_of(contracts, versions_of(contracts))
    found = [Priceable(contract, terms) for contract, terms in zip(contracts, made, strict=True)]
    within = [one for one in found if one.terms.covers(period)]
    return sorted(within, key=lambda one: (one.contract.client.number, one.contract.service, one.contract.start))

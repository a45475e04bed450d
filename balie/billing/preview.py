"""A client's month at another tariff: its contracts with the versions exchanged. Nothing is stored."""

from dataclasses import replace

from balie.accounts.models import Client
from balie.billing.frozen import terms_read
from balie.billing.models import FrozenPart
from balie.billing.terms import Priceable, terms_of, versions_of
from balie.contracts.queries import contracts_between
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.rules.tariff import Version
from balie.tariffs.models import Tariff, TariffVersion
from balie.tariffs.queries import terms_by_tariff
from balie.tariffs.queries import terms_of as version_terms


def at_tariff(client: Client, period: Period, tariff: Tariff | TariffVersion) -> list[Priceable]:
    """The client's contracts of the month; that of the tariff's service is at this tariff.

    Of a closed month they are as they were frozen. Refused where there is no contract of the service.
    """
    service = tariff.service if isinstance(tariff, Tariff) else tariff.tariff.service
    found, exchanged = as_they_were(client, period), False
    for place, one in enumerate(found):
        if one.contract.service == service:
            found[place] = replace(one, terms=replace(one.terms, versions=versions_for(tariff, period)))
            exchanged = True
    if not exchanged:
        message = f"Client {client.number} has no contract of the service {service} in {period}."
        raise Refused("no_contract", message, f"client {client.number}")
    return found


def as_they_were(client: Client, period: Period) -> list[Priceable]:
    """The client's contracts of a month, by service and start, nothing carried over from other bills."""
    rows = FrozenPart.objects.filter(bill__client=client, bill__month=period.key, contract__isnull=False)
    kept = [
        part
        for part in rows.select_related("bill__client", "contract__client", "contract__tariff")
        if "start" in part.terms
    ]
    if kept:
        contracts = [part.contract for part in kept if part.contract]
        versions = versions_of(contracts)
        made = [terms_read(part, versions.get(one.tariff_id, ())) for part, one in zip(kept, contracts, strict=True)]
    else:
        contracts = list(contracts_between(period.first_day, period.last_day).filter(client=client))
        made = terms_of(contracts, versions_of(contracts))
    found = [Priceable(contract, terms) for contract, terms in zip(contracts, made, strict=True)]
    within = [one for one in found if one.terms.covers(period)]
    return sorted(within, key=lambda one: (one.contract.service, one.contract.start))


def versions_for(tariff: Tariff | TariffVersion, period: Period) -> tuple[Version, ...]:
    """A tariff's versions; one that begins later, or a draft, prices the month as if it had held always."""
    if isinstance(tariff, TariffVersion):
        return (replace(version_terms(tariff), first_day=None),)
    versions = terms_by_tariff([tariff]).get(tariff.pk, ())
    if versions and versions[0].first_day and versions[0].first_day > period.first_day:
        return (replace(versions[0], first_day=None), *versions[1:])
    return versions

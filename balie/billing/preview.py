"""A client's month at another tariff: its contracts with the versions exchanged. Nothing is stored."""

from dataclasses import replace

from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.billing.past import as_they_were
from balie.billing.terms import Priceable
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
    found, exchanged = as_they_were(period, client=client), False
    for place, one in enumerate(found):
        if one.contract.service == service:
            found[place] = replace(one, terms=replace(one.terms, versions=versions_for(tariff, period)))
            exchanged = True
    if not exchanged:
        message = _("Client %(client)s has no contract of the service %(service)s in %(month)s.")
        said = message % {"client": client.number, "service": service, "month": period}
        raise Refused("no_contract", said, f"client {client.number}")
    return found


def versions_for(tariff: Tariff | TariffVersion, period: Period) -> tuple[Version, ...]:
    """A tariff's versions; one that begins later, or a draft, prices the month as if it had held always."""
    if isinstance(tariff, TariffVersion):
        return (replace(version_terms(tariff), first_day=None),)
    versions = terms_by_tariff([tariff]).get(tariff.pk, ())
    if versions and versions[0].first_day and versions[0].first_day > period.first_day:
        return (replace(versions[0], first_day=None), *versions[1:])
    return versions

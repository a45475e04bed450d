"""One tariff as a reader sees it, on the public price lists and among a client's services."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from balie.rules.tariff import Version
from balie.tariffs.models import Tariff, TariffVersion
from balie.tariffs.queries import in_force, no_such_code, terms_of, title_in
from balie.web import pricelist, versions
from balie.web.request import Desk

FIRST_PRICES = 3  # in the list of all tariffs


@dataclass(frozen=True)
class Listed:
    """One tariff as a reader sees it. `later`: what its next version changes, with that version's first day."""

    tariff: Tariff
    title: str
    description: str
    since: date | None
    prices: list[pricelist.Read]
    conditions: list[tuple[str, str]]
    later: list[versions.Change]
    later_day: date | None

    @property
    def first_prices(self) -> list[pricelist.Read]:
        return self.prices[:FIRST_PRICES]


def listed_offer(tariff: Tariff, desk: Desk) -> Listed:
    """A tariff that `offers` found, with the version it found to hold."""
    return listed_tariff(tariff, [tariff.version], desk)


def listed_tariff(tariff: Tariff, rows: list[TariffVersion], desk: Desk) -> Listed:
    """A tariff as it holds today, or at first where it begins later. Refused where it has no prices at all."""
    version = in_force(rows, desk.today) or next(iter(rows), None)
    if version is None:
        raise no_such_code()
    later = next((one for one in rows if one.first_day and one.first_day > max(desk.today, begins(version))), None)
    operator, terms = desk.operator, terms_of(version)

    def said(texts: dict[str, str], otherwise: str = "") -> str:
        return title_in((get_language() or "en")[:2], texts, own=operator.language, otherwise=otherwise)

    return Listed(
        tariff=tariff,
        title=said(version.title, tariff.code),
        description=said(version.description),
        since=version.first_day,
        prices=[pricelist.reads(item, operator.currency, own=operator.language) for item in terms.items],
        conditions=list(pricelist.conditions(terms, operator.currency)),
        later=changes(terms, later, operator.currency) if later else [],
        later_day=later.first_day if later else None,
    )


def begins(version: TariffVersion) -> date:
    return version.first_day or date.min


def changes(terms: Version, later: TariffVersion, currency: str) -> list[versions.Change]:
    return list(versions.changes(terms, terms_of(later), currency))

"""Tariffs beside a client's present one: what each says when it would begin, and what the month before would have cost.

The same for who chooses another tariff in the portal and for who answers an offer by its link.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language

from balie.accounts.models import Client
from balie.billing.bill import Bill
from balie.billing.queries import preview
from balie.contracts.models import Contract
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.tariffs.models import Tariff, TariffVersion
from balie.tariffs.queries import in_force, next_month, title_in, versions_of
from balie.web.missing import UNPRICED
from balie.web.money import NO_BREAK
from balie.web.request import Desk


@dataclass(frozen=True)
class Offer:
    """A tariff with what it says on the day it would begin, and what the month before would have come to at it."""

    tariff: Tariff
    version: TariffVersion | None  # None: the present one may have no prices yet
    title: str
    description: str
    bill: Bill | None
    difference: Decimal | None = None


def beginning(contract: Contract, desk: Desk) -> date:
    """The day from which another tariff would hold."""
    return max(next_month(desk.today), contract.start)


def unbroken(day: str) -> str:
    """A day that stays on one line of a narrow page."""
    return day.replace(" ", NO_BREAK)


@dataclass(frozen=True)
class Measure:
    """What a client used in a month, to be priced at one tariff after another."""

    client: Client
    period: Period
    desk: Desk

    def offer(self, tariff: Tariff, version: TariffVersion | None, now: Bill | None = None) -> Offer:
        """A tariff with the month at its prices, against what it comes to now."""
        made = self.priced(tariff)
        difference = made.net - now.net if made and now else None
        title, description = (version.title, version.description) if version else ({}, {})
        return Offer(tariff, version, self.said(title, tariff.code), self.said(description), made, difference)

    def priced(self, tariff: Tariff) -> Bill | None:
        """The month at a tariff; None where there was no contract yet, or a price is missing."""
        try:
            return preview(self.client, self.period, tariff)
        except Refused as refusal:
            if refusal.code not in (*UNPRICED, "no_contract"):
                raise
            return None

    def said(self, texts: Mapping[str, str], otherwise: str = "") -> str:
        language = (get_language() or "en")[:2]
        return title_in(language, texts, own=self.desk.operator.language, otherwise=otherwise)


def compared(contract: Contract, others: Sequence[Tariff], desk: Desk) -> tuple[Offer, list[Offer]]:
    """The present tariff and these others as they hold when the change would begin, all by what was used last month.

    Others that have no prices then are left out.
    """
    begin = beginning(contract, desk)
    rows = versions_of([contract.tariff, *others])
    measure = Measure(contract.client, desk.this_month.previous(), desk)
    present = measure.offer(contract.tariff, in_force(rows.get(contract.tariff_id, []), begin))
    held = [(one, in_force(rows.get(one.pk, []), begin)) for one in others]
    return present, [measure.offer(one, version, present.bill) for one, version in held if version]

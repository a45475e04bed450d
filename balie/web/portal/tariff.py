"""Another tariff from next month: which ones there are, what each would have cost last month, and one of them in full.

A tariff that is not public comes up by its code only. Which ones a person has opened is kept with the login, so that
no code stands in an address; whether the client may take it is asked again each time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language

from balie.accounts.models import Client
from balie.billing.bill import Bill
from balie.billing.queries import preview
from balie.contracts.models import Contract
from balie.controlling.winning import offered as offered_to_stay
from balie.operator.written import long_day
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.tariffs.models import Tariff, TariffVersion
from balie.tariffs.queries import (
    in_force,
    may_take,
    next_month,
    orderable,
    terms_of,
    title_in,
    used_by,
    versions_of,
)
from balie.web import pricelist, versions
from balie.web.missing import UNPRICED
from balie.web.money import NO_BREAK
from balie.web.portal.access import ClientRequest, own
from balie.web.request import Desk

OPENED = "opened_tariffs"  # in the session: ids of tariffs whose code was entered


@dataclass(frozen=True)
class Offer:
    """A tariff with what it says on the day it would begin, and what the month before would have come to at it."""

    tariff: Tariff
    version: TariffVersion | None  # None: the present one may have no prices yet
    title: str
    description: str
    bill: Bill | None
    difference: Decimal | None = None


def own_contract(request: ClientRequest, pk: int) -> Contract:
    """A contract of this client. 404 for anybody else's."""
    return get_object_or_404(Contract.objects.select_related("client", "tariff"), pk=pk, client=request.client)


def beginning(contract: Contract, desk: Desk) -> date:
    """The day from which another tariff would hold."""
    return max(next_month(desk.today), contract.start)


def unbroken(day: str) -> str:
    """A day that stays on one line of a narrow page."""
    return day.replace(" ", NO_BREAK)


@own
def tariffs(request: ClientRequest, pk: int) -> HttpResponse:
    """The tariffs offered to everyone and those opened by a code, beside the present one."""
    return tariffs_page(request, own_contract(request, pk))


def tariffs_page(request: ClientRequest, contract: Contract, problem: str = "", status: int = 200) -> HttpResponse:
    desk = request.desk
    found = [*opened(request, contract), *public(contract.service, desk.today)]
    present, offers = compared(contract, [one for one in found if one.pk != contract.tariff_id], desk)
    known = {
        "client": request.client,
        "contract": contract,
        "period": desk.this_month.previous(),
        "begin_said": unbroken(long_day(beginning(contract, desk))),
        "present": present,
        "offers": offers,
        "code": request.POST.get("code", "").strip()[:40],
        "problem": problem,
    }
    return render(request, "balie/portal/tariffs.html", known, status=status)


@own
def tariff(request: ClientRequest, pk: int, tariff: int) -> HttpResponse:
    """One tariff in full, with what the change would do, before it is made."""
    contract = own_contract(request, pk)
    return tariff_page(request, contract, offered(request, contract, tariff))


def tariff_page(
    request: ClientRequest, contract: Contract, wanted: Tariff, problem: str = "", status: int = 200
) -> HttpResponse:
    desk = request.desk
    operator = desk.operator
    present, offers = compared(contract, [wanted], desk)
    if not offers or not offers[0].version:
        raise Http404
    version = terms_of(offers[0].version)
    known: dict[str, Any] = {
        "client": request.client,
        "contract": contract,
        "period": desk.this_month.previous(),
        "begin_said": unbroken(long_day(beginning(contract, desk))),
        "present": present,
        "offer": offers[0],
        "shown": versions.mark(version),
        "apart": abs(offers[0].difference or 0),
        "prices": [pricelist.reads(item, operator.currency, own=operator.language) for item in version.items],
        "conditions": list(pricelist.conditions(version, operator.currency)),
        "stays": keeps_service(request, contract, wanted),
        "problem": problem,
    }
    return render(request, "balie/portal/tariff.html", known, status=status)


def keeps_service(request: ClientRequest, contract: Contract, wanted: Tariff) -> bool:
    """Whether this tariff was offered so that the client stays: with it, its cancellation is taken back."""
    return bool(offered_to_stay(request.client, contract.service, wanted))


def public(service: str, today: date) -> list[Tariff]:
    """What everyone may order today."""
    rows = Tariff.objects.filter(service=service, public=True, client=None)
    return [one for one in rows if orderable(one, today)]


def opened(request: ClientRequest, contract: Contract) -> list[Tariff]:
    """Tariffs whose code this person has entered and whose code still opens them."""
    client, today = request.client, request.desk.today
    rows = Tariff.objects.filter(pk__in=request.session.get(OPENED, []), service=contract.service, public=False)
    return [one for one in rows if may_take(one, client=client, day=today) or used_by(one, client, today)]


def remember_opened(request: ClientRequest, tariff: Tariff) -> None:
    request.session[OPENED] = [*{*request.session.get(OPENED, []), tariff.pk}]


def offered(request: ClientRequest, contract: Contract, pk: int) -> Tariff:
    """A tariff the client may change to. 404 for every other one, whatever the reason."""
    for one in (*public(contract.service, request.desk.today), *opened(request, contract)):
        if one.pk == pk and one.pk != contract.tariff_id:
            return one
    raise Http404


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

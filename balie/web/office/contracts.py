"""A client's contracts and prices: what it has since when, what is booked, what a change of tariff would cost."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.billing.bill import Bill
from balie.billing.queries import bill, preview
from balie.calls.queries import closed_months
from balie.contracts.models import Booking, Cancellation, Contract, Order
from balie.contracts.queries import (
    DAY,
    billed_months,
    booked,
    booking_end,
    cancellation_of,
    coming_change,
    contract_end,
    contracts_of,
    first_starts,
    runs_on,
)
from balie.operator.models import LogEntry
from balie.rules.activation import UNFINISHED
from balie.rules.errors import Refused
from balie.rules.meter import BOOKED, Meter
from balie.rules.period import Period
from balie.tariffs.models import Tariff, TariffVersion
from balie.tariffs.queries import in_force, items_of, next_month, offers, opened_by, terms_of, title_in, versions_of
from balie.web import history, pricelist, written
from balie.web.access import office
from balie.web.missing import missing
from balie.web.office.client import head
from balie.web.request import Desk, OfficeRequest

HISTORY = 30


@dataclass(frozen=True)
class Booked:
    """One booking, with the day on which it would end if it were cancelled today."""

    booking: Booking
    title: str
    would_end: date | None  # None: it ends anyhow
    running: bool
    removable: bool  # no closed month has billed it


@dataclass(frozen=True)
class Running:
    """A contract that has not ended, with everything that hangs on it."""

    contract: Contract
    title: str
    version: TariffVersion | None
    first_start: date
    would_end: date
    coming: Contract | None
    bookings: list[Booked]
    entered: list[Booked]
    bookable: list[tuple[str, str]]
    enterable: bool  # its tariff has an item for other services
    prices: list[pricelist.Read]
    begun: bool
    first_bookable: date
    order: Order | None  # as long as the service does not work
    notice_given: Cancellation | None
    fields = ("meter", "quantity", "first_day", "text")  # that have a place for what is wrong with them

    @property
    def key(self) -> str:
        """What sets its forms apart from those of other contracts."""
        return str(self.contract.pk)


@dataclass(frozen=True)
class Trouble:
    """What was refused: in which form (its name and the contract's id), at which field, and what was given."""

    form: str = ""
    field: str = ""
    text: str = ""


@office
def contracts(request: OfficeRequest, number: str) -> HttpResponse:
    """The client's contracts: those that run with what is booked, those that ended, and who changed what."""
    client = get_object_or_404(Client, number=number)
    return contracts_page(request, client)


def contracts_page(request: OfficeRequest, client: Client, trouble: Trouble | None = None) -> HttpResponse:
    """The page, with what was refused beside the field that it is about."""
    desk, closed = request.desk, closed_months()
    every = list(contracts_of(client))
    goes_on = [row for row in every if row.end is None or row.end >= desk.today]
    coming = [found for row in goes_on if (found := coming_change(client, row.service, desk.today))]
    deeds = [Q(deed__startswith=of) for of in ("task.", "offer.", "win_back.", "order.", "contract.cancel")]
    decided = Q(about=f"client:{client.number}") & reduce(or_, deeds)
    told = LogEntry.objects.filter(decided | Q(about__startswith=f"contract:{client.number}/"))
    entries_of_log = told.order_by("-at", "-pk")
    known: dict[str, Any] = {
        "running": [shown(row, desk, coming, closed) for row in goes_on],
        "ended": [row for row in reversed(every) if row not in goes_on],
        "trouble": trouble or Trouble(),
        "given": request.POST,
        "several": len({row.service for row in every}) > 1,
        "log": [(entry, history.about(entry), history.told(entry)) for entry in entries_of_log[:HISTORY]],
    }
    status = 422 if trouble else 200
    return render(request, "balie/contracts/client.html", known | head(client, "contracts", desk), status=status)


def shown(contract: Contract, desk: Desk, coming: Sequence[Contract], closed: Collection[int]) -> Running:
    day = max(desk.today, contract.start)
    version = in_force(versions_of([contract.tariff]).get(contract.tariff_id, []), day)
    items = items_of(version) if version else []
    titles = {item.meter: title_of(item.title, desk, item.meter) for item in reversed(items)}
    rows = booked(contract)
    for row in rows:
        row.contract = contract  # which is at hand already
    every = [shown_booking(row, titles, desk, closed) for row in rows]
    entered = [one for one in every if one.booking.meter == Meter.OTHER_SERVICE]
    return Running(
        contract=contract,
        title=title_of(version.title if version else {}, desk, contract.tariff.code),
        version=version,
        first_start=first_starts([contract])[contract.pk],
        would_end=contract.end or contract_end(contract, desk.today),
        coming=next((one for one in coming if follows(one, contract)), None),
        bookings=[one for one in every if one not in entered],
        entered=sorted(entered, key=lambda one: (one.booking.first_day or date.min, one.booking.pk), reverse=True),
        bookable=[(m, titles[m]) for m in BOOKED if m in titles and m != Meter.OTHER_SERVICE],
        enterable=Meter.OTHER_SERVICE in titles,
        prices=price_list(version, desk) if version else [],
        begun=contract.start <= desk.today,
        first_bookable=day,
        order=Order.objects.filter(contract=contract, status__in=UNFINISHED).first(),
        notice_given=cancellation_of(contract) if contract.end else None,
    )


def follows(later: Contract, earlier: Contract) -> bool:
    """Whether a contract continues another."""
    return later.service == earlier.service and later.start - DAY == earlier.end


def price_list(version: TariffVersion, desk: Desk) -> list[pricelist.Read]:
    """The items of a version as a client reads them."""
    operator = desk.operator
    return [pricelist.reads(item, operator.currency, own=operator.language) for item in terms_of(version).items]


def title_of(titles: dict[str, str], desk: Desk, otherwise: str) -> str:
    """A title in the reader's language."""
    return title_in((get_language() or "en")[:2], titles, own=desk.operator.language, otherwise=otherwise)


def shown_booking(row: Booking, titles: dict[str, str], desk: Desk, closed: Collection[int]) -> Booked:
    last = min(row.last_day or date.max, row.contract.end or date.max)
    billed = billed_months(closed, row.first_day or row.contract.start, last)
    would_end = None if row.last_day else booking_end(row, desk.today)
    return Booked(row, booking_title(row, titles), would_end, runs_on(row, desk.today), not billed)


def booking_title(row: Booking, titles: Mapping[str, str]) -> str:
    """What was written of it, else what the tariff calls it, else its meter's name."""
    return row.text or titles.get(row.meter) or pricelist.meter(row.meter)


@dataclass(frozen=True)
class Choice:
    """A tariff to change to, and what last month would have come to at it."""

    tariff: Tariff
    title: str
    bill: Bill | None
    difference: Decimal | None
    problem: str


@office
def change(request: OfficeRequest, pk: int) -> HttpResponse:
    """Which tariffs the client could have from next month, with the price of last month under each."""
    contract = get_object_or_404(Contract.objects.select_related("client", "tariff"), pk=pk)
    return change_page(request, contract)


def change_page(request: OfficeRequest, contract: Contract, problem: str = "") -> HttpResponse:
    desk, client = request.desk, contract.client
    period, begin = desk.this_month.previous(), next_month(desk.today)
    code = (request.POST.get("code") or request.GET.get("code", "")).strip()[:40]
    tariffs, unknown = candidates(contract, desk, begin, code)
    # Both by the same means, so that corrections and fees of other months do not count as a difference.
    present, untold = priced(client, period, contract.tariff)
    choices = [choice(client, tariff, period, present, desk) for tariff in tariffs]
    known = {
        "contract": contract,
        "period": period,
        "begin": begin,
        "present": present,
        "untold": untold,
        "present_title": title_of(version_title(contract.tariff, desk.today), desk, contract.tariff.code),
        "choices": sorted(choices, key=lambda one: (one.bill is None, one.bill.net if one.bill else 0)),
        "code": code,
        "unknown": unknown,
        "problem": problem,
    }
    page = known | head(client, "contracts", desk)
    return render(request, "balie/contracts/change.html", page, status=422 if problem else 200)


def candidates(contract: Contract, desk: Desk, begin: date, code: str) -> tuple[list[Tariff], str]:
    """Public tariffs of the service, those made for this client, and the one a code opens; or why it opens none."""
    found = {tariff.pk: tariff for tariff in offers(contract.service, day=begin)}
    own = Tariff.objects.filter(client=contract.client_id, service=contract.service)
    found |= {tariff.pk: tariff for tariff in own}
    problem = ""
    if code:
        try:
            opened = opened_by(code, client=contract.client, day=desk.today)
            found = {opened.pk: opened, **found}
        except Refused as refusal:
            problem = refusal.message
    found.pop(contract.tariff_id, None)
    return list(found.values()), problem


def version_title(tariff: Tariff, day: date) -> dict[str, str]:
    rows = versions_of([tariff]).get(tariff.pk, [])
    version = in_force(rows, day) or (rows[0] if rows else None)
    return dict(version.title) if version else {}


def choice(client: Client, tariff: Tariff, period: Period, present: Bill | None, desk: Desk) -> Choice:
    made, problem = priced(client, period, tariff)
    title = title_of(version_title(tariff, next_month(desk.today)), desk, tariff.code)
    return Choice(tariff, title, made, made.net - present.net if made and present else None, problem)


def priced(client: Client, period: Period, tariff: Tariff | TariffVersion | None) -> tuple[Bill | None, str]:
    """The month at a tariff, or as it was; or why that cannot be told."""
    try:
        return (bill(client, period) if tariff is None else preview(client, period, tariff)), ""
    except Refused as refusal:
        if refusal.code == "no_contract":
            return None, _("The client did not have this service in %(month)s.") % {"month": written.month(period)}
        return None, missing(refusal, period).text

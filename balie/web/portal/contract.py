"""What a client has: its contracts with tariff, notice and prices, what is booked, and what will change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from balie.contracts.models import Booking, Contract
from balie.contracts.queries import (
    DAY,
    booked,
    booking_end,
    coming_change,
    contract_end,
    contracts_of,
    first_starts,
    runs_on,
)
from balie.operator.written import long_day
from balie.rules.meter import Meter
from balie.rules.tariff import Version
from balie.tariffs.models import TariffVersion
from balie.tariffs.queries import in_force, terms_of, title_in, versions_of
from balie.web import pricelist, versions
from balie.web.portal.access import ClientRequest, own
from balie.web.request import Desk
from balie.web.versions import Change


@dataclass(frozen=True)
class Booked:
    """Something that is booked, or will be; would_end: its last day if it were cancelled today."""

    booking: Booking
    title: str
    would_end: date | None  # None: it ends anyhow


@dataclass(frozen=True)
class News:
    """A version of the tariff that is to come, and what it changes."""

    first_day: date | None
    changes: list[Change]


@dataclass(frozen=True)
class Held:
    """A contract as its client reads it. coming: the one at another tariff that continues it."""

    contract: Contract
    title: str
    notice: str
    first_start: date
    would_end: date
    coming: Contract | None
    coming_title: str
    coming_day: str
    bookings: list[Booked]
    prices: list[pricelist.Read]
    conditions: list[tuple[str, str]]
    news: News | None
    begun: bool

    @property
    def changeable(self) -> bool:
        """Whether another tariff can be chosen now."""
        return self.begun and self.contract.end is None and self.coming is None


@own
def contract(request: ClientRequest) -> HttpResponse:
    """The client's contracts: those that run or will, and those that ended."""
    desk = request.desk
    every = list(contracts_of(request.client))
    running = [row for row in every if row.end is None or row.end >= desk.today]
    rows = versions_of([row.tariff for row in every])
    held = [held_by(row, rows, desk) for row in running]
    coming = {one.coming.pk for one in held if one.coming}
    known: dict[str, Any] = {
        "client": request.client,
        "held": [one for one in held if one.contract.pk not in coming],
        "ended": [(row, title_on(rows, row, row.end or desk.today, desk)) for row in every[::-1] if row not in running],
    }
    return render(request, "balie/portal/contract.html", known)


Versions = Mapping[int, list[TariffVersion]]


def held_by(row: Contract, rows: Versions, desk: Desk) -> Held:
    """One contract with its tariff as it holds now, or will when it begins."""
    day = max(desk.today, row.start)
    version = in_force(rows.get(row.tariff_id, []), day)
    terms = terms_of(version) if version else None
    operator = desk.operator
    prices = [pricelist.reads(item, operator.currency, own=operator.language) for item in terms.items] if terms else []
    coming = coming_of(row, desk)
    return Held(
        contract=row,
        title=title_on(rows, row, day, desk),
        notice=version.notice if version else "",
        first_start=first_starts([row])[row.pk],
        would_end=row.end or contract_end(row, desk.today),
        coming=coming,
        coming_title=title_on(rows, coming, coming.start, desk) if coming else "",
        coming_day=long_day(coming.start) if coming else "",
        bookings=bookings_of(row, prices, desk),
        prices=prices,
        conditions=list(pricelist.conditions(terms, operator.currency)) if terms else [],
        news=news_of(terms, rows.get(row.tariff_id, []), day, desk) if terms and not coming else None,
        begun=row.start <= desk.today,
    )


def coming_of(row: Contract, desk: Desk) -> Contract | None:
    """The contract at another tariff that will continue this one."""
    found = coming_change(row.client, row.service, desk.today) if row.end else None
    return found if found and row.end and found.start == row.end + DAY else None


def title_on(rows: Versions, row: Contract, day: date, desk: Desk) -> str:
    """What a contract's tariff is called on a day."""
    version = in_force(rows.get(row.tariff_id, []), day)
    language = (get_language() or "en")[:2]
    titles = version.title if version else {}
    return title_in(language, titles, own=desk.operator.language, otherwise=row.tariff.code)


def bookings_of(row: Contract, prices: list[pricelist.Read], desk: Desk) -> list[Booked]:
    """What runs or is still to begin; services entered by hand stand on the bill of their month only."""
    titles = {one.item.meter: one.title for one in reversed(prices)}
    found = [one for one in booked(row) if one.meter != Meter.OTHER_SERVICE]
    return [
        Booked(
            one,
            one.text or titles.get(Meter(one.meter)) or pricelist.meter(one.meter),
            None if one.last_day else booking_end(one, desk.today),
        )
        for one in found
        if runs_on(one, desk.today) or (one.first_day or date.min) > desk.today
    ]


def news_of(now: Version, rows: list[TariffVersion], day: date, desk: Desk) -> News | None:
    """The next version of a tariff, where one is known already that changes something."""
    later = next((one for one in rows if one.first_day and one.first_day > day), None)
    changed = list(versions.changes(now, terms_of(later), desk.operator.currency)) if later else []
    return News(later.first_day, changed) if later and changed else None

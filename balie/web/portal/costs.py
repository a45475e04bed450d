"""What a client pays: the running month so far, and each past month, every line with its reason; and the same as files.

Amounts are balie.billing's. What the client cannot mend, a price that is missing, is told without its particulars.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.billing.bill import Bill, BillLine, Expected
from balie.billing.models import FrozenBill
from balie.billing.queries import bill, expected
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.rules.tariff import Unit
from balie.statements.exports.prices import prices_file
from balie.tariffs.queries import title_in
from balie.web import billed, money
from balie.web.billed import ShownLine, ShownPart
from balie.web.downloads import download
from balie.web.missing import UNPRICED
from balie.web.months import choices
from balie.web.portal.access import ClientRequest, own
from balie.web.request import Desk

BILLS_SHOWN = 12
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Costs:
    """What a month costs. summary: of the running month, what must at least be expected; bill None: not to be told."""

    bill: Bill | None
    summary: Expected | None = None


def costs_of(client: Client, period: Period, desk: Desk) -> Costs:
    """The bill of a past month; of the running one usage so far and the fees that notice today would not save."""
    if period > desk.this_month:
        raise Refused("bad_month", _("There is nothing to show of %(month)s yet.") % {"month": period}, "month")
    try:
        if period < desk.this_month:
            return Costs(bill(client, period))
        found = expected(client, period, desk.now)
    except Refused as refusal:
        if refusal.code not in UNPRICED:
            raise
        return Costs(None)
    return Costs(found.bill, found)


@own
def costs(request: ClientRequest) -> HttpResponse:
    """A month's costs in short and in detail, and the bills of the months before."""
    desk, client = request.desk, request.client
    period = desk.month(request.GET.get("month", ""))
    found = costs_of(client, period, desk)
    running = period == desk.this_month
    before = None if running or not found.bill else billed.told(client, period.previous()).bill
    compared = before if before and before.contracts else None
    known = {
        "client": client,
        "period": period,
        "months": choices(period, desk),
        "running": running,
        "bill": found.bill,
        "summary": found.summary,
        "parts": in_words(billed.shown(found.bill), desk) if found.bill else [],
        "before": compared,
        "difference": billed.difference(found.bill, compared),
        "past": FrozenBill.objects.filter(client=client).order_by("-month")[:BILLS_SHOWN],
    }
    return render(request, "balie/portal/costs.html", known)


@dataclass(frozen=True)
class Line:
    """A line as a client reads it: what of it was used at which price, where that multiplied is the amount."""

    shown: ShownLine
    line: BillLine
    times: str


@dataclass(frozen=True)
class Part:
    """What comes from one contract."""

    shown: ShownPart
    lines: list[Line]


def in_words(parts: Sequence[ShownPart], desk: Desk) -> list[Part]:
    """The parts with their items' titles in the reader's language."""
    return [Part(part, [in_language(one, desk) for one in part.lines]) for part in parts]


def in_language(one: ShownLine, desk: Desk) -> Line:
    language, line, operator = (get_language() or "en")[:2], one.line, desk.operator
    item = title_in(language, line.titles, own=operator.language, otherwise=line.item)
    return Line(one, replace(line, item=item), money.price(line.price, operator.currency) if multiplied(line) else "")


def multiplied(line: BillLine) -> bool:
    """Whether quantity times price is the amount: not with steps, parts of months, limits, whose reasons say it."""
    if not line.price:
        return False
    each = Decimal(line.quantity) / (60 if line.unit == Unit.MINUTE else 1)
    return abs(each * Decimal(line.price) - line.amount) < CENT


@own
def costs_in_file(request: ClientRequest, format: str) -> HttpResponse:
    """The lines the page shows, as a file."""
    desk, client = request.desk, request.client
    period = desk.month(request.GET.get("month", ""))
    found = costs_of(client, period, desk).bill
    if found is None:
        raise Refused("not_priced", _("This month cannot be priced yet. Please try again later."), "month")
    number = "".join(sign if sign.isascii() and sign.isalnum() else "_" for sign in client.number)
    kind = "bill" if period < desk.this_month else "costs-so-far"
    return download(prices_file([found], format, one=True), f"{kind}-{number}-{period}.{format}", format)

"""One win-back case: who leaves and why, what it used and paid, which tariffs would fit, what was offered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from balie.calls.models import ClientMonth
from balie.controlling.models import WinBack, WinBackOffer
from balie.controlling.offers import FOLLOWED_AFTER
from balie.controlling.win_backs import Seen, Standing, compared, seen
from balie.controlling.winning import State
from balie.rules.call import Direction
from balie.rules.errors import Refused
from balie.rules.offer import Changes, basic_fee_place, call_places
from balie.rules.period import Period
from balie.tariffs.models import Tariff
from balie.tariffs.queries import in_force, next_month, orderable, terms_of, versions_of
from balie.web import written
from balie.web.access import office
from balie.web.charts import Chart, Column
from balie.web.missing import UNPRICED, Missing, in_words, missing
from balie.web.money import price
from balie.web.office.contracts import title_of
from balie.web.office.win_back.listed import STATES
from balie.web.request import Desk, OfficeRequest

MONTHS_SHOWN = 6


@dataclass(frozen=True)
class Choice:
    """One of the tariffs compared, as the page shows it. `own`: the one the client has."""

    tariff: Tariff
    title: str
    figures: Mapping[str, Any]
    own: bool
    best: bool
    offered: bool
    available: bool


@dataclass(frozen=True)
class Trouble:
    """What was wrong in which form, and what had been typed."""

    form: str
    where: str
    message: str
    given: Mapping[str, str]


def case_of(request: OfficeRequest, pk: int) -> Seen:
    """404 where there is none."""
    found = seen(now=request.desk.now, pk=pk)
    if not found:
        raise Http404
    return found[0]


@office
def win_back(request: OfficeRequest, pk: int) -> HttpResponse:
    return page(request, case_of(request, pk))


def page(request: OfficeRequest, one: Seen, trouble: Trouble | None = None) -> HttpResponse:
    """The case with all that can be done about it."""
    case, desk = one.case, request.desk
    choices = choices_of(one, desk)
    known: dict[str, Any] = {
        "seen": one,
        "case": case,
        "cancellation": case.cancellation,
        "state": STATES[one.standing],
        "offer": one.offer,
        "choices": choices,
        "months": [Period.from_key(key, desk.zone) for key in case.months],
        "unpriced": unpriced(case, desk),
        "chart": chart(case, desk),
        "prices": prices(case, desk),
        "earlier": earlier(case),
        "reminds": one.offer.sent + FOLLOWED_AFTER if one.offer and one.standing == Standing.OFFERED else None,
        "may_reopen": case.state == State.DISMISSED and case.cancellation.ends >= desk.today,
        "trouble": trouble,
    }
    return render(request, "balie/win_back/one.html", known, status=422 if trouble else 200)


def choices_of(one: Seen, desk: Desk) -> list[Choice]:
    """The tariffs compared that there still are, with what each says from next month. Three queries."""
    rows = compared(one.case)
    tariffs = Tariff.objects.in_bulk([row["tariff"] for row in rows])
    versions = versions_of(tariffs.values()) if tariffs else {}
    contract = one.case.cancellation.contract
    own = contract.tariff_id if contract else None
    offered = one.offer.tariff_id if one.offer else None
    found = []
    for row in rows:
        tariff = tariffs.get(row["tariff"])
        version = in_force(versions.get(row["tariff"], []), next_month(desk.today)) if tariff else None
        if tariff is None or version is None:
            continue
        title = title_of(version.title, desk, tariff.code)
        best = tariff.pk == one.case.best_id
        available = tariff.pk != own and orderable(tariff, desk.today) and tariff.public
        found.append(Choice(tariff, title, row, tariff.pk == own, best, tariff.pk == offered, available))
    return found


def unpriced(case: WinBack, desk: Desk) -> Missing | None:
    """The price that is missing, in the reader's words."""
    if not case.problem:
        return None
    refusal = Refused(case.problem["code"], case.problem["message"], case.problem["where"])
    month = Period.from_key(case.months[-1], desk.zone) if case.months else desk.this_month
    if refusal.code in UNPRICED:
        return missing(refusal, month)
    return Missing(in_words(refusal, month), "", "", None)


def prices(case: WinBack, desk: Desk) -> list[tuple[str, str, str]]:
    """What can have another price: its name in the form, how it is called, what it costs next month."""
    contract, version = case.cancellation.contract, None
    if contract:
        version = in_force(versions_of([contract.tariff]).get(contract.tariff_id, []), next_month(desk.today))
    if version is None:
        return []
    terms, currency = terms_of(version), desk.operator.currency
    fee, calls = basic_fee_place(terms), next(call_places(terms), None)
    now = price(terms.items[fee].price, currency) if fee is not None else ""
    found = [(str(Changes.BASIC_FEE), _("Basic fee"), now)]
    if calls is not None:
        now = price(terms.items[calls].price, currency)
        found.append((str(Changes.CALL_PRICE), _("Price per accepted call"), now))
    return found


def earlier(case: WinBack) -> Sequence[WinBackOffer]:
    """Offers that another one replaced, the latest first."""
    rows = WinBackOffer.objects.filter(case=case).exclude(withdrawn=None)
    return list(rows.select_related("tariff", "mail").order_by("-sent"))


def chart(case: WinBack, desk: Desk) -> Chart:
    """The client's calls of six months: whether it was leaving before it said so. One query."""
    months = [Period.of(case.cancellation.at, desk.zone)]
    while len(months) < MONTHS_SHOWN + 1:
        months.insert(0, months[0].previous())
    counts = dict.fromkeys((month.key for month in months), (0, 0))
    rows = ClientMonth.objects.filter(client=case.client_id, month__in=counts, direction=Direction.INBOUND)
    for month, kind, calls in rows.values_list("month", "type", "calls"):
        taken, missed = counts[month]
        counts[month] = (taken, missed + calls) if kind == "missed" else (taken + calls, missed)
    return Chart(
        key="win-back-calls",
        title=_("Calls per month"),
        heading=_("Month"),
        columns=[
            Column(written.month_short(month), *counts[month.key], name=written.month(month), quiet=month == months[-1])
            for month in months
        ],
        value_name=_("Taken"),
        bad_name=_("Missed"),
        summary=_("Inbound calls of the months before the notice, and of the month in which it came so far."),
    )

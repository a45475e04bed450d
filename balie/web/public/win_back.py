"""The offer to a client that gave notice: it stays, or it does not. The link dies with the end of the service."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from balie.contracts.models import Contract
from balie.controlling import links
from balie.controlling.models import WinBackOffer
from balie.controlling.win_back import (
    accept_win_back,
    beginning,
    decline_win_back,
    refuse_over,
    refuse_replaced,
    taken_by,
)
from balie.operator.written import long_day
from balie.web.compared import unbroken
from balie.web.public.answering import Kind
from balie.web.request import Desk


def find(pk: int) -> WinBackOffer | None:
    contract = "case__cancellation__contract"
    rows = WinBackOffer.objects.select_related("case__client", f"{contract}__tariff", f"{contract}__client", "tariff")
    return rows.filter(pk=pk).first()


def begins(found: WinBackOffer, desk: Desk) -> tuple[date, Contract]:
    refuse_replaced(found)
    refuse_over(found.case, desk.today)
    begin, _version = beginning(found.case, found.tariff, desk.today)
    contract = found.case.cancellation.contract
    assert contract is not None
    return begin, contract


def ends(found: WinBackOffer) -> dict[str, Any]:
    return {"ends": unbroken(long_day(found.case.cancellation.ends))}


KIND = Kind(
    "stay", links.WIN_BACK, find, lambda row: row.case, accept_win_back, decline_win_back, taken_by, begins, ends
)


@require_http_methods(["GET", "HEAD", "POST"])
def stay(request: HttpRequest, token: str) -> HttpResponse:
    return KIND.page(request, token)

"""Another tariff from next month: which ones there are, what each would have cost last month, and one of them in full.

A tariff that is not public comes up by its code only. Which ones a person has opened is kept with the login, so that
no code stands in an address; whether the client may take it is asked again each time.
"""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from balie.contracts.models import Contract
from balie.controlling.winning import offered as offered_to_stay
from balie.operator.written import long_day
from balie.tariffs.models import Tariff
from balie.tariffs.queries import may_take, orderable, terms_of, used_by
from balie.web import pricelist, versions
from balie.web.compared import beginning, compared, unbroken
from balie.web.portal.access import ClientRequest, own

OPENED = "opened_tariffs"  # in the session: ids of tariffs whose code was entered


def own_contract(request: ClientRequest, pk: int) -> Contract:
    """A contract of this client. 404 for anybody else's."""
    return get_object_or_404(Contract.objects.select_related("client", "tariff"), pk=pk, client=request.client)


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

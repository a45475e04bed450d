"""Staff order a service for a client: which tariffs it could have, or one by its code; the price list; the order."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from balie.accounts.models import Client
from balie.contracts.actions import place_order
from balie.contracts.models import Order
from balie.contracts.queries import following, order_under_way
from balie.numbers.queries import free_numbers
from balie.rules.activation import NEEDS_NUMBER, Status
from balie.rules.errors import Refused
from balie.tariffs.models import Tariff, TariffVersion
from balie.tariffs.queries import offers, opened_by, version_on
from balie.web import notices, pricelist
from balie.web.access import office
from balie.web.office.client import head
from balie.web.office.contracts import price_list, title_of
from balie.web.request import Desk, OfficeRequest, author

LONGEST_CODE = 40


@dataclass(frozen=True)
class Choice:
    """A tariff that could be ordered, with what it says now."""

    tariff: Tariff
    version: TariffVersion
    title: str
    prices: list[pricelist.Read]


@dataclass(frozen=True)
class Asked:
    """What the address or the form says: a tariff (its id), or a code; which of them opens what, or why not."""

    code: str
    chosen: Choice | None
    problem: str


@require_http_methods(["GET", "HEAD", "POST"])
@office
def order_service(request: OfficeRequest, number: str) -> HttpResponse:
    """The tariffs to choose from; one of them with its prices; posted, it is ordered."""
    client = get_object_or_404(Client, number=number)
    given = request.POST if request.method == "POST" else request.GET
    asked = what_is_asked(given, client, request.desk)
    if request.method == "POST" and asked.chosen:
        return place(request, client, asked)
    problem = asked.problem or (_("Choose a tariff, or type a code.") if request.method == "POST" else "")
    return placing_page(request, client, asked, problem)


def what_is_asked(given: Any, client: Client, desk: Desk) -> Asked:
    """A tariff by its id must be one that is offered to this client; any other is opened by its code."""
    code, wanted = given.get("code", "").strip()[:LONGEST_CODE], given.get("tariff", "")
    try:
        if code:
            return Asked(code, choice(opened_by(code, client=client, day=desk.today), client, desk), "")
    except Refused as refusal:
        return Asked(code, None, refusal.message)
    found = next((one for one in offered(client, desk) if str(one.tariff.pk) == wanted), None)
    return Asked(code, found, "")


def offered(client: Client, desk: Desk) -> list[Choice]:
    """Public tariffs of services it does not have, and those made for it."""
    own = Tariff.objects.filter(client=client)
    every = [*offers(day=desk.today), *own]
    has = {tariff.service for tariff in every if following(client, tariff.service, desk.today)}
    found = [choice(tariff, client, desk) for tariff in every if tariff.service not in has]
    return [one for one in found if one]


def choice(tariff: Tariff, client: Client, desk: Desk) -> Choice | None:
    """None where it has no prices today."""
    version = version_on(tariff, desk.today)
    if version is None:
        return None
    return Choice(tariff, version, title_of(dict(version.title), desk, tariff.code), price_list(version, desk))


def place(request: OfficeRequest, client: Client, asked: Asked) -> HttpResponse:
    assert asked.chosen
    tariff = asked.chosen.tariff
    standing = order_under_way(client, tariff.service)
    try:
        made = place_order(client=client, tariff=tariff, author=author(request))
    except Refused as refusal:
        return placing_page(request, client, asked, refusal.message)
    if standing:
        notices.refused(request, _("This service is ordered already; this is that order."))
    else:
        notices.done(request, said_of(made))
    return redirect("order", pk=made.pk)


def said_of(made: Order) -> str:
    if made.status == Status.WAITING:
        return _("Ordered. No number is free: the order waits, and goes on by itself.")
    return _("Ordered. The client is told at every step.")


def placing_page(request: OfficeRequest, client: Client, asked: Asked, problem: str) -> HttpResponse:
    desk, chosen = request.desk, asked.chosen
    needs = chosen is not None and chosen.tariff.service in NEEDS_NUMBER
    known = {
        "chosen": chosen,
        "code": asked.code,
        "problem": problem,
        "choices": [] if chosen else offered(client, desk),
        "needs_number": needs,
        "none_free": needs and not free_numbers(desk.today).exists(),
        "standing": order_under_way(client, chosen.tariff.service) if chosen else None,
    }
    page = known | head(client, "contracts", desk)
    return render(request, "balie/orders/place.html", page, status=422 if problem else 200)

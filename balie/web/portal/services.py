"""What a client has and can have: its services with status, number and deeds; services to order; its orders."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balie.accounts.models import Client
from balie.contracts.models import Cancellation, Contract, Order
from balie.contracts.queries import contracts_of, last_of_chain, orders, ready_numbers
from balie.rules.activation import NEEDS_NUMBER, UNDER_WAY
from balie.rules.errors import Refused
from balie.tariffs.actions import code_entered
from balie.tariffs.queries import offers, versions_of
from balie.web.entry.address import address_of
from balie.web.listed import Listed, listed_offer
from balie.web.portal.access import ClientRequest, own
from balie.web.portal.contract import Held, held_by
from balie.web.progress import Progress, progress
from balie.web.request import Desk, author

ORDERS_SHOWN = 10


@dataclass(frozen=True)
class ServiceHeld:
    """One service the client has: its contract, the order it comes from while that is under way, and how it ends."""

    held: Held
    under_way: Progress | None
    cancellation: Cancellation | None
    ends_said: bool  # a last day stands, whoever set it
    last: Contract
    numbers: Sequence[str]

    @property
    def name(self) -> str:
        return self.held.contract.service

    @property
    def waits(self) -> bool:
        """Whether it does not work yet."""
        return self.under_way is not None and not self.under_way.works

    @property
    def cancellable(self) -> bool:
        return self.last.end is None and not self.waits


@own
def services(request: ClientRequest) -> HttpResponse:
    """The services, those that can be ordered, and the orders there were."""
    return page(request)


def page(request: ClientRequest, problem: str = "", status: int = 200) -> HttpResponse:
    desk, client = request.desk, request.client
    every = list(orders().filter(client=client).prefetch_related("steps"))
    had = services_of(client, every, desk)
    known = {
        "client": client,
        "services": had,
        "offered": offered({one.name for one in had}, desk),
        "orders": every[:ORDERS_SHOWN],
        "code": request.POST.get("code", "").strip()[:40],
        "problem": problem,
    }
    return render(request, "balie/portal/services.html", known, status=status)


def services_of(client: Client, placed: Iterable[Order], desk: Desk) -> list[ServiceHeld]:
    """What the client has today or will have, one entry for each service."""
    running = [row for row in contracts_of(client) if row.end is None or row.end >= desk.today]
    first = {row.service: row for row in reversed(running)}
    under_way = {order.service: order for order in placed if order.status in UNDER_WAY}
    given = Cancellation.objects.filter(client=client, withdrawn=None, ends__gte=desk.today).order_by("-at")
    standing = {one.service: one for one in given}
    numbers = [number.number for number in ready_numbers(client, desk.today)]
    rows = versions_of([row.tariff for row in running])
    return [
        service_of(held_by(contract, rows, desk), under_way.get(name), standing.get(name), numbers)
        for name, contract in sorted(first.items())
    ]


def service_of(held: Held, order: Order | None, given: Cancellation | None, numbers: Sequence[str]) -> ServiceHeld:
    last, name = last_of_chain(held.contract), held.contract.service
    return ServiceHeld(
        held=held,
        under_way=progress(order, order.steps.all()) if order else None,
        cancellation=given,
        ends_said=last.end is not None,
        last=last,
        numbers=numbers if name in NEEDS_NUMBER else (),
    )


def offered(has: Iterable[str], desk: Desk) -> dict[str, list[Listed]]:
    """Public tariffs of services the client does not have, by service."""
    found: dict[str, list[Listed]] = {}
    for tariff in sorted(offers(day=desk.today), key=lambda one: one.service):
        if tariff.service not in has:
            found.setdefault(tariff.service, []).append(listed_offer(tariff, desk))
    return found


@require_POST
@own
def code(request: ClientRequest) -> HttpResponse:
    """A code was typed: on to the order of the tariff it opens, or beside the field why not. Wrong ones are counted."""
    typed = request.POST.get("code", "").strip()
    if not typed:
        return page(request, _("Type the code you were given."), status=422)
    try:
        found = code_entered(code=typed, client=request.client, address=address_of(request), author=author(request))
    except Refused as refusal:
        return page(request, refusal.message, status=429 if refusal.code == "too_many_tries" else 422)
    return redirect(reverse("order_tariff", args=[found.code]))

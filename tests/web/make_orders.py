"""A client that has no service yet, with its owner, a price list and free numbers; and the ways an order goes."""

from datetime import timedelta
from typing import Any

from django.test import Client as Browser
from django.utils import timezone

from balie.accounts.models import Client, User
from balie.contracts import links
from balie.contracts.actions import Wish, note_first_calls, place_order, reach
from balie.contracts.models import Cancellation, CancellationRequest, Contract, Order, OrderStep
from balie.leases.models import FREE
from balie.numbers.models import Number
from balie.operator.actions import Author
from balie.rules.activation import Status
from balie.tariffs.models import Tariff
from tests import make
from tests.web import make_portal

NUMBER, OTHER = "+31201239001", "+31201239002"
MAILBOXES = {"orders": "orders@linde.example", "cancellations": "end@linde.example", "tasks": "tasks@linde.example"}


def house() -> Client:
    """Sanne's new company 3001, beside Bakker (1001) and Kraan (1002) who have telephone at BASIS; two free numbers."""
    make_portal.house()
    make.operator(timezone=make_portal.ZONE, mailboxes=MAILBOXES, mail={"from": "hello@linde.example"})
    for number in (NUMBER, OTHER):
        Number.objects.create(number=number)
    return make.client("3001", name="Fietsen de Wit", language="en", email="info@dewit.example")


def sanne(of: Client, **values: Any) -> User:
    return make_portal.user(of, "sanne@dewit.example", **{"owner": True, **values})


def browser(of: Client, **values: Any) -> Browser:
    return make_portal.browser(sanne(of, **values))


def place(of: Client, code: str = "BASIS", user: User | None = None) -> Order:
    """An order placed now, as the page does."""
    tariff = Tariff.objects.get(code=code)
    return place_order(client=of, tariff=tariff, wish=Wish(user=user), author=Author("Sanne", timezone.now()))


def go_on(order: Order, *statuses: Status) -> Order:
    """The next steps, as a worker takes them, two seconds after each other."""
    now = timezone.now()
    for place_, status in enumerate(statuses):
        lease = now + timedelta(minutes=2)
        Order.objects.filter(pk=order.pk).update(lease_until=lease)
        order.refresh_from_db()
        reach(order=order, status=status, now=now + timedelta(seconds=2 * place_))
    Order.objects.filter(pk=order.pk).update(lease_until=FREE)
    order.refresh_from_db()
    return order


def ready(order: Order) -> Order:
    return go_on(order, Status.CONFIGURED, Status.READY)


def called(order: Order) -> Order:
    """The first call has come."""
    assert order.number
    make.call(order.client, start=timezone.now() + timedelta(minutes=1), callee=order.number.number)
    note_first_calls(now=timezone.now() + timedelta(minutes=2))
    order.refresh_from_db()
    return order


def kwargs(client: str) -> dict[str, dict[str, Any]]:
    """Of the access tests: what belongs to a client, made where there is none; the pages behind links of mails."""
    company = Client.objects.get(number=client)
    order = company.orders.first() or claimed(company)
    given = company.cancellations.first() or given_notice(company)
    request = company.cancellation_requests.first() or sent(company)
    contract = Contract.objects.filter(client=company).earliest("start")
    return {
        **{key: {"pk": order.pk} for key in ("portal_order", "portal_withdraw_order")},
        "portal_cancel": {"pk": contract.pk},
        "portal_withdraw_cancellation": {"pk": given.pk},
        **{f"{deed}cancel_request": {"pk": request.pk} for deed in ("", "accept_", "reject_")},
        "order_tariff": {"code": "PLUS"},
        "order_progress": {"token": links.token(links.ORDER, order.pk)},
        "cancellation_receipt": {"token": links.token(links.CANCELLATION, given.pk)},
        "cancel_received": {"token": links.token(links.REQUEST, request.pk)},
        "cancel_confirm": {"token": links.token(links.CONFIRM, request.pk)},
    }


def claimed(of: Client) -> Order:
    """An order with its number reserved, written directly."""
    now, tariff = timezone.now(), Tariff.objects.get(code="PLUS")
    made = Order.objects.create(
        client=of, service="telephone", tariff=tariff, status=Status.CLAIMED, placed=now, due=now, by="X"
    )
    OrderStep.objects.create(order=made, status=Status.CLAIMED, at=now)
    return made


def given_notice(of: Client) -> Cancellation:
    now = timezone.now()
    return Cancellation.objects.create(
        client=of, service="telephone", received=now.date(), ends=now.date(), at=now, by="X"
    )


def sent(of: Client) -> CancellationRequest:
    """Notice given without a login by a client we know, from its own address."""
    if not of.email:
        Client.objects.filter(pk=of.pk).update(email="x@x.example")
        of.refresh_from_db()
    said = {"name": "X", "email": of.email, "service": "telephone", "identified": of.number}
    return CancellationRequest.objects.create(client=of, received=timezone.now(), **said)


# Who may open them and do what: strangers, a client's user, agents, managers, administrators.
OFFICE, PORTAL, DEED = (302, 403, 403, 200, 200), (302, 200, 302, 302, 302), (405,) * 5
REFUSED, AWAY, EVERYBODY = (302, 422, 302, 302, 302), (302,) * 5, (200,) * 5
OPEN = ("order_tariff", "order_progress", "cancellation_receipt", "cancel_received", "cancel_confirm")
GET: dict[str, tuple[int, int, int, int, int]] = {
    **dict.fromkeys((*OPEN, "cancel_contract"), EVERYBODY),
    **dict.fromkeys(("portal_services", "portal_number", "portal_details", "portal_data", "portal_cancel"), PORTAL),
    **dict.fromkeys(("portal_order", "portal_withdraw_order"), PORTAL),
    **dict.fromkeys(("portal_order_code", "portal_withdraw_cancellation"), DEED),
    **dict.fromkeys(("cancel_requests", "cancel_request"), OFFICE),
    **dict.fromkeys(("accept_cancel_request", "reject_cancel_request"), DEED),
}
POST: dict[str, tuple[int, int, int, int, int]] = {
    "order_tariff": (200, 302, 200, 200, 200),  # visitors sign up first, staff do it elsewhere, one is under way
    "cancel_contract": (422,) * 5,
    "cancel_confirm": AWAY,  # it is carried out, whoever has the link; on to the receipt
    **dict.fromkeys(("portal_order_code", "portal_details"), REFUSED),
    **dict.fromkeys(("portal_withdraw_order", "portal_withdraw_cancellation", "portal_cancel"), AWAY),
    **dict.fromkeys(("accept_cancel_request", "reject_cancel_request"), (302, 403, 403, 422, 422)),
}

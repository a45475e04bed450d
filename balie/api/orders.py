"""Orders and cancellations of services. For managers' programs.

`Idempotency-Key` on an order or a cancellation: the same key again answers with the same one, whatever became of it
meanwhile; for another client, tariff or service it is refused.
"""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Header, Query, Router

from balie.accounts.queries import client_by_number
from balie.api.access import MANAGER
from balie.api.contracts import token_name
from balie.api.paging import Page, Paged, page
from balie.contracts.actions import Wish, cancel_once, cancel_service, place_order
from balie.contracts.models import Order
from balie.contracts.queries import cancel_document, order_by_reference, order_document, order_of_key, orders
from balie.operator.actions import Author
from balie.rules.errors import Refused
from balie.tariffs.queries import local_day, opened_by, tariff_typed

router = Router(auth=MANAGER, tags=["orders and cancellations"])
LONGEST_KEY = 150


@router.get("/orders", response=Page, summary="Orders in the order they were placed")
def list_orders(request: HttpRequest, wanted: Query[Paged], client: str = "", status: str = "") -> dict[str, Any]:
    """`client`: a number; `status`: one of those an order reaches."""
    rows = orders().prefetch_related("steps")
    if client:
        rows = rows.filter(client=client_by_number(client))
    if status:
        rows = rows.filter(status=status)
    return page(rows, by=("pk",), limit=wanted.limit, after=wanted.after, show=order_item)


def order_item(order: Order) -> dict[str, Any]:
    return {
        **order_document(order),
        "client": order.client.number,
        "service": order.service,
        "tariff": order.tariff.code,
        "contract": order.contract_id,
        "problem": order.problem,
    }


@router.get("/orders/{reference}", summary="One order, by its order number")
def one_order(request: HttpRequest, reference: str) -> dict[str, Any]:
    """With its history; ask again to see how it goes on."""
    return order_item(order_by_reference(reference))


@router.post("/orders", summary="Order a service for a client")
def post_order(
    request: HttpRequest, client: str, tariff: str, key: Annotated[str, Header(alias="Idempotency-Key")] = ""
) -> dict[str, Any]:
    """As `balie order`: an order under way for the service is returned instead of a second one."""
    by = Author(token_name(request), timezone.now())
    wish, found = Wish(key=key_of(by, key)), client_by_number(client)
    if known := order_of_key(wish.key, found, tariff_typed(tariff)):
        return order_item(known)  # its code may open nothing any more
    wanted = opened_by(tariff, client=found, day=local_day(by.now))
    return order_item(place_order(client=found, tariff=wanted, wish=wish, author=by))


def key_of(by: Author, key: str) -> str:
    """As it is kept: keys are a program's own, two programs may well count from one. Refused where it is too long."""
    if len(key) > LONGEST_KEY:
        raise Refused("long_key", f"An Idempotency-Key has at most {LONGEST_KEY} characters.", "Idempotency-Key")
    return f"{by.who}:{key}"[:200] if key else ""


@router.post("/cancellations", summary="Cancel a service by the notice rule of its tariff")
def post_cancellation(
    request: HttpRequest,
    client: str,
    service: str,
    on: date | None = None,
    reason: str = "",
    key: Annotated[str, Header(alias="Idempotency-Key")] = "",
) -> dict[str, Any]:
    """As `balie cancel`: the same again says what stands. `on`: the day the notice was received, today unless given.

    With a key also after the notice was taken back: `ends` is null then, and it is not given anew."""
    by = Author(token_name(request), timezone.now())
    kept = key_of(by, key)
    said: dict[str, Any] = {"client": client_by_number(client), "service": service, "received": on, "reason": reason}
    return cancel_document(cancel_once(key=kept, author=by, **said) if kept else cancel_service(author=by, **said))

"""Orders and cancellations of services. For managers' programs.

`Idempotency-Key` on an order: the same key again answers with the same order, whatever became of it meanwhile.
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
from balie.contracts.actions import Wish, cancel_service, place_order
from balie.contracts.models import Order
from balie.contracts.queries import cancel_document, order_by_reference, order_document, orders
from balie.operator.actions import Author
from balie.rules.errors import Refused
from balie.tariffs.queries import local_day, opened_by

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
    if len(key) > LONGEST_KEY:
        raise Refused("long_key", f"An Idempotency-Key has at most {LONGEST_KEY} characters.", "Idempotency-Key")
    found = client_by_number(client)
    wanted = opened_by(tariff, client=found, day=local_day(by.now))
    # Keys are a program's own: two programs may well count from one.
    wish = Wish(key=f"{by.who}:{key}"[:200] if key else "")
    return order_item(place_order(client=found, tariff=wanted, wish=wish, author=by))


@router.post("/cancellations", summary="Cancel a service by the notice rule of its tariff")
def post_cancellation(
    request: HttpRequest, client: str, service: str, on: date | None = None, reason: str = ""
) -> dict[str, Any]:
    """As `balie cancel`: the same again says what stands. `on`: the day the notice was received, today unless given."""
    by = Author(token_name(request), timezone.now())
    found = client_by_number(client)
    return cancel_document(cancel_service(client=found, service=service, received=on, reason=reason, author=by))

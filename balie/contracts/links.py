"""The addresses of an order's page and of a cancellation's receipt, signed: whoever has the mail opens them, no login.

They open a page and change nothing. What is on it, an order's progress and its number, is worth no more than the mail.
"""

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from balie.contracts.models import Cancellation, CancellationRequest, Order
from balie.operator.models import Operator
from balie.operator.queries import pages
from balie.rules.errors import Refused

ORDER, CANCELLATION = "balie.contracts.order", "balie.contracts.cancellation"
REQUEST = "balie.contracts.request"  # what was sent without a login: its receipt
CONFIRM = "balie.contracts.confirm"  # the same, for the button that carries it out; only ever mailed to the client


def token(of: str, pk: int) -> str:
    """The signed part of an address. of: ORDER, CANCELLATION, REQUEST or CONFIRM."""
    return Signer(salt=of, sep=".").sign(str(pk))


def read_token(of: str, token: str) -> int:
    """The id in it. Refused for what we did not sign."""
    try:
        return int(Signer(salt=of, sep=".").unsign(token))
    except BadSignature:
        raise Refused("no_such_link", _("This link is not complete. Copy all of it from the mail."), "link") from None


def order_page(order: Order, operator: Operator) -> str:
    """For the client: progress, and the number with how to divert to it."""
    return f"{pages(operator)}/order/{token(ORDER, order.pk)}/"


def cancellation_page(cancellation: Cancellation, operator: Operator) -> str:
    """For the client: what was received when, and the last day."""
    return f"{pages(operator)}/cancellation/{token(CANCELLATION, cancellation.pk)}/"


def office_order_page(order: Order, operator: Operator) -> str:
    """For staff."""
    return f"{pages(operator)}/orders/{order.pk}/"


def client_page(number: str, operator: Operator) -> str:
    """A client's account, for staff."""
    return f"{pages(operator)}/clients/{number}/"


def request_page(request: CancellationRequest, operator: Operator) -> str:
    """For who gave notice without a login: what was received when."""
    return f"{pages(operator)}/cancel/received/{token(REQUEST, request.pk)}/"


def confirm_page(request: CancellationRequest, operator: Operator) -> str:
    """For the client: the page whose button carries it out."""
    return f"{pages(operator)}/cancel/confirm/{token(CONFIRM, request.pk)}/"


def office_request_page(request: CancellationRequest, operator: Operator) -> str:
    """For staff, who accept or reject it."""
    return f"{pages(operator)}/cancellations/requests/{request.pk}/"

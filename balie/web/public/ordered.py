"""The page of an order behind the link in its mails, without a login: progress, then the number to divert to.

Opening it changes nothing. Once the number is somebody else's, it shows it no more.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from balie.contracts import links
from balie.contracts.models import Order
from balie.contracts.queries import orders
from balie.web.ordered import about, part
from balie.web.public.linked import contact, linked
from balie.web.public.prices import carried
from balie.web.request import OfficeRequest, partly


@require_safe
def ordered(request: HttpRequest, token: str) -> HttpResponse:
    return linked(request, lambda: order_of(token), page)


def order_of(token: str) -> Order | None:
    return orders().filter(pk=links.read_token(links.ORDER, token[:200])).first()


def page(request: OfficeRequest, order: Order) -> HttpResponse:
    known = {**about(order, request.desk), "carried": carried(request), "contact": contact(request)}
    known["own"] = request.user.is_authenticated and request.user.client_id == order.client_id
    if not partly(request):
        return render(request, "balie/public/ordered.html", known)
    return part(request, known)

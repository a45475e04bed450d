"""The page of an order behind the link in its mails, without a login: progress, then the number to divert to.

Opening it changes nothing. Once the number is somebody else's, it shows it no more.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from balie.contracts import links
from balie.contracts.models import Order
from balie.contracts.queries import has_number, orders
from balie.tariffs.queries import title_in, version_on
from balie.web.divert import target
from balie.web.progress import progress
from balie.web.public.linked import contact, linked
from balie.web.public.prices import carried
from balie.web.request import Desk, OfficeRequest, partly


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


def part(request: OfficeRequest, known: dict[str, Any]) -> HttpResponse:
    """What htmx asks for again and again; the whole page anew once there is nothing more to wait for."""
    response = render(request, "balie/ordering/_progress.html", known)
    if not known["progress"].live:
        response["HX-Refresh"] = "true"
    return response


def about(order: Order, desk: Desk) -> dict[str, Any]:
    """What every page of an order's progress shows. target: None while, and once, there is none to divert to."""
    found = progress(order, order.steps.all())
    shown = found.works and order.number is not None and has_number(order, desk.today)
    version = version_on(order.tariff, desk.today)
    title = title_in(
        (get_language() or "en")[:2],
        version.title if version else {},
        own=desk.operator.language,
        otherwise=order.tariff.code,
    )
    return {
        "order": order,
        "progress": found,
        "tariff_title": title,
        "target": target(order.number.number, desk.operator.country) if shown and order.number else None,
        "over": found.works and order.number is not None and not shown,
    }

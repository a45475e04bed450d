"""The page of an order behind the link in its mails, without a login: progress, then the number to divert to.

Opening it changes nothing. Once the number is somebody else's, it shows it no more.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from balie.contracts import links
from balie.contracts.models import Order
from balie.contracts.queries import has_number, orders
from balie.rules.errors import Refused
from balie.tariffs.queries import title_in, version_on
from balie.web.divert import target
from balie.web.progress import progress
from balie.web.public.offer import contact
from balie.web.public.prices import carried
from balie.web.request import Desk, OfficeRequest, partly, typed


@require_safe
def ordered(request: HttpRequest, token: str) -> HttpResponse:
    """In the language the reader chose, else the one of who is logged in, else the client's."""
    ours = typed(request)
    found = order_of(token)
    with override(spoken(ours, found.client.language if found else "")):
        response = page(ours, found) if found else closed(ours)
        language = get_language() or "en"
    return private(response, language)


def order_of(token: str) -> Order | None:
    """The order a link speaks of; None for one that is not whole, or of an order that is gone."""
    try:
        return orders().filter(pk=links.read_token(links.ORDER, token[:200])).first()
    except Refused:
        return None


def spoken(request: OfficeRequest, otherwise: str) -> str:
    """The language of a page behind a link in a mail."""
    asked = request.GET.get("language", "")
    if asked in dict(settings.LANGUAGES):
        return asked
    return (get_language() or "en") if request.user.is_authenticated or not otherwise else otherwise


def private(response: HttpResponse, language: str) -> HttpResponse:
    """A page whose address is a secret: kept nowhere, and in no search engine."""
    response.headers.setdefault("Content-Language", language)
    response["Cache-Control"], response["X-Robots-Tag"] = "private, no-store", "noindex"
    return response


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


def closed(request: OfficeRequest) -> HttpResponse:
    """The link is not whole: what to do."""
    known = {
        "title": _("This link does not work"),
        "said": _("This link is not complete. Copy all of it from the mail."),
        "contact": contact(request),
        "carried": carried(request),
    }
    return render(request, "balie/public/link_broken.html", known, status=404)

"""What every page of an order's progress shows, and the part of it that is asked for again and again."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from balie.contracts.models import Order
from balie.contracts.queries import has_number
from balie.tariffs.queries import title_in, version_on
from balie.web.divert import target
from balie.web.progress import progress
from balie.web.request import Desk, OfficeRequest


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

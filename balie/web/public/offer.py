"""The offer of a tariff that pays: what the client pays now, what it would pay, from when. Open for sixty days."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from balie.contracts.models import Contract
from balie.contracts.queries import following
from balie.controlling import links
from balie.controlling.models import Offer
from balie.controlling.offers import accept_offer, beginning, decline_offer, refuse_closed, taken_by
from balie.web.public.answering import Kind
from balie.web.request import Desk


def find(pk: int) -> Offer | None:
    return Offer.objects.select_related("task__client", "tariff").filter(pk=pk).first()


def begins(found: Offer, desk: Desk) -> tuple[date, Contract]:
    refuse_closed(found, desk.today)
    begin, _version = beginning(found, desk.now)
    contract = following(found.task.client, found.task.service, begin)
    assert contract is not None
    return begin, contract


KIND = Kind("offer", links.OFFER, find, lambda row: row.task, accept_offer, decline_offer, taken_by, begins)


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, token: str) -> HttpResponse:
    return KIND.page(request, token)

"""The receipt of a cancellation behind the link in its mails, without a login: what came when, the last day, and how to
take it back. Opening it changes nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from balie.contracts import links
from balie.contracts.models import Cancellation
from balie.web.public.linked import contact, linked
from balie.web.public.prices import carried
from balie.web.request import OfficeRequest


@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    return linked(request, lambda: cancellation_of(token), page)


def cancellation_of(token: str) -> Cancellation | None:
    pk = links.read_token(links.CANCELLATION, token[:200])
    return Cancellation.objects.select_related("client", "contract").filter(pk=pk).first()


def page(request: OfficeRequest, found: Cancellation) -> HttpResponse:
    user = request.user
    own = user.is_authenticated and user.client_id == found.client_id
    over = found.ends < request.desk.today
    known = {
        "cancellation": found,
        "over": over,
        "open": not found.withdrawn and not over,
        "may_withdraw": own and user.owner,
        "own": own,
        "contact": contact(request),
        "carried": carried(request),
    }
    return render(request, "balie/public/cancellation.html", known)

"""The receipt of a cancellation behind the link in its mails, without a login: what came when, the last day, and how to
take it back. Opening it changes nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from balie.contracts import links
from balie.contracts.models import Cancellation
from balie.rules.errors import Refused
from balie.web.public.offer import contact
from balie.web.public.ordered import closed, private, spoken
from balie.web.public.prices import carried
from balie.web.request import OfficeRequest, typed


@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """In the language the reader chose, else the one of who is logged in, else the client's."""
    ours = typed(request)
    found = cancellation_of(token)
    with override(spoken(ours, found.client.language if found else "")):
        response = page(ours, found) if found else closed(ours)
        language = get_language() or "en"
    return private(response, language)


def cancellation_of(token: str) -> Cancellation | None:
    """The cancellation a link speaks of; None for one that is not whole, or of one that is gone."""
    try:
        pk = links.read_token(links.CANCELLATION, token[:200])
    except Refused:
        return None
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

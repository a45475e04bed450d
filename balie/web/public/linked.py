"""What pages behind a link in a mail share, opened without a login: whose language, whom to ask, kept nowhere."""

from collections.abc import Callable
from email.utils import parseaddr
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from balie.contracts.models import Cancellation, CancellationRequest, Order
from balie.rules.errors import Refused
from balie.web.public.prices import carried
from balie.web.request import OfficeRequest, typed

Row = TypeVar("Row", Order, Cancellation, CancellationRequest)


def linked(
    request: HttpRequest, find: Callable[[], Row | None], page: Callable[[OfficeRequest, Row], HttpResponse]
) -> HttpResponse:
    """The page of what a link speaks of, in the language the reader chose, else the one of who is logged in, else the
    client's. find: None for a link whose order or cancellation is gone, Refused for one that is not whole."""
    ours = typed(request)
    try:
        found = find()
    except Refused:
        found = None
    own = "" if found is None else found.language if isinstance(found, CancellationRequest) else found.client.language
    with override(spoken(ours, own)):
        response = page(ours, found) if found else closed(ours)
        language = get_language() or "en"
    return private(response, language)


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


def contact(request: OfficeRequest) -> str:
    """The operator's address for questions: the one its mails come from."""
    return parseaddr(str(request.desk.operator.mail.get("from") or ""))[1]


def closed(request: OfficeRequest) -> HttpResponse:
    """The link is not whole: what to do."""
    known = {
        "title": _("This link does not work"),
        "said": _("This link is not complete. Copy all of it from the mail."),
        "contact": contact(request),
        "carried": carried(request),
    }
    return render(request, "balie/public/link_broken.html", known, status=404)

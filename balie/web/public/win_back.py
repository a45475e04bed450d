"""A client that gave notice answers an offer by the link in its mail, without a login: it stays, or it does not.

Opening the page changes nothing, since programs that look through mails open links; only its buttons do. The link is
signed, and dies with the offer, with the end of the service, or after sixty days.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from balie.contracts.models import Contract
from balie.controlling import links
from balie.controlling.models import WinBackOffer
from balie.controlling.offers import LINK, STAFF
from balie.controlling.win_back import (
    accept_win_back,
    beginning,
    decline_win_back,
    refuse_over,
    refuse_replaced,
    taken_by,
)
from balie.operator.actions import Author
from balie.operator.written import long_day
from balie.rules.errors import Refused
from balie.tariffs.queries import terms_of, title_in, version_on
from balie.web import pricelist, versions
from balie.web.portal.tariff import compared, unbroken
from balie.web.public.offer import contact, items
from balie.web.public.prices import carried
from balie.web.request import OfficeRequest, author, typed


@require_http_methods(["GET", "HEAD", "POST"])
def stay(request: HttpRequest, token: str) -> HttpResponse:
    """The offer in the client's language, or in the one the reader chose; answered where a button was pressed."""
    ours = typed(request)
    asked = ours.GET.get("language", "")
    try:
        link, problem = links.read(token[:200], of=links.WIN_BACK), ""
    except Refused as refusal:
        link, problem = None, refusal.message
    found = offers().filter(pk=link.offer if link else 0).first()
    language = asked if asked in dict(settings.LANGUAGES) else found.case.client.language if found else get_language()
    with override(language):
        if found is None or link is None:
            response = closed(ours, problem or _("This offer does not exist any more. Ask us for a new one."), 404)
        elif ours.method == "POST" and ours.desk.now < link.ends:
            response = answered(ours, found, token)
        else:
            response = shown(ours, found, link)
    response.headers.setdefault("Content-Language", language or "en")
    response["Cache-Control"], response["X-Robots-Tag"] = "private, no-store", "noindex"
    return response


def offers() -> Any:
    return WinBackOffer.objects.select_related(
        "case__client", "case__cancellation__contract__tariff", "case__cancellation__contract__client", "tariff"
    )


def answered(request: OfficeRequest, found: WinBackOffer, token: str) -> HttpResponse:
    """A button of the page was pressed: back to the page, which says so."""
    staff = request.user.is_authenticated and bool(request.user.role)
    by = author(request) if request.user.is_authenticated else Author(found.case.client.name, request.desk.now)
    try:
        match request.POST.get("answer"):
            case "accept":
                accept_win_back(offer=found, how=STAFF if staff else LINK, author=by)
            case "decline":
                decline_win_back(offer=found, reason=request.POST.get("reason", "")[:1000], author=by)
            case _other:
                return page(request, found, _("Press one of the buttons below."), 422)
    except Refused as refusal:
        return page(request, found, refusal.message, 422)
    return redirect(reverse("stay", args=[token]) + carried(request))


def shown(request: OfficeRequest, found: WinBackOffer, link: links.Link) -> HttpResponse:
    if found.accepted and (contract := taken_by(found)):
        return accepted(request, found, contract)
    if request.desk.now >= link.ends:
        ended = _("This offer could be accepted until %(day)s. Ask us for a new one.")
        day = long_day(link.ends.astimezone(request.desk.local_now.tzinfo).date())
        return closed(request, ended % {"day": day}, 410)
    return page(request, found)


def page(request: OfficeRequest, found: WinBackOffer, problem: str = "", status: int = 200) -> HttpResponse:
    """The offer with its buttons; what it says where it cannot be accepted any more."""
    desk, case = request.desk, found.case
    contract = case.cancellation.contract
    try:
        refuse_replaced(found)
        refuse_over(case, desk.today)
        begin, _version = beginning(case, found.tariff, desk.today)
    except Refused as refusal:
        return closed(request, refusal.message, 410)
    assert contract is not None
    present, others = compared(contract, [found.tariff], desk)
    new, currency = others[0], desk.operator.currency
    before = terms_of(present.version) if present.version else None
    after = terms_of(new.version) if new.version else None
    known: dict[str, Any] = {
        **about(request, found),
        "begin": unbroken(long_day(begin)),
        "ends": unbroken(long_day(case.cancellation.ends)),
        "period": desk.this_month.previous(),
        "present": present,
        "new": new,
        "apart": abs(new.difference or 0),
        "changes": list(versions.changes(before, after, currency)) if before and after else [],
        "prices": [pricelist.reads(item, currency, own=desk.operator.language) for item in items(after)],
        "conditions": list(pricelist.conditions(after, currency)) if after else [],
        "problem": problem,
    }
    return render(request, "balie/public/stay.html", known, status=status)


def accepted(request: OfficeRequest, found: WinBackOffer, contract: Contract) -> HttpResponse:
    """What was accepted, and what happens next."""
    version = version_on(found.tariff, contract.start)
    own, language = request.desk.operator.language, (get_language() or "en")[:2]
    title = title_in(language, version.title if version else {}, own=own, otherwise=found.tariff.code)
    known = {
        **about(request, found),
        "title": title,
        "begin": unbroken(long_day(contract.start)),
        "begun": contract.start <= request.desk.today,
    }
    return render(request, "balie/public/stays.html", known)


def about(request: OfficeRequest, found: WinBackOffer) -> dict[str, Any]:
    """What every page about an offer says."""
    return {"offer": found, "case": found.case, "contact": contact(request), "carried": carried(request)}


def closed(request: OfficeRequest, said: str, status: int) -> HttpResponse:
    """There is nothing to accept: why, and what to do."""
    known = {"said": said, "contact": contact(request), "carried": carried(request)}
    return render(request, "balie/public/stay_closed.html", known, status=status)

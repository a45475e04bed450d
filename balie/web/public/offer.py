"""A client answers an offer by the link in its mail, without a login: what it pays now, what it would pay, from when.

Opening the page changes nothing, since programs that look through mails open links; only its buttons do. The link is
signed, lasts sixty days, and dies with the offer. Nobody guesses a signature, so wrong ones are not counted.
"""

from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from balie.contracts.models import Contract
from balie.contracts.queries import following
from balie.controlling import links
from balie.controlling.models import Offer
from balie.controlling.offers import LINK, STAFF, accept_offer, beginning, decline_offer, refuse_closed, taken_by
from balie.controlling.outcomes import State, state_of
from balie.operator.actions import Author
from balie.operator.written import long_day
from balie.rules.errors import Refused
from balie.rules.tariff import Version
from balie.tariffs.queries import terms_of, title_in, version_on
from balie.web import pricelist, versions
from balie.web.portal.tariff import compared, unbroken
from balie.web.public.prices import carried
from balie.web.request import OfficeRequest, author, typed


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, token: str) -> HttpResponse:
    """The offer in the client's language, or in the one the reader chose; answered where a button was pressed."""
    ours = typed(request)
    asked = ours.GET.get("language", "")
    try:
        link, problem = links.read(token[:200]), ""
    except Refused as refusal:
        link, problem = None, refusal.message
    found = Offer.objects.select_related("task__client", "tariff").filter(pk=link.offer if link else 0).first()
    language = asked if asked in dict(settings.LANGUAGES) else found.task.client.language if found else get_language()
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


def answered(request: OfficeRequest, found: Offer, token: str) -> HttpResponse:
    """A button of the page was pressed: accepted or declined, and back to the page, which says so."""
    staff = request.user.is_authenticated and bool(request.user.role)
    by = author(request) if request.user.is_authenticated else Author(found.task.client.name, request.desk.now)
    try:
        match request.POST.get("answer"):
            case "accept":
                accept_offer(offer=found, how=STAFF if staff else LINK, author=by)
            case "decline":
                decline_offer(offer=found, reason=request.POST.get("reason", "")[:1000], author=by)
            case _:
                return page(request, found, _("Press one of the buttons below."), 422)
    except Refused as refusal:
        return page(request, found, refusal.message, 422)
    return redirect(reverse("offer", args=[token]) + carried(request))


def shown(request: OfficeRequest, found: Offer, link: links.Link) -> HttpResponse:
    if state_of(found, request.desk.now) == State.ACCEPTED and (contract := taken_by(found)):
        return accepted(request, found, contract)
    if request.desk.now >= link.ends:
        ended = _("This offer could be accepted until %(day)s. Ask us for a new one.")
        day = long_day(link.ends.astimezone(request.desk.local_now.tzinfo).date())
        return closed(request, ended % {"day": day}, 410)
    return page(request, found)


def page(request: OfficeRequest, found: Offer, problem: str = "", status: int = 200) -> HttpResponse:
    """The offer with its buttons; what it says where it cannot be accepted any more."""
    desk, task = request.desk, found.task
    try:
        refuse_closed(found, desk.today)
        begin, _version = beginning(found, desk.now)
    except Refused as refusal:
        return closed(request, refusal.message, 410)
    contract = following(task.client, task.service, begin)
    assert contract is not None
    present, others = compared(contract, [found.tariff], desk)
    new, currency = others[0], desk.operator.currency
    before = terms_of(present.version) if present.version else None
    after = terms_of(new.version) if new.version else None
    known: dict[str, Any] = {
        **about(request, found),
        "begin": unbroken(long_day(begin)),
        "period": desk.this_month.previous(),
        "present": present,
        "new": new,
        "apart": abs(new.difference or 0),
        "changes": list(versions.changes(before, after, currency)) if before and after else [],
        "prices": [pricelist.reads(item, currency, own=desk.operator.language) for item in items(after)],
        "conditions": list(pricelist.conditions(after, currency)) if after else [],
        "problem": problem,
    }
    return render(request, "balie/public/offer.html", known, status=status)


def items(version: Version | None) -> Any:
    return version.items if version else ()


def accepted(request: OfficeRequest, found: Offer, contract: Contract) -> HttpResponse:
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
    return render(request, "balie/public/offer_accepted.html", known)


def about(request: OfficeRequest, found: Offer) -> dict[str, Any]:
    """What every page about an offer says."""
    return {"offer": found, "task": found.task, "contact": contact(request), "carried": carried(request)}


def contact(request: OfficeRequest) -> str:
    """The operator's address for questions: the one its mails come from."""
    return parseaddr(str(request.desk.operator.mail.get("from") or ""))[1]


def closed(request: OfficeRequest, said: str, status: int) -> HttpResponse:
    """There is nothing to accept: why, and what to do."""
    known = {"said": said, "contact": contact(request), "carried": carried(request)}
    return render(request, "balie/public/offer_closed.html", known, status=status)

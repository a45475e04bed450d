"""The page on which a client answers an offer by the link in its mail, without a login: it takes it, or does not.

One page for every kind of offer (offer.py, win_back.py). Opening it changes nothing, since programs that look through
mails open links; only its buttons do. The link is signed, so nobody guesses one and wrong ones are not counted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from balie.contracts.models import Contract
from balie.contracts.queries import last_of_chain
from balie.controlling import links
from balie.controlling.models import Offer, WinBackOffer
from balie.controlling.offers import LINK, STAFF
from balie.operator.actions import Author
from balie.operator.written import long_day
from balie.rules.errors import Refused
from balie.rules.tariff import Version
from balie.tariffs.queries import terms_of, title_in, version_on
from balie.web import pricelist, versions
from balie.web.compared import compared, unbroken
from balie.web.public.linked import contact, private
from balie.web.public.prices import carried
from balie.web.request import Desk, OfficeRequest, author, typed

Row = Offer | WinBackOffer


@dataclass(frozen=True)
class Kind:
    """What differs between the kinds of offer. name: of the page's address, and what its templates begin with."""

    name: str
    of: str  # what its links are of
    find: Callable[[int], Row | None]
    about: Callable[[Any], Any]  # what has its client and service
    accept: Callable[..., Contract]
    decline: Callable[..., Row]
    taken: Callable[[Any], Contract | None]  # what came of it
    begins: Callable[[Any, Desk], tuple[date, Contract]]  # and instead of what; refused where it is too late
    more: Callable[[Any], dict[str, Any]] = lambda _row: {}

    def page(self, request: HttpRequest, token: str) -> HttpResponse:
        """The offer in the client's language, or in the one the reader chose; answered where a button was pressed."""
        ours = typed(request)
        asked = ours.GET.get("language", "")
        try:
            link, problem = links.read(token[:200], of=self.of), ""
        except Refused as refusal:
            link, problem = None, refusal.message
        found = self.find(link.offer if link else 0)
        own = self.about(found).client.language if found else get_language()
        language = asked if asked in dict(settings.LANGUAGES) else own
        with override(language):
            if found is None or link is None:
                gone = _("This offer does not exist any more. Ask us for a new one.")
                response = closed(ours, self, problem or gone, 404)
            elif ours.method == "POST" and ours.desk.now < link.ends:
                response = answered(ours, self, found, token)
            else:
                response = shown(ours, self, found, link)
        return private(response, language or "en")


def answered(request: OfficeRequest, kind: Kind, found: Row, token: str) -> HttpResponse:
    """A button of the page was pressed: accepted or declined, and back to the page, which says so."""
    user, client = request.user, kind.about(found).client
    staff = user.is_authenticated and bool(user.role)
    by = author(request) if user.is_authenticated else Author(client.name, request.desk.now)
    try:
        match request.POST.get("answer"):
            case "accept":
                kind.accept(offer=found, how=STAFF if staff else LINK, author=by)
            case "decline":
                kind.decline(offer=found, reason=request.POST.get("reason", "")[:1000], author=by)
            case _other:
                return page(request, kind, found, _("Press one of the buttons below."), 422)
    except Refused as refusal:
        return page(request, kind, found, refusal.message, 422)
    return redirect(reverse(kind.name, args=[token]) + carried(request))


def shown(request: OfficeRequest, kind: Kind, found: Row, link: links.Link) -> HttpResponse:
    if found.accepted and (contract := kind.taken(found)):
        if last := last_of_chain(contract).end:
            since = _("You accepted this offer. Since then notice was given: the service ends on %(day)s.")
            return closed(request, kind, since % {"day": long_day(last)}, 410)
        return accepted(request, kind, found, contract)
    if request.desk.now >= link.ends:
        ended = _("This offer could be accepted until %(day)s. Ask us for a new one.")
        day = long_day(link.ends.astimezone(request.desk.local_now.tzinfo).date())
        return closed(request, kind, ended % {"day": day}, 410)
    return page(request, kind, found)


def page(request: OfficeRequest, kind: Kind, found: Row, problem: str = "", status: int = 200) -> HttpResponse:
    """The offer with its buttons; what it says where it cannot be accepted any more."""
    desk = request.desk
    try:
        begin, contract = kind.begins(found, desk)
    except Refused as refusal:
        return closed(request, kind, refusal.message, 410)
    present, others = compared(contract, [found.tariff], desk)
    new, currency = others[0], desk.operator.currency
    before = terms_of(present.version) if present.version else None
    after = terms_of(new.version) if new.version else None
    known: dict[str, Any] = {
        **about(request, kind, found),
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
    return render(request, f"balie/public/{kind.name}.html", known, status=status)


def items(version: Version | None) -> Any:
    return version.items if version else ()


def accepted(request: OfficeRequest, kind: Kind, found: Row, contract: Contract) -> HttpResponse:
    """What was accepted, and what happens next."""
    version = version_on(found.tariff, contract.start)
    own, language = request.desk.operator.language, (get_language() or "en")[:2]
    title = title_in(language, version.title if version else {}, own=own, otherwise=found.tariff.code)
    known = {
        **about(request, kind, found),
        "title": title,
        "begin": unbroken(long_day(contract.start)),
        "begun": contract.start <= request.desk.today,
    }
    return render(request, f"balie/public/{kind.name}_accepted.html", known)


def about(request: OfficeRequest, kind: Kind, found: Row) -> dict[str, Any]:
    """What every page about an offer says."""
    of = kind.about(found)
    known = {"offer": found, "client": of.client, "service": of.service, **kind.more(found)}
    return {**known, "contact": contact(request), "carried": carried(request)}


def closed(request: OfficeRequest, kind: Kind, said: str, status: int) -> HttpResponse:
    """There is nothing to accept: why, and what to do."""
    known = {"said": said, "contact": contact(request), "carried": carried(request)}
    return render(request, f"balie/public/{kind.name}_closed.html", known, status=status)

"""What a manager does about a case besides sending: another price, the client's yes or no as heard, let it go."""

import re
from decimal import Decimal

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balie.controlling.models import WinBackOffer
from balie.controlling.offers import STAFF
from balie.controlling.win_back import (
    accept_win_back,
    decline_win_back,
    dismiss_win_back,
    other_price,
    reopen_win_back,
)
from balie.controlling.win_backs import Seen
from balie.rules.errors import Refused
from balie.web import notices, written
from balie.web.access import office
from balie.web.office.win_back.one import Trouble, case_of, page
from balie.web.request import OfficeRequest, author
from balie.web.typed import point, shown

AMOUNT = re.compile(r"\d{1,12}(\.\d+)?", re.ASCII)


@require_POST
@office
def price(request: OfficeRequest, pk: int) -> HttpResponse:
    """Makes the client's tariff with another price, and goes on to the mail that offers it."""
    one, given = case_of(request, pk), {name: request.POST.get(name, "")[:40] for name in ("changes", "amount")}
    try:
        amount = amount_of(given["amount"])
        made = other_price(case=one.case, changes=given["changes"], amount=amount, author=author(request))
    except Refused as refusal:
        return page(request, one, Trouble("price", refusal.where, refusal.message, given))
    return redirect(f"{reverse('send_win_back', args=[pk])}?{urlencode({'tariff': made.code})}")


def amount_of(text: str) -> Decimal:
    """An amount as people type it, with a comma or a point before the decimals. Refused for anything else."""
    plain = point(text)
    if not AMOUNT.fullmatch(plain):
        said = _("“%(text)s” is not an amount; write it as %(example)s.")
        raise Refused("bad_amount", said % {"text": text[:20], "example": shown("45.00")}, "amount")
    return Decimal(plain)


def offer_of(one: Seen) -> WinBackOffer:
    """The offer that stands. 404 where none was sent."""
    if one.offer is None:
        raise Http404
    return one.offer


@require_POST
@office
def accept(request: OfficeRequest, pk: int) -> HttpResponse:
    """The client said yes to somebody: its cancellation is taken back, and it has the tariff from next month."""
    one = case_of(request, pk)
    offer = offer_of(one)
    try:
        contract = accept_win_back(offer=offer, how=STAFF, author=author(request))
    except Refused as refusal:
        notices.refused(request, refusal.message)
    else:
        said = _("%(client)s stays: the cancellation is taken back, and from %(day)s it has the tariff %(code)s.")
        told = {"client": one.case.client.name, "day": written.day(contract.start), "code": offer.tariff.code}
        notices.done(request, said % told)
    return redirect("win_back", pk=pk)


@require_POST
@office
def decline(request: OfficeRequest, pk: int) -> HttpResponse:
    """The client said no to somebody."""
    one = case_of(request, pk)
    try:
        decline_win_back(offer=offer_of(one), reason=request.POST.get("reason", ""), author=author(request))
    except Refused as refusal:
        notices.refused(request, refusal.message)
    else:
        said = _("%(client)s does not want the offer; it is noted. You can make another one until %(day)s.")
        day = written.day(one.case.cancellation.ends)
        notices.done(request, said % {"client": one.case.client.name, "day": day})
    return redirect("win_back", pk=pk)


@require_POST
@office
def dismiss(request: OfficeRequest, pk: int) -> HttpResponse:
    """Nothing is done to keep this client, and why."""
    one, reason = case_of(request, pk), request.POST.get("reason", "")
    try:
        dismiss_win_back(case=one.case, reason=reason, author=author(request))
    except Refused as refusal:
        return page(request, one, Trouble("dismiss", refusal.where, refusal.message, {"reason": reason[:400]}))
    said = _("The case of %(client)s is dismissed.") % {"client": one.case.client.name}
    notices.done(request, said, undo=reverse("reopen_win_back", args=[pk]))
    return redirect("win_backs")


@require_POST
@office
def reopen(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes a dismissal back."""
    one = case_of(request, pk)
    try:
        reopen_win_back(case=one.case, author=author(request))
    except Refused as refusal:
        notices.refused(request, refusal.message)
    else:
        notices.done(request, _("The case of %(client)s is open again.") % {"client": one.case.client.name})
    return redirect("win_back", pk=pk)

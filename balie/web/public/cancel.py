"""Cancelling a contract without a login, as consumers may: the form, what it says once more, and the receipt.

Nothing here tells whether a client exists: everybody gets the same pages. What staff or the client's own mailbox do
with it comes after (balie.contracts.actions.request).
"""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from balie.contracts import links
from balie.contracts.actions import Notice, confirm_notice, give_notice
from balie.contracts.actions.request import ends_at_once, problems
from balie.contracts.letters import has_receipt, sort_of
from balie.contracts.models import CancellationRequest
from balie.contracts.queries import requests, services
from balie.rules.errors import Refused
from balie.tariffs.words import NOT_KNOWN
from balie.web.entry.address import address_of
from balie.web.given import day_of
from balie.web.public.linked import closed, contact, linked, private
from balie.web.public.prices import carried, in_language
from balie.web.request import OfficeRequest

FIELDS = ("name", "identified", "email", "service", "sort", "reason", "wanted")
EXTRAORDINARY = "extraordinary"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@in_language
def cancel(request: OfficeRequest) -> HttpResponse:
    """The form; filled in, the same once more with the button that cancels; that pressed, on to the receipt."""
    step = request.POST.get("step", "")
    if request.method != "POST" or step == "change":
        return form(request, {})
    said, wrong = typed_in(request)
    if wrong:
        return form(request, wrong)
    if step != "cancel":
        return render(request, "balie/public/cancel_check.html", {**shown(request), "said": said})
    try:
        kept = give_notice(said=said, address=address_of(request), now=request.desk.now)
    except Refused as refusal:
        return form(request, {refusal.where: refusal.message}, 429 if refusal.code == "too_many_tries" else 422)
    return redirect(reverse("cancel_received", args=[links.token(links.REQUEST, kept.pk)]) + carried(request))


def typed_in(request: OfficeRequest) -> tuple[Notice, dict[str, str]]:
    """What was typed, and by field what is wrong with it."""
    given, wrong, wanted = request.POST, {}, None
    if text := given.get("wanted", "").strip():
        try:
            wanted = day_of(text, request.desk.today, "wanted")
        except Refused as refusal:
            wrong["wanted"] = refusal.message
    said = Notice(
        name=given.get("name", ""),
        identified=given.get("identified", ""),
        email=given.get("email", ""),
        service=given.get("service", ""),
        extraordinary=given.get("sort") == EXTRAORDINARY,
        reason=given.get("reason", ""),
        wanted=wanted,
        language=(get_language() or "en")[:2],
    )
    return said, {**dict(problems(said, request.desk.today)), **wrong}


def form(request: OfficeRequest, wrong: dict[str, str], status: int = 422) -> HttpResponse:
    known = {**shown(request), "problems": wrong, "first_problem": next(iter(wrong), "")}
    return render(request, "balie/public/cancel.html", known, status=status if wrong else 200)


def shown(request: OfficeRequest) -> dict[str, Any]:
    """What was typed, as fields show it again."""
    given = {name: request.POST.get(name, "")[:600] for name in FIELDS}
    return {
        "given": {**given, "service": given["service"] or "telephone"},
        "services": services(),
        "not_known": NOT_KNOWN,
        "today": request.desk.today,
        "contact": contact(request),
        "carried": carried(request),
    }


@require_safe
@in_language
def received(request: OfficeRequest, token: str) -> HttpResponse:
    """The receipt: what was typed, and day and time at which it came. To print and keep."""
    found = request_of(links.REQUEST, token)
    return private(about(request, found) if found else closed(request), get_language() or "en")


def about(request: OfficeRequest, found: CancellationRequest) -> HttpResponse:
    known = {"notice": found, "sort": sort_of(found), "mailed": has_receipt(found), "contact": contact(request)}
    known["carried"] = carried(request)
    return render(request, "balie/public/cancel_received.html", known)


def request_of(of: str, token: str) -> CancellationRequest | None:
    """The request a link speaks of; None for one that is not whole, or of one that is gone."""
    try:
        return requests().filter(pk=links.read_token(of, token[:200])).first()
    except Refused:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the link that only the client's mailbox has: what would end when, and the button that ends it."""
    return linked(request, lambda: request_of(links.CONFIRM, token), confirmed)


def confirmed(request: OfficeRequest, found: CancellationRequest) -> HttpResponse:
    problem = ""
    if request.method == "POST":
        try:
            found = confirm_notice(request=found, now=request.desk.now)
        except Refused as refusal:
            problem = refusal.message
    if found.cancellation:
        token = links.token(links.CANCELLATION, found.cancellation.pk)
        return redirect(reverse("cancellation_receipt", args=[token]) + carried(request))
    ends: date | None = None if found.outcome else ends_at_once(found, request.desk.now)
    known = {
        "notice": found,
        "ends": ends,
        "problem": problem,
        "contact": contact(request),
        "carried": carried(request),
    }
    status = 422 if problem else 200 if ends else 410
    return render(request, "balie/public/cancel_confirm.html", known, status=status)

"""How SMS are sent: the operator's settings, what differs for one client, and numbers that want none."""

from datetime import time
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from balie.accounts.models import Client
from balie.messages.actions import opt_in, opt_out, put_client_sms, put_sms_settings
from balie.messages.models import OptOut
from balie.messages.queries import digits
from balie.messages.settings import client_settings, sender_for, sms_settings
from balie.messages.short import NAMES, STANDARD, template_for
from balie.rules.errors import Refused
from balie.rules.sender import name_as_sender
from balie.web import notices
from balie.web.access import office
from balie.web.office.client import head
from balie.web.request import OfficeRequest, author

PER_PAGE = 100


@require_http_methods(["GET", "HEAD", "POST"])
@office
def operators(request: OfficeRequest) -> HttpResponse:
    """The operator's settings of sending."""
    if request.method == "POST":
        given = request.POST.dict()
        try:
            put_sms_settings(
                sender=given.get("sender", ""),
                quiet=(clock(given.get("quiet_from", "")), clock(given.get("quiet_until", ""), "quiet_until")),
                limit=whole(given.get("limit", "")),
                texts={code: given.get(f"text_{code}", "") for code, _name in settings.LANGUAGES},
                author=author(request),
            )
        except Refused as refusal:
            return operators_page(request, given, refusal)
        notices.done(request, _("Saved: SMS queued from now on are sent like this."))
        return redirect("sms_ways")
    held = sms_settings()
    texts = {f"text_{code}": held.note_text.get(code, "") for code, _name in settings.LANGUAGES}
    shown = {"sender": held.sender, "limit": "" if held.limit is None else str(held.limit)}
    for name, at in (("quiet_from", held.quiet_from), ("quiet_until", held.quiet_until)):
        shown[name] = f"{at:%H:%M}" if at else ""
    return operators_page(request, {**shown, **texts})


def operators_page(request: OfficeRequest, given: dict[str, str], problem: Refused | None = None) -> HttpResponse:
    known = {
        "given": given,
        "problem": problem,
        "standard_sender": name_as_sender(request.desk.operator.name),
        "texts": [
            (code, name, given.get(f"text_{code}", ""), STANDARD.get(code, "")) for code, name in settings.LANGUAGES
        ],
        "names": NAMES,
    }
    return render(request, "balie/sms_out/ways.html", known, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@office
def clients(request: OfficeRequest, number: str) -> HttpResponse:
    """What differs for one client."""
    client = get_object_or_404(Client, number=number)
    held = client_settings(client)
    given = {"sender": held.sender, "limit": "" if held.limit is None else str(held.limit), "text": held.note_text}
    problem = None
    if request.method == "POST":
        given = request.POST.dict()
        try:
            put_client_sms(
                client=client, sender=given.get("sender", ""), limit=whole(given.get("limit", "")),
                text=given.get("text", ""), author=author(request),
            )  # fmt: skip
        except Refused as refusal:
            problem = refusal
        else:
            notices.done(request, _("Saved: SMS queued from now on are sent like this."))
            return redirect("client_sms_ways", number=number)
    known: dict[str, Any] = {
        "given": given,
        "problem": problem,
        "sender": sender_for(client, request.desk.operator),
        "standing": template_for(client),
        "general": sms_settings(),
        "names": NAMES,
    }
    context = head(client, "sms", request.desk) | known
    return render(request, "balie/sms_out/client.html", context, status=422 if problem else 200)


def clock(text: str, where: str = "quiet_from") -> time | None:
    """A time as a form says it. Refused for what is none."""
    if not text.strip():
        return None
    try:
        return time.fromisoformat(text.strip())
    except ValueError:
        raise Refused("bad_time", _("Write a time like 22:00."), where) from None


def whole(text: str) -> int | None:
    """A limit as a form says it. Refused for what is no number."""
    said = text.strip()
    if not said:
        return None
    if not (said.isascii() and said.isdigit() and len(said) < 9):
        raise Refused("bad_limit", _("A limit is a number of SMS from 0 to a million."), "limit")
    return int(said)


@require_http_methods(["GET", "HEAD", "POST"])
@office
def opt_outs(request: OfficeRequest) -> HttpResponse:
    """The numbers that want no SMS, or those that have these digits; one more."""
    given, problem, searched = request.POST, None, request.GET.get("q", "").strip()[:40]
    if request.method == "POST":
        try:
            opt_out(number=given.get("number", ""), why=given.get("why", ""), author=author(request))
        except Refused as refusal:
            problem = refusal
        else:
            notices.done(request, _("No SMS goes to this number any more."))
            return redirect("sms_opt_outs")
    found = OptOut.objects.filter(number__contains=digits(searched))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    known = {"page": page, "given": given, "problem": problem, "q": searched}
    return render(request, "balie/sms_out/opt_outs.html", known, status=422 if problem else 200)


@require_POST
@office
def opted_in(request: OfficeRequest, pk: int) -> HttpResponse:
    """SMS may go to a number again."""
    held = OptOut.objects.filter(pk=pk).first()
    if held and opt_in(number=held.number, author=author(request)):
        notices.done(request, _("SMS may go to this number again."))
    return redirect("sms_opt_outs")

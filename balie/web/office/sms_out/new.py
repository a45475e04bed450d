"""A new SMS from the office, counted while it is typed: parts, what is left, what makes it dear, a way round that."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from balie.accounts.models import Client
from balie.accounts.queries import client_by_number
from balie.messages.actions import send_sms
from balie.messages.models import State
from balie.rules.errors import Refused
from balie.rules.sms import Counted, count, plainer, segments
from balie.web import notices
from balie.web.access import office
from balie.web.request import OfficeRequest, author

LONGEST = 5000


@dataclass(frozen=True)
class Measure:
    """What a text counts. counted: as the client is billed; sent: as networks send it; better: the same without the
    characters that make it dear, empty where nothing is gained."""

    counted: int
    sent: Counted
    better: str

    @property
    def saved(self) -> int:
        return self.sent.parts - segments(self.better).parts if self.better else 0


def measured(text: str, rule: str) -> Measure:
    said = text.replace("\r\n", "\n")[:LONGEST]
    found = segments(said)
    better = plainer(said) if found.is_unicode else ""
    gains = better and (not segments(better).is_unicode or segments(better).parts < found.parts)
    return Measure(count(said, rule), found, better if gains else "")


@require_http_methods(["GET", "HEAD", "POST"])
@office
def new(request: OfficeRequest) -> HttpResponse:
    """The form; sent, the SMS is in the outbox."""
    if request.method != "POST":
        return form(request, {"client": request.GET.get("client", ""), "to": request.GET.get("to", "")})
    given = {name: request.POST.get(name, "") for name in ("client", "to", "text", "urgent", "plainer", "key")}
    if given["plainer"]:  # asked for without script: the text that was suggested
        return form(request, {**given, "text": plainer(given["text"])})
    try:
        client = client_by_number(given["client"].partition(" ")[0])
        key = f"office:{request.user.pk}:{given['key']}" if given["key"] else ""
        sent = send_sms(
            client=client, to=given["to"], text=given["text"], key=key[:200], urgent=bool(given["urgent"]),
            author=author(request),
        )  # fmt: skip
    except Refused as refusal:
        where = "client" if refusal.code == "unknown_client" else refusal.where
        return form(request, given, refusal.message, where)
    if sent.state == State.WITHHELD:
        notices.refused(request, _("The SMS is held back: %(why)s") % {"why": sent.reason})
    else:
        notices.done(request, _("The SMS is in the outbox and goes out within a few seconds."))
    return redirect("sms_one", pk=sent.pk)


def form(request: OfficeRequest, given: dict[str, str], problem: str = "", where: str = "") -> HttpResponse:
    known: dict[str, Any] = {
        "given": given,
        "problem": problem,
        "where": where,
        "clients": Client.objects.order_by("number").only("number", "name"),
        "measure": measured(given.get("text", ""), request.desk.operator.sms_count),
        "key": given.get("key") or f"{request.desk.now.timestamp():.6f}",
    }
    return render(request, "balie/sms_out/new.html", known, status=422 if problem else 200)


@require_POST
@office
def counting(request: OfficeRequest) -> HttpResponse:
    """What the text counts that is being typed; also with its suggestion taken over."""
    text = request.POST.get("text", "")
    taken = bool(request.POST.get("take"))
    known = {
        "measure": measured(plainer(text) if taken else text, request.desk.operator.sms_count),
        "given": {"text": plainer(text)},
        "taken": taken,
    }
    return render(request, "balie/sms_out/_count.html", known)

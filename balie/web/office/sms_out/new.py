"""A new SMS from the office, counted while it is typed: parts, what is left, what makes it dear, a way round that."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from balie.accounts.models import Client
from balie.accounts.queries import client_by_number
from balie.messages.actions import MOST_PARTS, as_sent, send_sms
from balie.messages.models import Outgoing, State
from balie.rules.errors import Refused
from balie.rules.phone import e164
from balie.rules.sms import Counted, count, plainer, room, segments
from balie.web import notices
from balie.web.access import office
from balie.web.office.sms_out.listed import promised
from balie.web.request import OfficeRequest, author

LONGEST = 5000


@dataclass(frozen=True)
class Measure:
    """What a text counts. counted, left: as the client is billed, and what fits in still; sent: as networks send it;
    better: the same without the characters that make it dear, empty where nothing is gained; most: the parts that are
    sent at most, where these are more, else 0."""

    counted: int
    left: int
    sent: Counted
    better: str
    most: int

    @property
    def saved(self) -> int:
        return self.sent.parts - segments(self.better).parts if self.better else 0


def measured(text: str, rule: str) -> Measure:
    said = as_sent(text)[:LONGEST]
    found = segments(said)
    better = plainer(said) if found.is_unicode else ""
    gains = better and (not segments(better).is_unicode or segments(better).parts < found.parts)
    most = MOST_PARTS if found.parts > MOST_PARTS else 0
    return Measure(count(said, rule), room(said, rule), found, better if gains else "", most)


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
        if key and not says(sent, client, given, request.desk.operator.country):
            return form(request, {**given, "key": ""}, sent_before(sent))
    except Refused as refusal:
        where = "client" if refusal.code == "unknown_client" else refusal.where
        return form(request, given, refusal.message, where)
    if sent.state == State.WITHHELD:
        notices.refused(request, _("The SMS is held back: %(why)s") % {"why": sent.reason})
    else:
        notices.done(request, promised(sent, request.desk))
    return redirect("sms_one", pk=sent.pk)


def says(sms: Outgoing, client: Client, given: dict[str, str], country: str) -> bool:
    """Whether this SMS is what was given, and not one that the same page sent before with other words."""
    recipient = e164(" ".join(given["to"].split()), country)
    return (sms.client_id, sms.recipient, sms.text) == (client.pk, recipient[:80], as_sent(given["text"]))


def sent_before(sms: Outgoing) -> str:
    """What to say of a page that was sent with other words; it has a new key, so that the button sends a second one."""
    said = _("This page was sent before, with other words, as SMS %(number)s. Send this as another SMS?")
    return said % {"number": sms.pk}


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

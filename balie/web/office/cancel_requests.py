"""Notice that was given without a login: staff see whose contract it is, carry it out or reject it with a reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from balie.accounts.models import Client
from balie.contracts.actions import accept_notice, reject_notice
from balie.contracts.actions.cancel import LONGEST_REASON
from balie.contracts.letters import sort_of
from balie.contracts.models import CancellationRequest
from balie.contracts.queries import contracts_of, end_if_cancelled, likely_clients, open_requests, requests
from balie.operator.written import long_day
from balie.rules.errors import Refused
from balie.tariffs.queries import local_day
from balie.web import notices, written
from balie.web.access import office
from balie.web.given import day_of
from balie.web.office.alerts import Alert
from balie.web.request import Desk, OfficeRequest, author

PER_PAGE = 50


@office
def listed(request: OfficeRequest) -> HttpResponse:
    """Those that wait, the longest first; then those that were decided."""
    decided = Paginator(requests().exclude(outcome=""), PER_PAGE).get_page(request.GET.get("page"))
    known = {"unanswered": list(open_requests().select_related("client")), "page": decided}
    return render(request, "balie/cancellations/requests.html", known)


def unanswered() -> Iterator[Alert]:
    """For the start page: that such notice waits. One query."""
    count = open_requests().count()
    if count:
        said = ngettext("%(n)s cancellation without a login waits", "%(n)s cancellations without a login wait", count)
        rest = _("The day it came counts; find the contract and carry it out.")
        yield Alert("warn", said % {"n": written.count(count)}, rest, reverse("cancel_requests"), _("Look at it"))


def request_of(pk: int) -> CancellationRequest:
    return get_object_or_404(requests(), pk=pk)


@office
def one(request: OfficeRequest, pk: int) -> HttpResponse:
    """What was typed, whose it may be, and what carrying it out would do."""
    return page(request, request_of(pk))


@dataclass(frozen=True)
class Doing:
    """What accepting would do to a client's service: its last day by the rule; None where nothing goes on."""

    client: Client
    service: str
    ends: date | None
    others: Sequence[str]  # services the client has, where it does not have this one


def doing(found: CancellationRequest, client: Client, service: str, desk: Desk) -> Doing:
    ends = end_if_cancelled(client, service, local_day(found.received), today=desk.today)
    running = (row.service for row in contracts_of(client) if row.end is None or row.end >= desk.today)
    return Doing(client, service, ends, sorted({*running} - {service}))


def page(
    request: OfficeRequest, found: CancellationRequest, problem: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    desk, given = request.desk, request.POST if request.method == "POST" else request.GET
    likely = likely_clients(found, desk.operator.country)
    typed = given.get("client", "").strip()[:40]
    number = typed or (found.client.number if found.client else likely[0].number if len(likely) == 1 else "")
    client = Client.objects.filter(number=number).first() if number else None
    known: dict[str, Any] = {
        "notice": found,
        "sort": sort_of(found),
        "likely": likely,
        "number": number,
        "unknown": bool(typed) and client is None,
        "doing": doing(found, client, given.get("service", "") or found.service, desk) if client else None,
        "wishes": found.wanted if found.wanted and found.wanted >= desk.today else None,
        "today": desk.today,
        "longest": LONGEST_REASON,
        "given": {name: given.get(name, "")[:LONGEST_REASON] for name in ("answer", "last", "day")},
        "problem": problem or {},
    }
    return render(request, "balie/cancellations/request.html", known, status=status)


@require_POST
@office
def accept(request: OfficeRequest, pk: int) -> HttpResponse:
    """Carried out as the page has shown; back to the list."""
    found = request_of(pk)
    try:
        client = client_named(request.POST.get("client", ""))
        service = request.POST.get("service", "") or found.service
        agreed = agreed_on(request, found)
        done = accept_notice(request=found, client=client, service=service, agreed=agreed, author=author(request))
    except Refused as refusal:
        return page(request, found, {"where": refusal.where, "text": refusal.message}, 422)
    if done.cancellation:
        text = _("Cancelled: %(client)s has %(day)s as the last day.")
        said = text % {"client": client, "day": long_day(done.cancellation.ends)}
    else:
        said = _("%(client)s ends anyhow; the request is settled.") % {"client": client}
    notices.done(request, said)
    return redirect("cancel_requests")


def client_named(number: str) -> Client:
    found = Client.objects.filter(number=number.strip()).first()
    if found is None:
        raise Refused("unknown_client", _("Choose the client whose contract it is."), "client")
    return found


def agreed_on(request: OfficeRequest, found: CancellationRequest) -> date | None:
    """The last day staff chose; None for the one of the notice rule."""
    match request.POST.get("last"):
        case "wished":
            return found.wanted
        case "other":
            return day_of(request.POST.get("day", "").strip(), request.desk.today, "agreed")
        case _:
            return None


@require_POST
@office
def reject(request: OfficeRequest, pk: int) -> HttpResponse:
    """Whoever sent it gets these words by mail."""
    found = request_of(pk)
    try:
        reject_notice(request=found, answer=request.POST.get("answer", ""), author=author(request))
    except Refused as refusal:
        return page(request, found, {"where": refusal.where, "text": refusal.message}, 422)
    notices.done(request, _("Rejected; %(email)s is told why.") % {"email": found.email})
    return redirect(reverse("cancel_requests"))


urlpatterns = [
    path("cancellations/requests/", listed, name="cancel_requests"),
    path("cancellations/requests/<int:pk>/", one, name="cancel_request"),
    path("cancellations/requests/<int:pk>/accept/", accept, name="accept_cancel_request"),
    path("cancellations/requests/<int:pk>/reject/", reject, name="reject_cancel_request"),
]

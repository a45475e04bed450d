"""All cancellations: who gave notice of what when, why, and until when it runs; as a page and as a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from balie.contracts.actions import withdraw_cancellation
from balie.contracts.models import Cancellation
from balie.contracts.pipeline import CANCELLATIONS, STATES, Notices, cancellations, state_counts
from balie.rules.errors import Refused
from balie.statements.exports.sheet import Sheet
from balie.tariffs.words import SERVICES
from balie.web import notices
from balie.web.access import office
from balie.web.downloads import download
from balie.web.given import day_of
from balie.web.request import Desk, OfficeRequest, author, partly

PER_PAGE = 50
NAMES = {
    "coming": pgettext_lazy("cancellation", "still runs"),
    "over": pgettext_lazy("cancellation", "ended"),
    "withdrawn": pgettext_lazy("cancellation", "taken back"),
}
SHEET = Sheet(
    "cancellations",
    {
        "client": ("text", 10),
        "name": ("text", 34),
        "service": ("text", 11),
        "tariff": ("text", 18),
        "received": ("text", 11),
        "last_day": ("text", 11),
        "state": ("text", 10),
        "reason": ("text", 60),
        "by": ("text", 26),
        "entered": ("text", 26),
        "withdrawn": ("text", 26),
    },
)


@dataclass(frozen=True)
class Row:
    """One cancellation as the list shows it."""

    cancellation: Cancellation
    today: date

    @property
    def state(self) -> str:
        if self.cancellation.withdrawn:
            return "withdrawn"
        return "over" if self.cancellation.ends < self.today else "coming"

    @property
    def name(self) -> str:
        return str(NAMES[self.state])

    @property
    def days_left(self) -> int:
        return (self.cancellation.ends - self.today).days

    def document(self) -> Mapping[str, Any]:
        one = self.cancellation
        return {
            "client": one.client.number,
            "name": one.client.name,
            "service": one.service,
            "tariff": one.contract.tariff.code if one.contract else None,
            "received": one.received.isoformat(),
            "last_day": one.ends.isoformat(),
            "state": self.state,
            "reason": one.reason,
            "by": one.by,
            "entered": one.at.isoformat(),
            "withdrawn": one.withdrawn.isoformat() if one.withdrawn else None,
        }


@office
def all_cancellations(request: OfficeRequest) -> HttpResponse:
    """The cancellations asked for, sorted."""
    desk, query = request.desk, request.GET
    wanted, order, problem = asked_for(query)
    page = Paginator(cancellations(desk.today, wanted, order), PER_PAGE).get_page(query.get("page"))
    number = state_counts(desk.today)
    known = {
        "page": page,
        "rows": [Row(one, desk.today) for one in page],
        "wanted": wanted,
        "problem": problem,
        "order": order,
        "services": SERVICES.items(),
        "states": [(state, NAMES[state], number[state]) for state in STATES],
        "all": sum(number.values()),
        "filtered": wanted != Notices(),
        "download": "/cancellations",
    }
    return render(request, f"balie/cancellations/{'_rows' if partly(request) else 'list'}.html", known)


def asked_for(query: Mapping[str, str]) -> tuple[Notices, str, str]:
    """What of the address the list goes by, its order, and what of it cannot be read."""
    order, state = query.get("order", "-at"), query.get("state", "")
    problem, days = "", dict.fromkeys(("since", "until"))
    for name in days:
        try:
            days[name] = day_of(query.get(name, ""), date.min, name) if query.get(name) else None
        except Refused as refusal:
            problem = refusal.message
    wanted = Notices(
        search=query.get("q", "").strip()[:80],
        state=state if state in STATES else "",
        service=query.get("service", "")[:40],
        since=days["since"],
        until=days["until"],
    )
    return wanted, order if order.removeprefix("-") in CANCELLATIONS else "-at", problem


@office
def file(request: OfficeRequest, format: str) -> HttpResponse:
    """The cancellations of the page as a file, all of them, in its order."""
    wanted, order, _problem = asked_for(request.GET)
    today = request.desk.today
    rows = [Row(one, today).document() for one in cancellations(today, wanted, order)]
    return download(SHEET.file(rows, format), f"cancellations-{today}.{format}", format)


@require_http_methods(["GET", "HEAD", "POST"])
@office
def withdraw(request: OfficeRequest, pk: int) -> HttpResponse:
    """Shows what taking the notice back does; the button on that page does it, and so does an undo."""
    found = get_object_or_404(Cancellation.objects.select_related("client", "contract"), pk=pk)
    if request.method != "POST":
        return render(request, "balie/cancellations/withdraw.html", withdrawal(found, request.desk))
    try:
        withdraw_cancellation(cancellation=found, author=author(request))
    except Refused as refusal:
        notices.refused(request, refusal.message)
    else:
        notices.done(request, _("The notice of %(client)s is taken back.") % {"client": found.client.name})
    return redirect("client_contracts", number=found.client.number)


def withdrawal(found: Cancellation, desk: Desk) -> dict[str, Any]:
    row = Row(found, desk.today)
    return {"row": row, "one": found, "possible": row.state == "coming" and found.contract is not None}

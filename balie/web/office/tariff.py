"""One tariff: its price list as a client reads it, its versions, its code, and what it would cost a client."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from balie.accounts.models import Client
from balie.operator.models import LogEntry
from balie.rules.period import Period
from balie.rules.tariff import Version
from balie.tariffs.checks import WATCH
from balie.tariffs.models import Tariff, TariffVersion
from balie.tariffs.queries import in_force, terms_of, unbilled_usage, uses, versions_of
from balie.web import pricelist
from balie.web.access import office
from balie.web.office.contracts import price_list, title_of
from balie.web.office.example import Example, at_version, client_named
from balie.web.office.tariff_watch import fields, told
from balie.web.office.tariffs import clients_at, counted, state_of
from balie.web.request import Desk, OfficeRequest
from balie.web.versions import Change, changes

SHOWN_USES, SHOWN_LOG, SHOWN_CLIENTS = 20, 20, 50
MONTHS_AHEAD = 13  # as far as `Desk.month` goes in December
BEGINNING = "beginning"  # in addresses: the version that has always been there


@dataclass(frozen=True)
class Told:
    """One version in the history: whether it holds, comes or is past, what it changed, what holds without it."""

    version: TariffVersion
    state: str  # now, coming, past
    changes: list[Change]
    before: TariffVersion | None

    @property
    def address(self) -> str:
        """How its first month is written in an address."""
        return f"{self.version.first_day:%Y-%m}" if self.version.first_day else BEGINNING


def tariff_of(pk: int) -> Any:
    """The tariff with its client and `used`, how often its code was used."""
    return get_object_or_404(counted(), pk=pk)


@office
def tariff(request: OfficeRequest, pk: int) -> HttpResponse:
    """The tariff with everything one may want to know of it; with a month chosen, on to the editor."""
    found = tariff_of(pk)
    if request.GET.get("from"):
        return redirect("edit_tariff", pk=pk, month=str(request.desk.month(request.GET["from"])))
    return tariff_page(request, found)


def tariff_page(request: OfficeRequest, tariff: Any, problem: str = "", where: str = "") -> HttpResponse:
    """The page; with what was refused, at the field `where`."""
    desk = request.desk
    versions = versions_of([tariff]).get(tariff.pk, [])
    holds = in_force(versions, desk.today) or (versions[0] if versions else None)
    shown = next((one for one in versions if str(one.pk) == request.GET.get("version")), holds)
    contracts = clients_at(tariff, desk.today)
    months = months_ahead(desk)
    known: dict[str, Any] = {
        "tariff": tariff,
        "title": title_of(holds.title if holds else {}, desk, tariff.code),
        "shown": shown,
        "holds": holds,
        "prices": price_list(shown, desk) if shown else [],
        "description": title_of(shown.description, desk, "") if shown else "",
        "conditions": list(pricelist.conditions(terms_of(shown), desk.operator.currency)) if shown else [],
        "unbilled": unbilled_usage(shown) if shown else [],
        "history": history(versions, desk),
        "months": months,
        "next_month": months[1],
        "state": state_of(tariff, desk.today),
        "left": max(0, tariff.code_uses - tariff.used) if tariff.code_uses is not None else None,
        "uses": uses(tariff)[:SHOWN_USES],
        "contracts": contracts[:SHOWN_CLIENTS],
        "clients": contracts.count(),
        "every_client": Client.objects.order_by("number").only("number", "name"),
        "example": example(request, shown),
        "log": LogEntry.objects.filter(about=f"tariff:{tariff.code}").order_by("-at")[:SHOWN_LOG],
        "given": request.POST if request.POST.get("do") == "offer" else None,
        **troubles(request, tariff, problem, where),
    }
    return render(request, "balie/tariffs/tariff.html", known, status=422 if problem else 200)


def troubles(request: OfficeRequest, tariff: Tariff, problem: str, where: str) -> dict[str, Any]:
    """What was refused, at the form it belongs to, and the form of the watch, which is filled in again."""
    of_watch = where in WATCH
    given = request.POST if of_watch else None
    watch = {"watch": told(tariff, request.desk), "watch_fields": fields(tariff, request.desk, given)}
    if of_watch:
        return {**watch, "watch_problem": problem, "watch_where": where}
    return {**watch, "problem": problem, "where": where}


def history(versions: list[TariffVersion], desk: Desk) -> list[Told]:
    """The versions, the newest first, each with what it changed."""
    holds = in_force(versions, desk.today)
    terms: list[Version] = [terms_of(version) for version in versions]
    found = []
    for place, version in enumerate(versions):
        coming = version.first_day is not None and version.first_day > desk.today
        state = "now" if version is holds else "coming" if coming else "past"
        changed = list(changes(terms[place - 1], terms[place], desk.operator.currency)) if place else []
        found.append(Told(version, state, changed, versions[place - 1] if place else None))
    return found[::-1]


def months_ahead(desk: Desk) -> list[Period]:
    """The months a new version may begin in: the running one and those after it."""
    found = [desk.this_month]
    while len(found) < MONTHS_AHEAD:
        found.append(found[-1].next())
    return found


def example(request: OfficeRequest, version: TariffVersion | None) -> Example | None:
    """What the asked-for client would have paid last month at this version."""
    client = client_named(request.GET.get("client", ""))
    return at_version(client, version, request.desk) if client and version else None

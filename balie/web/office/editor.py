"""Editing a version of a tariff as a table of items, with the example of what a client would have paid."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from balie.accounts.models import Client
from balie.calls.queries import closed_months
from balie.rules.errors import Refused
from balie.rules.meter import Meter
from balie.rules.tariff import WEEKDAYS, Item
from balie.tariffs.actions import draft_version, make_tariff
from balie.tariffs.checks import checked_item
from balie.tariffs.models import Tariff, TariffVersion
from balie.tariffs.queries import unsaved_version, versions_of
from balie.tariffs.words import SERVICES
from balie.web import notices, pricelist
from balie.web.access import office
from balie.web.office.contracts import title_of
from balie.web.office.draft import HEAD, LANGUAGES, Draft, Row, number, posted, stored
from balie.web.office.example import Example, at_version, client_named
from balie.web.office.tariff import BEGINNING, months_ahead, tariff_of
from balie.web.office.tariffs import clients_at
from balie.web.request import Desk, OfficeRequest, author, parsed, partly
from balie.web.typed import point

EMPTY = Draft(dict.fromkeys(HEAD, ""), False, ())


@dataclass(frozen=True)
class Edited:
    """The version that begins on a day, new or there already. before: what it is laid out like, and changes."""

    tariff: Tariff
    first_day: date | None
    version: TariffVersion | None
    before: TariffVersion | None
    versions: list[TariffVersion]

    @property
    def frozen(self) -> bool:
        return self.version is not None and self.version.frozen

    @property
    def address(self) -> str:
        """How its first month is written in an address."""
        return f"{self.first_day:%Y-%m}" if self.first_day else BEGINNING


@dataclass(frozen=True)
class Shown:
    """A row of the editor. titles: the reader's own language first. about: what its folded fields say, in words."""

    row: Row
    place: int
    titles: list[tuple[str, str]]
    about: str
    first: bool
    last: bool


@require_http_methods(["GET", "HEAD", "POST"])
@office
def edit(request: OfficeRequest, pk: int, month: str) -> HttpResponse:
    """The version that begins with this month: a new one laid out like the one before, or the one there is."""
    edited = edited_of(tariff_of(pk), month, request.desk)
    if request.method != "POST":
        base = edited.version or edited.before or (edited.versions[0] if edited.versions else None)
        return editor_page(request, edited, stored(base) if base else EMPTY)
    draft = posted(request.POST).done(request.POST.get("do", ""))
    if request.POST.get("do") != "save":
        return editor_page(request, edited, draft)
    return saved(request, edited, draft)


def edited_of(tariff: Tariff, month: str, desk: Desk) -> Edited:
    """What an address means. Refused for a month that is none, or too far away for a new version."""
    versions = versions_of([tariff]).get(tariff.pk, [])
    by_day = {version.first_day: version for version in versions}
    first_day = None if month == BEGINNING and None in by_day else parsed(month, desk.zone).first_day
    if first_day not in by_day:
        desk.month(month)
    earlier = [one for one in versions if first_day and (one.first_day is None or one.first_day < first_day)]
    return Edited(tariff, first_day, by_day.get(first_day), earlier[-1] if earlier else None, versions)


def saved(request: OfficeRequest, edited: Edited, draft: Draft) -> HttpResponse:
    """Stores the version, or shows what is wrong beside the item."""
    try:
        draft_version(
            tariff=edited.tariff,
            first_day=edited.first_day,
            version=draft.version,
            items=draft.items,
            closed=closed_months(),
            author=author(request),
        )
    except Refused as refusal:
        return editor_page(request, edited, draft.refused(told(refusal), refusal.where), status=422)
    said = _("Saved: these prices hold from %(month)s.") % {"month": pricelist.month_from(edited.first_day)}
    notices.done(request, said)
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("tariff", args=[edited.tariff.pk])})
    return redirect("tariff", pk=edited.tariff.pk)


def told(refusal: Refused) -> str:
    """What is wrong, in the reader's language; closed months refuse world files too, in English."""
    if refusal.code == "frozen_version":
        return _("A closed month has used these prices, so they stay. Let the new ones begin in a later month.")
    return refusal.message


def editor_page(request: OfficeRequest, edited: Edited, draft: Draft, status: int = 200) -> HttpResponse:
    desk, own = request.desk, (get_language() or "en")[:2]
    contracts = clients_at(edited.tariff, desk.today)
    asked = client_named(request.POST.get("example", request.GET.get("client", "")))
    client = asked or edited.tariff.client or next((one.client for one in contracts[:1]), None)
    known: dict[str, Any] = {
        "tariff": edited.tariff,
        "edited": edited,
        "title": title_of(draft.words("title"), desk, edited.tariff.code),
        "draft": draft,
        "deed": request.POST.get("do", ""),
        "rows": shown(draft, desk, own),
        "kept": len(draft.kept),
        "titles": words(draft, "title", own),
        "descriptions": words(draft, "description", own),
        "own": own,
        "meters": [(value.value, pricelist.METERS[value]) for value in Meter],
        "weekdays": [(name, pricelist.day_name(place)) for place, name in enumerate(WEEKDAYS)],
        "notices": [(value.value, name) for value, name in pricelist.NOTICES.items()],
        "every_client": Client.objects.order_by("number").only("number", "name"),
        "example_client": client,
        "example": example_of(client, edited, draft, desk) if client else None,
        "affected": contracts.count(),
        "later_months": [
            one for one in months_ahead(desk)[1:] if not edited.first_day or one.first_day > edited.first_day
        ],
    }
    part = partly(request)
    page = "balie/tariffs/_editor.html" if part else "balie/tariffs/edit.html"
    return render(request, page, known, status=200 if part else status)


def own_first(own: str) -> list[str]:
    return sorted(LANGUAGES, key=lambda name: name != own)


def words(draft: Draft, what: str, own: str) -> list[tuple[str, str]]:
    """Titles or descriptions by language."""
    said = draft.words(what)
    return [(name, said[name]) for name in own_first(own)]


def shown(draft: Draft, desk: Desk, own: str) -> list[Shown]:
    found, last = [], len(draft.rows) - 1
    for place, row in enumerate(draft.rows):
        titles = [(name, row.said.get(f"title_{name}", "")) for name in own_first(own)]
        found.append(Shown(row, place + 1, titles, about(row, desk), not place, place == last))
    return found


def about(row: Row, desk: Desk) -> str:
    """What an item says beside its price; half-typed rows say nothing."""
    try:
        item = Item.read(0, checked_item(row.item, ""))
    except Refused:
        return ""
    return " · ".join(pricelist.details(item, desk.operator.currency))


def example_of(client: Client, edited: Edited, draft: Draft, desk: Desk) -> Example:
    """The client's last month as it was and with what stands in the editor."""
    try:
        version = unsaved_version(edited.tariff, edited.first_day, draft.version, draft.items)
    except Refused as refusal:
        return Example(client, desk.this_month.previous(), None, None, refusal.message)
    return at_version(client, version, desk)


@require_http_methods(["GET", "HEAD", "POST"])
@office
def new(request: OfficeRequest) -> HttpResponse:
    """A new tariff: what it is called and for whom; its items come in the editor."""
    if request.method != "POST":
        return new_page(request)
    given, desk = request.POST, request.desk
    title = {language: given.get(f"title_{language}", "").strip() for language in LANGUAGES}
    try:
        if not any(title.values()):
            raise Refused("no_title", _("Give the tariff a title in at least one language."), "title")
        period = desk.month(given.get("month", ""))
        made = make_tariff(
            offer={"service": service_of(given.get("service", "")), "public": bool(given.get("public"))},
            first_day=period.first_day,
            version={
                "title": title,
                "vat_percent": point(given.get("vat_percent", "")),
                "notice": given.get("notice", "monthly"),
            },
            items=[],
            closed=closed_months(),
            author=author(request),
        )
    except Refused as refusal:
        return new_page(request, refusal.message, refusal.where)
    return redirect("edit_tariff", pk=made.pk, month=str(period))


def service_of(text: str) -> str:
    return text if text in SERVICES else "telephone"


def new_page(request: OfficeRequest, problem: str = "", where: str = "") -> HttpResponse:
    given, own = request.POST, (get_language() or "en")[:2]
    latest = TariffVersion.objects.order_by("-pk").values_list("vat_percent", flat=True).first()
    months = months_ahead(request.desk)
    known = {
        "months": months,
        "month": given.get("month", str(months[1])),
        "services": SERVICES.items(),
        "notices": [(value.value, name) for value, name in pricelist.NOTICES.items()],
        "titles": [(name, given.get(f"title_{name}", "")) for name in own_first(own)],
        "vat": given.get("vat_percent", number(latest)),
        "public": bool(given.get("public")) if given else True,
        "problem": problem,
        "where": where.partition(".")[0],
        "given": given,
    }
    return render(request, "balie/tariffs/new.html", known, status=422 if problem else 200)

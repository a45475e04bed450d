"""What-ifs that were asked for, and asking: with a tariff as it stands, with what stands in the editor, again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from balie.controlling.models import WhatIf
from balie.controlling.whatif import amounts_of, ask_again, ask_what_if, months_to_compare, try_again
from balie.leases.queries import alive
from balie.rules.errors import Refused
from balie.tariffs.models import Tariff
from balie.tariffs.queries import in_force, unsaved_version, versions_of
from balie.web import notices
from balie.web.access import office
from balie.web.office.contracts import title_of
from balie.web.office.draft import posted
from balie.web.office.editor import edited_of, editor_page, told
from balie.web.office.tariff import tariff_of
from balie.web.request import Desk, OfficeRequest, author

MONTHS = (1, 3, 6, 12, 24, 36)
USUAL = 12


@dataclass(frozen=True)
class Asked:
    """A what-if in the list: what its tariff was called, and what came of it."""

    row: WhatIf
    title: str
    amounts: Mapping[str, Any]

    @property
    def first(self) -> int:
        return int(self.row.months[0])

    @property
    def last(self) -> int:
        return int(self.row.months[-1])

    @property
    def difference(self) -> Any:
        return self.amounts["other"] - self.amounts["present"] if self.amounts else None


@require_http_methods(["GET", "HEAD", "POST"])
@office
def what_ifs(request: OfficeRequest) -> HttpResponse:
    """Those asked for lately, and the form for another with a tariff as it stands."""
    if request.method != "POST":
        return list_page(request)
    given = request.POST
    try:
        tariff = Tariff.objects.filter(code=given.get("tariff", "")).first()
        if tariff is None:
            raise Refused("unknown_tariff", _("Choose the tariff to price with."), "tariff")
        row = ask_what_if(tariff=tariff, author=author(request), **wanted(given))
    except Refused as refusal:
        return list_page(request, refusal)
    return redirect("what_if", pk=row.pk)


def wanted(given: Mapping[str, str]) -> dict[str, Any]:
    """Which months and whose contracts. Refused, at its field, for what is neither."""
    months, code = given.get("months", ""), given.get("only_at", "")
    only_at = Tariff.objects.filter(code=code).first() if code else None
    if code and only_at is None:
        raise Refused("unknown_tariff", _("There is no tariff “%(code)s” any more.") % {"code": code[:40]}, "only_at")
    return {
        "months": int(months) if months.isascii() and months.isdigit() and len(months) < 4 else 0,
        "only_at": only_at,
    }


def list_page(request: OfficeRequest, refusal: Refused | None = None) -> HttpResponse:
    desk, given = request.desk, request.POST or request.GET
    asked = [asked_of(row, desk) for row in WhatIf.objects.select_related("tariff", "only_at")]
    known = {
        "asked": asked,
        "closed": len(months_to_compare(MONTHS[-1])),
        "tariff": given.get("tariff", ""),
        "problem": refusal.message if refusal else "",
        "where": refusal.where if refusal else "",
        **choices(desk, given),
    }
    return render(request, "balie/what_if/list.html", known, status=422 if refusal else 200)


def asked_of(row: WhatIf, desk: Desk) -> Asked:
    titles = row.versions[-1]["title"]
    return Asked(row, title_of(titles, desk, row.tariff.code), amounts_of(row.sums))


def choices(desk: Desk, given: Mapping[str, str]) -> dict[str, Any]:
    """What the forms offer: tariffs by title, numbers of months, whose contracts."""
    tariffs: QuerySet[Tariff] = Tariff.objects.select_related("client")
    versions, found = versions_of(tariffs), []
    for tariff in tariffs:
        own = versions.get(tariff.pk, [])
        holds = in_force(own, desk.today) or (own[0] if own else None)
        if holds:
            found.append((tariff.code, title_of(holds.title, desk, tariff.code)))
    return {
        "tariffs": sorted(found, key=lambda one: one[1].casefold()),
        "numbers": MONTHS,
        "months": given.get("months", str(USUAL)),
        "only_at": given.get("only_at", ""),
    }


@require_POST
@office
def of_draft(request: OfficeRequest, pk: int, month: str) -> HttpResponse:
    """With what stands in the editor; nothing of it is stored as a tariff."""
    edited, draft = edited_of(tariff_of(pk), month, request.desk), posted(request.POST)
    try:
        version = unsaved_version(edited.tariff, edited.first_day, draft.version, draft.items)
        row = ask_what_if(tariff=edited.tariff, author=author(request), draft=version, **wanted(request.POST))
    except Refused as refusal:
        return editor_page(request, edited, draft.refused(told(refusal), refusal.where), status=422)
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("what_if", args=[row.pk])})
    return redirect("what_if", pk=row.pk)


@require_POST
@office
def again(request: OfficeRequest, pk: int) -> HttpResponse:
    """The same prices for other months or other clients."""
    before = get_object_or_404(WhatIf.objects.select_related("tariff"), pk=pk)
    try:
        row = ask_again(before=before, author=author(request), **wanted(request.POST))
    except Refused as refusal:
        notices.refused(request, refusal.message)
        return redirect("what_if", pk=pk)
    return redirect("what_if", pk=row.pk)


@require_POST
@office
def retry(request: OfficeRequest, pk: int) -> HttpResponse:
    """One that was given up is tried once more."""
    try_again(row=get_object_or_404(WhatIf, pk=pk))
    return redirect("what_if", pk=pk)


def stuck(row: WhatIf, desk: Desk) -> bool:
    """Whether it waits and nobody works in the background."""
    return row.under_way and not alive(now=desk.now).exists()

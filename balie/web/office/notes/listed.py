"""All notes of a month with filters; the same rows as files."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from balie.accounts.models import Client
from balie.notes.models import Note
from balie.quality.names import names
from balie.rules.period import Period
from balie.web.access import office
from balie.web.downloads import notes_download
from balie.web.filters import PER_PAGE
from balie.web.months import choices
from balie.web.notes.filters import AllNotes, narrowed, of_month, wrong_of
from balie.web.notes.shown import outcome
from balie.web.paging import Pages
from balie.web.request import OfficeRequest, partly

ORDERS = {
    "at": ("at", "pk"),
    "client": ("client__name", "at", "pk"),
    "agent": ("agent__name", "at", "pk"),
    "caller": ("caller_name", "caller", "at", "pk"),
}


def found(period: Period, wanted: dict[str, Any], order: str) -> QuerySet[Note]:
    rows = narrowed(of_month(Note.objects.all(), period), wanted, period.zone)
    return rows.order_by(*(f"-{name}" if order.startswith("-") else name for name in ORDERS[order.removeprefix("-")]))


def order_of(request: OfficeRequest, *, apart: bool) -> str:
    order = request.GET.get("order", "-at")
    name = order.removeprefix("-")
    return order if name in ORDERS and (apart or name != "agent") else "-at"


@office
def notes(request: OfficeRequest) -> HttpResponse:
    """Every note of a month, the newest first. Three queries for the notes."""
    desk = request.desk
    period = desk.month(request.GET.get("month", ""))
    apart = names().apart
    form, order = AllNotes(request.GET, period, apart=apart), order_of(request, apart=apart)
    wanted = form.read_inside()
    rows = found(period, wanted, order)
    page = Pages(rows, PER_PAGE).get_page(request.GET.get("page"))
    wrong = wrong_of(page.object_list)
    known: dict[str, Any] = {
        "list": {"form": form},
        "page": page,
        "rows": [(note, outcome(note), wrong.get(note.pk, 0)) for note in page.object_list],
        "order": order,
        "together": not apart,
        "period": period,
        "months": choices(period, desk),
        "wanted": wanted,
        "clients": () if partly(request) else Client.objects.order_by("number").only("number", "name"),
    }
    return render(request, f"balie/notes/{'_rows' if partly(request) else 'list'}.html", known)


@office
def file(request: OfficeRequest, format: str) -> HttpResponseBase:
    """The notes of the page as a file, all of them, in its order."""
    period = request.desk.month(request.GET.get("month", ""))
    apart = names().apart
    wanted, order = AllNotes(request.GET, period, apart=apart).read_inside(), order_of(request, apart=apart)
    return notes_download(found(period, wanted, order), period, format, for_client=False, apart=apart)

"""What was done to one client and its calls, and by whom, the latest first; who of staff opened it; all its data."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext_lazy

from balie.accounts.models import Client
from balie.accounts.opened import OPENED
from balie.operator.models import LogEntry
from balie.web import history, written
from balie.web.access import office
from balie.web.everything import everything_file
from balie.web.office import corrected
from balie.web.office.client import head
from balie.web.office.desk.page import Entry
from balie.web.request import OfficeRequest

PER_PAGE = 50
# What is shown: what was done, or who only looked.
SHOWN = {"": gettext_lazy("What was changed"), "opened": gettext_lazy("Who opened this client")}


@office
def client_history(request: OfficeRequest, number: str) -> HttpResponse:
    client = get_object_or_404(Client, number=number)
    shown = "opened" if request.GET.get("what") == "opened" else ""
    of_client = Q(about=f"client:{number}") | Q(about__startswith=f"contract:{number}/")
    if shown:
        entries = LogEntry.objects.filter(of_client, deed=OPENED)
    else:
        entries = LogEntry.objects.filter(of_client | corrected.entries_of(client)).exclude(deed=OPENED)
    country = request.desk.operator.country
    page = Paginator(entries.order_by("-at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    of_calls = corrected.told(page)
    known: dict[str, Any] = {
        "page": page,
        "rows": [(entry, history.about(entry), said_of(entry, country), of_calls.get(entry.pk)) for entry in page],
        "shown": shown,
        "choices": SHOWN.items(),
    }
    return render(request, "balie/client/history.html", head(client, "history", request.desk) | known)


def said_of(entry: LogEntry, country: str) -> str:
    """The particulars: which part of the desk, which number, whose address; else as pages of contracts tell them."""
    kind, details = entry.deed.partition(".")[0], entry.details
    if kind == "call":
        return ""  # told by the correction itself, with links
    if kind in ("desk", "absence"):
        return Entry(entry).part or Entry(entry).about
    if kind in ("calls", "sms"):
        whose = next((details[name] for name in ("number", "account", "to", "name") if details.get(name)), "")
        return written.phone(str(whose), country)
    return str(details.get("email") or history.told(entry))


@office
def client_data(request: OfficeRequest, number: str) -> HttpResponseBase:
    """All that is kept of the client, as one file."""
    return everything_file(request, get_object_or_404(Client, number=number))


urlpatterns = [
    path("clients/<path:number>/history/", client_history, name="client_history"),
    path("clients/<path:number>/data.zip", client_data, name="client_data"),
]

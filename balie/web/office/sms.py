"""A client's SMS of a month: the list with its filters and sums, and the same as files."""

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from balie.accounts.models import Client
from balie.calls.queries import closed_months
from balie.messages.queries import clients_messages, narrowed, sums
from balie.web.access import office
from balie.web.filters import PER_PAGE
from balie.web.months import choices
from balie.web.office.client import head
from balie.web.request import OfficeRequest, partly
from balie.web.sms import SmsFilterForm, sms_file


@office
def client_sms(request: OfficeRequest, number: str) -> HttpResponse:
    """The newest first, with every number in full."""
    desk, client = request.desk, get_object_or_404(Client, number=number)
    period = desk.month(request.GET.get("month", ""))
    form = SmsFilterForm(request.GET, period)
    wanted = form.wanted()
    found = narrowed(clients_messages(client, period), wanted, period.zone)
    totals = sums(found)
    pages = Paginator(found.order_by("-sent_at", "-pk"), PER_PAGE)
    pages.__dict__["count"] = totals.messages  # the sums know already; Django would ask once more
    known = {
        "list": {"form": form},
        "wanted": wanted,
        "page": pages.get_page(request.GET.get("page")),
        "totals": totals,
        "period": period,
        "months": choices(period, desk),
        "closed": period.key in closed_months(),
        "download": reverse("client_sms", args=[client.number]).rstrip("/"),
    }
    if partly(request):
        return render(request, "balie/sms/_rows.html", known)
    return render(request, "balie/sms/client.html", head(client, "sms", desk) | known)


@office
def client_sms_file(request: OfficeRequest, number: str, format: str) -> HttpResponseBase:
    """The rows the page shows as a file, numbers hidden as the client wants."""
    client = get_object_or_404(Client, number=number)
    return sms_file(client, request.desk, request.GET, format)

"""A client's SMS of a month: filters, sums, files. Numbers are shown as far as the client's privacy lets them."""

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from balie.messages.queries import SmsSums
from balie.statements.sms import sms_report
from balie.web.filters import PER_PAGE
from balie.web.months import choices
from balie.web.portal.access import ClientRequest, own
from balie.web.request import partly
from balie.web.sms import SmsFilterForm, sms_file


@own
def sms(request: ClientRequest) -> HttpResponse:
    """The newest first, with the sums of what is shown. One query for them."""
    desk = request.desk
    period = desk.month(request.GET.get("month", ""))
    form = SmsFilterForm(request.GET, period)
    report = sms_report(request.client, period, wanted=form.wanted())
    known = {
        "client": request.client,
        "list": {"form": form},
        "wanted": report.part,
        "page": Paginator(report.rows[::-1], PER_PAGE).get_page(request.GET.get("page")),
        "totals": SmsSums(len(report.rows), report.parts),
        "period": period,
        "months": choices(period, desk),
        "running": period == desk.this_month,
        "download": "/portal/sms",
        "is_portal": True,
    }
    return render(request, "balie/sms/_rows.html" if partly(request) else "balie/portal/sms.html", known)


@own
def sms_in_file(request: ClientRequest, format: str) -> HttpResponseBase:
    """The rows the page shows, as a file."""
    return sms_file(request.client, request.desk, request.GET, format)

"""A client's calls of a month: filters, totals, files. Numbers are shown as far as the client's privacy lets them."""

from dataclasses import replace

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from balie.calls.queries import CallFilter
from balie.rules.call import Direction
from balie.statements.exports import calls_parts
from balie.statements.queries import call_report
from balie.web import billed
from balie.web.downloads import calls_name, sent
from balie.web.filters import PER_PAGE, CallFilters
from balie.web.months import choices
from balie.web.portal.access import ClientRequest, own
from balie.web.request import partly
from balie.web.totals import Totals

# Not by number: the order of numbers would tell something of digits that are hidden.
SORTS = ("start", "direction", "agent__name", "talk", "type")


class OwnCalls(CallFilters):
    """The filters above a client's calls."""

    def wanted(self) -> CallFilter:
        """What was asked for and could be read."""
        return CallFilter(**self.read_inside())


def order_of(request: ClientRequest, otherwise: str) -> str:
    asked = request.GET.get("order", "")
    return asked if asked.removeprefix("-") in SORTS else otherwise


@own
def calls(request: ClientRequest) -> HttpResponse:
    """The client's calls of a month, the newest first, with the sums of what is shown. One query for them."""
    desk = request.desk
    period = desk.month(request.GET.get("month", ""))
    form, order = OwnCalls(request.GET, period), order_of(request, "-start")
    line = billed.line_asked(request.client, period, request.GET.get("line", ""))
    wanted = replace(form.wanted(), also=line.calls if line else None)
    report = call_report(request.client, period, wanted=wanted or None, order=order)
    known = {
        "client": request.client,
        "totals": Totals(**{str(name): report.direction(name) for name in Direction}),
        "list": {"form": form},
        "line": line,
        "wanted": wanted,
        "order": order,
        "page": Paginator(report.rows, PER_PAGE).get_page(request.GET.get("page")),
        "period": period,
        "months": choices(period, desk),
        "running": period == desk.this_month,
        "nothing_asked": not wanted,
    }
    template = "balie/portal/_rows.html" if partly(request) else "balie/portal/calls.html"
    return render(request, template, known)


@own
def calls_in_file(request: ClientRequest, format: str) -> HttpResponseBase:
    """The rows the page shows, as a file; the whole closed month as PDF is the statement that was kept."""
    desk, client = request.desk, request.client
    period = desk.month(request.GET.get("month", ""))
    line = billed.line_asked(client, period, request.GET.get("line", ""))
    wanted = replace(OwnCalls(request.GET, period).wanted(), also=line.calls if line else None)
    order = order_of(request, "start")
    parts = calls_parts(client, period, format, now=desk.now, wanted=wanted or None, order=order)
    return sent(parts, calls_name(client, period, format, wanted), format)

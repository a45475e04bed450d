"""Reports as files, with the filters of the page they are asked for on; and statements as they were kept."""

from dataclasses import replace

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404

from balie.accounts.models import Client
from balie.rules.period import Period
from balie.statements.exports import calls_parts, file_name, file_of
from balie.statements.models import Statement
from balie.statements.queries import month_report, statement_pdf
from balie.web import billed
from balie.web.access import office
from balie.web.downloads import calls_name, download, sent, statement_name
from balie.web.office.listing import CallFilterForm, is_order
from balie.web.request import OfficeRequest


@office
def client_calls(request: OfficeRequest, number: str, format: str) -> HttpResponseBase:
    """A client's calls of a month as a file: the rows the page shows, numbers hidden as the client wants."""
    desk, client = request.desk, get_object_or_404(Client, number=number)
    period = desk.month(request.GET.get("month", ""))
    line = billed.line_asked(client, period, request.GET.get("line", ""))
    wanted = replace(CallFilterForm(request.GET, period, clients=False).wanted(), also=line.calls if line else None)
    order = request.GET.get("order", "")
    sorted_by = order if is_order(order) else "start"
    parts = calls_parts(client, period, format, now=desk.now, wanted=wanted or None, order=sorted_by)
    return sent(parts, calls_name(client, period, format, wanted), format)


@office
def month(request: OfficeRequest, month: str, format: str) -> HttpResponse:
    """The month report as a file."""
    report = month_report(request.desk.month(month))
    return download(file_of(report, format, now=request.desk.now), file_name(report, format), format)


@office
def statement(request: OfficeRequest, pk: int) -> HttpResponse:
    """A statement as it was kept; refused where the file is not any more what it was."""
    kept = get_object_or_404(Statement.objects.select_related("client"), pk=pk)
    period = Period.from_key(kept.month, request.desk.zone)
    data = statement_pdf(kept.client, period, kept.revision)
    return download(data, statement_name(kept.client, period, kept.revision), "pdf", inline=True)

"""The archive: every statement of past months, with the revisions that late calls made."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from balie.rules.period import Period
from balie.statements.models import Statement
from balie.statements.queries import statement_pdf
from balie.web.downloads import download, statement_name
from balie.web.portal.access import ClientRequest, own


@dataclass(frozen=True)
class ArchivedMonth:
    """A month that is over: its newest statement, and those it replaced."""

    period: Period
    newest: Statement
    earlier: list[Statement]


@own
def documents(request: ClientRequest) -> HttpResponse:
    """Every document of past months, the newest month first. One query."""
    kept = Statement.objects.filter(client=request.client).order_by("-month", "-revision")
    by_month: dict[int, list[Statement]] = {}
    for statement in kept:
        by_month.setdefault(statement.month, []).append(statement)
    archive = [
        ArchivedMonth(Period.from_key(month, request.desk.zone), newest, earlier)
        for month, (newest, *earlier) in by_month.items()
    ]
    return render(request, "balie/portal/documents.html", {"client": request.client, "archive": archive})


@own
def document(request: ClientRequest, pk: int) -> HttpResponse:
    """A statement of the client as it was kept; somebody else's is not there."""
    kept = get_object_or_404(Statement, pk=pk, client=request.client)
    period = Period.from_key(kept.month, request.desk.zone)
    data = statement_pdf(request.client, period, kept.revision)
    return download(data, statement_name(request.client, period, kept.revision), "pdf", inline=True)

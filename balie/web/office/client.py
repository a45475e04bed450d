"""One client: overview, calls, statements."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from balie.accounts.models import Client
from balie.calls.models import ClientMonth
from balie.calls.queries import MonthLine, Sums, clients_calls, one_sum
from balie.contracts.models import Contract
from balie.numbers.models import Assignment
from balie.rules.call import Direction, Privacy
from balie.rules.period import Period
from balie.statements.models import Statement
from balie.web import billed
from balie.web.access import office
from balie.web.days import days_chart
from balie.web.months import choices, past_months
from balie.web.office.listing import listing
from balie.web.office.tasks import tasks_of
from balie.web.office.win_back.listed import cases_of
from balie.web.request import Desk, OfficeRequest, partly
from balie.web.words import LANGUAGES, PRIVACIES

MONTHS_SHOWN = 13
LATEST_CALLS = 8


def head(client: Client, tab: str, desk: Desk) -> dict[str, Any]:
    """What stands above every tab: the client, its telephone numbers of today, its contracts."""
    assigned = Assignment.objects.filter(client=client).filter(holds_on(desk.today)).select_related("number")
    contracts = Contract.objects.filter(client=client, start__lte=desk.today).select_related("tariff")
    return {
        "client": client,
        "tab": tab,
        "numbers": [assignment.number.number for assignment in assigned],
        "contracts": [contract for contract in contracts if contract.end is None or contract.end >= desk.today],
    }


def holds_on(day: date) -> Q:
    begun = Q(first_day=None) | Q(first_day__lte=day)
    return begun & (Q(last_day=None) | Q(last_day__gte=day))


@dataclass(frozen=True)
class Month:
    """One month of one client, with its newest statement once it is closed."""

    period: Period
    line: MonthLine
    statement: Statement | None

    @property
    def seconds(self) -> int:
        return self.line.inbound.seconds + self.line.forwarded.seconds + self.line.outbound.seconds

    @property
    def calls(self) -> int:
        """All calls that connected somebody: missed ones stand in a column of their own."""
        return self.line.inbound.calls + self.line.forwarded.calls + self.line.outbound.calls

    @property
    def missed_share(self) -> float | None:
        came_in = self.line.inbound.calls + self.line.inbound.missed
        return self.line.inbound.missed / came_in if came_in else None

    @property
    def empty(self) -> bool:
        return not self.calls + self.line.inbound.missed


@office
def overview(request: OfficeRequest, number: str) -> HttpResponse:
    """The client's month at a glance, its last year, its latest calls."""
    desk, client = request.desk, get_object_or_404(Client, number=number)
    period = desk.month(request.GET.get("month", ""))
    months = months_of(client, period)
    known = {
        "period": period,
        "months": choices(period, desk),
        "month": months[0],
        "before": months[1],
        "history": [month for month in months if not month.empty],
        "chart": days_chart(client, period),
        "spoken": LANGUAGES.get(client.language, client.language),
        "privacy": PRIVACIES[Privacy(client.hide_numbers)],
        "tasks": tasks_of(client),
        "leaving": cases_of(client),
        "latest": clients_calls(client, period).order_by("-start", "-key")[:LATEST_CALLS],
    }
    return render(request, "balie/client/overview.html", head(client, "overview", desk) | known)


def months_of(client: Client, period: Period) -> list[Month]:
    """The month and the twelve before it, newest first; two queries."""
    periods = [period, *past_months(period, MONTHS_SHOWN - 1)]
    keys = [one.key for one in periods]
    sums: dict[int, dict[str, Sums]] = defaultdict(lambda: {direction: Sums() for direction in Direction})
    for row in ClientMonth.objects.filter(client=client, month__in=keys):
        sums[row.month][row.direction] += one_sum(row.type, row.calls, row.talk)
    statements = newest_statements(Statement.objects.filter(client=client, month__in=keys).order_by("revision"))
    return [
        Month(
            one,
            MonthLine.of(client, sums[one.key]),
            statements.get((client.pk, one.key)),
        )
        for one in periods
    ]


def newest_statements(statements: Any) -> dict[tuple[int, int], Statement]:
    """Of each client and month the newest revision; they must come in order of revision."""
    return {(statement.client_id, statement.month): statement for statement in statements}


@office
def calls(request: OfficeRequest, number: str) -> HttpResponse:
    """The client's calls of a month: filter, sort, totals, downloads."""
    desk, client = request.desk, get_object_or_404(Client, number=number)
    period = desk.month(request.GET.get("month", ""))
    line = billed.line_asked(client, period, request.GET.get("line", ""))
    shown = listing(clients_calls(client, period), period, request.GET, also=line.calls if line else None)
    known: dict[str, Any] = {
        "list": shown,
        "line": line,
        "order": shown.order,
        "period": period,
        "months": choices(period, desk),
        "one_client": True,
    }
    known["download"] = reverse("client_calls", args=[client.number]).rstrip("/")
    if partly(request):
        return render(request, "balie/calls/_rows.html", known)
    return render(request, "balie/client/calls.html", head(client, "calls", desk) | known)


@office
def statements(request: OfficeRequest, number: str) -> HttpResponse:
    """The client's statements, newest month first, older revisions under the newest."""
    client = get_object_or_404(Client, number=number)
    kept = Statement.objects.filter(client=client).order_by("-month", "-revision")
    return render(
        request, "balie/client/statements.html", head(client, "statements", request.desk) | {"statements": kept}
    )

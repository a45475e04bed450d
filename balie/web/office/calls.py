"""Calls of all clients: the month report, the list with filters, one call and its correction."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.calls.models import Call, CallCorrection, ClientMonth, SourceHour
from balie.calls.queries import closed_months, in_period
from balie.rules.call import CallType, Direction
from balie.rules.period import Period
from balie.statements.queries import month_report
from balie.web import written
from balie.web.access import office
from balie.web.charts import Chart, Column
from balie.web.days import day_column, month_chart
from balie.web.months import choices, past_months
from balie.web.office.clients import PER_PAGE, Row, ranked, totals
from balie.web.office.listing import listing
from balie.web.request import OfficeRequest, partly

SORTS = ("number", "name", "inbound", "missed", "forwarded", "outbound", "seconds", "sms")
MONTHS_SHOWN = 13
SAME_CALLER_DAYS = 90
SAME_CALLER_CALLS = 10
RELATED_CALLS = 10


@office
def report(request: OfficeRequest) -> HttpResponse:
    """The month report: every client with calls, three parts and missed, with sums and charts."""
    desk = request.desk
    period = desk.month(request.GET.get("month", ""))
    order = request.GET.get("order", "number")
    order = order if order.removeprefix("-") in SORTS else "number"
    whole = month_report(period)
    rows = [Row(line.client, line, None) for line in whole.lines]
    sums = totals(rows)
    page = Paginator(ranked(rows, order), PER_PAGE).get_page(request.GET.get("page"))
    came_in = sums.inbound.calls + sums.inbound.missed
    known = {
        "period": period,
        "months": choices(period, desk),
        "rows": page,
        "page": page,
        "order": order,
        "totals": sums,
        "total_seconds": sum(row.seconds for row in rows),
        "missed_share": sums.inbound.missed / came_in if came_in else None,
        "download": f"/calls/month/{period}",
        "without_client": whole.unassigned,
        "days": report_days(period),
        "history": report_months(period),
        "closed": period.key in closed_months(),
    }
    return render(request, "balie/calls/_report_rows.html" if partly(request) else "balie/calls/report.html", known)


def report_days(period: Period) -> Chart:
    """All calls of the month per local day, those without a client too."""
    rows = SourceHour.objects.filter(day__gte=period.first_day, day__lte=period.last_day).order_by()
    found: dict[tuple[date, bool], int] = {}
    for row in rows.values("day", "type").annotate(n=Sum("calls")):
        key = row["day"], row["type"] == CallType.MISSED
        found[key] = found.get(key, 0) + row["n"]
    columns = []
    for day in period.days():
        taken, missed = found.get((day, False), 0), found.get((day, True), 0)
        columns.append(day_column(day, taken + missed, missed))
    return month_chart("report-days", columns, _("Calls of all clients per day; weekends are shaded."))


def report_months(period: Period) -> Chart:
    """The month beside the twelve before it; only calls that belong to a client, as in the table."""
    periods = [*reversed(past_months(period, MONTHS_SHOWN - 1)), period]
    sums = ClientMonth.objects.filter(month__in=[p.key for p in periods]).order_by()
    found = {row["month"]: row["n"] for row in sums.values("month").annotate(n=Sum("calls"))}
    columns = [
        Column(
            label=written.month_short(one),
            value=found.get(one.key, 0),
            quiet=one != period,
            tick=at % 3 == 0,
            name=written.month(one),
        )
        for at, one in enumerate(periods)
    ]
    return Chart(
        key="report-months",
        title=_("The last 13 months"),
        heading=_("Month"),
        columns=columns,
        value_name=_("Calls"),
        noted=len(columns) - 1 if columns[-1].value else None,
        note=written.count(columns[-1].value),
        summary=_("Calls per month, the month of this report in colour."),
    )


@office
def all_calls(request: OfficeRequest) -> HttpResponse:
    """All calls of a month with filters, client and number among them."""
    desk = request.desk
    period = desk.month(request.GET.get("month", ""))
    shown = listing(in_period(Call.objects.all(), period), period, request.GET, clients=True)
    known: dict[str, Any] = {"list": shown, "order": shown.order, "period": period, "months": choices(period, desk)}
    if of_client := Client.objects.filter(number=shown.wanted.client).first():
        known["download"] = reverse("client_calls", args=[of_client.number]).rstrip("/")
    if partly(request):
        return render(request, "balie/calls/_rows.html", known)
    return render(request, "balie/calls/all.html", known | {"clients": Client.objects.order_by("number")})


@office
def call(request: OfficeRequest, pk: int) -> HttpResponse:
    """One call: everything known of it, what belongs to it, its corrections."""
    return call_page(request, get_object_or_404(Call.objects.select_related("agent", "client", "source"), pk=pk))


def call_page(request: OfficeRequest, found: Call, problem: str = "", status: int = 200) -> HttpResponse:
    period = Period.of(found.start, request.desk.zone)
    corrections = CallCorrection.objects.filter(source=found.source, key=found.key).select_related(
        "client", "before_client"
    )
    known = {
        "call": found,
        "period": period,
        "closed": period.key in closed_months(),
        "corrections": corrections.order_by("-at"),
        "related": related(found),
        "same_caller": same_caller(found),
        "clients": Client.objects.order_by("number"),
        "problem": problem,
        "given": request.POST,
    }
    return render(request, "balie/calls/call.html", known, status=status)


def related(found: Call) -> Sequence[Call]:
    """The inbound call of a forwarded one and the forwarded ones of an inbound call: their keys begin alike."""
    root = found.key.rpartition("/")[0] or found.key
    # Each by name: no database finds the beginning of a text by the index of keys.
    keys = [root, *(f"{root}/{counter}" for counter in range(RELATED_CALLS + 1))]
    others = Call.objects.filter(source=found.source_id, key__in=keys).exclude(pk=found.pk)
    return list(others.order_by("start"))


def same_caller(found: Call) -> Sequence[Call]:
    """Other calls of the client with the same other party, the newest first: did he ring yesterday too?"""
    party = found.callee if found.direction == Direction.OUTBOUND else found.caller
    if not party or found.client_id is None:
        return []
    since = found.start - timedelta(days=SAME_CALLER_DAYS)
    others = Call.objects.filter(client=found.client_id, start__gte=since).exclude(pk=found.pk)
    others = others.filter(Q(caller=party) | Q(direction=Direction.OUTBOUND, callee=party))
    return list(others.select_related("agent").order_by("-start")[:SAME_CALLER_CALLS])

"""Months: which are closed, which can be; closing one; the statements that came out of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from balie.calls.models import Call, ClientMonth
from balie.calls.queries import closed_months, in_period, unassigned
from balie.rules.call import CallType
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.statements.actions import ask_to_close
from balie.statements.models import Closing, Statement
from balie.statements.queries import clients_to_state
from balie.statements.reasons import late_sources
from balie.web.access import office
from balie.web.months import past_months
from balie.web.office.client import newest_statements
from balie.web.office.late import changed_since_closed, late_calls, late_sms
from balie.web.request import Desk, OfficeRequest

MONTHS_SHOWN = 24
PER_PAGE = 100


@dataclass(frozen=True)
class MonthState:
    """One month as the list shows it."""

    period: Period
    clients: int
    calls: int
    missed: int
    late: int  # calls
    late_sms: int
    changed: bool  # and to be closed again
    statements: int
    closing: Closing | None
    closed: bool
    running: bool

    @property
    def under_way(self) -> bool:
        """Whether a closing was asked for and is not done yet."""
        return self.closing is not None and is_under_way(self.closing)

    @property
    def empty(self) -> bool:
        return not (self.calls or self.missed or self.closed or self.under_way or self.running)


def is_under_way(closing: Closing) -> bool:
    return not closing.parked and (closing.done is None or closing.done < closing.asked)


@office
def months(request: OfficeRequest) -> HttpResponse:
    """Every month with its state; what can be closed stands out."""
    return render(request, "balie/months/list.html", {"states": states(request.desk)})


def states(desk: Desk) -> list[MonthState]:
    """The running month and the two years before it, without the empty ones. Six queries."""
    periods = [desk.this_month, *past_months(desk.this_month, MONTHS_SHOWN)]
    keys = [period.key for period in periods]
    missed = Sum("calls", filter=Q(type=CallType.MISSED), default=0)
    sums = ClientMonth.objects.filter(month__in=keys).order_by().values("month")
    came = {row["month"]: row for row in sums.annotate(n=Sum("calls"), lost=missed, who=Count("client", distinct=True))}
    kept = (
        Statement.objects.filter(month__in=keys).order_by().values("month").annotate(n=Count("client", distinct=True))
    )
    statements = {row["month"]: row["n"] for row in kept}
    closings = {closing.month: closing for closing in Closing.objects.filter(month__in=keys)}
    late, texted = late_calls(desk), late_sms(desk)
    changed = changed_since_closed(desk, late)
    closed = closed_months()
    nothing = {"n": 0, "lost": 0, "who": 0}
    found = [
        MonthState(
            period=period,
            clients=came.get(period.key, nothing)["who"],
            calls=came.get(period.key, nothing)["n"] - came.get(period.key, nothing)["lost"],
            missed=came.get(period.key, nothing)["lost"],
            late=len(late.get(period.key, ())),
            late_sms=texted[period.key],
            changed=period in changed,
            statements=statements.get(period.key, 0),
            closing=closings.get(period.key),
            closed=period.key in closed,
            running=period == desk.this_month,
        )
        for period in periods
    ]
    return [state for state in found if not state.empty]


@dataclass(frozen=True)
class Plan:
    """What closing a month will do, with the figures, before it is done."""

    period: Period
    statements: int
    clients_with_calls: int
    calls: int
    late: int
    without_client: int
    not_delivered: Sequence[str]
    again: bool

    @property
    def doubts(self) -> bool:
        return bool(self.without_client or self.not_delivered)


def plan(period: Period, desk: Desk) -> Plan:
    """What closing this month would do now."""
    sums = ClientMonth.objects.filter(month=period.key, calls__gt=0)
    figures = sums.aggregate(n=Sum("calls", default=0), who=Count("client", distinct=True))
    return Plan(
        period=period,
        statements=len(clients_to_state(period)),
        clients_with_calls=figures["who"],
        calls=figures["n"],
        late=in_period(Call.objects.filter(late=True), period).count(),
        without_client=unassigned(period).count(),
        not_delivered=[source.name for source in late_sources(period)],
        again=period.key in closed_months(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@office
def close(request: OfficeRequest, month: str) -> HttpResponse:
    """Shows what closing the month will do; the button on the page does it."""
    desk = request.desk
    period = desk.month(month)
    if period >= desk.this_month:
        raise Refused("month_running", _("A month can be closed when it is over."), str(period))
    if request.method == "POST":
        ask_to_close(period=period, by=str(request.user), now=desk.now)
        return redirect("month", month=str(period))
    return render(request, "balie/months/close.html", {"plan": plan(period, desk), "period": period})


@office
def one_month(request: OfficeRequest, month: str) -> HttpResponse:
    """One month: how far its closing is, and its statements."""
    desk = request.desk
    period = desk.month(month)
    searched = request.GET.get("q", "").strip()[:80]
    kept = Statement.objects.filter(month=period.key).select_related("client").order_by("client__number", "revision")
    if searched:
        kept = kept.filter(Q(client__name__icontains=searched) | Q(client__number__icontains=searched))
    newest = list(newest_statements(kept).values())
    page = Paginator(newest, PER_PAGE).get_page(request.GET.get("page"))
    known = state_of(period, desk) | {"page": page, "q": searched}
    return render(request, "balie/months/month.html", known)


@office
def progress(request: OfficeRequest, month: str) -> HttpResponse:
    """How far the closing is, asked for again and again by htmx; tells the page to load anew when it is done."""
    known = state_of(request.desk.month(month), request.desk)
    response = render(request, "balie/months/_progress.html", known)
    if not known["under_way"]:
        response["HX-Refresh"] = "true"
    return response


def state_of(period: Period, desk: Desk) -> dict[str, Any]:
    closing = Closing.objects.filter(month=period.key).first()
    return {
        "period": period,
        "closing": closing,
        "under_way": closing is not None and is_under_way(closing),
        "closed": period.key in closed_months(),
        "running": period >= desk.this_month,
        "late": in_period(Call.objects.filter(late=True), period).count(),
        "changed": period in changed_since_closed(desk),
    }

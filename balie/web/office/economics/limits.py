"""Cost limits on a dial: how far each client is, what is expected at the end, and around which day it is there."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from balie.accounts.models import Client
from balie.controlling.models import Economics
from balie.controlling.ranking import ratio, rows_of
from balie.controlling.watch import COST_LIMIT, COST_LIMIT_EXPECTED
from balie.controlling.yardstick import yardstick
from balie.operator.models import Operator
from balie.rules.period import Period
from balie.tasks.models import Task
from balie.tasks.queries import open_tasks
from balie.web.access import office
from balie.web.months import choices
from balie.web.office.economics.listed import listed
from balie.web.office.economics.shown import fresh
from balie.web.office.figures import Limit
from balie.web.request import OfficeRequest, partly

STATES = {
    "beyond": gettext_lazy("Beyond the tolerance"),
    "reached": gettext_lazy("Reached"),
    "expected": gettext_lazy("Will be reached"),
    "below": gettext_lazy("Below"),
}
SORTS = ("share", "name", "sum", "percent")


@dataclass(frozen=True)
class Row:
    """One contract's limit in a month."""

    kept: Economics
    dial: Limit
    target: Decimal  # margin in percent that the watch goes by
    task: Task | None

    @property
    def client(self) -> Client:
        return self.kept.client

    @property
    def state(self) -> str:
        """One of STATES. Rating: reached is beyond the limit, not at it."""
        if self.dial.sum > self.dial.line:
            return "beyond"
        if self.dial.sum > self.dial.limit:
            return "reached"
        return "expected" if self.dial.end > self.dial.limit else "below"

    @property
    def share(self) -> Decimal:
        """Of the limit, what it comes to."""
        return self.dial.end / self.dial.limit if self.dial.limit else Decimal(10**6)

    @property
    def not_billed(self) -> Decimal:
        """What the client does not pay since the limit is reached."""
        return max(self.dial.sum - self.dial.limit, Decimal(0))

    @property
    def sum(self) -> Decimal:
        return self.dial.sum

    @property
    def margin(self) -> Decimal:
        """Of the month."""
        return (self.kept.revenue or Decimal(0)) - self.kept.cost

    @property
    def percent(self) -> Decimal | None:
        return ratio(self.margin * 100, self.kept.revenue or Decimal(0))


@office
def limits(request: OfficeRequest) -> HttpResponse:
    """The cost limits of a month, the most used first."""
    desk, query = request.desk, request.GET
    period = desk.month(query.get("month", ""))
    found, known = listed(query, rows(period, desk.operator), sorts=SORTS, states=STATES)
    known |= {
        "tab": "limits",
        "not_billed": sum((row.not_billed for row in found), Decimal(0)),
        "running": period == desk.this_month,
        "period": period,
        "months": choices(period, desk),
    }
    if partly(request):
        return render(request, "balie/controlling/_limit_rows.html", known)
    return render(request, "balie/controlling/limits.html", known | fresh([period.key], desk))


def rows(period: Period, operator: Operator) -> list[Row]:
    """Every limit of the month. Two queries."""
    kept = rows_of([period.key]).filter(limit__isnull=False).select_related("client", "tariff")
    tasks: dict[tuple[int, str], Task] = {}
    for task in open_tasks([COST_LIMIT, COST_LIMIT_EXPECTED]):
        if task.month == period.key:
            tasks.setdefault((task.client_id, task.service), task)
    return [
        Row(one, dial_of(one, period), target_of(one, operator), tasks.get((one.client_id, one.service)))
        for one in kept
    ]


def target_of(kept: Economics, operator: Operator) -> Decimal:
    return yardstick(kept.tariff, operator).target_percent if kept.tariff else operator.target_margin_percent


def dial_of(kept: Economics, period: Period) -> Limit:
    assert kept.limit is not None and kept.limit_sum is not None
    return Limit(
        tariff=kept.tariff.code if kept.tariff else "",
        month=period,
        limit=kept.limit,
        sum=kept.limit_sum,
        tolerance_percent=kept.tolerance_percent or Decimal(0),
        expected=kept.limit_expected,
        low=kept.limit_low,
        high=kept.limit_high,
    )

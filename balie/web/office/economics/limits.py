"""Cost limits on a dial: how far each client is, what is expected at the end, and around which day it is there."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from balie.controlling.models import Economics
from balie.controlling.ranking import rows_of
from balie.controlling.watch import COST_LIMIT, COST_LIMIT_EXPECTED
from balie.rules.period import Period
from balie.tasks.models import Task
from balie.tasks.queries import open_tasks
from balie.web.access import office
from balie.web.months import choices
from balie.web.office.economics.ranking import searched
from balie.web.office.economics.shown import fresh
from balie.web.office.figures import Limit
from balie.web.request import OfficeRequest, partly

PER_PAGE = 50
STATES = {
    "beyond": gettext_lazy("Beyond the tolerance"),
    "reached": gettext_lazy("Reached"),
    "expected": gettext_lazy("Will be reached"),
    "below": gettext_lazy("Below"),
}
SORTS = ("share", "name", "sum")


@dataclass(frozen=True)
class Row:
    """One contract's limit in a month."""

    kept: Economics
    dial: Limit
    task: Task | None

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

    def key(self, name: str) -> tuple[Decimal, str]:
        if name == "name":
            return Decimal(0), self.kept.client.name.casefold()
        return (self.share if name == "share" else self.dial.sum), ""


@office
def limits(request: OfficeRequest) -> HttpResponse:
    """The cost limits of a month, the most used first."""
    desk, query = request.desk, request.GET
    period = desk.month(query.get("month", ""))
    order, state = query.get("order", "-share"), query.get("state", "")
    order = order if order.removeprefix("-") in SORTS else "-share"
    every = rows(period)
    text = searched(query).casefold()
    found = [row for row in every if state in ("", row.state) and named(row, text)]
    found.sort(key=lambda row: row.kept.client.number)
    found.sort(key=lambda row: row.key(order.removeprefix("-")), reverse=order.startswith("-"))
    known: dict[str, Any] = {
        "tab": "limits",
        "page": Paginator(found, PER_PAGE).get_page(query.get("page")),
        "order": order,
        "q": searched(query),
        "state": state,
        "states": [(name, said, sum(row.state == name for row in every)) for name, said in STATES.items()],
        "some": bool(every),
        "not_billed": sum((row.not_billed for row in found), Decimal(0)),
        "running": period == desk.this_month,
        "period": period,
        "months": choices(period, desk),
    }
    if partly(request):
        return render(request, "balie/controlling/_limit_rows.html", known)
    return render(request, "balie/controlling/limits.html", known | fresh([period.key], desk))


def named(row: Row, text: str) -> bool:
    return text in row.kept.client.name.casefold() or text in row.kept.client.number.casefold()


def rows(period: Period) -> list[Row]:
    """Every limit of the month. Two queries."""
    kept = rows_of([period.key]).filter(limit__isnull=False).select_related("client", "tariff")
    tasks: dict[tuple[int, str], Task] = {}
    for task in open_tasks([COST_LIMIT, COST_LIMIT_EXPECTED]):
        if task.month == period.key:
            tasks.setdefault((task.client_id, task.service), task)
    return [row_of(one, period, tasks.get((one.client_id, one.service))) for one in kept]


def row_of(kept: Economics, period: Period, task: Task | None) -> Row:
    assert kept.limit is not None and kept.limit_sum is not None
    dial = Limit(
        tariff=kept.tariff.code if kept.tariff else "",
        month=period,
        limit=kept.limit,
        sum=kept.limit_sum,
        tolerance_percent=kept.tolerance_percent or Decimal(0),
        expected=kept.limit_expected,
        low=kept.limit_low,
        high=kept.limit_high,
    )
    return Row(kept, dial, task)

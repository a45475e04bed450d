"""One client's economics: what it earned and cost by month and by service, each figure with the way to its rows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.controlling.ranking import Figures, rows_of, sum_of, sums_by, total
from balie.rules.period import Period
from balie.web.access import office
from balie.web.months import choices
from balie.web.office.client import MONTHS_SHOWN, head
from balie.web.office.economics.shown import fresh, months_chart, up_to
from balie.web.office.tasks import tasks_of
from balie.web.request import OfficeRequest


@dataclass(frozen=True)
class Part:
    """One service: its months, the latest first, and their sum."""

    service: str
    months: Sequence[tuple[Period, Figures]]
    sums: Figures


@office
def margin(request: OfficeRequest, number: str) -> HttpResponse:
    """The client's last thirteen months."""
    desk, client = request.desk, get_object_or_404(Client, number=number)
    period = desk.month(request.GET.get("month", ""))
    periods = up_to(period, MONTHS_SHOWN)
    keys = [one.key for one in periods]
    sums = sums_by(rows_of(keys).filter(client=client), "service", "month")
    parts = parts_of(sums, periods)
    months = [(one, total(sums[key] for key in sums if key[1] == one.key)) for one in periods]
    shown = [(one, figures) for one, figures in reversed(months) if not figures.nothing]
    every = total(figures for _period, figures in shown)
    known: dict[str, Any] = {
        "period": period,
        "months": choices(period, desk),
        "shown": shown,
        "sums": every,
        "parts": parts if len(parts) > 1 else [],
        "chart": months_chart("client-margin", months, summary_of(client), desk.operator.currency),
        "with_fixed": bool(every.fixed),
        "average": sum_of(rows_of(keys)).per_minute,
        "running": desk.this_month,
        "tasks": tasks_of(client),
        **fresh(keys, desk),
    }
    return render(request, "balie/controlling/client.html", head(client, "margin", desk) | known)


def summary_of(client: Client) -> str:
    return _("What %(client)s earned and cost in each of the last thirteen months.") % {"client": client.name}


def parts_of(sums: Mapping[tuple[Any, ...], Figures], periods: Sequence[Period]) -> list[Part]:
    """The services with anything in these months, by name."""
    found: dict[str, dict[int, Figures]] = defaultdict(dict)
    for (service, month), one in sums.items():
        found[service][month] = one
    return [
        Part(service, [(one, of[one.key]) for one in reversed(periods) if one.key in of], total(of.values()))
        for service, of in sorted(found.items())
    ]

"""The list of clients: who are they, how are they doing: the calls of a month, the margin of the last one over."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.core.paginator import Paginator
from django.db.models import Q, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.calls.models import ClientMonth
from balie.calls.queries import MonthLine, Sums, month_lines
from balie.controlling.ranking import Figures, rows_of, sums_by, total
from balie.rules.period import Period
from balie.web import written
from balie.web.access import office
from balie.web.charts import Trend
from balie.web.months import choices
from balie.web.office.economics.ranking import trend as margin_trend
from balie.web.office.economics.shown import up_to
from balie.web.request import Desk, OfficeRequest, partly
from balie.web.trends import MarginTrend

PER_PAGE = 100
TREND_MONTHS = 6
SORTS = ("number", "name", "inbound", "missed", "forwarded", "outbound", "seconds", "change", "margin", "percent")
LOWEST = -9e9  # what is not known


@dataclass(frozen=True)
class Row:
    """One client with its month, and how that compares with the month before."""

    client: Client
    line: MonthLine
    change: float | None  # calls per day against the month before; None: nothing to compare with
    last: Figures | None = None  # of the last month that is over; None: nothing is known of it
    trend: Trend | None = None
    margins: MarginTrend | None = None

    @property
    def seconds(self) -> int:
        return self.line.inbound.seconds + self.line.forwarded.seconds + self.line.outbound.seconds

    @property
    def calls(self) -> int:
        return sum(part.calls + part.missed for part in (self.line.inbound, self.line.forwarded, self.line.outbound))

    @property
    def missed_share(self) -> float:
        """Of the calls that came in, how many nobody answered."""
        came_in = self.line.inbound.calls + self.line.inbound.missed
        return self.line.inbound.missed / came_in if came_in else 0.0

    def key(self, name: str) -> tuple[float, str]:
        """What a list is sorted by; clients that are equal in it stay in order of their number."""
        figures = {
            "inbound": self.line.inbound.calls,
            "missed": self.line.inbound.missed,
            "forwarded": self.line.forwarded.calls,
            "outbound": self.line.outbound.calls,
            "seconds": self.seconds,
            "sms": self.line.sms,
            "change": self.change if self.change is not None else LOWEST,
            "margin": float(self.last.margin) if self.last else LOWEST,
            "percent": float(self.last.percent) if self.last and self.last.percent is not None else LOWEST,
        }
        return (figures[name], "") if name in figures else (0, str(getattr(self.client, name)).casefold())


@office
def clients(request: OfficeRequest) -> HttpResponse:
    """All clients with their month: found by name, number or telephone number, sorted by any column."""
    desk = request.desk
    period = desk.month(request.GET.get("month", ""))
    searched = request.GET.get("q", "").strip()[:80]
    order = request.GET.get("order", "number")
    order = order if order.removeprefix("-") in SORTS else "number"
    over = min(period, desk.this_month.previous())
    rows = with_last(client_rows(matching(searched), period), over)
    if order.removeprefix("-") == "change":
        rows = with_change(rows, period, desk)
    rows = ranked(rows, order)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = with_trends(with_change(list(page.object_list), period, desk), period, over, desk)
    known = {
        "rows": page,
        "page": page,
        "order": order,
        "q": searched,
        "period": period,
        "over": over,
        "earned": total(row.last for row in rows if row.last),
        "months": choices(period, desk),
        "totals": totals(rows),
        "total_seconds": sum(row.seconds for row in rows),
        "download": f"/calls/month/{period}",
        "there_are_clients": bool(rows) or Client.objects.exists(),
    }
    return render(request, "balie/clients/_rows.html" if partly(request) else "balie/clients/list.html", known)


def matching(text: str) -> list[Client]:
    """The clients whose name, number, email or assigned telephone number contains the text."""
    found = Client.objects.order_by("number")
    if text:
        asked = Q(name__icontains=text) | Q(number__icontains=text) | Q(email__icontains=text)
        digits = "".join(sign for sign in text if sign.isdigit()).lstrip("0")
        if len(digits) >= 3:
            asked |= Q(assignments__number__number__contains=digits)
        found = found.filter(asked).distinct()
    return list(found)


def client_rows(found: Sequence[Client], period: Period) -> list[Row]:
    """Every found client with its month's sums; two queries however many there are."""
    lines = {line.client.pk: line for line in month_lines(period)}
    return [Row(client, lines.get(client.pk) or MonthLine(client), None) for client in found]


def with_change(rows: Sequence[Row], period: Period, desk: Desk) -> list[Row]:
    """The rows with how their calls compare with the month before; one query."""
    sums = ClientMonth.objects.filter(month=period.previous().key, calls__gt=0)
    sums = sums.filter(client__in=[row.client.pk for row in rows]).order_by()
    before = dict(sums.values_list("client").annotate(Sum("calls")))
    return [replace(row, change=per_day_change(row, before.get(row.client.pk), period, desk)) for row in rows]


def per_day_change(row: Row, before: int | None, period: Period, desk: Desk) -> float | None:
    """How calls per day differ from the month before, so that a month that runs compares fairly."""
    if before is None or period > desk.this_month:
        return None
    passed = desk.today.day if period == desk.this_month else period.last_day.day
    daily_before = before / period.previous().last_day.day
    return (row.calls / passed) / daily_before - 1 if daily_before else None


def ranked(rows: list[Row], order: str) -> list[Row]:
    name = order.removeprefix("-")
    return sorted(rows, key=lambda row: row.key(name), reverse=order.startswith("-"))


def with_last(rows: Sequence[Row], over: Period) -> list[Row]:
    """The rows with what each earned and cost in the last month that is over, as a worker kept it. One query."""
    found = sums_by(rows_of([over.key]), "client")
    return [replace(row, last=last if (last := found.get((row.client.pk,))) and last.rows else None) for row in rows]


def with_trends(rows: Sequence[Row], period: Period, over: Period, desk: Desk) -> list[Row]:
    """The rows of one page with the calls and margins of their last six months, in two queries."""
    periods = up_to(period, TREND_MONTHS)
    clients = [row.client.pk for row in rows]
    months = rows_of([one.key for one in up_to(over, TREND_MONTHS)]).filter(client__in=clients)
    earned: dict[int, dict[int, Figures]] = defaultdict(dict)
    for (client, month), one in sums_by(months, "client", "month").items():
        if one.rows:
            earned[client][month] = one
    sums = (
        ClientMonth.objects.filter(month__in=[p.key for p in periods], client__in=clients)
        .order_by()
        .values("client", "month")
        .annotate(n=Sum("calls"))
    )
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for row in sums:
        found[row["client"]][row["month"]] = row["n"]
    return [
        replace(
            row,
            trend=trend(found[row.client.pk], periods),
            margins=margins_of(earned.get(row.client.pk, {}), over, desk),
        )
        for row in rows
    ]


def margins_of(earned: Mapping[int, Figures], over: Period, desk: Desk) -> MarginTrend | None:
    """None where nothing is known of any month."""
    margins = {month: one.margin for month, one in earned.items()}
    return margin_trend(margins, up_to(over, TREND_MONTHS), desk) if margins else None


def trend(calls: dict[int, int], periods: Sequence[Period]) -> Trend:
    values = [calls.get(period.key, 0) for period in periods]
    said = ", ".join(f"{written.month_short(period)} {value}" for period, value in zip(periods, values, strict=True))
    return Trend(values, _("Calls per month: %(list)s") % {"list": said})


def totals(rows: Sequence[Row]) -> MonthLine:
    """The sums of all rows found, not only of those on this page."""
    return MonthLine(
        Client(),
        sum((row.line.inbound for row in rows), Sums()),
        sum((row.line.forwarded for row in rows), Sums()),
        sum((row.line.outbound for row in rows), Sums()),
        sum(row.line.sms for row in rows),
    )

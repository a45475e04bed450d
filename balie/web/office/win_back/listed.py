"""All win-back cases: the open ones first, what is at stake, and what became of a year of cancellations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from balie.accounts.models import Client
from balie.controlling.models import WinBack
from balie.controlling.win_back_files import win_backs_file
from balie.controlling.win_backs import Counted, Seen, Standing, counted, funnel, open_cases, reasons, seen
from balie.controlling.winning import UNDECIDED
from balie.rules.period import Period
from balie.web import written
from balie.web.access import office
from balie.web.charts import Chart, Column
from balie.web.downloads import download
from balie.web.office.alerts import Alert
from balie.web.request import Desk, OfficeRequest, partly

PER_PAGE = 50
MONTHS, REASONS_SHOWN = 12, 12
SORTS = ("name", "ends", "calls", "revenue", "saving", "state", "kept")
STATES = {
    Standing.OPEN: pgettext_lazy("win-back", "open"),
    Standing.UNANSWERED: pgettext_lazy("win-back", "without an answer"),
    Standing.DECLINED: pgettext_lazy("win-back", "offer declined"),
    Standing.OFFERED: pgettext_lazy("win-back", "offer sent"),
    Standing.WON: pgettext_lazy("win-back", "won back"),
    Standing.STAYED: gettext_lazy("stays without an offer"),
    Standing.LOST: pgettext_lazy("win-back", "lost"),
    Standing.DISMISSED: pgettext_lazy("win-back", "dismissed"),
}
LOWEST = Decimal(-(10**15))


@dataclass(frozen=True)
class Row:
    """One case as the list shows it."""

    seen: Seen

    @property
    def state(self) -> str:
        return str(STATES[self.seen.standing])

    @property
    def ends(self) -> date:
        return self.seen.case.cancellation.ends

    @property
    def better(self) -> bool:
        """Whether there is a tariff with which the client would save something."""
        return bool(self.seen.saving)

    def key(self, name: str) -> Any:
        """What the list is sorted by; what is not known comes first, or last the other way round."""
        if name == "name":
            return self.seen.case.client.name.casefold()
        if name == "ends":
            return self.ends
        if name == "state":
            return list(STATES).index(self.seen.standing)
        if name == "calls":
            return self.seen.case.usage["calls"]
        value = getattr(self.seen, name)
        return LOWEST if value is None else value

    @property
    def urgency(self) -> tuple[bool, float]:
        """Open ones first, the first to end first; then the others, the last closed first."""
        if self.seen.under_way:
            return False, self.ends.toordinal()
        closed: datetime = self.seen.case.closed or self.seen.now
        return True, -closed.timestamp()


@office
def win_backs(request: OfficeRequest) -> HttpResponse:
    """The cases asked for, in order; on the whole page what became of the others too."""
    query, every = request.GET, found(request.desk)
    rows = listed(query, every)
    under_way = [row.seen for row in every if row.seen.under_way]
    states = [(state, name, sum(row.seen.standing == state for row in every)) for state, name in STATES.items()]
    known: dict[str, Any] = {
        "page": Paginator(rows, PER_PAGE).get_page(query.get("page")),
        "order": order_of(query),
        "q": searched(query),
        "state": query.get("state", ""),
        "states": [(state.value, name, number) for state, name, number in states if number],
        "some": len(every),
        "open": len(under_way),
        "shown": counted(row.seen for row in rows),
        "download": "/winback",
    }
    if partly(request):
        return render(request, "balie/win_back/_rows.html", known)
    return render(request, "balie/win_back/list.html", known | year(every, under_way, request.desk))


def found(desk: Desk) -> list[Row]:
    return [Row(one) for one in seen(now=desk.now)]


def searched(query: Any) -> str:
    return str(query.get("q", "")).strip()[:80]


def order_of(query: Any) -> str:
    order = str(query.get("order", ""))
    return order if order.removeprefix("-") in SORTS else ""


def listed(query: Any, every: Sequence[Row]) -> list[Row]:
    """Those in the state and of the clients asked for, in order."""
    state, text, order = query.get("state", ""), searched(query).casefold(), order_of(query)
    rows = [row for row in every if state in ("", row.seen.standing) or state not in set(Standing)]
    rows = sorted((row for row in rows if text in said(row)), key=lambda row: row.urgency)
    if not order:
        return rows
    return sorted(rows, key=lambda row: row.key(order.removeprefix("-")), reverse=order.startswith("-"))


def said(row: Row) -> str:
    """What a search looks at: client, reason and the code of the offer."""
    case, offer = row.seen.case, row.seen.offer
    code = offer.tariff.code if offer else ""
    return " ".join([case.client.name, case.client.number, case.cancellation.reason, code]).casefold()


def year(every: Sequence[Row], under_way: Sequence[Seen], desk: Desk) -> dict[str, Any]:
    """What is at stake now, and what became of the cancellations of the last twelve months, by month and reason."""
    months = [desk.this_month]
    while len(months) < MONTHS:
        months.insert(0, months[0].previous())
    first = months[0].first_day
    lately = [row.seen for row in every if row.seen.case.cancellation.received >= first]
    by_month = funnel(lately, months)
    return {
        "at_stake": sum((one.revenue or Decimal(0) for one in under_way), Decimal(0)),
        "lately": counted(lately),
        "chart": chart(months, by_month),
        "months": [(month, by_month[month.key]) for month in reversed(months)],
        "reasons": reasons(lately)[:REASONS_SHOWN],
        "year_months": MONTHS,
    }


def chart(months: Sequence[Period], by_month: Mapping[int, Counted]) -> Chart:
    """Cancellations of each month in grey, and in front of them those that stayed."""
    return Chart(
        key="win-back",
        title=_("Cancellations and clients won back"),
        heading=_("Month of the notice"),
        columns=[
            Column(
                written.month_short(month),
                by_month[month.key].won,
                usual=by_month[month.key].cancelled,
                tick=at % 2 == 1,
                name=written.month(month),
            )
            for at, month in enumerate(months)
        ],
        value_name=_("Won back"),
        usual_name=_("Cancellations"),
        summary=_("Cancellations by the month in which notice was given, and how many of them were won back."),
    )


@office
def file(request: OfficeRequest, format: str) -> HttpResponse:
    """The cases of the page as a file, all of them, in its order."""
    rows = listed(request.GET, found(request.desk))
    name = f"win-back-{request.desk.today}.{format}"
    return download(win_backs_file([row.seen for row in rows], format), name, format)


def waiting(desk: Desk) -> list[Alert]:
    """The row of the start page: clients that gave notice and may be kept yet."""
    if not WinBack.objects.filter(state__in=UNDECIDED).exists():
        return []
    under_way = open_cases(desk.now)
    first = under_way[0].case
    strong = ngettext("%(n)s client that gave notice may be kept.", "%(n)s clients that gave notice may be kept.",
                      len(under_way))  # fmt: skip
    rest = _("%(client)s is the first to leave, on %(day)s.")
    told = rest % {"client": first.client.name, "day": written.day(first.cancellation.ends)}
    unanswered = sum(one.standing == Standing.UNANSWERED for one in under_way)
    if unanswered:
        more = ngettext(
            "%(n)s offer has had no answer for a week.", "%(n)s offers have had no answer for a week.", unanswered
        )
        told = f"{told} {more % {'n': written.count(unanswered)}}"
    link = reverse("win_back", args=[first.pk]) if len(under_way) == 1 else reverse("win_backs")
    return [Alert("warn", strong % {"n": written.count(len(under_way))}, told, link, _("Win back"))]


def cases_of(client: Client) -> list[WinBack]:
    """A client's cases that can still be won, for its own page. One query."""
    rows = WinBack.objects.filter(client=client, state__in=UNDECIDED).select_related("cancellation")
    return list(rows.order_by("cancellation__ends"))

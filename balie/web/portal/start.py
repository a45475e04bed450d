"""The start page: this month in four figures, what there is to do, the number to divert to, the latest calls."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from balie.accounts.models import Client
from balie.calls.models import ClientMonth
from balie.calls.queries import MonthLine, Sums, clients_calls, one_sum
from balie.numbers.models import Assignment
from balie.rules.call import CallType, Direction
from balie.rules.period import Period, day_begin
from balie.statements.models import Statement
from balie.statements.queries import Row, facts, rows_of
from balie.web import written
from balie.web.office.client import days_chart, holds_on
from balie.web.portal.access import ClientRequest, own
from balie.web.portal.costs import costs_of
from balie.web.request import Desk

LATEST_CALLS = 6
NEWS = timedelta(days=14)  # a document is news for so long


@dataclass(frozen=True)
class Matter:
    """Something the client may want to look at, with where to go for it."""

    kind: str  # bad, warn, good: how it is marked
    text: str
    aside: str
    deed: str
    link: str


@dataclass(frozen=True)
class Target:
    """A number to divert calls to, and what to dial for it. Networks know these codes everywhere in Europe."""

    number: str
    dialled: str

    @property
    def always(self) -> str:
        return f"**21*{self.dialled}#"

    @property
    def no_reply(self) -> str:
        return f"**61*{self.dialled}#"

    @property
    def busy(self) -> str:
        return f"**67*{self.dialled}#"

    @property
    def fixed_line(self) -> str:
        return f"*21*{self.dialled}#"


def target(number: str, country: str) -> Target:
    """A number as it is dialled at home: 0201234501."""
    return Target(number, "".join(sign for sign in written.phone(number, country) if sign.isdigit() or sign == "+"))


@own
def start(request: ClientRequest) -> HttpResponse:
    """Where a client's user arrives."""
    desk, client = request.desk, request.client
    period = desk.this_month
    line = month_line(client, period)
    known = {
        "client": client,
        "period": period,
        "line": line,
        "seconds": line.inbound.seconds + line.forwarded.seconds + line.outbound.seconds,
        "matters": list(matters(client, desk)),
        "costs": costs_of(client, period, desk).bill,
        "targets": [target(number, desk.operator.country) for number in numbers_on(client, desk.today)],
        "latest": latest(client, desk),
        "chart": replace(days_chart(client, period), summary=_("Your calls per day; weekends are shaded.")),
    }
    return render(request, "balie/portal/start.html", known)


def month_line(client: Client, period: Period) -> MonthLine:
    """The client's month from the sums kept beside the calls. One query."""
    sums = {direction: Sums() for direction in Direction}
    for row in ClientMonth.objects.filter(client=client, month=period.key):
        sums[Direction(row.direction)] += one_sum(row.type, row.calls, row.talk)
    return MonthLine(client, **{str(direction): of_it for direction, of_it in sums.items()})


def matters(client: Client, desk: Desk) -> Iterator[Matter]:
    """What happened lately and may want an answer, the most pressing first."""
    yield from missed_today(client, desk)
    yield from new_document(client, desk)


def missed_today(client: Client, desk: Desk) -> Iterator[Matter]:
    begin = day_begin(desk.today, desk.zone)
    missed = clients_calls(client, desk.this_month).filter(start__gte=begin, type=CallType.MISSED)
    times = list(missed.values_list("start", flat=True))
    if times:
        said = ngettext("%(n)s missed call today", "%(n)s missed calls today", len(times))
        query = f"?month={desk.this_month}&type={CallType.MISSED}&since={desk.today}"
        yield Matter(
            "warn",
            said % {"n": len(times)},
            _("The last at %(time)s.") % {"time": written.clock(times[-1], desk.zone)},
            _("Look at it") if len(times) == 1 else _("Look at them"),
            reverse("portal_calls") + query,
        )


def new_document(client: Client, desk: Desk) -> Iterator[Matter]:
    newest = Statement.objects.filter(client=client, created__gte=desk.now - NEWS).order_by("month", "revision").last()
    if newest:
        month = written.month(Period.from_key(newest.month, desk.zone))
        said = _("Your statement of %(month)s is ready") if newest.revision == 1 else _("A new statement of %(month)s")
        aside = "" if newest.revision == 1 else _("Calls that came late are in it.")
        link = reverse("portal_document", args=[newest.pk])
        yield Matter("good", said % {"month": month}, aside, _("Look at it"), link)


def numbers_on(client: Client, day: date) -> Sequence[str]:
    """The numbers the client diverts its calls to on a day."""
    assigned = Assignment.objects.filter(Q(client=client), holds_on(day)).select_related("number").order_by("pk")
    return [assignment.number.number for assignment in assigned]


def latest(client: Client, desk: Desk) -> Sequence[Row]:
    """The newest calls of the month, numbers as far as they may be seen."""
    found = clients_calls(client, desk.this_month).order_by("-start", "-key")[:LATEST_CALLS]
    return rows_of(facts(found), desk.zone, client.hide_numbers)

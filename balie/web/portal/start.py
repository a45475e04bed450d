"""The start page: this month in four figures, what there is to do, the number to divert to, the latest calls."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from balie.accounts.models import Client
from balie.calls.models import ClientMonth
from balie.calls.queries import MonthLine, Sums, clients_calls, one_sum
from balie.contracts.models import Cancellation
from balie.contracts.queries import orders, ready_numbers
from balie.notes.models import Note, Urgency
from balie.operator.written import long_day
from balie.rules.activation import UNDER_WAY, Status
from balie.rules.call import CallType, Direction
from balie.rules.divert import divert_to
from balie.rules.period import Period, day_begin
from balie.statements.models import Statement
from balie.statements.queries import Row, facts, rows_of
from balie.tariffs.words import service_name
from balie.web import progress, written
from balie.web.days import days_chart
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
        "targets": [divert_to(one.number, desk.operator.country) for one in ready_numbers(client, desk.today)],
        "latest": latest(client, desk),
        "chart": replace(days_chart(client, period), summary=_("Your calls per day; weekends are shaded.")),
    }
    return render(request, "balie/portal/start.html", known)


def month_line(client: Client, period: Period) -> MonthLine:
    """The client's month from the sums kept beside the calls. One query."""
    sums: dict[str, Sums] = {direction: Sums() for direction in Direction}
    for row in ClientMonth.objects.filter(client=client, month=period.key):
        sums[Direction(row.direction)] += one_sum(row.type, row.calls, row.talk)
    return MonthLine.of(client, sums)


def matters(client: Client, desk: Desk) -> Iterator[Matter]:
    """What happened lately and may want an answer, the most pressing first."""
    yield from of_orders(client)
    yield from of_cancellations(client, desk)
    yield from new_notes(client)
    yield from missed_today(client, desk)
    yield from new_document(client, desk)


def of_orders(client: Client) -> Iterator[Matter]:
    """Orders that are under way, and numbers no call has come to yet."""
    for order in orders().filter(client=client, status__in=UNDER_WAY):
        heading, text = progress.said(order)
        link, ready = reverse("portal_order", args=[order.pk]), order.status == Status.READY
        yield Matter("good" if ready else "wait", heading, text, _("Divert now") if ready else _("Follow it"), link)


def of_cancellations(client: Client, desk: Desk) -> Iterator[Matter]:
    """Services that end, while that can be taken back."""
    for one in Cancellation.objects.filter(client=client, withdrawn=None, ends__gte=desk.today):
        said_so = _("Your service %(service)s ends on %(day)s.")
        text = said_so % {"service": service_name(one.service), "day": long_day(one.ends)}
        yield Matter("warn", text, _("Until then you can withdraw it."), _("Look at it"), reverse("portal_services"))


def new_notes(client: Client) -> Iterator[Matter]:
    """Notes nobody of the client has read; urgent ones weigh more."""
    urgency = list(Note.objects.filter(client=client, read=None).order_by().values_list("urgency", flat=True)[:1000])
    if not urgency:
        return
    urgent = urgency.count(Urgency.URGENT)
    said = ngettext("%(n)s new note", "%(n)s new notes", len(urgency)) % {"n": written.count(len(urgency))}
    aside = ngettext("%(n)s of them is urgent.", "%(n)s of them are urgent.", urgent) % {"n": urgent} if urgent else ""
    yield Matter("warn" if urgent else "wait", said, aside, _("Read them"), reverse("portal_notes") + "?state=new")


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


def latest(client: Client, desk: Desk) -> Sequence[Row]:
    """The newest calls of the month, numbers as far as they may be seen."""
    found = clients_calls(client, desk.this_month).order_by("-start", "-key")[:LATEST_CALLS]
    return rows_of(facts(found), desk.zone, client.hide_numbers)

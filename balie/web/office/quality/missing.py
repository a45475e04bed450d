"""Calls of a month without a note: listed, handed to their agents, or exempt with their caller; both can be undone."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from balie.accounts.models import Client
from balie.calls.models import Call
from balie.operator.models import LogEntry
from balie.quality.fixing import ORDERS, handed, listed
from balie.quality.handing import ANONYMOUS, HANDED, exempt_caller, hand_over, take_back
from balie.quality.names import Names, names
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.web import notices, written
from balie.web.access import office
from balie.web.filters import MonthFilters
from balie.web.months import choices
from balie.web.request import OfficeRequest, author, partly

PER_PAGE = 50


class MissingFilter(MonthFilters):
    """The filters above the list, for balie.quality.fixing."""

    agent = forms.ChoiceField(label=gettext_lazy("Agent"), required=False)
    client = forms.CharField(label=gettext_lazy("Client number"), required=False, max_length=40)
    day = forms.DateField(label=gettext_lazy("Day"), required=False)

    def __init__(self, data: Any, period: Period, known: Names) -> None:
        super().__init__(data, period)
        if known.apart:
            self.offer_agents()
        else:
            del self.fields["agent"]


@require_http_methods(["GET", "HEAD", "POST"])
@office
def missing(request: OfficeRequest) -> HttpResponseBase:
    """The list, the newest first; posted, the calls that are marked are handed to their agents."""
    return hand(request) if request.method == "POST" else page(request)


def page(request: OfficeRequest, problem: str = "") -> HttpResponse:
    desk, known = request.desk, names()
    period = desk.month(request.GET.get("month", ""))
    form, order = MissingFilter(request.GET, period, known), order_of(request, known)
    wanted = form.read_inside()
    rows = Paginator(listed(period, wanted, order), PER_PAGE).get_page(request.GET.get("page"))
    rows.object_list = list(rows.object_list)
    asked = handed(rows.object_list)
    shown: dict[str, Any] = {
        "form": form,
        "page": rows,
        "rows": [(call, asked.get((call.source_id, call.key)), call.caller not in ANONYMOUS) for call in rows],
        "markable": any((call.source_id, call.key) not in asked for call in rows),
        "order": order,
        "apart": known.apart,
        "own": request.user.agent_id,
        "period": period,
        "wanted": wanted,
        "problem": problem,
        "carried": carried(request),
        "months": choices(period, desk),
        "clients": () if partly(request) else Client.objects.order_by("number").only("number", "name"),
    }
    part = "_missing" if partly(request) else "missing"
    return render(request, f"balie/quality/{part}.html", shown, status=422 if problem else 200)


def order_of(request: OfficeRequest, known: Names) -> str:
    order = request.GET.get("order", "-start")
    name = order.removeprefix("-")
    return order if name in ORDERS and (known.apart or name != "agent") else "-start"


def carried(request: OfficeRequest) -> str:
    """The filters of the page, for its deeds, which come back to it."""
    return f"?{request.GET.urlencode()}" if request.GET else ""


def back(request: OfficeRequest) -> HttpResponse:
    return redirect(reverse("missing_notes") + carried(request))


def numbers(texts: Iterable[str]) -> list[int]:
    """Ids out of a form, as many as a page has at most."""
    return [int(one) for one in list(texts)[:PER_PAGE] if one.isascii() and one.isdigit() and len(one) < 16]


def hand(request: OfficeRequest) -> HttpResponseBase:
    """Those marked stand first at the desks of their agents; undone by the notice."""
    chosen, period = numbers(request.POST.getlist("call")), request.desk.month(request.GET.get("month", ""))
    if not chosen:
        return page(request, _("Mark the calls that their agents shall write down."))
    entry = hand_over(calls=chosen, period=period, author=author(request))
    if entry is None:
        notices.refused(request, _("These calls have a note meanwhile, or were handed over before."))
        return back(request)
    number = len(entry.details["calls"])
    said = ngettext(
        "%(n)s call now stands first at its agent's desk.",
        "%(n)s calls now stand first at their agents' desks.",
        number,
    )
    undo = reverse("take_calls_back", args=[entry.pk]) + carried(request)
    notices.done(request, said % {"n": written.count(number)}, undo)
    return back(request)


@require_POST
@office
def take(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes it back: of the calls that this deed handed over."""
    number = take_back(entry=get_object_or_404(LogEntry, pk=pk, deed=HANDED), author=author(request))
    said = ngettext("%(n)s call is not handed over any more.", "%(n)s calls are not handed over any more.", number)
    notices.done(request, said % {"n": written.count(number)})
    return back(request)


@require_POST
@office
def exempt(request: OfficeRequest, pk: int) -> HttpResponse:
    """Calls of this caller to this client need no note; undone by the notice."""
    call = get_object_or_404(Call.objects.select_related("client"), pk=pk)
    try:
        entry = exempt_caller(call=call, why=request.POST.get("why", ""), author=author(request))
    except Refused as refusal:
        notices.refused(request, refusal.message)
        return back(request)
    if entry and call.client:
        undo = reverse("put_back_client_desk", args=[call.client.number, entry.pk])
        said = _("Calls from %(number)s for %(client)s need no note any more.")
        number = written.phone(call.caller, request.desk.operator.country)
        notices.done(request, said % {"number": number, "client": call.client.name}, undo)
    else:
        notices.refused(request, _("Calls of this caller needed no note already; nothing was changed."))
    return back(request)

"""What is wrong with the notes of a month: counted by kind, listed, as a file; several dismissed at once, and undo."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from balie.accounts.models import Client
from balie.quality.actions import dismiss_findings, reopen_finding
from balie.quality.found import ORDERS, State, counted, findings_parts, listed, open_by_month, state_of
from balie.quality.models import Finding
from balie.quality.names import Names, names
from balie.quality.stale import being_looked_at
from balie.quality.words import NAMES, check_name
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.web import notices, written
from balie.web.access import office
from balie.web.downloads import sent
from balie.web.filters import Filters
from balie.web.months import choices
from balie.web.notes.shown import Wrong
from balie.web.office.alerts import Alert
from balie.web.request import Desk, OfficeRequest, author, partly

PER_PAGE = 50
MONTHS_NAMED = 3  # on the start page
EVERY = "all"
STATES = {
    State.OPEN: pgettext_lazy("finding", "open"),
    State.RIGHT: gettext_lazy("right meanwhile"),
    State.DISMISSED: pgettext_lazy("finding", "dismissed"),
}


class FindingFilter(Filters):
    """The filters above the list: open ones unless asked otherwise."""

    state = forms.ChoiceField(label=pgettext_lazy("finding", "State"), required=False)
    code = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    agent = forms.ChoiceField(label=gettext_lazy("Agent"), required=False)
    client = forms.CharField(label=gettext_lazy("Client number"), required=False, max_length=40)

    def __init__(self, data: Any, known: Names) -> None:
        super().__init__(data)
        states = [("", STATES[State.OPEN]), *((str(one), STATES[one]) for one in (State.RIGHT, State.DISMISSED))]
        self.offer("state", [*states, (EVERY, pgettext("findings", "all"))])
        self.offer("code", [("", _("All kinds")), *NAMES.items()])
        if known.apart:
            self.offer_agents()
        else:
            del self.fields["agent"]

    def wanted(self) -> dict[str, str]:
        """What was asked for and could be read, for balie.quality.found."""
        found = {"state": str(State.OPEN)} | self.read()
        return {name: value for name, value in found.items() if value != EVERY}


@dataclass(frozen=True)
class Row:
    """One finding of the list, in words."""

    finding: Finding
    known: Names

    @property
    def text(self) -> str:
        return Wrong(self.finding, self.known.apart).text

    @property
    def agent(self) -> str:
        return self.known.name(self.finding.agent)

    @property
    def state(self) -> State:
        return state_of(self.finding)

    @property
    def state_name(self) -> str:
        return str(STATES[self.state])


@require_http_methods(["GET", "HEAD", "POST"])
@office
def findings(request: OfficeRequest) -> HttpResponseBase:
    """Findings of a month, the open ones of the newest notes first; posted, those that are marked are dismissed."""
    return dismiss(request) if request.method == "POST" else page(request)


def page(request: OfficeRequest, problem: str = "", chosen: Iterable[int] = ()) -> HttpResponse:
    """problem: why those chosen (by id) could not be dismissed."""
    desk, known = request.desk, names()
    period = desk.month(request.GET.get("month", ""))
    form, order = FindingFilter(request.GET, known), order_of(request, known)
    wanted = form.wanted()
    rows = Paginator(listed(period.key, wanted, order), PER_PAGE).get_page(request.GET.get("page"))
    shown: dict[str, Any] = {
        "form": form,
        "page": rows,
        "rows": [Row(one, known) for one in rows],
        "order": order,
        "apart": known.apart,
        "period": period,
        "filtered": bool(set(wanted) - {"state"}) or wanted.get("state") != State.OPEN,
        "every": counted(period.key, wanted),
        "problem": problem,
        "chosen": set(chosen),
        "reason": request.POST.get("reason", ""),
        "markable": any(one.closed is None for one in rows),
        "carried": carried(request),
        "files": "/quality/findings",
    }
    if not partly(request):
        shown |= whole(period, desk, shown["every"].kinds)
    part = "_findings" if partly(request) else "findings"
    return render(request, f"balie/quality/{part}.html", shown, status=422 if problem else 200)


def whole(period: Period, desk: Desk, kinds: Iterable[Any]) -> dict[str, Any]:
    """What stands around the list."""
    elsewhere = [(Period.from_key(key, desk.zone), n) for key, n in open_by_month().items() if key != period.key]
    return {
        "months": choices(period, desk),
        "kinds": [(one, check_name(one.code)) for one in kinds],
        "elsewhere": elsewhere,
        "elsewhere_all": sum(n for _month, n in elsewhere),
        "looking": being_looked_at(period.first_day, period.last_day),
        "clients": Client.objects.order_by("number").only("number", "name"),
    }


def open_now(desk: Desk) -> list[Alert]:
    """The row of the start page: findings that are open, and of which months. One query."""
    months = [(Period.from_key(key, desk.zone), n) for key, n in open_by_month().items()]
    if not months:
        return []
    total = sum(n for _month, n in months)
    strong = ngettext("%(n)s finding in call notes is open.", "%(n)s findings in call notes are open.", total)
    parts = [f"{written.month(month)}: {written.count(n)}" for month, n in months[:MONTHS_NAMED]]
    link = f"{reverse('findings')}?month={months[0][0]}"
    return [Alert("warn", strong % {"n": written.count(total)}, ", ".join(parts), link, _("See the findings"))]


def order_of(request: OfficeRequest, known: Names) -> str:
    order = request.GET.get("order", "-at")
    name = order.removeprefix("-")
    return order if name in ORDERS and (known.apart or name != "agent") else "-at"


@office
def file(request: OfficeRequest, format: str) -> HttpResponseBase:
    """The findings of the page as a file, all of them, in its order."""
    known, period = names(), request.desk.month(request.GET.get("month", ""))
    rows = listed(period.key, FindingFilter(request.GET, known).wanted(), order_of(request, known))
    return sent(findings_parts(rows, format, known), f"findings-{period}.{format}", format)


def carried(request: OfficeRequest) -> str:
    """The filters of the page, for its deeds, which come back to it."""
    query = request.GET.copy()
    query.pop("of", None)
    return f"?{query.urlencode()}" if query else ""


def back(request: OfficeRequest) -> HttpResponse:
    return redirect(reverse("findings") + carried(request))


def numbers(texts: Iterable[str]) -> list[int]:
    """Ids out of a form or an address, as many as a page has at most."""
    return [int(one) for one in list(texts)[:PER_PAGE] if one.isascii() and one.isdigit() and len(one) < 16]


def dismiss(request: OfficeRequest) -> HttpResponseBase:
    """A manager says that these are right as they are, and why; undone by the notice."""
    chosen = numbers(request.POST.getlist("finding"))
    try:
        if not chosen:
            raise Refused("nothing_chosen", _("Mark the findings that you want to dismiss."), "finding")
        done = dismiss_findings(numbers=chosen, reason=request.POST.get("reason", ""), author=author(request))
    except Refused as refusal:
        return page(request, refusal.message, chosen)
    if not done:
        notices.refused(request, _("These findings are closed already; nothing was changed."))
        return back(request)
    said = ngettext("%(n)s finding is dismissed.", "%(n)s findings are dismissed.", len(done))
    query = request.GET.copy()
    query["of"] = "-".join(map(str, done))
    undo = f"{reverse('reopen_findings')}?{query.urlencode()}"
    notices.done(request, said % {"n": written.count(len(done))}, undo)
    return back(request)


@require_POST
@office
def reopen(request: OfficeRequest) -> HttpResponseBase:
    """Takes dismissals back: of those the address names."""
    chosen = numbers(request.GET.get("of", "").split("-"))
    rows: Mapping[int, Finding] = Finding.objects.in_bulk(chosen)
    number = sum(reopen_finding(finding=finding, author=author(request)) for finding in rows.values())
    if number:
        said = ngettext("%(n)s finding is open again.", "%(n)s findings are open again.", number)
        notices.done(request, said % {"n": written.count(number)})
    else:
        notices.refused(request, _("These findings are not dismissed any more; nothing was changed."))
    return back(request)

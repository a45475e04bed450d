"""What waits for a decision: the tasks of the watch, each with its figures and its offer; and what became of others."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from balie.accounts.models import Client
from balie.contracts.models import Contract
from balie.contracts.queries import contracts_between
from balie.controlling.actions import ask_for_watch
from balie.controlling.offers import ACCEPTED, DECLINED, SENT_AGAIN
from balie.controlling.outcomes import Outcome, outcomes
from balie.controlling.queries import last_watch, newest_watch, offers_of
from balie.controlling.watch import COST_LIMIT, COST_LIMIT_EXPECTED, OFFER_FOLLOW_UP, UNECONOMICAL
from balie.leases.queries import alive
from balie.rules.errors import Refused
from balie.tariffs.models import Tariff
from balie.tariffs.queries import versions_of
from balie.tasks.actions import dismiss_task, reopen_task
from balie.tasks.models import DISMISSED, Task
from balie.tasks.queries import closed_tasks, open_tasks
from balie.web import notices, written
from balie.web.access import office
from balie.web.missing import UNPRICED, Missing, in_words, missing
from balie.web.office.alerts import Alert
from balie.web.office.figures import Limit, Made, Profit, figures_of, made
from balie.web.office.letter import contacts
from balie.web.request import Desk, OfficeRequest, author, partly
from balie.web.words import TASKS as ABOUT

PER_PAGE = 50
CLOSED_DAYS, CLOSED_SHOWN, PROBLEMS_SHOWN = 90, 100, 20
SHOWN_AS = (OFFER_FOLLOW_UP, UNECONOMICAL, COST_LIMIT, COST_LIMIT_EXPECTED)  # the order of the groups
NAMES = {
    OFFER_FOLLOW_UP: gettext_lazy("Offers without an answer"),
    UNECONOMICAL: gettext_lazy("Contracts that do not pay"),
    COST_LIMIT: gettext_lazy("Cost limits passed"),
    COST_LIMIT_EXPECTED: gettext_lazy("Cost limits that will be passed"),
}
ORDERS = {
    "": gettext_lazy("What matters most"),
    "client": gettext_lazy("Client"),
    "since": gettext_lazy("Longest open"),
}
OUTCOMES = {
    "gone": gettext_lazy("gone by itself"),
    "changed": gettext_lazy("the contract changed"),
    "ended": gettext_lazy("the contract ended"),
    ACCEPTED: gettext_lazy("offer accepted"),
    DECLINED: gettext_lazy("offer declined"),
    SENT_AGAIN: gettext_lazy("offer sent again"),
    DISMISSED: gettext_lazy("dismissed"),
}


@dataclass(frozen=True)
class Row:
    """One task as the page shows it."""

    task: Task
    figures: Profit | Limit
    offer: Made | None
    tariff: Tariff | None
    contract: Contract | None  # that runs today
    outcome: Outcome | None = None  # what became of the offer so far
    contacts: Sequence[str] = ()  # addresses of the client, where it is to be asked

    @property
    def kind(self) -> str:
        return self.task.kind

    @property
    def reminder(self) -> Task | None:
        """The open task that reminds of this one's offer: there it is decided about."""
        found = self.outcome.offer.follow_up if self.outcome else None
        return found if found and found.pk != self.task.pk and found.closed is None else None

    @property
    def bill(self) -> str:
        """The month whose bill shows it."""
        return str(self.figures.month)


@dataclass(frozen=True)
class Group:
    """The tasks of one kind: how many, and what is missing or too much in all of them."""

    kind: str
    name: str
    rows: Sequence[Row]
    total: int
    amount: Any


@dataclass(frozen=True)
class Unpriced:
    """A price that is missing, and whose contracts could not be looked at for it."""

    told: Missing
    clients: Sequence[str]


@office
def tasks(request: OfficeRequest) -> HttpResponse:
    """What waits for a decision, filtered and in order."""
    known = listed(request)
    if partly(request):
        return render(request, "balie/tasks/_rows.html", known)
    return render(request, "balie/tasks/list.html", known | watched(request.desk) | {"orders": ORDERS.items()})


def listed(request: OfficeRequest, only: Task | None = None) -> dict[str, Any]:
    """The tasks asked for, or one alone. Nine queries however many there are."""
    desk, query = request.desk, request.GET
    kind, order = (query.get(name, "") for name in ("kind", "order"))
    kind, order = kind if kind in NAMES else "", order if order in ORDERS else ""
    searched = query.get("q", "").strip()[:80]
    every = [(task, figures_of(task, desk)) for task in open_tasks(SHOWN_AS)]
    found = [(task, figures) for task, figures in every if fits(task, kind, searched)]
    if only is not None:
        found = [(task, figures) for task, figures in every if task.pk == only.pk]
    found.sort(key=lambda one: place(*one, order=order))
    page = Paginator(found, PER_PAGE).get_page(query.get("page"))
    since = desk.now - timedelta(days=CLOSED_DAYS)
    closed = [task for task in closed_tasks(since).filter(kind__in=SHOWN_AS) if fits(task, kind, searched)]
    return {
        "page": page,
        "groups": groups(rows(list(page), desk), found),
        "kinds": [(name, text, sum(task.kind == name for task, _figures in every)) for name, text in NAMES.items()],
        "kind": kind,
        "order": order,
        "q": searched,
        "some": len(every),
        "closed": [
            (task, ABOUT[task.kind], OUTCOMES.get(task.outcome, task.outcome)) for task in closed[:CLOSED_SHOWN]
        ],
        "closed_total": len(closed),
        "closed_days": CLOSED_DAYS,
        "only": only,
    }


def fits(task: Task, kind: str, text: str) -> bool:
    client, wanted = task.client, text.casefold()
    return kind in ("", task.kind) and (wanted in client.name.casefold() or wanted in client.number.casefold())


def place(task: Task, figures: Profit | Limit, *, order: str) -> tuple[Any, ...]:
    """Where a task stands: within its kind what costs most comes first, or as the reader wants it."""
    group = SHOWN_AS.index(task.kind)
    if order == "client":
        return group, task.client.name.casefold(), task.client.number
    return (group, task.opened, -figures.weight) if order == "since" else (group, -figures.weight, task.client.number)


def rows(found: Sequence[tuple[Task, Profit | Limit]], desk: Desk) -> list[Row]:
    """These tasks with offers, tariffs and contracts. Seven queries at most."""
    if not found:
        return []
    offers = offers_of(task for task, _figures in found)
    tariffs = {one.code: one for one in Tariff.objects.filter(code__in={figures.tariff for _task, figures in found})}
    versions = versions_of([*tariffs.values(), *(offer.tariff for offer in offers.values())])
    clients = {task.client_id for task, _figures in found}
    running = contracts_between(desk.today, desk.today).filter(client__in=clients)
    contracts = {(one.client_id, one.service): one for one in running.order_by("start")}
    became = {one.offer.pk: one for one in outcomes(offers.values(), now=desk.now)}
    asked = contacts(task.client for task, _figures in found if task.kind == OFFER_FOLLOW_UP)
    return [
        Row(
            task,
            figures,
            made(offer, tariffs.get(figures.tariff), versions, desk),
            tariffs.get(figures.tariff),
            contracts.get((task.client_id, task.service)),
            became.get(offer.pk) if offer else None,
            asked.get(task.client_id, ()) if task.kind == OFFER_FOLLOW_UP else (),
        )
        for task, figures in found
        for offer in [offers.get(task.pk)]
    ]


def groups(shown: Sequence[Row], found: Sequence[tuple[Task, Profit | Limit]]) -> list[Group]:
    """The rows of a page by kind, under the sums of all that were found."""
    amounts: dict[str, list[Any]] = defaultdict(list)
    for task, figures in found:
        amounts[task.kind].append(figures.weight)
    of_kind = {kind: [row for row in shown if row.kind == kind] for kind in SHOWN_AS}
    return [
        Group(kind, str(NAMES[kind]), here, len(amounts[kind]), sum(amounts[kind]))
        for kind, here in of_kind.items()
        if here
    ]


def watched(desk: Desk) -> dict[str, Any]:
    """When the watch looked last and at what, what it could not look at, and whether it is at it now."""
    newest, done = newest_watch(), last_watch()
    waits = newest is not None and newest.under_way
    return {
        "watch": done,
        "waits": waits,
        "stuck": waits and not alive(now=desk.now).exists(),
        "parked": newest.parked if newest else "",
        "unpriced": unpriced(done.problems, desk) if done else [],
    }


def unpriced(problems: Iterable[dict[str, str]], desk: Desk) -> list[Unpriced]:
    """Each missing price once, the latest month it was missing in, with the clients it concerns."""
    clients: dict[tuple[str, str], list[str]] = defaultdict(list)
    latest: dict[tuple[str, str], dict[str, str]] = {}
    for problem in sorted(problems, key=lambda one: (one["client"], one["month"])):
        key = problem["code"], problem["where"] or problem["message"]
        if problem["client"] not in clients[key]:
            clients[key].append(problem["client"])
        latest[key] = problem
    return [Unpriced(told(problem, desk), clients[key]) for key, problem in list(latest.items())[:PROBLEMS_SHOWN]]


def told(problem: dict[str, str], desk: Desk) -> Missing:
    """In the reader's words, with the tariff where it is mended."""
    refusal = Refused(problem["code"], problem["message"], problem["where"])
    if refusal.code in UNPRICED:
        return missing(refusal, desk.month(problem["month"]))
    tariff = Tariff.objects.filter(code=problem["tariff"]).first()
    return Missing(in_words(refusal, desk.month(problem["month"])), "", "", tariff)


@require_POST
@office
def dismiss(request: OfficeRequest, pk: int) -> HttpResponse:
    """Nothing is to be done about this task, and why."""
    task = get_object_or_404(Task.objects.select_related("client"), pk=pk)
    try:
        dismiss_task(task=task, reason=request.POST.get("reason", ""), author=author(request))
    except Refused as refusal:
        if refusal.where == "reason" and task.closed is None:
            wrong = {"problem": refusal.message, "given": request.POST.get("reason", ""), "orders": ORDERS.items()}
            page = listed(request, only=task) | watched(request.desk) | wrong
            return render(request, "balie/tasks/list.html", page, status=422)
        notices.refused(request, refusal.message)
    else:
        said = _("The task about %(client)s is dismissed. It comes back only for a later month.")
        notices.done(request, said % {"client": task.client.name}, undo=reverse("reopen_task", args=[pk]))
    return to_list(request)


@require_POST
@office
def reopen(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes a dismissal back."""
    task = get_object_or_404(Task.objects.select_related("client"), pk=pk)
    try:
        reopen_task(task=task, author=author(request))
    except Refused as refusal:
        notices.refused(request, refusal.message)
    else:
        notices.done(request, _("The task about %(client)s is open again.") % {"client": task.client.name})
    return to_list(request)


def to_list(request: OfficeRequest) -> HttpResponse:
    """Back to the list as it was filtered."""
    filters = request.GET.urlencode()
    return redirect(f"{reverse('tasks')}?{filters}" if filters else reverse("tasks"))


@require_POST
@office
def look_again(request: OfficeRequest) -> HttpResponse:
    """Asks for a watch now; a worker does it within a second or two."""
    ask_for_watch(author=author(request))
    return to_list(request)


@office
def progress(request: OfficeRequest) -> HttpResponse:
    """Whether the watch is still at it, asked for again and again by htmx; the page loads anew when it is done."""
    known = watched(request.desk)
    response = render(request, "balie/tasks/_watch.html", known)
    if not known["waits"]:
        response["HX-Refresh"] = "true"
    return response


def waiting() -> list[Alert]:
    """The row of the start page: how many tasks are open."""
    number = open_tasks(SHOWN_AS).count()
    if not number:
        return []
    said = ngettext("%(n)s task waits for a decision.", "%(n)s tasks wait for a decision.", number)
    rest = _("Contracts that do not pay and cost limits that are passed, with what to offer.")
    return [Alert("warn", said % {"n": written.count(number)}, rest, reverse("tasks"), _("Decide"))]


def tasks_of(client: Client) -> list[tuple[str, Task]]:
    """A client's open tasks with their names, for its own page."""
    found = open_tasks(SHOWN_AS).filter(client=client)
    return [(str(ABOUT[task.kind]), task) for task in found]

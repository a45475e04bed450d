"""The agents: who they are, their endpoints, how many calls they answered, and endpoints that are nobody's.
agent_deeds.py changes them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from balie.accounts.endpoints import Held, held_by, in_order, last_day
from balie.accounts.models import Agent, AgentEndpoint, AgentGroup, Role
from balie.calls.endpoints import answered_since, unknown_endpoints
from balie.operator.models import LogEntry
from balie.web.access import office
from balie.web.office.settings.told import history
from balie.web.office.settings.typed import State, Trouble
from balie.web.request import OfficeRequest, partly

PER_PAGE = 50
COUNTED = timedelta(days=30)
LOOKED_BACK = timedelta(days=90)
EMPTY_LINES = 1
FIELDS = ("endpoint", "from", "to")


@dataclass(frozen=True)
class Row:
    """One agent as the list shows it. calls: answered within thirty days; now: the endpoints of today and later."""

    agent: Agent
    held: Sequence[Held]
    calls: int
    today: date

    @property
    def leaves(self) -> date | None:
        """The last day of somebody who leaves or has left."""
        return last_day(self.held)

    @property
    def left(self) -> bool:
        return self.leaves is not None and self.leaves < self.today

    @property
    def now(self) -> list[Held]:
        return [one for one in self.held if one.last is None or one.last >= self.today]

    @property
    def user(self) -> Any:
        """Who logs in as this agent; None for nobody."""
        found = getattr(self.agent, "user", None)
        return found if found and found.is_active else None


@dataclass(frozen=True)
class Line:
    """One endpoint in the form: as it stands in its fields, where they are, and what is wrong with it."""

    place: int
    endpoint: str = ""
    first: str = ""
    last: str = ""
    problem: Trouble | None = None

    @property
    def wrong(self) -> str:
        """Which of its fields is wrong."""
        head, _bracket, rest = (self.problem.where if self.problem else "").partition("[")
        place, _bracket, name = rest.partition("].")
        return name if head == "endpoints" and place == str(self.place) else ""


@dataclass(frozen=True)
class Form:
    """What stands in the form of an agent, and what the page showed that it came from. problem: beside its field."""

    fields: State
    was: State = field(default_factory=dict)
    problem: Trouble | None = None

    @property
    def lines(self) -> list[Line]:
        found = [line.split("\t") for line in self.fields.get("endpoints", "").split("\n") if line.strip()]
        found += [[""] * len(FIELDS)] * EMPTY_LINES
        return [
            Line(place, endpoint, first, last, self.problem)
            for place, (endpoint, first, last) in enumerate((*texts, "", "")[:3] for texts in found)
        ]


def state(agent: Agent) -> State:
    """All that the form of an agent shows, a text a field; of the endpoints a line each."""
    lines = ["\t".join(part or "" for part in one.written()) for one in held_by(agent)]
    return {
        "name": agent.name,
        "email": agent.email,
        "group": agent.group.name if agent.group else "",
        "endpoints": "\n".join(lines),
    }


def rows_of(text: str) -> list[Mapping[str, str]]:
    """The lines of endpoints as the checks take them."""
    return [dict(zip(FIELDS, (*line.split("\t"), "", "")[:3], strict=True)) for line in text.split("\n")]


@office
def agents_settings(request: OfficeRequest) -> HttpResponse:
    return agents_page(request)


def agents_page(request: OfficeRequest, problem: Trouble | None = None) -> HttpResponse:
    """Every agent asked for, those who left last. problem: of giving an endpoint to somebody."""
    desk, searched = request.desk, request.GET.get("q", "").strip()[:80]
    page = Paginator(rows(searched, desk.today), PER_PAGE).get_page(request.GET.get("page"))
    known: dict[str, Any] = {"page": page, "q": searched, "may": request.user.may(Role.ADMINISTRATOR)}
    if partly(request):
        return render(request, "balie/settings/_agents.html", known)
    unknown = [(one, local_day(one.first, desk.zone)) for one in unknown_endpoints(desk.now - LOOKED_BACK)]
    known |= {
        "unknown": unknown,
        "agents": Agent.objects.order_by("code") if unknown else [],
        "given": request.POST.dict() if problem else {},
        "problem": problem,
        "elsewhere": problem and request.POST.get("endpoint") not in {one.endpoint for one, _since in unknown},
        "back": LOOKED_BACK.days,
    }
    return render(request, "balie/settings/agents.html", known, status=problem.status if problem else 200)


def local_day(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).date().isoformat()


def rows(searched: str, today: date) -> list[Row]:
    """Agents with each of these words in code, name, email or an endpoint. Three queries."""
    found = Agent.objects.select_related("group", "user")
    for word in searched.split():
        at = AgentEndpoint.objects.filter(endpoint__icontains=word).values("agent")
        found = found.filter(
            Q(code__icontains=word) | Q(name__icontains=word) | Q(email__icontains=word) | Q(pk__in=at)
        )
    held: dict[int, list[Held]] = defaultdict(list)
    for row in AgentEndpoint.objects.all():
        held[row.agent_id].append(Held(row.endpoint, row.first_day, row.last_day))
    calls = answered_since(today - COUNTED)
    listed = [Row(one, in_order(held[one.pk]), calls.get(one.pk, 0), today) for one in found.order_by("code")]
    return sorted(listed, key=lambda row: row.left)


@office
def agent_settings(request: OfficeRequest, pk: int) -> HttpResponse:
    agent = get_object_or_404(Agent, pk=pk)
    held = state(agent)
    return agent_page(request, agent, Form(held, held))


def agent_page(request: OfficeRequest, agent: Agent, form: Form, leaving: Trouble | None = None) -> HttpResponse:
    """One agent. leaving: what is wrong with the last day that was given."""
    problem = form.problem or leaving
    held = held_by(agent)
    known = {
        "agent": agent,
        "row": Row(agent, held, answered_since(request.desk.today - COUNTED).get(agent.pk, 0), request.desk.today),
        "form": form,
        "leaving": leaving,
        "last": request.POST.get("last", "") if leaving else request.desk.today.isoformat(),
        "history": history(LogEntry.objects.filter(about=f"agent:{agent.code}"[:200])),
        **choices(request),
    }
    return render(request, "balie/settings/agent.html", known, status=problem.status if problem else 200)


def new_page(request: OfficeRequest, form: Form) -> HttpResponse:
    """An empty form, or one with what was wrong beside it."""
    known = {"form": form, **choices(request)}
    return render(request, "balie/settings/agent_new.html", known, status=form.problem.status if form.problem else 200)


def choices(request: OfficeRequest) -> dict[str, Any]:
    return {"may": request.user.may(Role.ADMINISTRATOR), "groups": AgentGroup.objects.all()}

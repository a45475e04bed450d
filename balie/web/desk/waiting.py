"""The left of the desk: the agent's calls that need a note, and what was begun and not sent. Asks again by itself."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render

from balie.accounts.models import Agent, Client
from balie.calls.models import Call
from balie.notes.models import Draft
from balie.quality.fixing import handed_to
from balie.quality.looking import limits
from balie.quality.own import calls_without_note
from balie.rules.period import day_begin
from balie.web.desk.access import AgentRequest, agents
from balie.web.desk.place import Place, call_query, of_call, query_of
from balie.web.request import Desk

DAYS = timedelta(days=3)
SHOWN = 60


@dataclass(frozen=True)
class Row:
    """A call without a note. age: minutes since it ended; late: a note now is late; begun: a draft is kept; asked: a
    manager handed it over."""

    call: Call
    age: int
    late: bool
    begun: bool
    today: bool
    asked: bool = False

    @property
    def query(self) -> str:
        return call_query(self.call)

    @property
    def place(self) -> str:
        return of_call(self.call).name


@dataclass(frozen=True)
class Begun:
    """A note that was begun without a call, or whose call has one meanwhile."""

    draft: Draft
    client: str

    @property
    def query(self) -> str:
        return query_of(self.draft.place)

    @property
    def text(self) -> str:
        said = self.draft.said
        return str(said.get("text") or said.get("caller_name") or said.get("reason") or "")[:80]


@dataclass(frozen=True)
class Waiting:
    """The whole list. mark: another as soon as it shows something else."""

    rows: Sequence[Row]
    begun: Sequence[Begun]
    total: int

    @property
    def first(self) -> Call | None:
        return self.rows[0].call if self.rows else None

    @property
    def mark(self) -> str:
        parts = [f"{row.call.pk}/{row.age if row.late else 0}/{row.begun}/{row.asked}" for row in self.rows]
        parts += [f"{one.draft.place}/{one.text}" for one in self.begun]
        return hashlib.sha256(f"{self.total} {' '.join(parts)}".encode()).hexdigest()[:12]


def waiting(agent: Agent, desk: Desk) -> Waiting:
    """Since midnight three days ago, and before them what a manager handed over. Six queries, whatever there is."""
    midnight = day_begin(desk.today, desk.zone)
    asked = handed_to(agent)
    known = {call.pk for call in asked}
    calls = [*asked, *(call for call in calls_without_note(agent, midnight - DAYS) if call.pk not in known)]
    drafts = {draft.place: draft for draft in Draft.objects.filter(agent=agent).order_by("-at")[:SHOWN]}
    late_after = limits().late_after
    rows = [
        replace(row_of(call, desk.now, midnight, late_after, drafts), asked=call.pk in known) for call in calls[:SHOWN]
    ]
    shown = {row.place for row in rows}
    others = [draft for place, draft in drafts.items() if place not in shown and query_of(place)]
    return Waiting(rows, begun(others), len(calls))


def row_of(call: Call, now: datetime, midnight: datetime, late: timedelta, drafts: dict[str, Draft]) -> Row:
    since = now - (call.start + timedelta(seconds=call.ring + call.talk))
    return Row(
        call, int(since.total_seconds() // 60), since > late, of_call(call).name in drafts, call.start >= midnight
    )


def begun(drafts: Sequence[Draft]) -> list[Begun]:
    """With the names of their clients; one query where there are any."""
    numbers = {str(draft.said.get("client", "")) for draft in drafts}
    names = dict(Client.objects.filter(number__in=numbers).values_list("number", "name")) if drafts else {}
    return [Begun(draft, names.get(str(draft.said.get("client", "")), "")) for draft in drafts]


@agents
def calls(request: AgentRequest) -> HttpResponse:
    """The list alone, asked for every five seconds; nothing where it would say what it says already."""
    found = waiting(request.agent, request.desk)
    if request.GET.get("mark") == found.mark:
        return HttpResponse(status=204)
    return render(request, "balie/desk/_waiting.html", {"waiting": found, "here": request.GET.get("here", "")[:200]})


def here(place: Place | None) -> str:
    return place.name if place else ""

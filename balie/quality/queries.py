"""Reads over findings, and how complete agents record their calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from balie.accounts.models import Agent
from balie.calls.models import Call
from balie.notes.models import Note
from balie.quality.counted import counts, needing_notes
from balie.quality.models import Finding
from balie.quality.names import Names, names
from balie.rules.missing import Share, is_marked, wilson
from balie.rules.period import Period

PLACES = 6


def open_findings(month: int | None = None) -> QuerySet[Finding]:
    """What is wrong now, of a month (202611) or of all, by note and code."""
    found = Finding.objects.filter(closed=None).select_related("client", "agent", "note__call")
    return (found.filter(month=month) if month else found).order_by("note__at", "note_id", "pk")


def findings_document(period: Period) -> dict[str, Any]:
    """The open findings of a month as JSON; agents have no code, notes no call where agents are not told apart."""
    rows, known = open_findings(period.key), names()
    return {"month": str(period), "findings": [finding_document(row, known) for row in rows]}


def finding_document(row: Finding, known: Names) -> dict[str, Any]:
    return {
        "code": row.code,
        "client": row.client.number,
        "agent": known.code(row.agent),
        "call": known.call(row.note) or None,
        "note": row.note_id,
    }


def without_note(period: Period) -> QuerySet[Call]:
    """Accepted calls of a month that should have a note and have none."""
    return needing_notes(period).filter(~Exists(Note.objects.filter(call=OuterRef("pk"))))


@dataclass(frozen=True)
class AgentRecording:
    """How one agent recorded a month. share: with its interval; marked: more is missing than at the team."""

    agent: Agent
    calls: int
    notes: int
    missing: int
    share: Share
    marked: bool
    incorrect: int


@dataclass(frozen=True)
class Recording:
    """A month of all agents: the team's sums and everybody's, by code.

    Where agents are not told apart (apart) there is nobody; and of too few not even what is missing (None), which would
    speak of persons.
    """

    calls: int
    missing: int | None
    notes: int
    incorrect: int
    agents: Sequence[AgentRecording]
    apart: bool = True

    @property
    def share(self) -> float | None:
        if self.missing is None:
            return None
        return self.missing / self.calls if self.calls else 0.0


def recording(period: Period) -> Recording:
    """How complete the calls of a month are recorded."""
    known, counted = names(), counts(period.first_day, period.last_day)
    calls = {agent: number for agent, (number, _left, _notes) in counted.items() if number}
    missing = {agent: left for agent, (_number, left, _notes) in counted.items() if left}
    notes = {agent: written for agent, (_number, _left, written) in counted.items() if written}
    wrong = Finding.objects.filter(closed=None, month=period.key).order_by().values_list("agent")
    incorrect = dict(wrong.annotate(found=Count("note", distinct=True)))
    agents = Agent.objects.filter(pk__in={*calls, *notes, *incorrect}).order_by("code")
    team_calls, team_missing = sum(calls.values()), sum(missing.values())
    sums = (team_calls, team_missing, sum(notes.values()), sum(incorrect.values()))
    if not known.apart:
        enough = known.enough(len(calls)) or not team_calls
        return Recording(sums[0], sums[1] if enough else None, *sums[2:], (), apart=False)
    team = team_missing / team_calls if team_calls else 0.0
    rows = []
    for agent in agents:
        own, left = calls.get(agent.pk, 0), missing.get(agent.pk, 0)
        share = wilson(left, own)
        marked = is_marked(share, calls=own, team=team)
        rows.append(AgentRecording(agent, own, notes.get(agent.pk, 0), left, share, marked, incorrect.get(agent.pk, 0)))
    return Recording(*sums, rows)


def recording_document(period: Period) -> dict[str, Any]:
    """The same as JSON; shares as fractions."""
    found = recording(period)
    return {
        "month": str(period),
        "team": {"calls": found.calls, "missing": found.missing, "share": rounded(found.share)},
        "agents": [
            {
                "agent": row.agent.code,
                "calls": row.calls,
                "notes": row.notes,
                "missing": row.missing,
                "share": round(row.share.share, PLACES),
                "low": round(row.share.low, PLACES),
                "high": round(row.share.high, PLACES),
                "marked": row.marked,
                "incorrect": row.incorrect,
            }
            for row in found.agents
        ],
    }


def rounded(share: float | None) -> float | None:
    return None if share is None else round(share, PLACES)


def untold(until: datetime) -> QuerySet[Finding]:
    """Open findings, found until a moment, whose mail was not queued yet."""
    return open_findings().filter(told=None, opened__lte=until)

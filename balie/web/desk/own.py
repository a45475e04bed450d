"""An agent's own notes of a day, what is wrong with them, calls it wrote nothing about; and correcting a note."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from balie.notes.models import Note
from balie.quality.models import Finding, Review
from balie.quality.own import calls_without_note, findings_of
from balie.rules.period import day_begin
from balie.web import notices
from balie.web.desk.access import AgentRequest, agents, whole_page
from balie.web.desk.place import call_query
from balie.web.given import day_of
from balie.web.notes.correcting import Correction, attempt, begun
from balie.web.notes.filters import wrong_of
from balie.web.notes.shown import SCORES, Wrong, deliveries, history, outcome, state_of, wrongs

PER_PAGE = 50
MISSING_BACK = timedelta(days=31)
FIRST_DAY = date(1970, 1, 1)  # no note is older


@dataclass(frozen=True)
class Row:
    """One note of a list."""

    note: Note
    wrong: int

    @property
    def outcome(self) -> str:
        return outcome(self.note)


def notes_of_day(request: AgentRequest, day: date) -> QuerySet[Note]:
    begin, end = (day_begin(one, request.desk.zone) for one in (day, day + timedelta(days=1)))
    found = Note.objects.filter(agent=request.agent, at__gte=begin, at__lt=end).select_related("client")
    return found.order_by("-at", "-pk")


@agents
def notes(request: AgentRequest) -> HttpResponse:
    """The agent's own notes of a day, today's unless asked otherwise."""
    asked = day_of(request.GET.get("day", ""), request.desk.today)
    day = max(FIRST_DAY, min(asked, request.desk.today))
    page = Paginator(notes_of_day(request, day), PER_PAGE).get_page(request.GET.get("page"))
    wrong = wrong_of(page)
    known = {
        "page": page,
        "rows": [Row(note, wrong.get(note.pk, 0)) for note in page],
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < request.desk.today else None,
        "wrong": findings_of(request.agent).count(),
    }
    return render(request, "balie/desk/notes.html", known)


@agents
def mend(request: AgentRequest) -> HttpResponse:
    """What is wrong with the agent's own notes, and its calls of the last month without a note."""
    page = Paginator(findings_of(request.agent), PER_PAGE).get_page(request.GET.get("page"))
    since = day_begin(request.desk.today, request.desk.zone) - MISSING_BACK
    missing = calls_without_note(request.agent, since)
    known = {
        "page": page,
        "rows": wrongs(page),
        "missing": [(call, call_query(call)) for call in missing[:200]],
        "missing_all": len(missing),
        "wrong": page.paginator.count,
    }
    return render(request, "balie/desk/mend.html", known)


@require_http_methods(["GET", "HEAD", "POST"])
@agents
def note(request: AgentRequest, pk: int) -> HttpResponseBase:
    """One note of one's own, to be corrected: sent again, marked so."""
    held = get_object_or_404(Note.objects.select_related("client", "agent", "call"), pk=pk, agent=request.agent)
    if request.method != "POST":
        return page_of(request, begun(held, request.agent))
    done = attempt(request, held, request.agent)
    if isinstance(done, Correction):
        return page_of(request, done)
    if done.version == held.version:
        notices.refused(request, _("Nothing was changed, so nothing was sent."))
    else:
        notices.done(request, _("The note is corrected and sent again, marked as corrected."))
    return whole_page(request, reverse("desk_note", args=[pk]))


def page_of(request: AgentRequest, correction: Correction) -> HttpResponse:
    sent = deliveries(correction.note)
    known: dict[str, Any] = {
        "correction": correction,
        "form": correction.form,
        "note": correction.note,
        "outcomes": correction.outcomes,
        "action": reverse("desk_note", args=[correction.note.pk]),
        "keeps": f"{reverse('desk_keep')}?note={correction.note.pk}",
    }
    if request.htmx:
        return render(request, "balie/notes/_correct.html", known)
    known |= {
        "sent": sent,
        "state": state_of(sent, correction.note.version),
        "history": history(correction.note),
        "findings": open_wrongs(correction.note),
        "review": Review.objects.filter(note=correction.note).exclude(score=None).first(),
        "scores": SCORES,
        "wrong": findings_of(request.agent).count(),
    }
    return render(request, "balie/desk/note.html", known, status=correction.status)


def open_wrongs(note: Note) -> list[Wrong]:
    return wrongs(Finding.objects.filter(note=note, closed=None).order_by("pk"))

"""One note for managers: what it says and said, its deliveries, what is wrong with it; correcting it."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from balie.notes.models import Note
from balie.quality.actions import dismiss_finding, reopen_finding
from balie.quality.models import Finding, Review
from balie.quality.names import names
from balie.quality.story import stories
from balie.rules.errors import Refused
from balie.web import notices
from balie.web.access import office
from balie.web.notes.correcting import Correction, attempt, begun
from balie.web.notes.shown import SCORES, deliveries, history, outcome, state_of, wrongs
from balie.web.request import OfficeRequest, author


def note_of(pk: int) -> Note:
    return get_object_or_404(Note.objects.select_related("client", "agent", "call__client"), pk=pk)


@office
def note(request: OfficeRequest, pk: int) -> HttpResponse:
    return page(request, note_of(pk))


def page(request: OfficeRequest, held: Note, problem: str = "", finding: int = 0, status: int = 200) -> HttpResponse:
    """problem: why the finding (its id) could not be dismissed."""
    sent = deliveries(held)
    found = list(Finding.objects.filter(note=held).select_related("note").order_by("closed", "-opened", "pk"))
    told, apart = stories(held, found), names().apart
    known: dict[str, Any] = {
        "note": held,
        "outcome": outcome(held),
        "sent": sent,
        "state": state_of(sent, held.version),
        "history": history(held),
        "open": [(one, told[one.finding.pk]) for one in wrongs(found, apart) if one.finding.closed is None],
        "closed": [(one, told[one.finding.pk]) for one in wrongs(found, apart) if one.finding.closed is not None],
        "review": Review.objects.filter(note=held).first(),
        "scores": SCORES,
        "together": not apart,
        "problem": problem,
        "problem_of": finding,
        "given": request.POST.get("reason", ""),
    }
    return render(request, "balie/notes/note.html", known, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@office
def correct(request: OfficeRequest, pk: int) -> HttpResponseBase:
    """The form with what the note says; sent, it is sent again to the client, marked as corrected."""
    held = note_of(pk)
    if request.method != "POST":
        return form(request, begun(held))
    done = attempt(request, held)
    if isinstance(done, Correction):
        return form(request, done)
    if done.version == held.version:
        notices.refused(request, _("Nothing was changed, so nothing was sent."))
    else:
        notices.done(request, _("The note is corrected and sent again, marked as corrected."))
    return redirect("note", pk=pk)


def form(request: OfficeRequest, correction: Correction) -> HttpResponse:
    known = {
        "correction": correction,
        "form": correction.form,
        "note": correction.note,
        "outcomes": correction.outcomes,
        "action": reverse("correct_note", args=[correction.note.pk]),
        "back": reverse("note", args=[correction.note.pk]),
        "together": not names().apart,
    }
    return render(request, "balie/notes/correct.html", known, status=correction.status)


@require_POST
@office
def dismiss(request: OfficeRequest, pk: int) -> HttpResponseBase:
    """A manager says that it is right as it is, and why; undone by the notice."""
    finding = get_object_or_404(Finding, pk=pk)
    try:
        dismiss_finding(finding=finding, reason=request.POST.get("reason", ""), author=author(request))
    except Refused as refusal:
        if refusal.code == "finding_closed":  # its form is not on the page any more
            notices.refused(request, refusal.message)
            return redirect("note", pk=finding.note_id)
        return page(request, note_of(finding.note_id), refusal.message, finding.pk, status=422)
    notices.done(request, _("The finding is dismissed."), reverse("reopen_finding", args=[pk]))
    return redirect("note", pk=finding.note_id)


@require_POST
@office
def reopen(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes a dismissal back."""
    finding = get_object_or_404(Finding, pk=pk)
    reopen_finding(finding=finding, author=author(request))
    notices.done(request, _("The finding is open again."))
    return redirect("note", pk=finding.note_id)

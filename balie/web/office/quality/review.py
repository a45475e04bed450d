"""One note that a manager looks at: what it says, what is wrong with it, the score and the comment; then the next."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from balie.notes.models import Note
from balie.quality import reviewing
from balie.quality.models import Finding, Review
from balie.quality.names import names
from balie.quality.reviewed import next_waiting, waiting
from balie.rules.errors import Refused
from balie.web import notices
from balie.web.access import office
from balie.web.notes.shown import SCORES, outcome, wrongs
from balie.web.request import OfficeRequest, author


def reviews() -> QuerySet[Review]:
    return Review.objects.select_related("note__client", "note__agent", "note__call")


def review_of(pk: int) -> Review:
    return get_object_or_404(reviews(), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@office
def review(request: OfficeRequest, pk: int) -> HttpResponseBase:
    """The note and the form; posted, it is stored and the next note that waits is there."""
    if request.method != "POST":
        return page(request, review_of(pk))
    given = request.POST
    held = reviews().filter(pk=pk).first()
    if held is None:
        return gone(request, pk)
    return store(request, held, given.get("known", ""))


def store(request: OfficeRequest, held: Review, seen: str) -> HttpResponseBase:
    """seen: `at` of the review as the page showed it."""
    given, new, pk = request.POST, held.score is None, held.pk
    try:
        reviewing.put_review(
            review=held,
            score=given.get("score", ""),
            comment=given.get("comment", ""),
            known=seen,
            author=author(request),
        )
    except Refused as refusal:
        now = reviews().filter(pk=pk).first()
        return page(request, now, refusal) if now else gone(request, pk)
    said = _("The note for %(client)s has its review; the agent sees it.") % {"client": held.note.client.name}
    notices.done(request, said, reverse("undo_review", args=[pk]) if new else "")
    return onward(request, pk) if new else redirect("note", pk=held.note_id)


def gone(request: OfficeRequest, pk: int) -> HttpResponseBase:
    """Somebody put the note back while this was typed: said so, the words still there; stored again, it is drawn."""
    number = request.POST.get("note", "")
    if not (number.isascii() and number.isdigit() and len(number) < 12):
        raise Http404
    note = get_object_or_404(Note.objects.select_related("client", "agent", "call"), pk=int(number))
    if request.POST.get("again"):
        drawn = reviewing.draw_note(note=note, author=author(request))
        return store(request, drawn, drawn.at.isoformat() if drawn.score is None else "")
    said = _("This note was put back meanwhile. Your words are still here; store them to review it all the same.")
    return page(request, Review(pk=pk, note=note, at=request.desk.now), Refused("put_back", said, "review"))


def page(request: OfficeRequest, held: Review, problem: Refused | None = None) -> HttpResponse:
    """problem: why what was given could not be stored. Where somebody was faster, what stands now is shown."""
    faster = problem is not None and problem.code == "reviewed_meanwhile"
    given = request.POST if problem and not faster else {"score": str(held.score or ""), "comment": held.comment}
    who = names()
    known: dict[str, Any] = {
        "review": held,
        "note": held.note,
        "agent": who.name(held.note.agent),
        "together": not who.apart,
        "outcome": outcome(held.note),
        "wrongs": wrongs(Finding.objects.filter(note=held.note_id, closed=None).order_by("pk"), who.apart),
        "scores": [(str(score), said) for score, said in SCORES.items()],
        "score": given.get("score", ""),
        "comment": given.get("comment", ""),
        "gone": problem is not None and problem.code == "put_back",
        "typed": request.POST.get("comment", "") if faster else "",
        "known": held.at.isoformat(),
        "left": waiting(str(request.user)).count(),
        "longest": reviewing.LONGEST,
        "problem": problem,
    }
    return render(request, "balie/quality/review.html", known, status=422 if problem else 200)


def onward(request: OfficeRequest, pk: int = 0) -> HttpResponse:
    """To the note that waits behind that one, else back to the list."""
    found = next_waiting(str(request.user), pk)
    if found:
        return redirect("review", pk=found.pk)
    if not waiting(str(request.user)).exists():
        notices.done(request, _("Every note that was drawn is looked at."))
    return redirect("reviews")


@office
def go_on(request: OfficeRequest) -> HttpResponse:
    """The next note that waits; after: the one (by id) that shall wait a little longer."""
    after = request.GET.get("after", "")
    return onward(request, int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0)


@require_POST
@office
def undo(request: OfficeRequest, pk: int) -> HttpResponse:
    """The note waits again, and its agent sees nothing of it."""
    held = review_of(pk)
    reviewing.take_back_review(review=held, author=author(request))
    notices.done(request, _("The review is taken back; your words are kept here."))
    return redirect("review", pk=pk)


@require_POST
@office
def put_back(request: OfficeRequest, pk: int) -> HttpResponse:
    """Nobody looks at this note; it may be drawn again."""
    held = review_of(pk)
    if reviewing.put_back(review=held):
        notices.done(request, _("The note is put back."), reverse("review_note", args=[held.note_id]))
    else:
        notices.refused(request, _("This note was looked at meanwhile."))
    return onward(request)


@require_POST
@office
def draw(request: OfficeRequest, pk: int) -> HttpResponse:
    """This very note is looked at, whether it was drawn or not."""
    note = get_object_or_404(Note, pk=pk)
    return redirect("review", pk=reviewing.draw_note(note=note, author=author(request)).pk)

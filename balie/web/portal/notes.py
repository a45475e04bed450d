"""A client's own notes: searched, filtered, taken home, read, and told that one is wrong."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Max, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from balie.accounts.models import Client
from balie.notes.actions import mark_all_read, mark_read, mark_unread
from balie.notes.models import Note
from balie.quality.complaints import complain, words_of
from balie.quality.models import CLIENT_WRONG, Finding
from balie.rules.call import Privacy
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.web import notices, written
from balie.web.downloads import notes_download
from balie.web.filters import PER_PAGE
from balie.web.months import choices
from balie.web.notes.filters import OwnNotes, narrowed, of_month
from balie.web.notes.shown import LABELS, as_said, differences, outcome, veiled
from balie.web.portal.access import ClientRequest, own
from balie.web.request import author, partly


def found(request: ClientRequest, period: Period, wanted: dict[str, Any]) -> QuerySet[Note]:
    mine = of_month(Note.objects.filter(client=request.client), period)
    return narrowed(mine, wanted, period.zone, request.client.hide_numbers).order_by("-at", "-pk")


@own
def notes(request: ClientRequest) -> HttpResponse:
    """The client's notes of a month, the newest first."""
    desk = request.desk
    period = desk.month(request.GET.get("month", ""))
    form = OwnNotes(request.GET, period)
    wanted = form.read_inside()
    page = Paginator(found(request, period, wanted), PER_PAGE).get_page(request.GET.get("page"))
    known: dict[str, Any] = {
        "client": request.client,
        "list": {"form": form},
        "page": page,
        "rows": [(note, veiled(note), outcome(note)) for note in page],
        "period": period,
        "months": choices(period, desk),
        "running": period == desk.this_month,
        "wanted": wanted,
        **unread(request),
    }
    return render(request, f"balie/portal/{'_notes' if partly(request) else 'notes'}.html", known)


def unread(request: ClientRequest) -> dict[str, Any]:
    """How many notes nobody has read, of whatever month, and the month of the newest: on the first of a month they are
    not in the list that opens. One query."""
    found = Note.objects.filter(client=request.client, read=None).aggregate(number=Count("pk"), newest=Max("at"))
    month = Period.of(found["newest"], request.desk.zone) if found["newest"] else None
    return {"unread": found["number"], "unread_month": month}


@own
def file(request: ClientRequest, format: str) -> HttpResponseBase:
    """The notes of the page as a file."""
    period = request.desk.month(request.GET.get("month", ""))
    rows = found(request, period, OwnNotes(request.GET, period).read_inside())
    return notes_download(rows, period, format, for_client=True, apart=True)


def own_note(request: ClientRequest, pk: int) -> Note:
    return get_object_or_404(Note.objects.select_related("client", "agent", "call"), pk=pk, client=request.client)


@own
def note(request: ClientRequest, pk: int) -> HttpResponse:
    return page_of(request, own_note(request, pk))


def page_of(request: ClientRequest, held: Note, problem: str = "", status: int = 200) -> HttpResponse:
    """What it says, and what the client said about it; nothing that the office thinks of it."""
    told = Finding.objects.filter(note=held, code=CLIENT_WRONG).order_by("opened")
    words = [(one, finding.closed is not None) for finding in told for one in words_of(finding, client=request.client)]
    known = {
        "client": request.client,
        "note": held,
        "caller": veiled(held),
        "outcome": outcome(held),
        "earlier": earlier(held, request.client),
        "words": words,
        "problem": problem,
        "given": request.POST.get("said", ""),
    }
    return render(request, "balie/portal/note.html", known, status=status)


def earlier(held: Note, client: Client) -> list[tuple[datetime, list[tuple[str, str]]]]:
    """Until when it said something else, and what, by the field's name; the newest first.

    Only what it said while it was this client's, and nothing of a number that is hidden from it.
    """
    mine = list(held.versions.filter(said__client_id=client.pk).order_by("version"))
    after = [one.said for one in mine[1:]] + [as_said(held)] * bool(mine)
    hidden = set() if client.hide_numbers == Privacy.NONE else {str(LABELS["caller"])}
    found = [
        (one.until, [(name, old) for name, old, _new in differences(one.said, then) if name not in hidden])
        for one, then in zip(mine, after, strict=True)
    ]
    return [(until, changes) for until, changes in reversed(found) if changes]


@require_POST
@own
def read(request: ClientRequest, pk: int) -> HttpResponse:
    """Marks it read; with "unread" it is new again. htmx asks when the note is opened, and needs no answer."""
    held = own_note(request, pk)
    if request.POST.get("unread"):
        mark_unread(note=held)
        return redirect(f"{reverse('portal_notes')}?month={Period.of(held.at, request.desk.zone)}")
    mark_read(note=held, now=request.desk.now)
    return HttpResponse(status=204) if request.htmx else redirect("portal_note", pk=pk)


@require_POST
@own
def read_all(request: ClientRequest) -> HttpResponse:
    """Marks everything read that was there when the page was opened; what came since, nobody has seen."""
    number = mark_all_read(client=request.client, until=opened_at(request), now=request.desk.now)
    said = ngettext("%(n)s note is marked as read.", "%(n)s notes are marked as read.", number)
    notices.done(request, said % {"n": written.count(number)})
    return redirect("portal_notes")


def opened_at(request: ClientRequest) -> datetime:
    """When the page was made, as its form says; now where it does not."""
    try:
        said = datetime.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        return request.desk.now
    return said if said.tzinfo else request.desk.now


@require_POST
@own
def wrong(request: ClientRequest, pk: int) -> HttpResponseBase:
    """The client says what is wrong; its answering service gets to see it."""
    held = own_note(request, pk)
    try:
        complain(note=held, text=request.POST.get("said", ""), author=author(request))
    except Refused as refusal:
        return page_of(request, held, refusal.message, status=422)
    notices.done(request, _("Thank you. Your answering service looks at it and corrects the note if need be."))
    return redirect("portal_note", pk=pk)

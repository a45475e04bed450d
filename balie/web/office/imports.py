"""What came in: imports with their bad lines, a file given by hand, the sources."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from balie.calls.actions import drop_upload, take_upload
from balie.calls.day import deliveries
from balie.calls.models import Import, Source, Upload
from balie.calls.queries import source_by_name
from balie.leases.queries import alive
from balie.messages.models import SmsImport
from balie.operator import phrases
from balie.rules.errors import Refused
from balie.web import notices, written
from balie.web.access import office
from balie.web.request import OfficeRequest, author
from balie.worker.sources import look_now

PER_PAGE = 50
LINES_PER_PAGE = 100
PART = 1 << 20  # bytes of an upload in one row


@dataclass(frozen=True)
class Waiting:
    """A file given by hand that is not read yet; whether a worker is at it."""

    upload: Upload
    is_read: bool


@office
def imports(request: OfficeRequest) -> HttpResponse:
    """Every file read, newest first; of one source or only those with bad lines if asked."""
    found = Import.objects.select_related("source").order_by("-started")
    source, bad = request.GET.get("source", ""), request.GET.get("bad", "")
    if source:
        found = found.filter(source__name=source)
    if bad:
        found = found.filter(rejected__gt=0)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    uploads = waiting(request)
    known = {
        "page": page,
        "sources": Source.objects.order_by("name"),
        "source": source,
        "bad": bad,
        "uploads": uploads,
        "one_of": "import",
        "orphans": "unassigned",
        "stuck": bool(uploads) and not alive(now=request.desk.now).exists(),
    }
    return render(request, "balie/imports/list.html", known)


@office
def one_import(request: OfficeRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Import.objects.select_related("source"), pk=pk)
    return one_read(request, found, "balie/imports/one.html", orphans="unassigned")


def one_read(request: OfficeRequest, found: Import | SmsImport, template: str, *, orphans: str) -> HttpResponse:
    """One file: its counts, and each line that could not be read with its number, reason and text.

    orphans: the name of the page on which what has no client gets one.
    """
    lines = Paginator(found.bad_lines.order_by("line"), LINES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, template, {"import": found, "page": lines, "orphans": orphans})


@office
def sources(request: OfficeRequest) -> HttpResponse:
    """Every phone system: its state, when it was and will be looked at, what came today."""
    desk = request.desk
    return render(
        request, "balie/imports/sources.html", {"deliveries": deliveries(desk.today, now=desk.now, zone=desk.zone)}
    )


@require_POST
@office
def look(request: OfficeRequest, pk: int) -> HttpResponse:
    """Asks the worker to look for the source's files now."""
    source = get_object_or_404(Source, pk=pk)
    try:
        look_now(source, now=request.desk.now)
    except Refused as refusal:
        notices.refused(request, refusal.message)
    else:
        notices.done(request, _("%(source)s is looked at within a few seconds.") % {"source": source.name})
    return redirect(reverse("sources") + f"#source-{pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@office
def upload(request: OfficeRequest) -> HttpResponse:
    """Takes call files given by hand; the list of imports shows how far the worker is with them."""
    sources = Source.objects.order_by("name")
    return by_hand(request, take_files, "balie/imports/upload.html", sources=sources, shown_by="imports")


def told(refusal: Refused) -> str:
    """With the place in the file, as "line 7"; names of fields are none that people know."""
    return phrases.told_with_place(refusal) if " " in refusal.where else phrases.told(refusal.message)


def by_hand(
    request: OfficeRequest,
    take: Callable[[OfficeRequest], str],
    template: str,
    *,
    sources: Iterable[Any],
    shown_by: str,
    columns: Iterable[Any] = (),
) -> HttpResponse:
    """The form for files given by hand. take: does with them what there is to do, and says what it did. columns: the
    fields for what a file may call its columns."""
    problem = ""
    if request.method == "POST":
        try:
            done = take(request)
        except Refused as refusal:
            problem = told(refusal)
        else:
            notices.done(request, done)
            return redirect(shown_by)
    known = {"sources": sources, "problem": problem, "given": request.POST, "columns": columns}
    return render(request, template, known, status=422 if problem else 200)


def take_files(request: OfficeRequest) -> str:
    """Keeps every file given for the worker."""
    source = source_by_name(request.POST.get("source", ""))
    files = request.FILES.getlist("file")
    if not files:
        raise Refused("no_file", _("Choose at least one file."), "")
    for file in files:
        take_upload(source=source, name=file.name or "", chunks=file.chunks(PART), author=author(request))
    text = ngettext("%(n)s file is being read.", "%(n)s files are being read.", len(files))
    return text % {"n": written.count(len(files))}


@office
def uploads(request: OfficeRequest) -> HttpResponse:
    """How far the files given by hand are, asked for again and again by htmx; once all are read the page loads anew."""
    known = {"uploads": waiting(request)}
    response = render(request, "balie/imports/_uploads.html", known)
    if not known["uploads"]:
        response["HX-Refresh"] = "true"
    return response


def waiting(request: OfficeRequest) -> list[Waiting]:
    """The files given by hand that are not read yet."""
    now = request.desk.now
    return [Waiting(one, one.lease_until > now) for one in Upload.objects.select_related("source")]


@require_POST
@office
def drop(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes back a file that nobody has read yet."""
    found = Upload.objects.filter(pk=pk).first()
    if found and not drop_upload(upload=found, now=request.desk.now):
        notices.refused(request, _("It is being read already; twice does no harm, since every call counts once."))
    elif found:
        notices.done(request, _("%(name)s is not read.") % {"name": found.name})
    return redirect("imports")

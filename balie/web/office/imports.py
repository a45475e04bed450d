"""What came in: imports with their bad lines, a file given by hand, the sources."""

from typing import BinaryIO, cast

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from balie.calls.actions import ImportResult, import_calls
from balie.calls.day import deliveries
from balie.calls.models import Import, Source
from balie.calls.queries import source_by_name
from balie.rules.errors import Refused
from balie.web import notices, written
from balie.web.access import office
from balie.web.request import OfficeRequest
from balie.worker.sources import look_now

PER_PAGE = 50
LINES_PER_PAGE = 100


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
    known = {"page": page, "sources": Source.objects.order_by("name"), "source": source, "bad": bad}
    return render(request, "balie/imports/list.html", known)


@office
def one_import(request: OfficeRequest, pk: int) -> HttpResponse:
    """One file: its counts, and each line that could not be read with its number, reason and text."""
    found = get_object_or_404(Import.objects.select_related("source"), pk=pk)
    lines = Paginator(found.bad_lines.order_by("line"), LINES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "balie/imports/one.html", {"import": found, "page": lines})


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
    """Reads call files given by hand, then shows what came of them."""
    problem = ""
    if request.method == "POST":
        try:
            result = read_files(request)
        except Refused as refusal:
            problem = str(refusal)
        else:
            notices.done(request, said(result))
            return redirect("imports")
    known = {"sources": Source.objects.order_by("name"), "problem": problem, "given": request.POST.get("source", "")}
    return render(request, "balie/imports/upload.html", known, status=422 if problem else 200)


def read_files(request: OfficeRequest) -> ImportResult:
    """Reads every file given; the first that cannot be read stops it, those before it stay."""
    source = source_by_name(request.POST.get("source", ""))
    files = request.FILES.getlist("file")
    if not files:
        raise Refused("no_file", _("Choose at least one file."), "")
    total = ImportResult()
    for file in files:
        # An uploaded file's stream is opened for bytes, in memory or on disk; its type does not say so.
        data = cast(BinaryIO, file.file)
        total += import_calls(source=source, name=file.name or "", data=data, now=request.desk.now)
    return total


def said(result: ImportResult) -> str:
    """What came of the files, in a sentence or two."""
    lines = ngettext("%(n)s line was read", "%(n)s lines were read", result.lines) % {"n": written.count(result.lines)}
    calls = ngettext("%(n)s call is new.", "%(n)s calls are new.", result.calls) % {"n": written.count(result.calls)}
    text = _("%(lines)s: %(calls)s") % {"lines": lines, "calls": calls}
    if result.rejected:
        bad = ngettext("%(n)s line could not be read.", "%(n)s lines could not be read.", result.rejected)
        text = f"{text} {bad % {'n': written.count(result.rejected)}}"
    return text

"""Lists of SMS that were read, with their bad lines; one given by hand; SMS without a client and to whom they go."""

from typing import BinaryIO, cast

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from balie.accounts.models import Client
from balie.accounts.queries import client_by_number
from balie.messages.actions import ListFile, SmsResult, assign_name, import_messages, undo_assignment
from balie.messages.models import SmsImport, SmsSource
from balie.messages.queries import unassigned_groups
from balie.rules.errors import Refused
from balie.web import notices, written
from balie.web.access import office
from balie.web.office import sms
from balie.web.office.imports import PER_PAGE, by_hand, one_read
from balie.web.request import OfficeRequest, author

MOST_GROUPS = 200
LONGEST_COLUMN = 100
# What a list says of an SMS, and the names of the fields in which one may type how it calls that.
COLUMNS = {
    "sent_at": gettext_lazy("Sent at"),
    "from": gettext_lazy("Sender"),
    "to": gettext_lazy("Recipient"),
    "text": gettext_lazy("Text"),
    "parts": gettext_lazy("Number of SMS"),
    "client": gettext_lazy("Client number"),
    "message_id": gettext_lazy("Number that every SMS has once"),
}


@office
def lists(request: OfficeRequest) -> HttpResponse:
    """Every list read, newest first; above them the SMS without a client."""
    return lists_page(request)


def lists_page(request: OfficeRequest, problem: str = "", status: int = 200) -> HttpResponse:
    groups = unassigned_groups()
    found = SmsImport.objects.select_related("source").order_by("-started")
    known = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "one_of": "sms_list",
        "orphans": "sms_lists",
        "groups": groups[:MOST_GROUPS],
        "more": len(groups) - MOST_GROUPS,
        "clients": Client.objects.order_by("number") if groups else (),
        "problem": problem,
        "given": request.POST,
    }
    return render(request, "balie/sms/lists.html", known, status=status)


@office
def one_list(request: OfficeRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(SmsImport.objects.select_related("source"), pk=pk)
    return one_read(request, found, "balie/sms/list.html", orphans="sms_lists")


@require_http_methods(["GET", "HEAD", "POST"])
@office
def read_by_hand(request: OfficeRequest) -> HttpResponse:
    """Takes a list given by hand and reads it at once: a hundred thousand SMS take a few seconds."""
    sources = SmsSource.objects.order_by("name")
    columns = [(f"column_{name}", said, request.POST.get(f"column_{name}", "")) for name, said in COLUMNS.items()]
    return by_hand(
        request, take_list, "balie/sms/read.html", sources=sources, shown_by="sms_lists", columns=columns
    )  # fmt: skip


def take_list(request: OfficeRequest) -> str:
    file = request.FILES.get("file")
    if file is None or file.file is None:
        raise Refused("no_file", _("Choose a file."), "")
    given = ListFile(file.name or "", cast(BinaryIO, file.file))
    source, columns = request.POST.get("source", ""), columns_in(request)
    return said(import_messages(source=source, file=given, now=request.desk.now, columns=columns))


def columns_in(request: OfficeRequest) -> dict[str, str]:
    """What the form says the list calls its columns; those left empty are called as usual, or as the source has it."""
    typed = {name: request.POST.get(f"column_{name}", "").strip()[:LONGEST_COLUMN] for name in COLUMNS}
    return {name: header for name, header in typed.items() if header}


def said(done: SmsResult) -> str:
    text = ngettext("%(n)s new SMS was read.", "%(n)s new SMS were read.", done.messages)
    parts = [text % {"n": written.count(done.messages)}]
    if done.duplicates:
        known = ngettext("%(n)s line was known already.", "%(n)s lines were known already.", done.duplicates)
        parts.append(known % {"n": written.count(done.duplicates)})
    if done.rejected:
        bad = ngettext("%(n)s line could not be read.", "%(n)s lines could not be read.", done.rejected)
        parts.append(bad % {"n": written.count(done.rejected)})
    return " ".join(parts)


@require_POST
@office
def assign(request: OfficeRequest) -> HttpResponse:
    """Gives all SMS of a sender, or of a name in the lists, to a client, later ones too."""
    given = request.POST
    try:
        client = client_by_number(given.get("client", "").partition(" ")[0])
        done = assign_name(name=given.get("name", ""), client=client, author=author(request))
    except Refused as refusal:
        return lists_page(request, refusal.message, status=422)
    text = ngettext("%(n)s SMS belongs to %(client)s now.", "%(n)s SMS belong to %(client)s now.", done.messages)
    told = text % {"n": written.count(done.messages), "client": client.name}
    notices.done(request, told, undo=reverse("undo_sms_assignment", args=[done.entry]))
    return redirect("sms_lists")


@require_POST
@office
def take_back(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes an assignment back: its SMS are without a client again."""
    try:
        count = undo_assignment(entry=pk, author=author(request))
    except Refused as refusal:
        notices.refused(request, refusal.message)
    else:
        text = ngettext("%(n)s SMS is without a client again.", "%(n)s SMS are without a client again.", count)
        notices.done(request, text % {"n": written.count(count)})
    return redirect("sms_lists")


urlpatterns = [
    path("clients/<path:number>/sms/", sms.client_sms, name="client_sms"),
    path("clients/<path:number>/sms.<str:format>", sms.client_sms_file, name="client_sms_file"),
    path("calls/sms/", lists, name="sms_lists"),
    path("calls/sms/<int:pk>/", one_list, name="sms_list"),
    path("calls/sms/read/", read_by_hand, name="read_sms"),
    path("calls/sms/assign/", assign, name="assign_sms"),
    path("calls/sms/assignments/<int:pk>/undo/", take_back, name="undo_sms_assignment"),
]

"""What a manager does about calls: give them a client, correct one, take it back. Every deed leads to a page."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from balie.accounts.models import Client
from balie.accounts.queries import client_by_number
from balie.calls.actions import assign_unassigned, correct_call, undo_assignment, undo_correction
from balie.calls.models import Call, CallCorrection, Source
from balie.rules.errors import Refused
from balie.web import notices, written
from balie.web.access import office
from balie.web.office.calls import call_page
from balie.web.office.unassigned import groups, singles
from balie.web.request import OfficeRequest, author


@office
def unassigned(request: OfficeRequest) -> HttpResponse:
    """Calls without a client, grouped by what they have in common, each with a suggestion and why."""
    return unassigned_page(request)


def unassigned_page(request: OfficeRequest, problem: str = "", status: int = 200) -> HttpResponse:
    known = {
        "groups": groups(request.desk),
        "singles": singles(),
        "clients": Client.objects.order_by("number"),
        "problem": problem,
        "given": request.POST,
    }
    return render(request, "balie/calls/unassigned.html", known, status=status)


@require_POST
@office
def assign(request: OfficeRequest) -> HttpResponse:
    """Gives all calls of one group to a client, later ones too."""
    given = request.POST
    source = get_object_or_404(Source, pk=given["source"]) if given.get("source", "").isdigit() else None
    try:
        client = client_by_number(given.get("client", "").partition(" ")[0])
        result = assign_unassigned(
            client=client,
            number=given.get("number", ""),
            account=given.get("account", ""),
            source=source,
            author=author(request),
        )
    except Refused as refusal:
        return unassigned_page(request, refusal.message, status=422)
    said = ngettext("%(n)s call belongs to %(client)s now.", "%(n)s calls belong to %(client)s now.", result.calls)
    text = said % {"n": written.count(result.calls), "client": client.name}
    notices.done(request, text, undo=reverse("undo_assignment", args=[result.entry]))
    return redirect("unassigned")


@require_POST
@office
def take_back_assignment(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes an assignment back: its calls are without a client again."""
    try:
        calls = undo_assignment(entry=pk, author=author(request))
    except Refused as refusal:
        notices.refused(request, refusal.message)
    else:
        said = ngettext("%(n)s call is without a client again.", "%(n)s calls are without a client again.", calls)
        notices.done(request, said % {"n": written.count(calls)})
    return redirect("unassigned")


@require_POST
@office
def correct(request: OfficeRequest, pk: int) -> HttpResponse:
    """Gives one call to another client, or takes it off the bill; with a reason."""
    call = get_object_or_404(Call.objects.select_related("agent", "client", "source"), pk=pk)
    given = request.POST
    try:
        correction = correct_call(
            call=call,
            client=client_by_number(given["client"]) if given.get("client") else None,
            billable=not given.get("not_billable"),
            reason=given.get("reason", ""),
            author=author(request),
        )
    except Refused as refusal:
        return call_page(request, call, refusal.message, status=422)
    notices.done(request, _("The call is corrected."), undo=reverse("undo_correction", args=[correction.pk]))
    return redirect("unassigned") if given.get("from") == "unassigned" else redirect("call", pk=pk)


@require_POST
@office
def take_back_correction(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes a correction back: the call is again as its record said."""
    correction = get_object_or_404(CallCorrection, pk=pk)
    call = get_object_or_404(Call, source=correction.source_id, key=correction.key)
    try:
        undo_correction(correction=correction, author=author(request))
    except Refused as refusal:
        notices.refused(request, refusal.message)
    else:
        notices.done(request, _("The correction is taken back."))
    return redirect("call", pk=call.pk)

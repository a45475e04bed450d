"""Changes on the tab "Desk" of a client: a part stored whole, put back, an exception entered, changed, taken away."""

import json
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balie.accounts.models import Client
from balie.notes.actions import put_back, put_desk
from balie.notes.actions.settings import PARTS, DeskChanged
from balie.notes.models import Absence
from balie.operator.models import LogEntry
from balie.rules.errors import Refused
from balie.web import notices
from balie.web.access import office
from balie.web.notes.away import AwayForm, entered, removed, taken_back, tell_entered, undo_at
from balie.web.office.desk.page import PART_NAMES, Given, page
from balie.web.request import OfficeRequest, author


@require_POST
@office
def put(request: OfficeRequest, number: str, part: str) -> HttpResponseBase:
    """Stores one part; the notice takes it back."""
    client = get_object_or_404(Client, number=number)
    if part not in PARTS:
        raise Http404
    value, was = given(part, request.POST), shown(part, request.POST.get("was", ""))
    try:
        entry = put_desk(client=client, part=part, value=value, author=author(request), was=was)
    except DeskChanged as changed:
        bad = Given(part, value, changed.message, changed.where, changed.was)
        return page(request, client, bad, status=409)
    except Refused as refusal:
        return page(request, client, Given(part, value, refusal.message, refusal.where, was), status=422)
    if entry:
        undo = reverse("put_back_client_desk", args=[number, entry.pk])
        notices.done(request, _("%(part)s: stored.") % {"part": PART_NAMES[part]}, undo)
    else:
        notices.done(request, _("Nothing was changed."))
    return redirect(reverse("client_desk", args=[number]) + f"#{part}")


def shown(part: str, text: str) -> Any:
    """What the part said on the page that was sent; None where the page does not tell."""
    try:
        said = json.loads(text)
        return PARTS[part].checked(said)
    except (ValueError, TypeError, AttributeError, Refused):
        return None


def given(part: str, post: QueryDict) -> Any:
    """What a form of this part says, as the part's JSON."""
    if part == "words":
        return {name: post.get(name, "") for name in ("greeting", "in_hours", "out_of_hours", "questions", "region")}
    if part == "hours":
        return {str(day): post.get(f"hours-{day}", "") for day in range(8)}
    if part == "fields":
        extra = [name.strip() for name in post.getlist("extra")]
        asked = {extra[int(at)] for at in post.getlist("asked") if at.isdigit() and int(at) < len(extra)}
        return {"extra": extra, "required": [*post.getlist("required"), *(name for name in asked if name)]}
    if part == "recipients":
        return rows(post, {"to": "to", "name": "name", "when": "when", "kind": "kind"})
    return rows(post, {"number": "number", "why": "why"})


def rows(post: QueryDict, names: dict[str, str]) -> list[dict[str, str]]:
    """Columns of fields of the same name, row by row."""
    columns = {key: post.getlist(name) for key, name in names.items()}
    length = max(map(len, columns.values()))
    return [{key: column[at] if at < len(column) else "" for key, column in columns.items()} for at in range(length)]


@require_POST
@office
def back(request: OfficeRequest, number: str, pk: int) -> HttpResponse:
    """A part says again what it said before this change."""
    client, entry = get_object_or_404(Client, number=number), get_object_or_404(LogEntry, pk=pk)
    done = put_back(client=client, entry=entry, author=author(request))
    if done:
        again = reverse("put_back_client_desk", args=[number, done.pk])
        notices.done(request, _("It is as it was before."), again)
    else:
        notices.done(request, _("It is already as it was before."))
    return redirect("client_desk", number=number)


@require_POST
@office
def enter(request: OfficeRequest, number: str) -> HttpResponseBase:
    """Enters an exception."""
    client = get_object_or_404(Client, number=number)
    return stored(request, client, None)


@require_POST
@office
def change(request: OfficeRequest, number: str, pk: int) -> HttpResponseBase:
    """Changes one."""
    client = get_object_or_404(Client, number=number)
    return stored(request, client, get_object_or_404(Absence, pk=pk, client=client))


def stored(request: OfficeRequest, client: Client, absence: Absence | None) -> HttpResponseBase:
    done = entered(request, client, absence)
    if isinstance(done, AwayForm):
        return page(request, client, away=done, status=422)
    tell_entered(request, done, "undo_client_absence")
    return redirect(reverse("client_desk", args=[client.number]) + "#exceptions")


@require_POST
@office
def remove(request: OfficeRequest, number: str, pk: int) -> HttpResponse:
    client = get_object_or_404(Client, number=number)
    entry = removed(request, get_object_or_404(Absence, pk=pk, client=client))
    notices.done(request, _("This exception is gone."), undo_at(entry, "undo_client_absence"))
    return redirect(reverse("client_desk", args=[number]) + "#exceptions")


@require_POST
@office
def undo(request: OfficeRequest, pk: int) -> HttpResponse:
    """Takes back what was done to an exception."""
    entry = get_object_or_404(LogEntry, pk=pk, deed__startswith="absence.")
    client = get_object_or_404(Client, number=entry.about.removeprefix("client:"))
    taken_back(request, client, entry)
    return redirect(reverse("client_desk", args=[client.number]) + "#exceptions")

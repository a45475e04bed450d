"""Who signed up and has not confirmed yet: found by any word, sent the link again with one press, or forgotten."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from balie.accounts import registration as actions
from balie.accounts.models import Registration
from balie.accounts.queries import unconfirmed
from balie.rules.errors import Refused
from balie.web import notices
from balie.web.access import office
from balie.web.request import Desk, OfficeRequest, author, partly

PER_PAGE = 50


@dataclass(frozen=True)
class Row:
    """One registration: how old it is in words, until when its link works."""

    registration: Registration
    age: str
    until: datetime
    over: bool


@office
def registrations(request: OfficeRequest) -> HttpResponse:
    """All that are unconfirmed, the newest first."""
    searched = request.GET.get("q", "").strip()[:80]
    page = Paginator(unconfirmed(searched), PER_PAGE).get_page(request.GET.get("page"))
    rows = [row(one, request.desk) for one in page.object_list]
    known = {"page": page, "rows": rows, "q": searched, "days": actions.FORGOTTEN_AFTER.days}
    template = "balie/registrations/_rows.html" if partly(request) else "balie/registrations/list.html"
    return render(request, template, known)


def row(one: Registration, desk: Desk) -> Row:
    return Row(one, age(one.made, desk.now), one.sent + actions.OPEN_FOR, actions.is_over(one, desk.now))


def age(since: datetime, now: datetime) -> str:
    """3 hours ago, 12 days ago: as exact as anybody asks."""
    minutes = max(int((now - since).total_seconds()) // 60, 0)
    if minutes < 60:
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(n)s hour ago", "%(n)s hours ago", hours) % {"n": hours}
    return ngettext("%(n)s day ago", "%(n)s days ago", hours // 24) % {"n": hours // 24}


@require_POST
@office
def again(request: OfficeRequest, pk: int) -> HttpResponse:
    """Another link at once; the one before is dead."""
    found = get_object_or_404(Registration, pk=pk)
    try:
        actions.send_again(registration=found, author=author(request))
    except Refused as refusal:
        notices.refused(request, refusal.message)
    else:
        said = _("A new link is on its way to %(email)s; the one before does not work any more.")
        notices.done(request, said % {"email": found.email})
    return redirect("registrations")


@require_http_methods(["GET", "HEAD", "POST"])
@office
def delete(request: OfficeRequest, pk: int) -> HttpResponse:
    """Shows what would be forgotten; the button on that page forgets it."""
    found = get_object_or_404(Registration, pk=pk)
    if request.method != "POST":
        return render(request, "balie/registrations/delete.html", {"row": row(found, request.desk)})
    try:
        actions.delete_registration(registration=found, author=author(request))
    except Refused as refusal:
        notices.refused(request, refusal.message)
    else:
        notices.done(request, _("The registration of %(company)s is deleted.") % {"company": found.company})
    return redirect("registrations")


urlpatterns = [
    path("registrations/", registrations, name="registrations"),
    path("registrations/<int:pk>/again/", again, name="registration_again"),
    path("registrations/<int:pk>/delete/", delete, name="delete_registration"),
]

"""What an administrator does about staff: invites, changes, takes the login away and gives it back."""

import json
from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from balie.accounts import members
from balie.accounts.models import ROLE_ORDER, Role, User
from balie.accounts.staff import (
    CHANGED,
    Invited,
    Place,
    change_staff,
    invite_staff,
    link_again,
    take_back_change,
    way_back,
)
from balie.operator.models import LogEntry
from balie.rules.errors import Refused
from balie.web import notices
from balie.web.access import administrator
from balie.web.office.settings.refused import on_page
from balie.web.office.settings.staff import (
    link_page,
    member_page,
    one_of_staff,
    staff_member,
    staff_page,
    staff_settings,
    state,
)
from balie.web.office.settings.typed import ChangedMeanwhile, State, Trouble, brought_together, given
from balie.web.request import OfficeRequest, author


@require_POST
@administrator
def invite(request: OfficeRequest) -> HttpResponse:
    """Invites whoever the form names."""
    said = request.POST
    place = Place(said.get("name", ""), said.get("role", ""), said.get("agent", ""))
    try:
        made = invite_staff(email=said.get("email", ""), place=place, author=author(request))
    except Refused as refusal:
        return staff_page(request, Trouble(on_page(refusal.message), refusal.where))
    return on_its_way(request, made, _("An invitation is on its way to %(email)s."))


@require_POST
@administrator
def again(request: OfficeRequest, pk: int) -> HttpResponse:
    """Another link; the one before is dead."""
    try:
        made = link_again(user=one_of_staff(pk), author=author(request))
    except Refused as refusal:
        notices.refused(request, refusal.message)
        return redirect("staff_settings")
    return on_its_way(
        request, made, _("Another invitation is on its way to %(email)s; the link before does not work any more.")
    )


def on_its_way(request: OfficeRequest, made: Invited, said: str) -> HttpResponse:
    """Says that the mail goes out; where there is no mail server, shows the link."""
    if not made.mailed:
        return link_page(request, made)
    notices.done(request, said % {"email": made.user.email})
    return redirect("staff_settings")


@require_POST
@administrator
def change(request: OfficeRequest, pk: int) -> HttpResponse:
    """Stores name, role and agent. Who takes a part of what he may from himself is told first."""
    person = one_of_staff(pk)
    held = state(Place.of(person))
    fields = given(request.POST, held)
    try:
        wanted = brought_together(request.POST.get("was", ""), fields, held)
        if lowers_himself(request, person, wanted["role"]) and request.POST.get("sure") != "1":
            return render(request, "balie/settings/staff_lower.html", known_of(person, wanted, held))
        entry = change_staff(user=person, said=Place(**wanted), was=Place.of(person), author=author(request))
    except ChangedMeanwhile as clash:
        return member_page(request, person, fields, clash.was, Trouble(clash.message, clash.where, 409))
    except Refused as refusal:
        return member_page(request, person, fields, held, Trouble(on_page(refusal.message), refusal.where))
    lowered = not User.objects.get(pk=request.user.pk).may(Role.ADMINISTRATOR)
    way = reverse("undo_staff", args=[entry.pk]) if entry and not lowered else ""
    notices.done(request, _("Saved.") if entry else _("Nothing changed."), way)
    return redirect("today" if lowered else "staff_settings")


def known_of(person: User, wanted: State, held: State) -> dict[str, object]:
    return {"person": person, "fields": wanted, "was": json.dumps(held), "manager": wanted["role"] == "manager"}


def lowers_himself(request: OfficeRequest, person: User, role: str) -> bool:
    """Whether somebody gives himself a role that may less."""
    if person.pk != request.user.pk or role not in ROLE_ORDER:
        return False
    return ROLE_ORDER.index(role) < ROLE_ORDER.index(person.role)


@require_POST
@administrator
def undo(request: OfficeRequest, pk: int) -> HttpResponse:
    """Somebody is again what a change made otherwise; what must be asked first is left."""
    entry = get_object_or_404(LogEntry, pk=pk, deed=CHANGED)
    back = way_back(entry)
    try:
        if back and lowers_himself(request, back[0], back[1].role):
            notices.refused(request, _("Set it back on this page: it tells first what that does."))
            return redirect("staff_member", back[0].pk)
        if take_back_change(entry, author=author(request)):
            notices.done(request, _("It is set as before."))
        else:
            notices.refused(request, _("That was changed again since; nothing was taken back."))
    except Refused as refusal:
        notices.refused(request, on_page(refusal.message))
    return redirect("staff_settings")


@require_http_methods(["GET", "HEAD", "POST"])
@administrator
def remove(request: OfficeRequest, pk: int) -> HttpResponse:
    """Says what it does; its button takes the login away, or withdraws the invitation of who never came."""
    person = one_of_staff(pk)
    invited = members.is_invited(person)
    if request.method != "POST":
        known = {"person": person, "own": person == request.user, "invited": invited}
        return render(request, "balie/settings/staff_remove.html", known)
    said = _("The invitation of %(who)s is withdrawn.") if invited else _("%(who)s cannot log in any more.")
    return attempt(request, lambda: members.remove(user=person, author=author(request)),
                   said % {"who": str(person)}, reverse("restore_staff", args=[pk]))  # fmt: skip


@require_POST
@administrator
def restore(request: OfficeRequest, pk: int) -> HttpResponse:
    person = one_of_staff(pk)
    said = _("%(who)s can log in again.")
    if members.is_invited(person):
        said = _("%(who)s is invited again. The link of before stays dead: make a new one.")
    return attempt(request, lambda: members.restore(user=person, author=author(request)), said % {"who": str(person)})


def attempt(request: OfficeRequest, deed: Callable[[], object], said: str, undo: str = "") -> HttpResponse:
    """Does it and says so, or says why not; back to the list, or to the door for whoever shut himself out."""
    notices.attempt(request, deed, said, undo)
    return redirect("staff_settings" if User.objects.filter(pk=request.user.pk, is_active=True).exists() else "login")


urlpatterns = [
    path("settings/staff/", staff_settings, name="staff_settings"),
    path("settings/staff/invite/", invite, name="invite_staff"),
    path("settings/staff/<int:pk>/", staff_member, name="staff_member"),
    path("settings/staff/<int:pk>/change/", change, name="change_staff"),
    path("settings/staff/undo/<int:pk>/", undo, name="undo_staff"),
    path("settings/staff/<int:pk>/link/", again, name="invite_staff_again"),
    path("settings/staff/<int:pk>/remove/", remove, name="remove_staff"),
    path("settings/staff/<int:pk>/restore/", restore, name="restore_staff"),
]

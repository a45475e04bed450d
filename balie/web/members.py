"""The users of a client, as the office and the client's own owners see and change them: rows of a page, its deeds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from balie.accounts import members as actions
from balie.accounts.factors import with_factors
from balie.accounts.models import Client, User
from balie.accounts.queries import users_of
from balie.rules.errors import Refused
from balie.web import notices
from balie.web.request import OfficeRequest, author

# Draws the page: the problem, what was typed, the status.
Page = Callable[[dict[str, Any], int], HttpResponse]


@dataclass(frozen=True)
class Place:
    """Where the page is: `portal`, or `client` with the client's number in its addresses."""

    face: str
    client: Client

    def to(self, deed: str, pk: int | None = None) -> str:
        """The address of the page ("users") or of one of its deeds, about a user where one is given."""
        named: dict[str, Any] = {} if self.face == "portal" else {"number": self.client.number}
        return reverse(f"{self.face}_{deed}", kwargs=named if pk is None else {**named, "pk": pk})


@dataclass(frozen=True)
class Row:
    """One user, with where each deed about it is."""

    user: User
    place: Place
    here: bool

    @property
    def invited(self) -> bool:
        return actions.is_invited(self.user)

    @property
    def again(self) -> str:
        return self.place.to("invite_again", self.user.pk)

    @property
    def ownership(self) -> str:
        return self.place.to("make_owner", self.user.pk)

    @property
    def reset(self) -> str:
        """Where staff take the second factor away; "" where there is none, and for owners, who cannot know who asks."""
        staff = self.place.face == "client" and getattr(self.user, "has_factor", False)
        return reverse("reset_second_factor", args=[self.user.pk]) if staff else ""

    @property
    def removal(self) -> str:
        return self.place.to("remove_user", self.user.pk)

    @property
    def restoring(self) -> str:
        return self.place.to("restore_user", self.user.pk)


def known(request: OfficeRequest, place: Place, problem: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the page shows. One query."""
    rows = [Row(user, place, user.pk == request.user.pk) for user in with_factors(users_of(place.client))]
    return {
        "client": place.client,
        "users": [row for row in rows if row.user.is_active],
        "removed": [row for row in rows if not row.user.is_active],
        "invite": place.to("invite"),
        "problem": problem or {},
        "given": request.POST.dict() if problem else {},
    }


def invite(request: OfficeRequest, place: Place, page: Page) -> HttpResponse:
    """Invites whoever the form names; draws the page again where that cannot be."""
    given = request.POST
    try:
        user = actions.invite(
            client=place.client,
            email=given.get("email", ""),
            name=given.get("name", ""),
            owner=given.get("owner") == "1",
            author=author(request),
        )
    except Refused as refusal:
        return page({"where": refusal.where, "text": refusal.message}, 422)
    notices.done(request, _("An invitation is on its way to %(email)s.") % {"email": user.email})
    return redirect(place.to("users"))


def one_of(place: Place, pk: int) -> User:
    """A user of this client; somebody else's is not there."""
    return get_object_or_404(User, pk=pk, client=place.client)


def attempt(
    request: OfficeRequest, place: Place, deed: Callable[[], object], *, said: str, undo: str = ""
) -> HttpResponseBase:
    """Does it and says so, or says why not; back to the page, or to the door for whoever shut himself out."""
    try:
        deed()
    except Refused as refusal:
        notices.refused(request, refusal.message)
    else:
        notices.done(request, said, undo=undo)
    own = User.objects.filter(pk=request.user.pk, is_active=True).first()
    if place.face == "portal" and (own is None or not own.owner):
        return redirect("portal" if own else "login")
    return redirect(place.to("users"))


def invite_again(request: OfficeRequest, place: Place, pk: int) -> HttpResponseBase:
    user = one_of(place, pk)
    said = _("Another invitation is on its way to %(email)s; the link before does not work any more.")
    return attempt(request, place, lambda: actions.invite_again(user=user, author=author(request)),
                   said=said % {"email": user.email})  # fmt: skip


def make_owner(request: OfficeRequest, place: Place, pk: int) -> HttpResponseBase:
    """Owner or member, as the pressed button says."""
    user, owner = one_of(place, pk), request.POST.get("owner") == "1"
    said = _("%(who)s is an owner now.") if owner else _("%(who)s is a member now.")
    return attempt(request, place, lambda: actions.set_owner(user=user, owner=owner, author=author(request)),
                   said=said % {"who": str(user)})  # fmt: skip


def remove(request: OfficeRequest, place: Place, pk: int) -> HttpResponseBase:
    user = one_of(place, pk)
    return attempt(request, place, lambda: actions.remove(user=user, author=author(request)),
                   said=_("%(who)s cannot log in any more.") % {"who": str(user)},
                   undo=place.to("restore_user", pk))  # fmt: skip


def restore(request: OfficeRequest, place: Place, pk: int) -> HttpResponseBase:
    user = one_of(place, pk)
    return attempt(request, place, lambda: actions.restore(user=user, author=author(request)),
                   said=_("%(who)s can log in again.") % {"who": str(user)})  # fmt: skip

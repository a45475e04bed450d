"""The users of a client, as the office and the client's own owners see and change them: rows of a page, its deeds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from balie.accounts import invitations
from balie.accounts import members as actions
from balie.accounts.factors import with_factors
from balie.accounts.models import Client, Invitation, User
from balie.accounts.queries import users_of
from balie.contracts.queries import booked, contracts_between, terms_on
from balie.rules.errors import Refused
from balie.rules.meter import Meter
from balie.tariffs.queries import terms_of
from balie.web import notices, pricelist
from balie.web.request import Desk, OfficeRequest, author

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


@dataclass(frozen=True)
class Invited:
    """Somebody who did not answer yet, with where each deed about it is."""

    invitation: Invitation
    place: Place

    @property
    def again(self) -> str:
        return self.place.to("invite_again", self.invitation.pk)

    @property
    def withdrawal(self) -> str:
        return self.place.to("withdraw_invitation", self.invitation.pk)


def known(request: OfficeRequest, place: Place, problem: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the page shows."""
    rows = [Row(user, place, user.pk == request.user.pk) for user in with_factors(users_of(place.client))]
    return {
        "client": place.client,
        "users": [row for row in rows if row.user.is_active],
        "invited": [Invited(one, place) for one in Invitation.objects.filter(client=place.client)],
        "module": user_module(place.client, request.desk),
        "removed": [row for row in rows if not row.user.is_active],
        "invite": place.to("invite"),
        "problem": problem or {},
        "given": request.POST.dict() if problem else {},
    }


def invite(request: OfficeRequest, place: Place, page: Page) -> HttpResponse:
    """Invites whoever the form names; draws the page again where that cannot be."""
    given = request.POST
    try:
        made = invitations.invite(
            client=place.client,
            email=given.get("email", ""),
            name=given.get("name", ""),
            owner=given.get("owner") == "1",
            author=author(request),
        )
    except Refused as refusal:
        status = 429 if refusal.code == "too_many_tries" else 422
        return page({"where": refusal.where, "text": refusal.message}, status)
    notices.done(request, _("An invitation is on its way to %(email)s.") % {"email": made.email})
    return redirect(place.to("users"))


def user_module(client: Client, desk: Desk) -> pricelist.Read | None:
    """What one more user costs by the client's contract; None where users cost nothing, or where modules are booked."""
    for contract in contracts_between(desk.today, desk.today).filter(client=client):
        version = terms_on(contract, desk.today)
        items = terms_of(version).items if version else ()
        item = next((one for one in items if one.meter == Meter.USER_MODULE and one.price), None)
        if item and all(booking.meter != Meter.USER_MODULE for booking in booked(contract, day=desk.today)):
            return pricelist.reads(item, desk.operator.currency, own=desk.operator.language)
    return None


def one_of(place: Place, pk: int) -> User:
    """A user of this client; somebody else's is not there."""
    return get_object_or_404(User, pk=pk, client=place.client)


def attempt(
    request: OfficeRequest, place: Place, deed: Callable[[], object], *, said: str, undo: str = ""
) -> HttpResponseBase:
    """Does it and says so, or says why not; back to the page, or to the door for whoever shut himself out."""
    notices.attempt(request, deed, said, undo)
    own = User.objects.filter(pk=request.user.pk, is_active=True).first()
    if place.face == "portal" and (own is None or not own.owner):
        return redirect("portal" if own else "login")
    return redirect(place.to("users"))


def invite_again(request: OfficeRequest, place: Place, pk: int) -> HttpResponseBase:
    found = get_object_or_404(Invitation.objects.select_related("client"), pk=pk, client=place.client)
    said = _("Another invitation is on its way to %(email)s; the link before does not work any more.")
    return attempt(request, place, lambda: invitations.invite_again(invitation=found, author=author(request)),
                   said=said % {"email": found.email})  # fmt: skip


def withdraw_invitation(request: OfficeRequest, place: Place, pk: int) -> HttpResponseBase:
    found = get_object_or_404(Invitation.objects.select_related("client"), pk=pk, client=place.client)
    return attempt(request, place, lambda: invitations.withdraw_invitation(invitation=found, author=author(request)),
                   said=_("The invitation of %(who)s is withdrawn; its link does not work any more.")
                   % {"who": str(found)})  # fmt: skip


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

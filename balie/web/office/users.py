"""The users of one client: staff can do for it what its owners do, and see who did what."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.views.decorators.http import require_POST

from balie.accounts.models import Client
from balie.operator.models import LogEntry
from balie.web import members
from balie.web.access import office
from balie.web.members import Place
from balie.web.office.client import head
from balie.web.request import OfficeRequest

DEEDS_SHOWN = 50


def place(number: str) -> Place:
    return Place("client", get_object_or_404(Client, number=number))


@office
def users(request: OfficeRequest, number: str) -> HttpResponse:
    return page(request, place(number))


def page(request: OfficeRequest, at: Place, problem: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    about = LogEntry.objects.filter(about=f"client:{at.client.number}")
    deeds = about.filter(deed__startswith="clients_user.") | about.filter(deed="client.registered")
    known = head(at.client, "users", request.desk) | members.known(request, at, problem)
    return render(
        request, "balie/client/users.html", {**known, "log": deeds.order_by("-pk")[:DEEDS_SHOWN]}, status=status
    )


@require_POST
@office
def invite(request: OfficeRequest, number: str) -> HttpResponse:
    at = place(number)
    return members.invite(request, at, lambda problem, status: page(request, at, problem, status))


@require_POST
@office
def invite_again(request: OfficeRequest, number: str, pk: int) -> HttpResponseBase:
    return members.invite_again(request, place(number), pk)


@require_POST
@office
def withdraw_invitation(request: OfficeRequest, number: str, pk: int) -> HttpResponseBase:
    return members.withdraw_invitation(request, place(number), pk)


@require_POST
@office
def make_owner(request: OfficeRequest, number: str, pk: int) -> HttpResponseBase:
    return members.make_owner(request, place(number), pk)


@require_POST
@office
def remove(request: OfficeRequest, number: str, pk: int) -> HttpResponseBase:
    return members.remove(request, place(number), pk)


@require_POST
@office
def restore(request: OfficeRequest, number: str, pk: int) -> HttpResponseBase:
    return members.restore(request, place(number), pk)


urlpatterns = [
    path("clients/<path:number>/users/", users, name="client_users"),
    path("clients/<path:number>/users/invite/", invite, name="client_invite"),
    path("clients/<path:number>/users/invited/<int:pk>/again/", invite_again, name="client_invite_again"),
    path(
        "clients/<path:number>/users/invited/<int:pk>/withdraw/",
        withdraw_invitation,
        name="client_withdraw_invitation",
    ),
    path("clients/<path:number>/users/<int:pk>/owner/", make_owner, name="client_make_owner"),
    path("clients/<path:number>/users/<int:pk>/remove/", remove, name="client_remove_user"),
    path("clients/<path:number>/users/<int:pk>/restore/", restore, name="client_restore_user"),
]

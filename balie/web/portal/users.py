"""Who of the client may log in. For its owners: see, invite, make an owner or a member, remove."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST

from balie.web import members
from balie.web.members import Place
from balie.web.portal.access import ClientRequest, owner


def place(request: ClientRequest) -> Place:
    return Place("portal", request.client)


@owner
def users(request: ClientRequest) -> HttpResponse:
    return page(request)


def page(request: ClientRequest, problem: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    known = members.known(request, place(request), problem)
    return render(request, "balie/portal/users.html", known, status=status)


@require_POST
@owner
def invite(request: ClientRequest) -> HttpResponse:
    return members.invite(request, place(request), lambda problem, status: page(request, problem, status))


@require_POST
@owner
def invite_again(request: ClientRequest, pk: int) -> HttpResponseBase:
    return members.invite_again(request, place(request), pk)


@require_POST
@owner
def withdraw_invitation(request: ClientRequest, pk: int) -> HttpResponseBase:
    return members.withdraw_invitation(request, place(request), pk)


@require_POST
@owner
def make_owner(request: ClientRequest, pk: int) -> HttpResponseBase:
    return members.make_owner(request, place(request), pk)


@require_POST
@owner
def remove(request: ClientRequest, pk: int) -> HttpResponseBase:
    return members.remove(request, place(request), pk)


@require_POST
@owner
def restore(request: ClientRequest, pk: int) -> HttpResponseBase:
    return members.restore(request, place(request), pk)

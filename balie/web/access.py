"""Who may open a page; who opened a client's is remembered.

Every office view carries `@office`; tests walk all addresses for all roles.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.account.authentication import get_authentication_records
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from balie.accounts.factors import has_second_factor
from balie.accounts.models import Role
from balie.accounts.opened import remember_opened
from balie.rules.period import day_begin
from balie.web import errors
from balie.web.request import OfficeRequest, author, typed

Rest = ParamSpec("Rest")
View = Callable[Concatenate[OfficeRequest, Rest], HttpResponseBase]


def office(view: View[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """Lets managers and administrators in; sends strangers to the login and tells others that this is not theirs."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        ours = typed(request)
        if not ours.user.is_authenticated:
            return to_login(ours)
        if ours.user.client_id is not None:
            return to_portal(request)
        if not ours.user.may(Role.MANAGER):
            return to_desk(request)
        if needs_second_factor(ours):
            return to_second_factor(ours)
        answer = view(ours, *args, **kwargs)
        if answer.status_code == 200:
            remember(ours)
        return answer

    return guarded


def remember(request: OfficeRequest) -> None:
    """That this person opened the client whose page the address is, whichever it is."""
    place = request.resolver_match
    if place and place.route.startswith("clients/<path:number>/"):
        client_opened(request, str(place.kwargs["number"]))


def client_opened(request: OfficeRequest, number: str) -> None:
    """Remembers that this person opened the client, once a day."""
    morning = day_begin(request.desk.today, request.desk.zone)
    remember_opened(client=number, since=morning, author=author(request))


def administrator(view: View[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """The same for administrators alone: what changes settings."""

    @wraps(view)
    def guarded(request: OfficeRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        allowed = request.user.may(Role.ADMINISTRATOR)
        return view(request, *args, **kwargs) if allowed else errors.not_for_you(request)

    return office(guarded)


def needs_second_factor(request: OfficeRequest) -> bool:
    """Whether this person must set up a second factor before anything else: staff without one, where staff need one."""
    needed = bool(request.user.role) and request.desk.operator.second_factor
    return bool(needed) and not has_second_factor(request.user)


def is_proven(request: OfficeRequest) -> bool:
    """Whether this session showed what its user has: a code or a key in this very session, for whoever has one."""
    shown = any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))
    return shown or not has_second_factor(request.user)


def to_second_factor(request: OfficeRequest) -> HttpResponseBase:
    """The page where it is set up, which says why; a part of a page asked for by htmx sends the whole page there."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("mfa_index")})
    return redirect("mfa_index")


def to_portal(request: HttpRequest) -> HttpResponseBase:
    """A client's user at the door of the house belongs to the portal; behind other doors there is nothing for it."""
    return redirect("portal") if request.path == reverse("today") else errors.not_for_clients(request)


def to_desk(request: HttpRequest) -> HttpResponseBase:
    """An agent at the door of the house belongs to the desk; the rooms of the office are for managers."""
    return redirect("desk") if request.path == reverse("today") else errors.not_for_you(request)


def to_login(request: OfficeRequest) -> HttpResponseBase:
    """The login page, and afterwards back; a part of a page asked for by htmx sends the whole page there."""
    if not request.htmx:
        return redirect_to_login(request.get_full_path())
    whole_page = redirect_to_login(request.htmx.current_url_abs_path or "/")
    return HttpResponse(status=204, headers={"HX-Redirect": whole_page["Location"]})

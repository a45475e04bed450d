"""Who may open the portal: users of a client, and they see only that client. Every portal view carries `@own`."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise

from balie.accounts.models import Client
from balie.web import errors
from balie.web.access import to_login
from balie.web.request import OfficeRequest, typed

Rest = ParamSpec("Rest")


class ClientRequest(OfficeRequest):
    """A request of a client's user; `client` is the only one it may ask about."""

    client: Client


View = Callable[Concatenate[ClientRequest, Rest], HttpResponseBase]


def own(view: View[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """Lets a client's users in; sends strangers to the login and staff to the office."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        ours = typed(request)
        if not ours.user.is_authenticated:
            return to_login(ours)
        if ours.user.role:
            return redirect("today")
        if ours.user.client is None:
            return errors.not_for_you(request)
        ours.__dict__["client"] = ours.user.client
        return view(ours, *args, **kwargs)  # type: ignore[arg-type]  # it has its client now

    return guarded


def owner(view: View[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """The same for owners of the client alone: who else may see its pages."""
    return for_owners(view, errors.USERS)


def cancelling_owner(view: View[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """The same: what ends a service."""
    return for_owners(view, errors.CANCELLING)


def owner_of_data(view: View[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """The same where the client's data is taken home as a whole."""
    return for_owners(view, errors.ALL_DATA)


def for_owners(view: View[Rest], said: Promise) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """said: what members read instead."""

    @wraps(view)
    def guarded(request: ClientRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs) if request.user.owner else errors.not_for_members(request, said)

    return own(guarded)

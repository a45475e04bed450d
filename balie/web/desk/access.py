"""Who may open the desk: whoever is an agent. Every view of the desk carries `@agents`."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from balie.accounts.models import Agent
from balie.web import errors
from balie.web.access import needs_second_factor, to_login, to_second_factor
from balie.web.request import OfficeRequest, typed

Rest = ParamSpec("Rest")


class AgentRequest(OfficeRequest):
    """A request of an agent; `agent` is whose notes and calls it may ask about."""

    agent: Agent


View = Callable[Concatenate[AgentRequest, Rest], HttpResponseBase]


def agents(view: View[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """Lets staff in who are agents, managers among them; others are told why there is nothing for them."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        ours = typed(request)
        if not ours.user.is_authenticated:
            return to_login(ours)
        if ours.user.client_id is not None:
            return errors.not_for_clients(request)
        if not ours.user.role or ours.user.agent is None:
            return errors.not_at_the_desk(request)
        if needs_second_factor(ours):
            return to_second_factor(ours)
        ours.__dict__["agent"] = ours.user.agent
        return view(cast(AgentRequest, ours), *args, **kwargs)  # it has its agent now

    return guarded


def whole_page(request: AgentRequest, address: str) -> HttpResponse:
    """Leads on, also out of a part of a page that htmx asked for. address: local."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def desk_address(query: str = "") -> str:
    return reverse("desk") + (f"?{query}" if query else "")

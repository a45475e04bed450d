"""What an administrator does about agents: enters, changes, lets go, and says whose an endpoint is; with undo."""

from datetime import date

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from balie.accounts.models import Agent, AgentGroup
from balie.accounts.queries import agent_by_code
from balie.rules.errors import Refused
from balie.web import notices, written
from balie.web.access import administrator
from balie.web.office.settings.agents import (
    FIELDS,
    Form,
    agent_page,
    agent_settings,
    agents_page,
    agents_settings,
    new_page,
    rows_of,
    state,
)
from balie.web.office.settings.refused import on_page
from balie.web.office.settings.typed import ChangedMeanwhile, State, Trouble, brought_together, given
from balie.web.request import OfficeRequest, author
from balie.world import agents as actions
from balie.world.agents import Entered, Typed

NO_GROUP = 0  # the id of none: one that was removed meanwhile
NOTHING: State = {"code": "", "name": "", "email": "", "group": "", "endpoints": ""}


@require_http_methods(["GET", "HEAD", "POST"])
@administrator
def new(request: OfficeRequest) -> HttpResponse:
    """The form of a new agent, and its deed."""
    if request.method != "POST":
        return new_page(request, Form({**NOTHING, "endpoints": taken_along(request.GET.get("endpoint", ""))}))
    fields = with_lines(request.POST, NOTHING)
    try:
        done = actions.enter_agent(typed=typed(fields["code"], fields), author=author(request))
    except Refused as refusal:
        return new_page(request, Form(fields, problem=trouble(refusal)))
    said = _("%(agent)s is an agent now.") % {"agent": str(done.agent)}
    notices.done(request, with_calls(said, done))
    return redirect("agent_settings", pk=done.agent.pk)


def taken_along(endpoint: str) -> str:
    """An endpoint of the list of those that are nobody's, as the form holds it."""
    return " ".join(endpoint.split())[:120]


def with_lines(post: QueryDict, held: State) -> State:
    """The fields of the form; the endpoints, which come as three lists, as lines."""
    if not any(f"endpoint.{name}" in post for name in FIELDS):
        return given(post, held)
    lists = [post.getlist(f"endpoint.{name}") for name in FIELDS]
    lines = ["\t".join(" ".join(part.split()) for part in line) for line in zip(*lists, strict=False)]
    return {**given(post, held), "endpoints": "\n".join(line for line in lines if line.strip())}


def typed(code: str, fields: State) -> Typed:
    group = AgentGroup.objects.filter(name=fields["group"]).first()
    chosen = (group.pk if group else NO_GROUP) if fields["group"] else None
    return Typed(code, fields["name"], fields["email"], chosen, rows_of(fields["endpoints"]))


def trouble(refusal: Refused) -> Trouble:
    """With the whole path of the field: which line of the endpoints it is."""
    return Trouble(on_page(refusal.message), refusal.where)


def with_calls(said: str, done: Entered) -> str:
    """What was done, and how many stored calls have another agent by it."""
    if not done.moved:
        return said
    moved = ngettext("%(n)s call has another agent now.", "%(n)s calls have another agent now.", done.moved)
    return f"{said} {moved % {'n': written.count(done.moved)}}"


@require_POST
@administrator
def change(request: OfficeRequest, pk: int) -> HttpResponse:
    """Stores the form; what it did not change stays as others stored it since."""
    agent = get_object_or_404(Agent, pk=pk)
    held, seen = state(agent), actions.state(agent)
    fields = with_lines(request.POST, held)
    try:
        wanted = brought_together(request.POST.get("was", ""), fields, held)
        done = actions.change_agent(agent=agent, typed=typed(agent.code, wanted), was=seen, author=author(request))
    except ChangedMeanwhile as clash:
        return agent_page(request, agent, Form(fields, clash.was, Trouble(clash.message, clash.where, 409)))
    except Refused as refusal:
        return agent_page(request, agent, Form(fields, held, trouble(refusal)))
    said = _("Saved.") if done.changed else _("Nothing changed.")
    notices.done(request, with_calls(said, done), undo=undo_of(done))
    return redirect("agent_settings", pk=pk)


def undo_of(done: Entered) -> str:
    return reverse("undo_endpoints", args=[done.entry]) if done.entry else ""


@require_POST
@administrator
def let_leave(request: OfficeRequest, pk: int) -> HttpResponse:
    """The agent's endpoints end on the day given."""
    agent = get_object_or_404(Agent, pk=pk)
    try:
        last = last_day(request.POST.get("last", ""))
        done = actions.let_leave(agent=agent, last=last, author=author(request))
    except Refused as refusal:
        held = state(agent)
        return agent_page(request, agent, Form(held, held), trouble(refusal))
    said = _("%(agent)s has no endpoint after %(day)s.") % {"agent": str(agent), "day": written.day(last)}
    notices.done(request, with_calls(said, done), undo=undo_of(done))
    return redirect("agent_settings", pk=pk)


def last_day(text: str) -> date:
    """A day as a world file has it. Refused, at "last", for anything else."""
    found: date = actions.agent_part({"code": "-", "endpoint": "-", "to": text}, "")["to"]
    return found


@require_POST
@administrator
def give(request: OfficeRequest) -> HttpResponse:
    """An endpoint that calls came from is an agent's from a day on; its calls are his."""
    said = request.POST
    try:
        agent = agent_by_code(said.get("agent", ""))
        done = actions.let_have(agent=agent, endpoint=said.get("endpoint", ""), first=said.get("from", ""),
                                author=author(request))  # fmt: skip
    except Refused as refusal:
        return agents_page(request, trouble(refusal))
    is_his = _("%(endpoint)s is %(agent)s.") % {"endpoint": said.get("endpoint", ""), "agent": str(agent)}
    notices.done(request, with_calls(is_his, done), undo=undo_of(done))
    return redirect("agents_settings")


@require_POST
@administrator
def undo(request: OfficeRequest, pk: int) -> HttpResponse:
    """An agent has the endpoints again that he had before."""
    try:
        done = actions.take_back(entry=pk, author=author(request))
    except Refused as refusal:
        notices.refused(request, on_page(refusal.message))
        return redirect("agents_settings")
    said = _("%(agent)s has the endpoints of before.") % {"agent": str(done.agent)}
    notices.done(request, with_calls(said, done))
    return redirect("agent_settings", pk=done.agent.pk)


urlpatterns = [
    path("settings/agents/", agents_settings, name="agents_settings"),
    path("settings/agents/new/", new, name="new_agent"),
    path("settings/agents/endpoint/", give, name="give_endpoint"),
    path("settings/agents/undo/<int:pk>/", undo, name="undo_endpoints"),
    path("settings/agents/<int:pk>/", agent_settings, name="agent_settings"),
    path("settings/agents/<int:pk>/change/", change, name="change_agent"),
    path("settings/agents/<int:pk>/leave/", let_leave, name="agent_leaves"),
]

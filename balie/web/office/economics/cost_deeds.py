"""What an administrator does about costs: sets them from a day, adds fixed ones, makes groups of agents; and undo."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balie.accounts.groups import make_group, put_into_groups, remove_group, undo_groups
from balie.accounts.models import Agent, AgentGroup
from balie.operator import costs as actions
from balie.operator.costs import SaidCosts
from balie.operator.models import CostsFrom, FixedCost
from balie.rules.errors import Refused
from balie.rules.margin import COSTS
from balie.rules.period import Period
from balie.web import notices, written
from balie.web.access import administrator
from balie.web.given import day_of
from balie.web.office.economics.costs import Trouble, costs_page
from balie.web.request import OfficeRequest, author
from balie.web.typed import point


@require_POST
@administrator
def put(request: OfficeRequest) -> HttpResponse:
    """Sets what work costs from a day on, or from ever where no day is given."""
    given = request.POST.dict()
    said = SaidCosts({name: point(given.get(name, "")) for name in COSTS}, group_amounts(given))
    try:
        if not any(given.get(name, "").strip() for name in COSTS):
            raise Refused("no_amounts", _("Give at least one amount; an empty one costs nothing."), "agent_per_hour")
        text = given.get("first_day", "").strip()
        day = day_of(text, request.desk.today, "first_day") if text else None
        groups = AgentGroup.objects.values_list("pk", flat=True)
        pk = actions.set_costs(first_day=day, said=said, known_groups=list(groups), author=author(request))
    except Refused as refusal:
        return costs_page(request, Trouble("costs", refusal.message, refusal.where, given))
    if day is None:
        notices.done(request, _("These costs hold from the beginning."), undo=reverse("undo_first_costs", args=[pk]))
    else:
        said_day = _("These costs hold from %(day)s on.") % {"day": written.day(day)}
        notices.done(request, said_day, undo=reverse("undo_costs", args=[pk]))
    return redirect("costs")


def group_amounts(given: dict[str, str]) -> dict[int, str]:
    """What was given for groups: fields named group-7."""
    found = {}
    for name, text in given.items():
        _before, sign, pk = name.partition("group-")
        if sign and pk.isascii() and pk.isdigit():
            found[int(pk)] = point(text)
    return found


def attempt(request: OfficeRequest, deed: Callable[[], object], said: str, undo: str = "") -> HttpResponse:
    """Does it and says so, or says why not; back to the page."""
    notices.attempt(request, deed, said, undo)
    return redirect("costs")


@require_POST
@administrator
def undo(request: OfficeRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(CostsFrom, pk=pk)
    return attempt(request, lambda: actions.undo_costs(row=row, author=author(request)), _("The costs are as before."))


@require_POST
@administrator
def undo_first(request: OfficeRequest, pk: int) -> HttpResponse:
    return attempt(
        request, lambda: actions.undo_first_costs(entry=pk, author=author(request)), _("The costs are as before.")
    )


@require_POST
@administrator
def remove(request: OfficeRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(CostsFrom, pk=pk)
    said = _("From %(day)s on holds again what held before.") % {"day": written.day(row.first_day)}
    back = reverse("restore_costs", args=[pk])
    return attempt(request, lambda: actions.remove_costs(row=row, author=author(request)), said, back)


@require_POST
@administrator
def restore(request: OfficeRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(CostsFrom, pk=pk)
    return attempt(request, lambda: actions.restore_costs(row=row, author=author(request)), _("The costs are back."))


@require_POST
@administrator
def add_fixed(request: OfficeRequest) -> HttpResponse:
    """Adds a fixed cost from a month on."""
    given, desk = request.POST.dict(), request.desk
    try:
        first = desk.month(given.get("first_month", ""))
        last: Period | None = desk.month(given["last_month"]) if given.get("last_month") else None
        row = actions.add_fixed_cost(
            name=given.get("name", ""),
            amount=point(given.get("amount", "")),
            spread=given.get("spread", ""),
            first_month=first.key,
            last_month=last.key if last else None,
            author=author(request),
        )
    except Refused as refusal:
        return costs_page(request, Trouble("fixed", refusal.message, refusal.where, given))
    undo = reverse("remove_fixed_cost", args=[row.pk])
    notices.done(request, _("%(name)s is spread over the clients.") % {"name": row.name}, undo=undo)
    return redirect("costs")


@require_POST
@administrator
def remove_fixed(request: OfficeRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(FixedCost, pk=pk)
    said, back = _("%(name)s is no fixed cost any more.") % {"name": row.name}, reverse("restore_fixed_cost", args=[pk])
    return attempt(request, lambda: actions.remove_fixed_cost(row=row, author=author(request)), said, back)


@require_POST
@administrator
def restore_fixed(request: OfficeRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(FixedCost, pk=pk)
    said = _("%(name)s is a fixed cost again.") % {"name": row.name}
    return attempt(request, lambda: actions.restore_fixed_cost(row=row, author=author(request)), said)


@require_POST
@administrator
def add_group(request: OfficeRequest) -> HttpResponse:
    given = request.POST.dict()
    try:
        group = make_group(name=given.get("group_name", ""), author=author(request))
    except Refused as refusal:
        return costs_page(request, Trouble("group", refusal.message, refusal.where, given))
    undo = reverse("remove_agent_group", args=[group.pk])
    notices.done(request, _("Put agents into the group %(name)s.") % {"name": group.name}, undo=undo)
    return redirect("costs")


@require_POST
@administrator
def drop_group(request: OfficeRequest, pk: int) -> HttpResponse:
    group = get_object_or_404(AgentGroup, pk=pk)
    said = _("The group %(name)s is removed.") % {"name": group.name}
    return attempt(request, lambda: remove_group(group=group, author=author(request)), said)


@require_POST
@administrator
def put_agents(request: OfficeRequest) -> HttpResponse:
    """Puts every agent of the form into the group chosen for it."""
    codes = Agent.objects.values_list("code", flat=True)
    chosen = {code: request.POST[f"agent-{code}"] for code in codes if f"agent-{code}" in request.POST}
    groups = {code: int(text) if text.isascii() and text.isdigit() else None for code, text in chosen.items()}
    try:
        entry = put_into_groups(groups=groups, author=author(request))
    except Refused as refusal:
        return costs_page(request, Trouble("agents", refusal.message, refusal.where))
    if entry is None:
        notices.done(request, _("Everybody is in that group already."))
    else:
        notices.done(request, _("The agents are in their groups."), undo=reverse("undo_agent_groups", args=[entry]))
    return redirect("costs")


@require_POST
@administrator
def undo_agents(request: OfficeRequest, pk: int) -> HttpResponse:
    said = _("The agents are in the groups they were in before.")
    return attempt(request, lambda: undo_groups(entry=pk, author=author(request)), said)

"""What work costs: amounts from a day on, fixed costs of months, groups of agents. cost_deeds.py changes them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from balie.accounts.models import Agent, AgentGroup, Role
from balie.controlling.costs import Costs
from balie.operator.models import CostsFrom
from balie.operator.queries import costs_from_days, fixed_costs
from balie.rules.margin import COSTS, CostSet, Spread
from balie.rules.period import Period
from balie.web.access import office
from balie.web.months import past_months
from balie.web.request import Desk, OfficeRequest
from balie.web.typed import shown

NAMES = {
    "agent_per_hour": gettext_lazy("Agent hour"),
    "forwarded_fixed": gettext_lazy("Forwarded, fixed"),
    "forwarded_mobile": gettext_lazy("Forwarded, mobile"),
    "forwarded_other": gettext_lazy("Forwarded, other"),
    "outbound_fixed": gettext_lazy("Outbound, fixed"),
    "outbound_mobile": gettext_lazy("Outbound, mobile"),
    "outbound_other": gettext_lazy("Outbound, other"),
    "sms": gettext_lazy("SMS"),
}
SPREADS = {
    Spread.CALLS: gettext_lazy("by calls"),
    Spread.MINUTES: gettext_lazy("by handled minutes"),
    Spread.REVENUE: gettext_lazy("by revenue"),
    Spread.CLIENT: gettext_lazy("alike for each client"),
}
MONTHS_BACK, MONTHS_AHEAD = 24, 12


@dataclass(frozen=True)
class Shown:
    """One set of costs as a row; `row` None: what holds from ever."""

    row: CostsFrom | None
    first_day: date | None
    amounts: Sequence[str]
    groups: Sequence[tuple[str, str]]
    state: str  # now, coming or past


@dataclass(frozen=True)
class Field:
    """An amount of the form: its name in the address, its label, what stands in it."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class Trouble:
    """What was refused and at which field of which form, with what was given."""

    form: str = ""
    text: str = ""
    field: str = ""
    given: Mapping[str, str] | None = None


@office
def costs(request: OfficeRequest) -> HttpResponse:
    """All costs there are; an administrator can change them."""
    return costs_page(request, Trouble())


def costs_page(request: OfficeRequest, trouble: Trouble) -> HttpResponse:
    """The page, after a refusal with what was given. Five queries."""
    desk = request.desk
    groups, given = list(AgentGroup.objects.all()), trouble.given or {}
    today = Costs.of(desk.operator).on(desk.today)
    known: dict[str, Any] = {
        "rows": list(rows(desk, groups)),
        "names": [NAMES[name] for name in COSTS],
        "fields": list(fields(today, given)),
        "group_fields": list(group_fields(groups, today, given)),
        "fixed": [(one, SPREADS[Spread(one.spread)]) for one in fixed_costs()],
        "spreads": SPREADS.items(),
        "months": months(desk),
        "this_month": desk.this_month,
        "groups": groups,
        "agents": list(Agent.objects.select_related("group").order_by("name", "code")) if groups else [],
        "may": request.user.may(Role.ADMINISTRATOR),
        "trouble": trouble,
        "given": given,
    }
    return render(request, "balie/controlling/costs.html", known, status=422 if trouble.text else 200)


def rows(desk: Desk, groups: Sequence[AgentGroup]) -> Iterator[Shown]:
    """The sets, the latest first, what holds from ever last."""
    names, held = {str(group.pk): group.name for group in groups}, False
    for row in costs_from_days():
        state = "coming" if row.first_day > desk.today else "past" if held else "now"
        held = held or state == "now"
        own = [(names[pk], shown(amount)) for pk, amount in row.groups.items() if pk in names]
        yield Shown(row, row.first_day, [shown(row.costs.get(name, "")) for name in COSTS], own, state)
    first = desk.operator.costs
    yield Shown(None, None, [shown(first.get(name, "")) for name in COSTS], (), "past" if held else "now")


def fields(today: CostSet, given: Mapping[str, str]) -> Iterator[Field]:
    """The amounts, as they were given, else as they hold today."""
    for name in COSTS:
        yield Field(name, str(NAMES[name]), given.get(name, shown(today.costs.get(name, ""))))


def group_fields(groups: Sequence[AgentGroup], today: CostSet, given: Mapping[str, str]) -> Iterator[Field]:
    for group in groups:
        name = f"group-{group.pk}"
        yield Field(name, group.name, given.get(name, shown(today.groups.get(group.pk, ""))))


def months(desk: Desk) -> list[Period]:
    """Months to choose from, the latest first."""
    found = [desk.this_month]
    for _ in range(MONTHS_AHEAD):
        found.insert(0, found[0].next())
    return [*found, *past_months(desk.this_month, MONTHS_BACK)]

"""Kept economics of the small office, for pages to show: written as a worker would, without pricing anything."""

from datetime import date
from decimal import Decimal
from typing import Any

from balie.accounts.groups import make_group, put_into_groups
from balie.accounts.models import Agent, AgentGroup, Client
from balie.contracts.models import Contract
from balie.controlling.models import Economics, EconomicsMonth
from balie.operator.actions import Author
from balie.operator.costs import SaidCosts, add_fixed_cost, remove_costs, set_costs
from balie.operator.models import CostsFrom, FixedCost
from balie.rules.margin import COSTS
from tests.web import make_office

AUTHOR = Author("test", make_office.NOW)
# What managers are not let do, and what comes of it for an administrator: 422, told that the form is empty.
EMPTY, DONE = (302, 403, 403, 403, 422), (302, 403, 403, 403, 302)
COST_DEEDS = {
    "put_costs": EMPTY,
    "undo_costs": DONE,
    "remove_costs": DONE,
    "restore_costs": DONE,
    "undo_first_costs": DONE,
    "add_fixed_cost": EMPTY,
    "remove_fixed_cost": DONE,
    "restore_fixed_cost": DONE,
    "add_agent_group": EMPTY,
    "remove_agent_group": (302, 403, 403, 403, 302),
    "put_agents_into_groups": DONE,
    "undo_agent_groups": DONE,
}


def kept(number: str, month: int, **values: Any) -> Economics:
    """A month of a client's telephone service: 100.00 earned, 60.00 cost, 120 minutes worked."""
    client = Client.objects.get(number=number)
    contract = Contract.objects.filter(client=client).earliest("start")
    figures = {"revenue": Decimal("100.00"), "cost": Decimal("60.00"), "handling": 7200, "calls": 30}
    said = {"tariff": contract.tariff, "whole": True, "network": Decimal("0.00"), **figures, **values}
    EconomicsMonth.objects.get_or_create(month=month, defaults={"asked": make_office.NOW, "done": make_office.NOW})
    return Economics.objects.create(client=client, month=month, service=said.pop("service", "telephone"), **said)


def costs_from(day: date = date(2026, 10, 1), amount: str = "33.00") -> CostsFrom:
    """An agent hour at this amount from a day on, everything else for nothing."""
    said = SaidCosts({**dict.fromkeys(COSTS, ""), "agent_per_hour": amount}, {})
    return CostsFrom.objects.get(pk=set_costs(first_day=day, said=said, known_groups=(), author=AUTHOR))


def fixed(name: str = "Rent", amount: str = "1000.00", spread: str = "client") -> FixedCost:
    return add_fixed_cost(name=name, amount=amount, spread=spread, first_month=202610, last_month=None, author=AUTHOR)


def kwargs(name: str) -> dict[str, dict[str, Any]]:
    """What the addresses of deeds about costs name, made anew for each."""
    if name not in COST_DEEDS or name in ("put_costs", "add_fixed_cost", "add_agent_group", "put_agents_into_groups"):
        return {}
    if name == "undo_first_costs":
        return {name: {"pk": 999_999}}
    if name.endswith("_costs"):
        CostsFrom.objects.all().delete()
        row = costs_from()
        if name == "restore_costs":
            remove_costs(row=row, author=AUTHOR)
        return {name: {"pk": row.pk}}
    if name.endswith("_fixed_cost"):
        return {name: {"pk": fixed().pk}}
    group = make_group(name=f"Group {AgentGroup.objects.count()} for {name}", author=AUTHOR)
    if name == "remove_agent_group":
        return {name: {"pk": group.pk}}
    entry = put_into_groups(groups={Agent.objects.earliest("pk").code: group.pk}, author=AUTHOR)
    return {name: {"pk": entry}}

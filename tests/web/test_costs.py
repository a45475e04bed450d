"""Costs in the office: from a day on, fixed ones, groups of agents; each can be taken back."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.models import Agent, AgentGroup, Role
from balie.operator.models import CostsFrom, FixedCost, LogEntry, Operator
from balie.operator.queries import costs_from_days, fixed_costs
from tests import make
from tests.web.make_economics import costs_from, fixed
from tests.web.reading import text

Html = Callable[..., str]
pytestmark = pytest.mark.django_db
FIRST = {"agent_per_hour": "30.00", "sms": "0.06"}


@pytest.fixture
def boss(office: None) -> Browser:
    """An administrator's browser, where an agent hour costs 30.00 from ever."""
    Operator.objects.update(costs=FIRST)
    found = Browser()
    found.force_login(make.user("admin@example.com", role=Role.ADMINISTRATOR))
    return found


def post(boss: Browser, address: str, **given: str) -> str:
    """What the page says after a deed."""
    answer = boss.post(f"/settings/costs/{address}", given, follow=True)
    return text(answer.content.decode())


def undo(boss: Browser, page: Any) -> str:
    """Presses the button beside the notice."""
    found = re.search(r'<form method="post" action="(/settings/costs/[^"]+)">[^(]*?Undo', page)
    assert found
    return text(boss.post(found[1], follow=True).content.decode())


def amounts() -> list[tuple[date, str]]:
    return [(row.first_day, row.costs["agent_per_hour"]) for row in costs_from_days()]


def test_costs_are_set_from_a_day_on_and_taken_back(boss: Browser) -> None:
    answer = boss.post("/settings/costs/put/", {"first_day": "2026-12-01", "agent_per_hour": "31,5"}, follow=True)
    page = answer.content.decode()
    assert "These costs hold from 01 Dec 2026 on." in text(page)
    assert "01 Dec 2026 coming 31.50" in text(page) and "the beginning holds now 30.00" in text(page)
    assert amounts() == [(date(2026, 12, 1), "31.50")]
    assert "The costs are as before." in undo(boss, page)
    assert amounts() == []
    assert list(LogEntry.objects.order_by("pk").values_list("deed", flat=True)) == ["costs.set", "costs.undone"]


def test_same_day_set_again_replaces_and_undo_brings_the_first_back(boss: Browser) -> None:
    day = {"first_day": "2026-11-01"}
    boss.post("/settings/costs/put/", {**day, "agent_per_hour": "31"}, follow=True)
    page = boss.post("/settings/costs/put/", {**day, "agent_per_hour": "32"}, follow=True).content.decode()
    assert amounts() == [(date(2026, 11, 1), "32.00")]
    undo(boss, page)
    assert amounts() == [(date(2026, 11, 1), "31.00")]


def test_costs_without_a_day_hold_from_the_beginning_and_are_taken_back(boss: Browser) -> None:
    given = {"agent_per_hour": "33", "sms": "0,06"}
    page = boss.post("/settings/costs/put/", given, follow=True).content.decode()
    assert Operator.objects.get().costs["agent_per_hour"] == "33.00" and amounts() == []
    undo(boss, page)
    assert Operator.objects.get().costs == FIRST


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"first_day": "2026-12-01", "agent_per_hour": "thirty"}, "“thirty” is no amount"),
        ({"first_day": "2026-12-01", "agent_per_hour": "-1"}, "“-1” is no amount"),
        ({"first_day": "2026-12-01", "agent_per_hour": "1", "sms": "0.1234567"}, "“0.1234567” is no amount"),
        ({"first_day": "31-12-2026", "agent_per_hour": "1"}, "“31-12-2026” is not a day"),
        ({"first_day": "0001-01-01", "agent_per_hour": "1"}, "That day is too far away."),
        ({"first_day": "2026-12-01"}, "Give at least one amount"),
        ({"first_day": "2026-10-01", "agent_per_hour": "33"}, "That is what holds from this day already."),
        ({"agent_per_hour": "30", "sms": "0.06", "group-1": "40"}, ""),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_given(boss: Browser, given: dict[str, str], said: str) -> None:
    costs_from()
    if not said:
        group = AgentGroup.objects.create(name="Night")
        given = {"agent_per_hour": "30", "sms": "0.06", f"group-{group.pk}": "40"}
        said = "A group of agents has a cost of its own from a day on; give the day."
    answer = boss.post("/settings/costs/put/", given)
    page = answer.content.decode()
    assert (answer.status_code, said in text(page)) == (422, True)
    assert f'value="{given.get("agent_per_hour", "")}"' in page
    assert amounts() == [(date(2026, 10, 1), "33.00")]


def test_costs_are_removed_and_brought_back(boss: Browser) -> None:
    row = costs_from()
    page = boss.post(f"/settings/costs/{row.pk}/remove/", follow=True).content.decode()
    assert "From 01 Oct 2026 on holds again what held before." in text(page) and amounts() == []
    assert "The costs are back." in undo(boss, page)
    assert amounts() == [(date(2026, 10, 1), "33.00")]


def test_removal_is_not_taken_back_over_other_costs_of_that_day(boss: Browser) -> None:
    row = costs_from()
    page = boss.post(f"/settings/costs/{row.pk}/remove/", follow=True).content.decode()
    costs_from(amount="34.00")
    assert "Other costs hold from that day by now" in undo(boss, page)
    assert amounts() == [(date(2026, 10, 1), "34.00")]


def test_world_file_says_what_holds_from_ever_and_leaves_other_days(boss: Browser, inside: Any) -> None:
    costs_from()
    file = inside.home / "world.json"
    file.write_text('{"operator": {"costs": {"agent_per_hour": "29.00"}}}')
    assert inside.run("load", file).code == 0
    assert (Operator.objects.get().costs["agent_per_hour"], amounts()) == ("29.00", [(date(2026, 10, 1), "33.00")])
    before = LogEntry.objects.filter(deed="operator.changed").count()
    assert inside.run("load", file).code == 0
    assert LogEntry.objects.filter(deed="operator.changed").count() == before


def test_fixed_cost_is_added_removed_and_brought_back(boss: Browser) -> None:
    given = {"name": "Rent", "amount": "1.250,50", "spread": "minutes", "first_month": "2026-10"}
    page = boss.post("/settings/costs/fixed/", given, follow=True).content.decode()
    assert "Rent is spread over the clients." in text(page)
    assert "Rent 1,250.50 by handled minutes October 2026 no end" in text(page)
    undo(boss, page)
    assert fixed_costs() == []
    row = fixed()
    page = boss.post(f"/settings/costs/fixed/{row.pk}/remove/", follow=True).content.decode()
    assert fixed_costs() == [] and "Rent is a fixed cost again." in undo(boss, page)
    assert fixed_costs() == [FixedCost.objects.get(pk=row.pk)]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": " "}, "Say what it is"),
        ({"amount": "0"}, "An amount a month above nothing is needed"),
        ({"amount": "1.234"}, "in whole cents"),
        ({"spread": "luck"}, "Choose by what it is spread"),
        ({"last_month": "2026-09"}, "The last month is before the first."),
        ({"first_month": "2026-13"}, "There is no month"),
    ],
)
def test_fixed_cost_that_cannot_be_is_refused(boss: Browser, changed: dict[str, str], said: str) -> None:
    given = {"name": "Rent", "amount": "100", "spread": "calls", "first_month": "2026-10", **changed}
    assert said in post(boss, "fixed/", **given)
    assert fixed_costs() == []


def test_agents_are_put_into_groups_whose_hour_costs_something_else(boss: Browser) -> None:
    assert "Put agents into the group Night." in post(boss, "groups/", group_name="Night")
    group, first = AgentGroup.objects.get(), Agent.objects.get(code="201")
    page = boss.post("/settings/costs/agents/", {"agent-201": str(group.pk), "agent-202": ""}, follow=True)
    first.refresh_from_db()
    assert first.group == group
    boss.post("/settings/costs/put/", {"first_day": "2026-11-01", "agent_per_hour": "30", f"group-{group.pk}": "41,25"})
    assert costs_from_days()[0].groups == {str(group.pk): "41.25"}
    assert "Night 41.25" in text(boss.get("/settings/costs/").content.decode())
    assert "The agents are in the groups they were in before." in undo(boss, page.content.decode())
    first.refresh_from_db()
    assert first.group is None


def test_group_with_agents_is_not_removed(boss: Browser) -> None:
    group = AgentGroup.objects.create(name="Night")
    Agent.objects.filter(code="201").update(group=group)
    assert "Agents are in the group Night; put them elsewhere first." in post(boss, f"groups/{group.pk}/remove/")
    Agent.objects.update(group=None)
    assert "The group Night is removed." in post(boss, f"groups/{group.pk}/remove/")
    assert not AgentGroup.objects.exists()


def test_two_groups_of_one_name_are_refused(boss: Browser) -> None:
    AgentGroup.objects.create(name="Night")
    assert "There is a group with this name already." in post(boss, "groups/", group_name="night")


def test_manager_sees_costs_and_no_forms(html: Html) -> None:
    costs_from()
    page = html("/settings/costs/")
    assert "An administrator can change these costs." in text(page) and "01 Oct 2026 holds now 33.00" in text(page)
    assert "<form" not in page.partition('aria-label="What work costs"')[2]
    assert CostsFrom.objects.count() == 1

"""Agents in the settings: entered, changed, leaving; endpoints that calls name and nobody has; calls follow."""

import json
import re
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.models import Agent, AgentEndpoint, AgentGroup, User
from balie.calls.models import AgentDay, Call
from balie.operator.models import LogEntry
from tests import make
from tests.web.make_portal import page_of, said
from tests.web.reading import queries, undo_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
AT = "/settings/agents/"
EVA: dict[str, Any] = {
    "code": "205", "name": "Eva Bos", "email": "eva@example.com", "group": "",
    "endpoint.endpoint": ["PJSIP/205", ""], "endpoint.from": ["", ""], "endpoint.to": ["", ""],
}  # fmt: skip


@pytest.fixture(autouse=True)
def operator() -> None:
    make.operator()


def lines(*rows: tuple[str, str, str]) -> dict[str, list[str]]:
    """The fields of the endpoints, an empty line last as on the page."""
    columns = zip(*rows, ("", "", ""), strict=True)
    return {f"endpoint.{name}": list(column) for name, column in zip(("endpoint", "from", "to"), columns, strict=True)}


def held(code: str) -> list[tuple[str, date | None, date | None]]:
    rows = AgentEndpoint.objects.filter(agent__code=code).order_by("pk")
    return list(rows.values_list("endpoint", "first_day", "last_day"))


def form(who: Browser, agent: Agent) -> dict[str, Any]:
    """What the form of the agent holds as it is shown."""
    page = page_of(who, f"{AT}{agent.pk}/")
    found: dict[str, Any] = {name: [] for name in ("endpoint.endpoint", "endpoint.from", "endpoint.to")}
    for tag in re.findall(r"<input class=\"form-control\"[^>]*>", page):
        name, value = (re.findall(rf' {key}="([^"]*)"', tag)[0] for key in ("name", "value"))
        if name in found:
            found[name].append(unescape(value))
        else:
            found[name] = unescape(value)
    found["was"] = unescape(re.findall(r'name="was" value="([^"]*)"', page)[0])
    return {**found, "group": json.loads(found["was"])["group"]}


def change(who: Browser, agent: Agent, **typed: Any) -> Any:
    return who.post(f"{AT}{agent.pk}/change/", {**form(who, agent), **typed}, follow=True)


def seen(endpoint: str, *days: int, agent: Agent | None = None) -> None:
    """A call that was answered at the endpoint on each of these days of November, with its sums."""
    for day in days:
        start = datetime(2026, 11, day, 10, tzinfo=UTC)
        make.call(start=start, endpoint=endpoint, agent=agent)
        if agent:
            AgentDay.objects.create(agent=agent, day=start.date(), type="accepted", calls=1, talk=60)


def test_an_agent_is_entered_with_its_endpoint(joris: Browser) -> None:
    group = AgentGroup.objects.create(name="Night")
    answer = joris.post(f"{AT}new/", {**EVA, "group": "Night"}, follow=True)
    page = said(answer.content.decode())
    assert "Eva Bos is an agent now." in page and "agent 205" in page
    eva = Agent.objects.get()
    assert (eva.code, eva.email, eva.group) == ("205", "eva@example.com", group)
    assert held("205") == [("PJSIP/205", None, None)]
    deeds = list(LogEntry.objects.order_by("pk").values_list("deed", "about", "who"))
    assert deeds == [
        ("agent.made", "agent:205", "Joris"),
        ("agents.grouped", "agents", "Joris"),
        ("agent.endpoints", "agent:205", "Joris"),
    ]


@pytest.mark.parametrize(
    ("typed", "where", "reason"),
    [
        ({"code": " "}, "code", "This is empty."),
        ({"code": "x" * 41}, "code", "too long"),
        ({"code": "2\u20285"}, "code", "cannot be printed"),
        ({"code": "201"}, "code", "There is an agent with this code already."),
        ({"name": "x" * 201}, "name", "too long"),
        ({"email": "eva"}, "email", "is no email address"),
        ({"email": "Anna@Example.com"}, "email", "The agent 201 Anna has this email address already."),
        ({"group": "Day"}, "groups", "That group is not there any more"),
        (lines(("PJSIP/205", "", ""), ("PJSIP/206", "2026-13-01", "")), "endpoints[1].from", "There is no day"),
        (lines(("PJSIP/205", "2026-11-02", "2026-11-01")), "endpoints[0].to", "2026-11-01 is before 2026-11-02."),
        (lines(("", "2026-11-02", "")), "endpoints[0].from", "endpoint; enter the endpoint beside it"),
        (lines(("PJSIP/201", "", "")), "endpoints[0].endpoint", "would belong to agents 205 and 201 on one day"),
        (lines(("PJSIP/5", "", ""), ("PJSIP/5", "", "")), "endpoints[1].endpoint", "to agent 205 twice on one day"),
    ],
)
def test_what_a_world_file_may_not_say_is_refused_beside_its_field(
    joris: Browser, typed: dict[str, Any], where: str, reason: str
) -> None:
    make.agent("201", name="Anna", email="anna@example.com")
    AgentGroup.objects.create(name="Night")
    answer = joris.post(f"{AT}new/", {**EVA, **typed})
    page = answer.content.decode()
    assert (answer.status_code, reason in said(unescape(page))) == (422, True), said(page)
    assert answer.context["form"].problem.where == where
    assert page.count('role="alert"') == 1 and ("name" in typed or 'value="Eva Bos"' in page)
    assert (Agent.objects.count(), AgentEndpoint.objects.count()) == (1, 1)


def test_endpoints_change_hands_and_stored_calls_follow_and_undo_brings_them_back(joris: Browser) -> None:
    anna, bram = make.agent("201", name="Anna"), make.agent("202", name="Bram")
    seen("PJSIP/201", 2, 9, 16, agent=anna)
    answer = change(joris, anna, **lines(("PJSIP/201", "", "2026-11-08")))
    assert "2 calls have another agent now." in said(answer.content.decode())
    given = change(joris, bram, **lines(("PJSIP/202", "", ""), ("PJSIP/201", "2026-11-09", "")))
    assert "2 calls have another agent now." in said(given.content.decode())
    agents = list(Call.objects.order_by("start").values_list("agent__code", flat=True))
    sums = sorted(AgentDay.objects.filter(calls__gt=0).values_list("agent__code", "day__day"))
    assert (agents, sums) == (["201", "202", "202"], [("201", 2), ("202", 9), ("202", 16)])
    joris.post(undo_of(given.content.decode()))
    assert held("202") == [("PJSIP/202", None, None)]
    assert list(Call.objects.order_by("start").values_list("agent__code", flat=True)) == ["201", None, None]
    again = said(joris.post(undo_of(given.content.decode()), follow=True).content.decode())
    assert "The endpoints were changed since" in again


def test_a_call_whose_agent_the_phone_system_named_stays_his(joris: Browser) -> None:
    anna, bram = make.agent("201", name="Anna"), make.agent("202", name="Bram")
    seen("PJSIP/9", 2, agent=bram)  # agent:202 stood in the record, whose endpoint is somebody else's or nobody's
    seen("PJSIP/9", 3)
    answer = change(joris, anna, **lines(("PJSIP/201", "", ""), ("PJSIP/9", "", "")))
    assert "1 call has another agent now." in said(answer.content.decode())
    assert list(Call.objects.order_by("start").values_list("agent", flat=True)) == [bram.pk, anna.pk]
    joris.post(undo_of(answer.content.decode()))
    assert list(Call.objects.order_by("start").values_list("agent", flat=True)) == [bram.pk, None]


def test_undo_does_not_take_an_endpoint_from_who_has_it_by_now(joris: Browser) -> None:
    anna, bram = make.agent("201"), make.agent("202")
    answer = change(joris, anna, **lines(("PJSIP/9", "", "")))
    change(joris, bram, **lines(("PJSIP/201", "", "")))
    page = said(joris.post(undo_of(answer.content.decode()), follow=True).content.decode())
    assert "would belong to agents 201 and 202 on one day" in page or "agents 202 and 201" in page
    assert (held("201"), held("202")) == ([("PJSIP/9", None, None)], [("PJSIP/201", None, None)])


def test_who_leaves_has_no_endpoint_after_the_last_day(joris: Browser) -> None:
    anna = make.agent("201", name="Anna")
    AgentEndpoint.objects.create(agent=anna, endpoint="PJSIP/7", first_day=date(2026, 12, 1))
    AgentEndpoint.objects.create(agent=anna, endpoint="PJSIP/8", last_day=date(2026, 6, 30))
    seen("PJSIP/201", 20, 23, agent=anna)
    answer = joris.post(f"{AT}{anna.pk}/leave/", {"last": "2026-11-22"}, follow=True)
    page = said(answer.content.decode())
    assert "Anna has no endpoint after 22 Nov 2026. 1 call has another agent now." in page
    assert held("201") == [("PJSIP/8", None, date(2026, 6, 30)), ("PJSIP/201", None, date(2026, 11, 22))]
    assert "until 22 Nov 2026" in said(page_of(joris, AT))
    change(joris, make.agent("202"), **lines(("PJSIP/201", "2026-11-23", "")))
    assert held("202") == [("PJSIP/201", date(2026, 11, 23), None)], "free for somebody else from the next day"


@pytest.mark.parametrize(
    ("last", "reason"),
    [("", "This is empty."), ("tomorrow", "is no day"), ("2026-11-30", "no endpoint after that day already")],
)
def test_a_last_day_that_cannot_be_is_told_beside_it(joris: Browser, last: str, reason: str) -> None:
    anna = Agent.objects.create(code="201", name="Anna")
    AgentEndpoint.objects.create(agent=anna, endpoint="PJSIP/201", last_day=date(2026, 11, 30))
    answer = joris.post(f"{AT}{anna.pk}/leave/", {"last": last})
    assert (answer.status_code, reason in said(answer.content.decode())) == (422, True)
    assert held("201") == [("PJSIP/201", None, date(2026, 11, 30))]


def test_an_endpoint_that_is_nobodys_is_given_with_its_calls(joris: Browser) -> None:
    make.agent("201", name="Anna")
    seen("PJSIP/44", 3, 10)
    make.call(endpoint="", agent=None)
    page = page_of(joris, AT)
    assert "PJSIP/44" in page and "Give the calls" in page and 'value="2026-11-03"' in page
    given = {"endpoint": "PJSIP/44", "agent": "201", "from": "2026-11-03"}
    answer = joris.post(f"{AT}endpoint/", given, follow=True)
    assert "PJSIP/44 is Anna. 2 calls have another agent now." in said(answer.content.decode())
    assert held("201") == [("PJSIP/44", date(2026, 11, 3), None), ("PJSIP/201", None, None)][::-1]
    assert "Endpoints that are nobody" not in answer.content.decode()
    assert AgentDay.objects.filter(agent__code="201", calls=1).count() == 2
    joris.post(undo_of(answer.content.decode()))
    assert "PJSIP/44" in page_of(joris, AT) and held("201") == [("PJSIP/201", None, None)]


def test_an_endpoint_another_had_that_day_is_not_given(joris: Browser) -> None:
    make.agent("201", endpoint="PJSIP/1")
    cas = make.agent("202", endpoint="PJSIP/44")
    AgentEndpoint.objects.filter(agent=cas).update(last_day=date(2026, 11, 9))
    seen("PJSIP/44", 10)
    for day, agent, reason in (
        ("2026-11-03", "201", "would belong to agents 202 and 201 on one day; give the earlier a last day."),
        ("", "201", "on one day"),
        ("soon", "201", "is no day"),
        ("2026-11-10", "999", "There is no agent"),
    ):
        given = {"endpoint": "PJSIP/44", "agent": agent, "from": day}
        answer = joris.post(f"{AT}endpoint/", given)
        assert (answer.status_code, reason in said(answer.content.decode())) == (422, True), day
    assert held("201") == [("PJSIP/1", None, None)]


def test_what_another_administrator_changed_meanwhile_stays(joris: Browser) -> None:
    anna = make.agent("201", name="Anna")
    shown = form(joris, anna)
    post = f"{AT}{anna.pk}/change/"
    assert joris.post(post, {**shown, **lines(("PJSIP/9", "", ""))}).status_code == 302
    assert joris.post(post, {**shown, "name": "Anna de Wit"}).status_code == 302
    anna.refresh_from_db()
    assert (anna.name, held("201")) == ("Anna de Wit", [("PJSIP/9", None, None)])
    answer = joris.post(post, {**shown, **lines(("PJSIP/8", "", ""))})
    again = answer.content.decode()
    assert answer.status_code == 409 and "“PJSIP/9" in said(again) and 'value="PJSIP/8"' in again
    was = unescape(re.findall(r'name="was" value="([^"]*)"', again)[0])
    assert joris.post(post, {**shown, **lines(("PJSIP/8", "", "")), "was": was}).status_code == 302
    anna.refresh_from_db()
    assert (anna.name, held("201")) == ("Anna de Wit", [("PJSIP/8", None, None)])


def test_an_email_address_is_one_agents(joris: Browser) -> None:
    make.agent("201", name="Anna", email="anna@example.com")
    bram, cas = make.agent("202", email="bram@example.com"), make.agent("203", email="BRAM@example.com")
    answer = change(joris, bram, email="ANNA@example.com")
    problem = answer.context["form"].problem
    assert (problem.where, problem.message) == ("email", "The agent 201 Anna has this email address already.")
    change(joris, cas, name="Cas")
    cas.refresh_from_db()
    assert (cas.name, cas.email) == ("Cas", "BRAM@example.com"), "what a world file said of two is left alone"


def test_changes_are_told_on_the_agents_page(joris: Browser) -> None:
    anna = make.agent("201", name="Anna")
    change(joris, anna, name="Anna de Wit", **lines(("PJSIP/201", "", "2026-11-30"), ("PJSIP/9", "2026-12-01", "")))
    page = said(page_of(joris, f"{AT}{anna.pk}/"))
    assert "Name: Anna → Anna de Wit" in page and "− PJSIP/201" in page and "+ PJSIP/9 from 01 Dec 2026 on" in page
    assert "Nothing changed." in said(change(joris, Agent.objects.get()).content.decode())


def test_the_list_is_searched_and_counts_calls(joris: Browser) -> None:
    anna, bram = make.agent("201", name="Anna"), make.agent("202", name="Bram", email="bram@example.com")
    make.user("anna@example.com", role="agent", name="Anna V.", agent=anna)
    seen("PJSIP/201", 1, 20, 21, agent=anna)
    AgentDay.objects.create(agent=bram, day=date(2026, 9, 1), type="accepted", calls=40, talk=9)
    rows = re.findall(r"<tr>.*?</tr>", page_of(joris, AT), re.DOTALL)
    assert [said(f"<main>{row}") for row in rows[1:]] == ["Anna 201 PJSIP/201 – Anna V. 3", "Bram 202 PJSIP/202 – – –"]
    for word, found in (("pjsip/202", "Bram"), ("bram@", "Bram"), ("201", "Anna"), ("an", "Anna")):
        page = page_of(joris, AT, q=word)
        assert ("Anna</a>" in page, "Bram</a>" in page) == (found == "Anna", found == "Bram"), word
    assert "No agent fits." in page_of(joris, AT, q="zz")


def test_the_list_takes_as_many_queries_for_many_as_for_few(joris: Browser) -> None:
    make.agent("201")
    seen("PJSIP/99", 2)
    before = queries(joris, AT)
    for number in range(12):
        agent = make.agent(f"3{number:02}")
        seen(f"PJSIP/3{number:02}", 3, 4, agent=agent)
        seen(f"PJSIP/x{number}", 3)
    assert queries(joris, AT) == before


def test_managers_read_and_change_nothing(marit: Browser) -> None:
    anna = make.agent("201")
    seen("PJSIP/44", 3)
    entry = LogEntry.objects.create(at=make.NOW, who="x", deed="agent.endpoints", about="agent:201",
                                    details={"before": [], "after": [["PJSIP/201", None, None]]})  # fmt: skip
    pages = page_of(marit, AT) + page_of(marit, f"{AT}{anna.pk}/")
    assert "An administrator can change the agents." in pages and "PJSIP/44" in pages
    assert "Give the calls" not in pages and f"{AT}new/" not in pages and '<button class="deed">Save' not in pages
    assert marit.get(f"{AT}new/").status_code == 403
    deeds = ("new/", f"{anna.pk}/change/", f"{anna.pk}/leave/", "endpoint/", f"undo/{entry.pk}/")
    for deed in deeds:
        typed = {**EVA, "last": "2026-11-22", "endpoint": "PJSIP/44", "agent": "201"}
        assert marit.post(f"{AT}{deed}", typed).status_code == 403, deed
    assert (held("201"), Agent.objects.count()) == ([("PJSIP/201", None, None)], 1)


def test_what_is_no_change_of_endpoints_is_not_taken_back(joris: Browser) -> None:
    make.agent("201")
    other = LogEntry.objects.create(at=make.NOW, who="x", deed="agent.changed", about="agent:201",
                                    details={"before": [], "after": []})  # fmt: skip
    for pk in (other.pk, 999):
        page = said(joris.post(f"{AT}undo/{pk}/", follow=True).content.decode())
        assert "There is nothing to take back." in page
    assert held("201") == [("PJSIP/201", None, None)] and User.objects.count() == 1


def test_what_was_done_in_another_tab_is_said_where_its_form_is_gone(joris: Browser) -> None:
    anna = make.agent("201", name="Anna")
    joris.post(f"{AT}{anna.pk}/leave/", {"last": "2026-11-22"})
    again = joris.post(f"{AT}{anna.pk}/leave/", {"last": "2026-11-22"})
    assert (again.status_code, "no endpoint after that day already" in again.content.decode()) == (422, True)
    taken = joris.post(f"{AT}endpoint/", {"endpoint": "PJSIP/201", "agent": "299", "from": ""})
    assert (taken.status_code, 'role="alert"' in taken.content.decode()) == (422, True)

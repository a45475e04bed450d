"""Recording in the office: the month, why somebody is marked, the year; calls without a note handed over or exempt."""

import json
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.models import Agent, Client
from balie.calls.models import Call
from balie.notes.models import ExemptCaller, Note
from balie.quality.counted import count_days
from balie.quality.handing import hand_over
from balie.quality.models import HandedCall, RecordingSettings
from balie.quality.queries import without_note
from balie.quality.window import DAY
from balie.rules.period import Period
from tests import make
from tests.web import make_desk
from tests.web.make_desk import author
from tests.web.make_portal import page_of, said
from tests.web.reading import body

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]
NOVEMBER = Period(2026, 11, "Europe/Amsterdam")


def calls(of: Client, agent: Agent, number: int, *, noted: int = 0, first: int = 5, **values: Any) -> list[Call]:
    """So many calls, the first of them with a note."""
    found = [make_desk.call(of, agent, ago=first + 3 * at, **values) for at in range(number)]
    Note.objects.bulk_create(
        Note(client=of, agent=agent, call=call, given=call.key, at=call.start, received=call.start, by=str(agent))
        for call in found[:noted]
    )
    return found


def team(bakker: Client, anna: Agent) -> Agent:
    """Anna leaves out 12 of 40, Bram none of 40."""
    bram = make.agent("202", name="Bram Vos")
    calls(bakker, anna, 40, noted=28)
    calls(bakker, bram, 40, noted=40)
    return bram


def together() -> None:
    RecordingSettings.objects.update_or_create(id=1, defaults={"aggregated": True})


def test_an_agent_is_marked_for_a_reason_that_can_be_checked(marit: Browser, bakker: Client, anna: Agent) -> None:
    team(bakker, anna)
    told = said(page_of(marit, "/quality/recording/"))
    # 12 of 80 is 15 %; chance at 40 calls: 0.15 ± 1.96 × √(0.15 × 0.85 / 40) = 3.9 % to 26.1 %.
    assert (
        "Anna de Wit leaves out more than the team. 12 of 40 calls without a note are 30.0%. Did this agent leave out"
        " as much as the team (15.0%), chance would make it 3.9% to 26.1%; it is more, on at least 30 calls." in told
    )
    assert "12 of 80 calls that need one" in told and "Bram Vos leaves" not in told
    assert "18.1% – 45.4%" in told  # Wilson's interval of 12 in 40


def test_few_calls_mark_nobody(marit: Browser, bakker: Client, anna: Agent) -> None:
    calls(bakker, make.agent("202", name="Bram Vos"), 40, noted=40)
    calls(bakker, anna, 29)
    told = said(page_of(marit, "/quality/recording/"))
    assert "leaves out more than the team" not in told and "Anna de Wit under 30 calls" in told


def test_the_month_comes_as_files(marit: Browser, bakker: Client, anna: Agent) -> None:
    team(bakker, anna)
    found = marit.get("/quality/recording.json?month=2026-11").json()
    assert found["team"] == {"calls": 80, "missing": 12, "share": 0.15}
    assert [(row["agent"], row["missing"], row["marked"]) for row in found["agents"]] == [
        ("201", 12, True), ("202", 0, False),
    ]  # fmt: skip
    assert marit.get("/quality/recording.csv").content.decode().splitlines()[1].startswith("201,40,28,12,0.3,")


def test_the_year_has_limits_by_the_number_of_calls(
    marit: Browser, bakker: Client, anna: Agent, django_assert_max_num_queries: Any
) -> None:
    calls(bakker, anna, 20, noted=20)
    calls(bakker, anna, 20, noted=10, first=31 * 1440)
    page = page_of(marit, "/quality/recording/year/")
    # All together 10 of 40; each month 0.25 ± 3 × √(0.25 × 0.75 / 20).
    told = said(page)
    assert "all months together: 25.0%" in told
    assert "October 2026 20 10 50.0% 0.0% – 54.0%" in told and "November 2026 20 – 0.0% 0.0% – 54.0%" in told
    assert "No month is above what chance explains." in told and page.count('class="interval-dot') == 6
    count_days([date(2026, 10, 1) + at * DAY for at in range(61)], now=make_desk.NOW)
    with django_assert_max_num_queries(17):  # out of what a worker kept the same
        assert said(page_of(marit, "/quality/recording/year/")) == told


def test_an_agents_year_stands_against_the_team(marit: Browser, bakker: Client, anna: Agent) -> None:
    team(bakker, anna)
    told = said(page_of(marit, "/quality/recording/agents/201/"))
    assert "team in these months: 15.0%" in told and "12 of 40 calls without a note" in told
    assert marit.get("/quality/recording/agents/299/").status_code == 404


def listed(page: str) -> list[int]:
    return sorted(int(pk) for pk in re.findall(r'name="call" value="(\d+)"', page))


def test_calls_are_found_by_what_is_asked_for(marit: Browser, bakker: Client, anna: Agent) -> None:
    kraan, bram = make.client("2002", name="Kraan"), make.agent("202", name="Bram Vos")
    first, noted = calls(bakker, anna, 2, noted=0)[0], calls(bakker, anna, 1, noted=1, first=60)[0]
    other, old = calls(kraan, bram, 1, first=2 * 1440)[0], calls(kraan, bram, 1, first=31 * 1440)[0]
    of_anna = [call.pk for call in Call.objects.filter(agent=anna).exclude(pk=noted.pk)]
    asked = {
        "": [*of_anna, other.pk],
        "agent=202": [other.pk],
        "client=1001&order=-talk": of_anna,
        "day=2026-11-21": [other.pk],
        "month=2026-10": [old.pk],
    }
    got = {query: listed(page_of(marit, f"/quality/missing/?{query}")) for query in asked}
    assert got == {query: sorted(pks) for query, pks in asked.items()}
    assert f'href="/calls/{first.pk}/"' in page_of(marit, "/quality/missing/")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_the_calendar_has_no_calls(marit: Browser, bakker: Client, anna: Agent, day: str) -> None:
    calls(bakker, anna, 1)
    assert listed(page_of(marit, f"/quality/missing/?day={day}")) == []


def test_handed_over_a_call_stands_first_at_the_desk_until_it_has_a_note(
    marit: Browser, desk: Browser, bakker: Client, anna: Agent
) -> None:
    old = make_desk.call(bakker, anna, ago=9 * 1440, caller="+31611111111")
    make_desk.call(bakker, anna, ago=8)
    assert "06 11 11 11 11" not in said("<main" + page_of(desk, "/desk/calls/"))
    answer: Any = marit.post("/quality/missing/?agent=201", {"call": [old.pk]}, follow=True)
    page = answer.content.decode()
    assert "1 call now stands first at its agent" in said(page) and "stands first at the desk" in said(page)
    told = said("<main" + page_of(desk, "/desk/calls/"))
    assert told.index("06 11 11 11 11") < told.index("06 12 34 56 78") and "asked for" in told
    again: Any = marit.post("/quality/missing/", {"call": [old.pk]}, follow=True)
    assert "were handed over before" in said(again.content.decode()) and HandedCall.objects.count() == 1
    undo = re.findall(r'action="(/quality/missing/\d+/back/[^"]*)"', page)[0]
    assert "is not handed over any more" in said(marit.post(undo, follow=True).content.decode())
    assert "06 11 11 11 11" not in said("<main" + page_of(desk, "/desk/calls/"))
    hand_over(calls=[old.pk], period=NOVEMBER, author=author("Marit"))
    make_desk.note(bakker, anna, call=old)
    assert "06 11 11 11 11" not in said("<main" + page_of(desk, "/desk/calls/"))


def test_an_exempt_caller_needs_no_note_and_it_can_be_undone(marit: Browser, bakker: Client, anna: Agent) -> None:
    alarm = make_desk.call(bakker, anna, caller="+31611111111")
    hidden = make_desk.call(bakker, anna, caller="anonymous")
    make_desk.call(bakker, anna)
    answer: Any = marit.post(f"/quality/missing/{alarm.pk}/exempt/?client=1001", follow=True)
    page = answer.content.decode()
    assert "Calls from 06 11 11 11 11 for Bakker Installaties need no note any more." in said(page)
    assert ExemptCaller.objects.get().number == "+31611111111" and alarm not in without_note(NOVEMBER)
    again: Any = marit.post(f"/quality/missing/{alarm.pk}/exempt/", follow=True)
    assert "needed no note already; nothing was changed." in said(again.content.decode())
    undo = re.findall(r'action="(/clients/1001/desk/back/\d+/)"', page)[0]
    assert marit.post(undo).status_code == 302 and alarm in without_note(NOVEMBER)
    refused: Any = marit.post(f"/quality/missing/{hidden.pk}/exempt/", follow=True)
    assert "cannot be told from others" in said(refused.content.decode()) and not ExemptCaller.objects.exists()


def test_where_agents_are_looked_at_together_pages_name_nobody(marit: Browser, bakker: Client, anna: Agent) -> None:
    team(bakker, anna)
    note = make_desk.note(bakker, anna)
    make_desk.finding(note, "other_agent", call="202", note="201")
    together()
    pages = ("recording/", "recording/year/", "missing/?agent=201&order=agent", "?state=all")
    addresses = [f"/quality/{one}" for one in pages] + ["/notes/?agent=201&order=agent", f"/notes/{note.pk}/"]
    for address in [*addresses, f"/notes/{note.pk}/correct/"]:
        page = page_of(marit, address)
        assert not re.search("Anna|Bram|>20[12]<|agent 20[12]|recording/agents", page[page.index("<main") :]), address
    assert len(listed(page_of(marit, "/quality/missing/?agent=202"))) == 12
    assert marit.get("/quality/recording/agents/201/").status_code == 400
    told = said(page_of(marit, "/quality/recording/"))
    assert "sums of fewer than 5 agents are not shown" in told and "too few agents" in told and "30.0%" not in told
    assert {row["agent"] for row in json.loads(body(marit.get("/notes.json?agent=201")))} == {""}

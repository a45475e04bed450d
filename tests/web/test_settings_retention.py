"""The page that says how long data is kept: nothing is removed for good before somebody read what."""

import re
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.models import Client, Role, User
from balie.notes.actions import Said, take_note
from balie.operator.actions import Author
from balie.operator.models import LogEntry, Operator, Removal
from balie.rules.retention import Kept
from balie.worker import retention
from tests import make
from tests.make import NOW
from tests.statements.made import STARTS, a_client, a_month, an_operator

pytestmark = pytest.mark.django_db
PAGE = "/settings/retention/"


@pytest.fixture
def boss(time_machine: Any) -> Browser:
    """An administrator's browser; November 2026, calls of October in the table."""
    time_machine.move_to(NOW, tick=False)
    an_operator()
    a_month(a_client())
    browser = Browser()
    browser.force_login(make.user("boss@example.com", role=Role.ADMINISTRATOR))
    return browser


def later(boss: Browser, time_machine: Any) -> None:
    """October's calls are old; the administrator logged in anew."""
    time_machine.move_to(datetime.fromisoformat("2027-03-10T09:00Z"), tick=False)
    boss.force_login(User.objects.get(email="boss@example.com"))


def text(answer: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def put(browser: Browser, **more: str) -> Any:
    was = unescape(re.findall(r'name="was" value="([^"]*)"', browser.get(PAGE).content.decode())[0])
    given = {f"retention.{kind}": "" for kind in Kept}
    fields = {f"retention.{name}": value for name, value in more.items() if name in list(Kept)}
    sure = {"confirmed": more["confirmed"]} if "confirmed" in more else {}
    return browser.post(f"{PAGE}set/", {**given, **fields, **sure, "was": was}, follow=True)


def test_everything_is_kept_for_good_until_somebody_says_otherwise(boss: Browser) -> None:
    page = text(boss.get(PAGE))
    assert page.count("Kept for good.") == len(Kept)
    assert "Usual are 24, at least 3." in page


def test_time_that_removes_nothing_yet_is_stored_and_can_be_taken_back(boss: Browser) -> None:
    answer = put(boss, numbers="24", statements="120")
    assert Operator.objects.get().retention == {"numbers": 24, "statements": 120}
    assert "Kept from 01 Nov 2024 on." in text(answer)
    assert "Numbers in calls: kept for good → 24 months" in text(answer)
    undo = re.findall(r'action="(/settings/retention/undo/\d+/)"', answer.content.decode())[0]
    boss.post(undo, follow=True)
    assert Operator.objects.get().retention == {}


def test_what_would_go_is_said_before_anything_is_stored(boss: Browser, time_machine: Any) -> None:
    later(boss, time_machine)
    asked = put(boss, numbers="3")
    assert Operator.objects.get().retention == {}
    assert "Numbers in calls: 11 entries from before 01 Dec 2026 are removed for good." in text(asked)
    sure = re.findall(r'name="confirmed" value="([^"]+)"', asked.content.decode())[0]
    stored = put(boss, numbers="3", confirmed=unescape(sure))
    assert Operator.objects.get().retention == {"numbers": 3}
    assert "Kept from 01 Dec 2026 on." in text(stored)
    assert not Removal.objects.exists()  # not before the night
    retention.remove_at_once(now=datetime.fromisoformat("2027-03-11T02:00Z"))
    assert "11 entries were removed on" in text(boss.get(PAGE))


def test_longer_time_asks_nothing_and_a_yes_to_another_time_is_no_yes(boss: Browser, time_machine: Any) -> None:
    later(boss, time_machine)
    put(boss, numbers="3", confirmed="numbers=4")
    assert Operator.objects.get().retention == {}
    Operator.objects.update(retention={"numbers": 3})
    stored = put(boss, numbers="6")
    assert Operator.objects.get().retention == {"numbers": 6}
    assert "Saved." in text(stored)
    assert "/undo/" not in stored.content.decode()  # the way back removes something: it asks first


@pytest.mark.parametrize(("given", "said"), [("2", "from 3 to 600"), ("abc", "whole number"), ("0", "from 3 to 600"),
                                             ("999", "from 3 to 600"), ("-3", "whole number")])  # fmt: skip
def test_what_cannot_be_is_said_beside_its_field(boss: Browser, given: str, said: str) -> None:
    answer = put(boss, numbers=given)
    assert answer.status_code == 422
    problem = re.findall(r'id="retention-numbers-problem" role="alert">([^<]+)<', answer.content.decode())
    assert said in problem[0]
    assert Operator.objects.get().retention == {}


def test_manager_reads_and_cannot_change(boss: Browser) -> None:
    manager = Browser()
    manager.force_login(make.user())
    assert "An administrator can change these settings." in text(manager.get(PAGE))
    assert manager.post(f"{PAGE}set/", {"retention.numbers": "3"}).status_code == 403
    assert Operator.objects.get().retention == {}


def test_change_is_logged(boss: Browser) -> None:
    put(boss, notes="36")
    entry = LogEntry.objects.get(deed="operator.changed")
    assert (entry.details["before"], entry.details["after"]) == ({"retention": {}}, {"retention": {"notes": 36}})


def test_somebody_elses_change_of_the_same_time_is_said(boss: Browser) -> None:
    was = unescape(re.findall(r'name="was" value="([^"]*)"', boss.get(PAGE).content.decode())[0])
    Operator.objects.update(retention={"numbers": 36})
    answer = boss.post(f"{PAGE}set/", {"retention.numbers": "24", "was": was})
    assert answer.status_code == 409
    assert Operator.objects.get().retention == {"numbers": 36}


def test_pages_say_that_something_was_removed(boss: Browser, time_machine: Any) -> None:
    client = Client.objects.get()
    agent = make.agent("202")
    said = Said(text="Vraagt om een offerte", caller="+31687654321")
    note = take_note(client=client, agent=agent, said=said, at=STARTS, author=Author("Anna", STARTS))
    empty = take_note(client=client, agent=agent, said=Said(text="", caller="0612"), at=NOW, author=Author("Anna", NOW))
    mail = make.mail(now=STARTS, sent=STARTS)
    put(boss, numbers="3", notes="3", mails="3")
    later(boss, time_machine)
    retention.remove_at_once(now=datetime.fromisoformat("2027-03-11T02:00Z"))
    assert "The text was removed after its time." in text(boss.get(f"/notes/{note.pk}/"))
    assert "removed after its time" in text(boss.get("/notes/?month=2026-10"))
    assert "The text was removed after its time." in text(boss.get(f"/mails/{mail.pk}/"))
    assert "removed after its time" in text(boss.get("/mails/"))
    hint = "Numbers from before 01 Dec 2026 were removed after their time"
    for address in ("/clients/1001/calls/", "/calls/all/"):
        assert hint in text(boss.get(f"{address}?month=2026-10"))
        assert hint not in text(boss.get(f"{address}?month=2026-12"))
    user = make.user("kees@x.example", role="", client=client)
    boss.force_login(user)
    assert "The text was removed after its time." in text(boss.get(f"/portal/notes/{note.pk}/"))
    assert hint in text(boss.get("/portal/calls/?month=2026-10"))
    assert empty.pk != note.pk

"""Mails about tasks: one for each new task to the operator's address, and each manager's digest."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from balie.accounts.models import Client, Role, User
from balie.controlling.actions import watch
from balie.controlling.news import send_digests, tell_opened
from balie.notifications.models import Mail
from balie.operator.actions import Author
from balie.tasks.actions import close_task
from balie.tasks.models import Task
from tests import make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)  # a Monday
LIMIT = {"month": "2026-11", "limit": "250.00", "sum": "672.77", "expected": "900.10", "reached": True}
PROFIT = {"margin": "-108.36", "margin_percent": "-26.80", "target_percent": "22"}


@pytest.fixture(autouse=True)
def operator() -> None:
    make.operator(
        timezone="Europe/Amsterdam",
        language="nl",
        base_url="https://linde.example.nl/",
        costs={"agent_per_hour": "30.00"},
        mailboxes={"tasks": "taken@linde.example.nl"},
    )


def task(number: str = "1016", *, kind: str = "cost_limit", opened: datetime = NOW, **values: Any) -> Task:
    client = make.client(number, name=f"Praktijk {number}")
    wanted = {"figures": PROFIT if kind == "uneconomical" else LIMIT, "month": 202611, "seen": opened, **values}
    return Task.objects.create(client=client, service="telephone", kind=kind, opened=opened, **wanted)


def mails(kind: str) -> list[Mail]:
    return list(Mail.objects.filter(kind=kind).order_by("pk"))


def lines(mail: Mail) -> list[str]:
    """The lines of a digest that are about a task."""
    return [line.strip() for line in mail.text.splitlines() if line.strip().startswith("- ")]


def test_new_task_is_mailed_to_the_address_for_tasks_once() -> None:
    make.contract(
        make.client("1001", name="Bakker"),
        tariff=make.tariff("FLAT", items=({"meter": "basic_fee", "price": "10.00"},)),
    )
    for month in (8, 9, 10):
        make.call(Client.objects.get(), start=NOW.replace(month=month), talk=7200)
    for _ in range(2):
        watch(author=Author("test", NOW))
    [mail] = mails("task_opened")
    assert (mail.recipient, mail.language, mail.about) == ("taken@linde.example.nl", "nl", "client:1001")
    assert mail.subject == "Taak: 1001 Bakker, het contract is niet rendabel"
    assert f"https://linde.example.nl/tasks/#task-{Task.objects.get().pk}" in mail.text


@pytest.mark.parametrize(
    ("kind", "figures"),
    [
        ("cost_limit", "€ 672,77 tot nu toe, bij een grens van € 250,00."),
        ("cost_limit_expected", "€ 900,10 verwacht aan het einde van de maand, bij een grens van € 250,00."),
        ("uneconomical", "Marge € -108,36 per maand, -26,8 %; het doel is 22 %."),
    ],
)
def test_mail_about_a_task_says_its_figures(kind: str, figures: str) -> None:
    tell_opened(task(kind=kind), now=NOW)
    text = " ".join(mails("task_opened")[0].text.replace("\xa0", " ").split())
    assert figures in text


def test_task_without_an_address_for_tasks_is_not_mailed() -> None:
    make.operator(mailboxes={"tasks": None})
    tell_opened(task(), now=NOW)
    assert mails("task_opened") == []


def test_digest_tells_what_came_and_what_is_solved() -> None:
    make.user("marit@example.com", language="en")
    task("1001", opened=NOW - timedelta(hours=3))
    task("1002", opened=NOW - timedelta(days=9))
    close_task(task=task("1003", opened=NOW - timedelta(days=9)), outcome="gone", now=NOW - timedelta(hours=4))
    assert send_digests(now=NOW) == 1
    [mail] = mails("digest")
    assert (mail.recipient, mail.subject) == ("marit@example.com", "What waits for you on 16 November 2026: 2")
    assert [line.partition(".")[0] for line in lines(mail)] == [
        "- 1001 Praktijk 1001: cost limit passed",
        "- 1002 Praktijk 1002: cost limit passed",
        "- solved: 1003 Praktijk 1003, cost limit passed",
    ]


def test_digest_is_queued_once_a_day_and_not_before_seven() -> None:
    make.user("marit@example.com")
    task(opened=NOW - timedelta(days=1))
    assert send_digests(now=NOW.replace(hour=5, minute=59)) == 0
    assert [send_digests(now=NOW.replace(hour=hour)) for hour in (6, 7, 20)] == [1, 0, 0]
    task("1017", opened=NOW)
    assert send_digests(now=NOW + timedelta(days=1)) == 1
    assert len(mails("digest")) == 2


def test_digest_of_a_quiet_day_is_not_sent_and_not_made_up_for_at_noon() -> None:
    make.user("marit@example.com")
    assert send_digests(now=NOW) == 0
    task(opened=NOW + timedelta(hours=1))
    assert send_digests(now=NOW + timedelta(hours=2)) == 0
    assert send_digests(now=NOW + timedelta(days=1)) == 1


@pytest.mark.parametrize(("how_often", "monday", "tuesday"), [("daily", 0, 1), ("weekly", 1, 0), ("never", 0, 0)])
def test_digest_comes_as_often_as_its_reader_wants(how_often: str, monday: int, tuesday: int) -> None:
    """What waits for longer is told once a week; what is new also every day."""
    make.user("marit@example.com", digest=how_often)
    make.user("anna@example.com", role=Role.AGENT)
    make.user("gone@example.com", is_active=False)
    task(opened=NOW - timedelta(days=30))
    assert send_digests(now=NOW) == monday
    task("1017", opened=NOW + timedelta(hours=1))
    assert send_digests(now=NOW + timedelta(days=1)) == tuesday


def test_digests_at_once_queue_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one read the same readers before the first had done them."""
    user = make.user("marit@example.com")
    task(opened=NOW - timedelta(hours=3))
    readers = list(User.objects.all())
    monkeypatch.setattr("balie.controlling.news.readers_of_digest", lambda day: readers)
    assert [send_digests(now=NOW), send_digests(now=NOW)] == [1, 0]
    assert (len(mails("digest")), readers[0].pk) == (1, user.pk)

"""The tasks of the watch: their figures, filters and order; dismissing and taking it back; looking again."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client as Browser

from balie.accounts.models import Client
from balie.contracts.models import Contract
from balie.controlling.models import WatchDay
from balie.operator.models import LogEntry
from balie.tariffs.models import Tariff
from balie.tasks.actions import close_task
from balie.tasks.models import Task
from tests.web.make_office import NOW
from tests.web.make_tariffs import priced
from tests.web.make_tasks import beyond, expected, offered, unprofitable
from tests.web.reading import queries, text

Html = Callable[..., str]


def client(number: str = "1001") -> Client:
    return Client.objects.get(number=number)


def shown(page: str) -> list[str]:
    """Client numbers of the tasks in the order of the page."""
    heads = re.findall(r'<h3 id="about-\d+">.*?<span class="number">(\d+)</span>', page)
    return [str(number) for number in heads]


def test_task_shows_the_figures_it_was_made_of(html: Html) -> None:
    unprofitable(client())
    page = text(html("/tasks/"))
    for said in (
        "Bakker Installaties 1001",
        "An average month, of 3 from August 2026 to October 2026",
        "Revenue €100.00 Cost €250.00 Margin −€150.00 Margin, target 20% −150% Revenue that reaches it €312.50",
        "€212.50 a month short",
        "open since 23 Nov 2026",
    ):
        assert said in page


def test_limit_shows_sum_line_and_what_is_over(html: Html) -> None:
    beyond(client())
    page = text(html("/tasks/"))
    assert "Sum €126.00 Limit €100.00 With the tolerance €120.00 20%" in page
    assert "€26.00 over the limit" in page


def test_expected_limit_shows_the_forecast_with_its_band(html: Html) -> None:
    expected(client())
    page = html("/tasks/")
    assert "Sum so far €63.00 Expected at the end of the month €131.00 €118.00 to €144.00 Limit €100.00" in text(page)
    assert "€31.00 over the limit, expected" in text(page)
    assert '<rect class="band" x="77.3" y="2" width="17.0" height="12"/>' in page


def test_offer_shows_its_code_and_each_figure_before_and_after(html: Html) -> None:
    priced(Tariff.objects.get(code="BASIS"), items=({"meter": "basic_fee", "price": "100.00"},))
    tariff = offered(unprofitable(client()))
    page = html("/tasks/")
    assert "Offer that reaches the target, from 01 Dec 2026" in text(page)
    assert "Basic fee €100.00 a month → €315.00 a month Code to dictate K7RA-2MXE-94UW" in text(page)
    contract = Contract.objects.get(client=client())
    assert f'href="/contracts/{contract.pk}/tariff/?code=K7RA-2MXE-94UW"' in page
    assert f'href="/tariffs/{tariff.pk}/"' in page


def test_task_leads_to_client_bill_contract_and_tariff(html: Html) -> None:
    unprofitable(client())
    page = html("/tasks/")
    basis = Tariff.objects.get(code="BASIS").pk
    for link in (
        "/clients/1001/",
        "/clients/1001/bill/?month=2026-10",
        "/clients/1001/contracts/",
        f"/tariffs/{basis}/",
    ):
        assert f'href="{link}"' in page


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", ["1003", "1001", "1002", "1003"]),
        ("?order=client", ["1001", "1003", "1002", "1003"]),
        ("?order=since", ["1001", "1003", "1003", "1002"]),
        ("?kind=uneconomical", ["1003", "1001"]),
        ("?q=studio", ["1003", "1003"]),
        ("?q=1002", ["1002"]),
        ("?kind=cost_limit&q=1002", ["1002"]),
        ("?kind=nonsense&order=nonsense&page=99", ["1003", "1001", "1002", "1003"]),
    ],
)
def test_tasks_are_filtered_and_what_matters_most_comes_first(html: Html, query: str, numbers: list[str]) -> None:
    unprofitable(client("1001"), now=NOW - timedelta(days=9))
    unprofitable(client("1003"), wanted_revenue="400.00")
    beyond(client("1002"))
    beyond(client("1003"), sum="121.00", now=NOW - timedelta(days=2))
    assert shown(html(f"/tasks/{query}")) == numbers


def test_filters_answer_with_the_rows_alone(html: Html) -> None:
    unprofitable(client())
    part = html("/tasks/?q=bakker", **{"HX-Request": "true"})
    assert "<main" not in part and shown(part) == ["1001"]
    assert "No open task fits these filters." in html("/tasks/?q=nobody", **{"HX-Request": "true"})


def test_menu_start_page_and_client_tell_of_open_tasks(html: Html) -> None:
    unprofitable(client())
    page = html("/")
    assert '<span class="visually-hidden">open: </span>1</b>' in page
    assert "1 task waits for a decision." in text(page)
    assert "The contract does not pay open since 23 Nov 2026" in text(html("/clients/1001/"))
    assert "does not pay" not in html("/clients/1002/")


def test_dismissed_task_says_who_and_why_and_opens_again(browser: Browser, html: Html) -> None:
    task = unprofitable(client())
    answer = browser.post(f"/tasks/{task.pk}/dismiss/?kind=uneconomical", {"reason": " A good  customer "})
    assert (answer.status_code, answer["Location"]) == (302, "/tasks/?kind=uneconomical")
    task.refresh_from_db()
    assert (task.outcome, task.closed, task.reason) == ("dismissed", NOW, "A good customer")
    entry = LogEntry.objects.get(deed="task.dismissed")
    assert (entry.who, entry.about, entry.details["reason"]) == (task.closed_by, "client:1001", "A good customer")
    page = html("/tasks/")
    assert f'action="/tasks/{task.pk}/reopen/"' in page and shown(page) == []
    assert f"dismissed by {task.closed_by}: A good customer" in text(page)
    browser.post(f"/tasks/{task.pk}/reopen/")
    assert shown(html("/tasks/")) == ["1001"]
    assert LogEntry.objects.get(deed="task.reopened").details["reason"] == "A good customer"


def test_dismissing_without_a_reason_says_so_beside_the_field(browser: Browser) -> None:
    task = unprofitable(client())
    unprofitable(client("1002"))
    answer = browser.post(f"/tasks/{task.pk}/dismiss/", {"reason": " "})
    page = answer.content.decode()
    assert (answer.status_code, shown(page)) == (422, ["1001"])
    assert f'<p class="problem" id="problem-{task.pk}">Say in a few words why nothing is to be done.</p>' in page
    assert not Task.objects.exclude(closed=None).exists()


def test_long_reason_is_refused_and_kept_in_the_field(browser: Browser) -> None:
    task = unprofitable(client())
    answer = browser.post(f"/tasks/{task.pk}/dismiss/", {"reason": "x" * 201})
    assert answer.status_code == 422 and f'value="{"x" * 201}"' in answer.content.decode()


def test_task_closed_meanwhile_is_told(browser: Browser, html: Html) -> None:
    task = unprofitable(client())
    close_task(task=task, outcome="gone", now=NOW)
    for deed in ("dismiss", "reopen"):
        assert browser.post(f"/tasks/{task.pk}/{deed}/", {"reason": "late"}).status_code == 302
    page = text(html("/tasks/"))
    assert "This task is closed already." in page
    assert "Only a task that was dismissed can be opened again." in page


def test_closed_tasks_of_ninety_days_stand_under_a_fold(html: Html) -> None:
    for number, days in (("1001", 89), ("1002", 91)):
        close_task(task=unprofitable(client(number)), outcome="changed", now=NOW - timedelta(days=days))
    page = text(html("/tasks/"))
    assert "1 task closed in the last 90 days" in page
    assert "Bakker Installaties 1001 The contract does not pay October 2026" in page and "the contract changed" in page
    assert "1 task closed" not in text(html("/tasks/?q=1002"))


def test_look_again_is_asked_for_and_told_until_it_is_done(browser: Browser, html: Html) -> None:
    yesterday = NOW - timedelta(days=1)
    WatchDay.objects.create(day="2026-11-22", asked=yesterday, done=yesterday, checked=7)
    assert "Looked last 22 Nov 11:42, at 7 contracts" in text(html("/tasks/"))
    assert browser.post("/tasks/look/?q=x")["Location"] == "/tasks/?q=x"
    page = html("/tasks/")
    assert 'hx-get="/tasks/progress/"' in page and "Nothing runs in the background, so nobody looks." in page
    assert "HX-Refresh" not in browser.get("/tasks/progress/")
    WatchDay.objects.filter(day="2026-11-23").update(done=NOW, checked=12, new_tasks=2)
    assert browser.get("/tasks/progress/")["HX-Refresh"] == "true"
    assert "Looked last 11:42, at 12 contracts: 2 new tasks" in text(html("/tasks/"))


def test_empty_page_says_when_the_watch_looked(html: Html) -> None:
    assert "Let the watch look now, or wait for tomorrow morning." in text(html("/tasks/"))
    WatchDay.objects.create(day="2026-11-23", asked=NOW, done=NOW, checked=12)
    assert "The watch looked last 11:42: all contracts pay, and no cost limit is passed" in text(html("/tasks/"))


def test_missing_price_is_told_once_with_its_tariff(html: Html) -> None:
    missing = {"tariff": "BASIS", "code": "no_version", "where": "tariff BASIS", "message": "none"}
    problems = [
        {**missing, "client": number, "month": month} for number in ("1001", "1002") for month in ("2026-10", "2026-11")
    ]
    WatchDay.objects.create(day="2026-11-23", asked=NOW, done=NOW, problems=problems)
    page = html("/tasks/")
    assert "1 missing price keeps contracts from being looked at" in text(page)
    assert "The tariff BASIS has no prices in November 2026." in text(page)
    assert "Clients 1001 , 1002 To the tariff" in text(page)
    assert "all contracts pay" not in page


def test_more_tasks_take_no_more_queries(browser: Browser) -> None:
    offered(unprofitable(client()))
    beyond(client("1001"))
    close_task(task=unprofitable(client("1002")), outcome="gone", now=NOW)
    first = queries(browser, "/tasks/")
    for number in range(1003, 1013):
        unprofitable(client(str(number)))
        beyond(client(str(number)), now=datetime(2026, 11, 20, tzinfo=UTC))
        close_task(task=expected(client(str(number))), outcome="gone", now=NOW)
    assert queries(browser, "/tasks/") == first

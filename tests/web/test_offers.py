"""Sending an offer from a task, being reminded of it, and the list of what became of offers."""

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from balie.contracts.models import Contract
from balie.controlling.models import Economics, Offer, Sending
from balie.controlling.offers import accept_offer, decline_offer, open_follow_ups
from balie.notifications.models import Mail
from balie.operator.actions import Author
from balie.operator.models import Operator
from balie.tasks.actions import dismiss_task
from balie.tasks.models import Task
from tests import make
from tests.web import make_offers
from tests.web.make_offers import CODE, client, offer, send
from tests.web.make_office import NOW
from tests.web.make_tasks import offered, unprofitable
from tests.web.reading import text

Html = Callable[..., str]
DAY = timedelta(days=1)


@pytest.fixture
def browser(db: None, monday: None) -> Browser:
    return make_offers.office()


@pytest.fixture
def task(browser: Browser) -> Task:
    return make_offers.bakkers_task()


def test_mail_is_shown_filled_in_with_prices_before_it_is_sent(browser: Browser, task: Task, html: Html) -> None:
    page = html(f"/tasks/{task.pk}/offer/")
    assert 'value="info@1001.example.com"' in page and "{link}" in page
    said = text(page)
    assert "Offer to Bakker Installaties From 01 Dec 2026, if the client accepts it this month" in said
    assert "Subject Our offer from 1 December 2026" in said
    assert f"Tariff: Basic Plus Price: €89.00 a month From: 1 December 2026 Your code: {CODE}" in said
    assert "€39.00 a month → €89.00 a month" in said
    assert not Mail.objects.exists()


def test_preview_follows_what_is_typed_and_says_what_is_wrong(browser: Browser, task: Task) -> None:
    def preview(**typed: str) -> str:
        asked = {"to": "", "subject": "Hello", "button": "Look", "do": "", **typed}
        answer = browser.post(f"/tasks/{task.pk}/offer/", asked, headers={"HX-Request": "true"})
        return text("<main>" + answer.content.decode())

    right = preview(body="Dear {client},\n\n{link}\n\n- {fee}\n- {code}")
    assert right == f"Subject Hello Dear Bakker Installaties, Look €89.00 a month {CODE}"
    assert "There is no variable {who} here" in preview(body="Dear {who},\n\n{link}\n\n{code}")
    assert "{link} is missing" in preview(body=f"Your code is {CODE}")
    assert not Mail.objects.exists()


def test_sent_offer_is_a_mail_and_the_task_says_so(browser: Browser, task: Task, html: Html) -> None:
    answer = send(browser, task, to="kees@bakker.example; eva@bakker.example", subject="A price that fits")
    assert answer["Location"] == "/tasks/"
    assert sorted(Mail.objects.values_list("recipient", "subject")) == [
        ("eva@bakker.example", "A price that fits"),
        ("kees@bakker.example", "A price that fits"),
    ]
    said = text(html("/tasks/"))
    assert "on its way. Without an answer a task reminds you on 30 Nov 2026." in said
    assert "Sent 11:42: kees@bakker.example , eva@bakker.example" in said
    assert "Without an answer a task reminds you on 30 Nov 2026." in said
    assert "Send again…" in said


def test_pressed_twice_it_is_sent_once(browser: Browser, task: Task) -> None:
    send(browser, task)
    first = Sending.objects.get()
    typed = {"to": "x@bakker.example", "time": 1, "do": "send", "subject": "x", "body": "x", "button": "x"}
    assert browser.post(f"/tasks/{task.pk}/offer/", typed).status_code == 302
    assert Sending.objects.get() == first


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("to", "", "Type the address the offer goes to."),
        ("to", "kees(at)bakker", "cannot be an address of a mailbox."),
        ("subject", "", "This is empty."),
        ("body", "{link}", f"The code {CODE} must stand in the text"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    browser: Browser, task: Task, field: str, typed: str, said: str
) -> None:
    answer = send(browser, task, **{field: typed})
    page = answer.content.decode()
    assert answer.status_code == 422 and f'id="{field}-problem" role="alert"' in page
    assert said in page.replace("&quot;", '"') and not Mail.objects.exists()


def test_without_a_mail_server_it_says_that_mails_wait(task: Task, html: Html) -> None:
    assert "the mail waits in the outbox" in html(f"/tasks/{task.pk}/offer/")
    Operator.objects.update(mail={"url": "smtp://localhost"})
    assert "the mail waits in the outbox" not in html(f"/tasks/{task.pk}/offer/")


def test_offer_that_is_accepted_is_not_sent(browser: Browser, task: Task) -> None:
    accept_offer(offer=offer(), how="staff", author=Author("x", NOW))
    answer = browser.get(f"/tasks/{task.pk}/offer/", follow=True)
    assert answer.redirect_chain == [("/tasks/", 302)] and "This offer is accepted already." in answer.content.decode()


def test_task_without_an_offer_has_no_such_page(browser: Browser) -> None:
    assert browser.get(f"/tasks/{unprofitable(client('1002')).pk}/offer/").status_code == 404


def test_task_given_by_staff_is_accepted_by_staff_and_opens_again_when_taken_back(browser: Browser, task: Task) -> None:
    contract = Contract.objects.get(client=client())
    browser.post(f"/contracts/{contract.pk}/tariff/change/", {"tariff": offer().tariff_id, "code": CODE})
    assert (offer().accepted_how, offer().accepted_by, offer().task.outcome) == ("staff", "Marit de Boer", "accepted")
    coming = Contract.objects.get(tariff=offer().tariff)
    browser.post(f"/contracts/{coming.pk}/tariff/undo/")
    assert (offer().accepted, offer().task.closed) == (None, None)


def test_history_of_the_client_tells_who_sent_it_and_what_was_said(browser: Browser, task: Task, html: Html) -> None:
    send(browser, task)
    decline_offer(offer=offer(), reason="Too dear", author=Author("Bakker", NOW))
    accept_offer(offer=offer(), how="link", author=Author("Bakker", NOW))
    other = unprofitable(client("1002"))
    dismiss_task(task=other, reason="It leaves", author=Author("Marit", NOW))
    said = text(html("/clients/1001/contracts/"))
    assert f"Offer sent: {CODE}, info@1001.example.com" in said
    assert f"Offer declined: {CODE}, “Too dear”" in said
    assert f"Offer accepted: {CODE}, by the link" in said
    assert "Task dismissed: The contract does not pay, “It leaves”" in text(html("/clients/1002/contracts/"))


def test_reminder_shows_how_to_reach_the_client_and_closes_by_a_no(browser: Browser, task: Task, html: Html) -> None:
    make.user("kees@bakker.example", role="", client=client())
    send(browser, task)
    Sending.objects.update(at=NOW - 7 * DAY)
    Offer.objects.update(sent=NOW - 7 * DAY)
    assert open_follow_ups(now=NOW) == 1
    page = html("/tasks/?kind=offer_follow_up")
    said = text(page)
    assert "Offers without an answer 1" in said and "No answer yet. The client can accept until 15 Jan 2027." in said
    assert 'href="mailto:info@1001.example.com"' in page and 'href="mailto:kees@bakker.example"' in page
    follow_up = offer().follow_up
    assert follow_up and f'href="/tasks/{follow_up.pk}/offer/"' in page
    answer = browser.post(f"/tasks/{follow_up.pk}/decline/", {"reason": "Too dear"}, follow=True)
    after = text(answer.content.decode())
    assert "Declined 11:42 by Marit de Boer: Too dear" in after and "offer declined" in after
    assert (offer().declined_by, offer().decline_reason) == ("Marit de Boer", "Too dear")
    assert [one.outcome for one in Task.objects.order_by("pk")] == ["", "declined"]


# The list.


@pytest.fixture
def three(browser: Browser, task: Task) -> None:
    """Bakker accepted and stayed for two months; Van Dam said no; Kraan has no answer yet."""
    send(browser, task)
    accept_offer(offer=offer(), how="link", author=Author("Bakker", NOW))
    bakker = offer()
    Offer.objects.filter(pk=bakker.pk).update(made=NOW - 91 * DAY, accepted=NOW - 90 * DAY)
    Task.objects.filter(pk=task.pk).update(figures={**task.figures, "margin": "-11.00"})
    for month, revenue in ((202609, "89.00"), (202610, "92.50")):
        Economics.objects.create(
            client=client(), month=month, service="telephone", tariff=bakker.tariff, whole=True,
            revenue=Decimal(revenue), cost=Decimal("60.00"),
        )  # fmt: skip
    for number, days in (("1002", 2), ("1003", 1)):
        other = unprofitable(client(number), margin="-40.00")
        offered(other, "120.00", code=f"CODE-{number}")
        Offer.objects.filter(task=other).update(made=NOW - days * DAY, sent=NOW - days * DAY, times_sent=1)
    declined = Offer.objects.get(task__client__number="1002")
    decline_offer(offer=declined, reason="- no", author=Author("x", NOW))


def listed(page: str) -> list[str]:
    return [row.split("</span>")[0] for row in page.split('<span class="quiet num">')[1:]]


def test_list_shows_outcome_and_margin_gained(three: None, html: Html) -> None:
    said = text(html("/controlling/offers/"))
    assert "Sent 3 1 still open Accepted 1 33% of those sent" in said
    # 29.00 and 32.50 against -11.00 a month.
    assert "Margin gained +€83.50 by 1 offer, in whole months so far" in said
    assert "accepted by the link, 25 Aug 2026 −11.00 30.75 2 months +83.50" in said
    assert "Basic fee €120.00 CODE-1002" in said and "declined" in said


def test_margin_gained_is_drawn_month_by_month_with_its_figures_under_a_fold(three: None, html: Html) -> None:
    Economics.objects.filter(month=202610).update(revenue=Decimal("40.00"))
    page = html("/controlling/offers/")
    assert "Margin gained per month" in text(page) and 'class="chart-wide"' in page and "bar-bad" in page
    # 29.00 and -20.00 against -11.00 a month.
    assert "Figures Month Margin gained, EUR September 2026 40 October 2026 −9" in text(page)
    assert "Margin gained +€31.00 by 1 offer" in text(page)
    assert 'class="chart-wide"' not in html("/controlling/offers/?state=declined")


def test_months_without_a_figure_stand_between_those_with_one(three: None, html: Html) -> None:
    Economics.objects.filter(month=202609).update(month=202608)
    assert "August 2026 40 September 2026 – October 2026 44" in text(html("/controlling/offers/"))


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", ["1003", "1002", "1001"]),
        ("?order=made", ["1001", "1002", "1003"]),
        ("?order=-gained", ["1001", "1003", "1002"]),
        ("?order=before", ["1003", "1002", "1001"]),
        ("?order=name", ["1001", "1002", "1003"]),
        ("?state=declined", ["1002"]),
        ("?state=sent&order=nonsense", ["1003"]),
        ("?state=nonsense&page=99", ["1003", "1002", "1001"]),
        ("?q=kraan", ["1003"]),
        ("?q=code-1002", ["1002"]),
        ("?q=info%401001", ["1001"]),
    ],
)
def test_list_is_filtered_searched_and_sorted(three: None, html: Html, query: str, numbers: list[str]) -> None:
    assert listed(html(f"/controlling/offers/{query}")) == numbers


def test_files_hold_the_rows_of_the_page(three: None, browser: Browser) -> None:
    told = json.loads(browser.get("/controlling/offers.json?order=name").content)
    assert [(one["client"], one["state"], one["margin_before"], one["gained"]) for one in told] == [
        ("1001", "accepted", "-11.00", "83.50"),
        ("1002", "declined", None, None),
        ("1003", "sent", None, None),
    ]
    lines = browser.get("/controlling/offers.csv?state=declined").content.decode().splitlines()
    assert len(lines) == 2 and ",declined," in lines[1] and ",'- no," in lines[1]
    assert browser.get("/controlling/offers.xlsx").content.startswith(b"PK")
    assert browser.get("/controlling/offers.pdf").status_code == 400


def test_list_asks_the_same_few_questions_however_many_offers(three: None, browser: Browser) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            browser.get("/controlling/offers/")
        return len(queries)

    asked()
    few = asked()
    for number in ("1004", "1005", "1006"):
        other = unprofitable(client(number))
        offered(other, code=f"CODE-{number}")
        Offer.objects.filter(task=other).update(sent=NOW, times_sent=1, accepted=NOW)
    assert asked() == few <= 14


def test_empty_list_says_where_offers_come_from(html: Html) -> None:
    assert "There are no offers yet." in html("/controlling/offers/")

"""The page behind an order's mails, and its twin in the portal: progress first, then the number to divert to."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from balie.accounts.models import Client
from balie.contracts import links
from balie.contracts.actions import cancel_service, withdraw_order
from balie.contracts.models import Order
from balie.notifications.models import Mail
from balie.numbers.models import Assignment, Number
from balie.operator.actions import Author
from balie.rules.activation import Status
from tests import make
from tests.web import make_orders, make_portal
from tests.web.make_portal import page_of, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture
def sanne(db: None) -> Client:
    return make_orders.house()


@pytest.fixture
def order(sanne: Client) -> Order:
    return make_orders.place(sanne)


def link(order: Order) -> str:
    return f"/order/{links.token(links.ORDER, order.pk)}/"


def steps(page: str) -> list[tuple[str, str]]:
    """State and words of each step."""
    found = re.findall(r'<li class="(done|now|next)".*?step-title">([^<]+)', page)
    return [(state, title) for state, title in found]


def test_link_of_the_mail_is_the_page(order: Order) -> None:
    sent = Mail.objects.get(kind="order_claimed", recipient="info@dewit.example").text
    address = re.search(r"http://\S+", sent)
    assert address and address[0].endswith(link(order))


def test_progress_shows_steps_with_times_and_what_comes_next(order: Order) -> None:
    page = page_of(Browser(), link(order))
    assert steps(page) == [
        ("done", "Ordered"),
        ("done", "A number is reserved"),
        ("now", "The number is set up"),
        ("next", "Tested: it works"),
        ("next", "The first call has come"),
    ]
    assert "11:42:00" in page and "We are setting your number up" in page
    assert 'hx-trigger="every 2s"' in page and "020 123 9001" in said(page).replace("020 1239001", "020 123 9001")
    assert "tel:" not in page  # nothing to divert to yet


def test_progress_is_asked_for_in_part_and_the_page_anew_once_it_is_ready(order: Order) -> None:
    asked = {"HX-Request": "true"}
    part = Browser().get(link(order), headers=asked)
    assert ("<html" in part.content.decode(), "HX-Refresh" in part) == (False, False)
    make_orders.ready(order)
    part = Browser().get(link(order), headers=asked)
    assert part["HX-Refresh"] == "true" and "hx-get" not in part.content.decode()


def test_order_without_a_number_says_so_in_the_clients_words(sanne: Client) -> None:
    Number.objects.update(kept_back="for later")
    page = said(page_of(Browser(), link(make_orders.place(sanne))))
    assert "Your order waits for a number All our numbers are given out just now" in page
    assert "Add numbers to the pool" not in page


def test_what_staff_are_told_of_a_problem_is_not_shown(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(status=Status.WAITING, problem="AMI at 10.0.0.7 refused")
    page = said(page_of(Browser(), link(order)))
    assert "One moment, it takes a little longer" in page and "10.0.0.7" not in page
    Order.objects.filter(pk=order.pk).update(parked="AMI at 10.0.0.7 refused")
    assert "Our colleagues are looking after it." in said(page_of(Browser(), link(order)))


def test_ready_page_has_number_codes_links_and_picture(order: Order) -> None:
    make_orders.ready(order)
    page = page_of(Browser(), link(order))
    assert re.findall(r'href="(tel:[^"]+)"', page) == [
        "tel:+31201239001",
        "tel:**21*0201239001%23",
        "tel:**21*0201239001%23",
        "tel:%23%2321%23",
        "tel:**61*0201239001%23",
        "tel:%23%2361%23",
        "tel:**67*0201239001%23",
        "tel:%23%2367%23",
    ]
    for code in ("**21*0201239001#", "*21*0201239001#", "**67*0201239001#", "**61*0201239001#", "##21#"):
        assert f'<code class="dial-code take">{code}</code>' in page
    assert (
        'src="data:image/svg+xml;charset=utf-8,%3Csvg' in page
        and "style" not in re.findall(r'src="(data:[^"]+)"', page)[0]
    )
    assert "hx-get" not in page


def test_picture_says_what_its_button_dials(order: Order) -> None:
    from balie.web.divert import picture_of

    make_orders.ready(order)
    page = page_of(Browser(), link(order))
    assert picture_of("tel:**21*0201239001%23") in page.replace("&#x27;", "'")


def test_first_call_is_told(order: Order) -> None:
    page = page_of(Browser(), link(make_orders.called(make_orders.ready(order))))
    assert ("done", "The first call has come") in steps(page) and "Your number is in use" in page


def test_withdrawn_order_says_that_nothing_is_billed(order: Order) -> None:
    withdraw_order(order=order, author=Author("Sanne", timezone.now()))
    page = page_of(Browser(), link(order))
    assert "This order was taken back Nothing is billed." in said(page) and "tel:" not in page


def test_number_that_is_somebody_elses_by_now_is_not_shown(order: Order) -> None:
    make_orders.ready(order)
    Assignment.objects.filter(client=order.client).update(last_day=timezone.now().date() - timedelta(days=1))
    page = page_of(Browser(), link(order))
    assert "This number is not yours any more." in page
    assert "0201239001" not in page and "123 9001" not in page


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_it_changes_nothing(order: Order, method: str) -> None:
    for address in (link(order), f"/cancellation/{links.token(links.CANCELLATION, 1)}/"):
        with CaptureQueriesContext(connection) as asked:
            getattr(Browser(), method)(address)
        assert [one["sql"] for one in asked if one["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")] == []


def test_page_is_kept_nowhere_and_takes_nothing_posted(order: Order) -> None:
    answer = Browser().get(link(order))
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("private, no-store", "noindex")
    assert Browser().post(link(order)).status_code == 405


@pytest.mark.parametrize("token", ["1", "1.x", "x" * 300, links.CANCELLATION])
def test_link_that_is_not_whole_says_what_to_do(sanne: Client, token: str) -> None:
    wrong = links.token(links.CANCELLATION, 1) if token == links.CANCELLATION else token
    assert "Copy all of it from the mail." in page_of(Browser(), f"/order/{wrong}/", 404)


@pytest.mark.parametrize(("language", "words"), [("nl", "Uw"), ("de", "Ihre"), ("en", "Your")])
def test_page_speaks_the_clients_language_or_the_one_of_the_link(order: Order, language: str, words: str) -> None:
    Client.objects.filter(pk=order.client_id).update(language=language)
    assert f'<html lang="{language}"' in page_of(Browser(), link(order))
    assert '<html lang="de"' in page_of(Browser(), link(order), language="de")


def test_portal_shows_the_same_order_and_its_withdrawal(order: Order) -> None:
    browser = make_orders.browser(order.client)
    page = page_of(browser, f"/portal/orders/{order.pk}/")
    assert steps(page)[2] == ("now", "The number is set up") and "Take the order back" in page
    assert "Nothing is billed." in page_of(browser, f"/portal/orders/{order.pk}/withdraw/")
    assert Order.objects.get().status == Status.CLAIMED
    answer = browser.post(f"/portal/orders/{order.pk}/withdraw/", follow=True)
    assert f"Order {order.reference} is taken back." in answer.content.decode()
    assert Order.objects.get().status == Status.WITHDRAWN


def test_ready_order_is_not_taken_back_but_cancelled(order: Order) -> None:
    browser = make_orders.browser(make_orders.ready(order).client)
    answer = browser.post(f"/portal/orders/{order.pk}/withdraw/", follow=True)
    assert "This order is ready; cancel the service instead." in answer.content.decode()
    assert Order.objects.get().status == Status.READY


def test_portal_page_of_the_number_waits_for_it_and_then_tells_all(order: Order) -> None:
    browser = make_orders.browser(order.client)
    page = page_of(browser, "/portal/services/number/")
    assert "A number is being made ready for you." in page and "tel:" not in page
    assert "0201239001" not in page_of(browser, "/portal/")
    make_orders.ready(order)
    page = page_of(browser, "/portal/services/number/")
    assert "**21*0201239001#" in page and "Photograph to divert always" in page
    assert "**21*0201239001#" in page_of(browser, "/portal/")


def test_portal_start_tells_of_orders_and_ends(order: Order) -> None:
    browser = make_orders.browser(order.client)
    assert "We are setting your number up" in page_of(browser, "/portal/")
    make_orders.called(make_orders.ready(order))
    assert "Your number is in use" not in page_of(browser, "/portal/")
    cancel_service(client=order.client, service="telephone", author=Author("Sanne", timezone.now()))
    assert "Your service telephone ends on 31 December 2026." in page_of(browser, "/portal/")


def test_client_without_any_number_is_led_to_the_order(sanne: Client) -> None:
    empty = make_portal.browser(make_portal.user(make.client("3009", language="en"), "x@empty.example"))
    assert "a number is yours within seconds" in said(page_of(empty, "/portal/services/number/"))

"""Orders in the office: the list, one with its stopwatch and deeds, the times of all, placing one for a client."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from balie.accounts.models import Client
from balie.contracts.models import Contract, Order
from balie.leases.models import WorkerBeat
from balie.notifications.models import Mail
from balie.numbers.models import ManualRoute
from balie.operator.models import Operator
from balie.rules.activation import Status
from balie.tariffs.models import Tariff
from balie.worker.jobs import lane_called
from balie.worker.loop import Loop
from tests import make
from tests.web import make_pool
from tests.web.make_office import NOW
from tests.web.reading import body, text

Html = Callable[..., str]
MINUTE = timedelta(minutes=1)
FEE = {"meter": "basic_fee", "price": "39.00", "title": {"en": "Basic fee"}}
NUMBER = "+31209990001"


@pytest.fixture
def newcomer(browser: Browser) -> Client:
    """Client 3001 that has no service yet; tariff START beside BASIS."""
    make.tariff("START", items=(FEE,), title={"en": "Starter"}, notice="monthly")
    Operator.objects.update(low_stock=0, language="en")
    return make.client("3001", name="Fietsen de Wit", email="info@dewit.example", language="nl")


def work() -> None:
    Loop(lane_called("orders"), once=True).run()


def press(browser: Browser, address: str, **given: str) -> str:
    return text(browser.post(address, given, follow=True).content.decode())


def test_list_counts_each_status_and_says_how_long_it_has_been_there(html: Html, newcomer: Client) -> None:
    make_pool.order(newcomer, None, placed=NOW - 3 * MINUTE, problem="The phone system is down.")
    done = make_pool.order(Client.objects.get(number="1001"), NUMBER, placed=NOW - 90 * MINUTE)
    make_pool.went(done, (Status.CONFIGURED, 2), (Status.READY, 5))
    page = text(html("/orders/"))
    assert "waiting 1 reserved 0 set up 0 ready 1 active 0 withdrawn 0" in page
    assert "Fietsen de Wit 3001 telephone BASIS – waiting The phone system is down. 3 min 0 s" in page
    assert "020 999 0001 ready 1 hour 29 min" in page


def test_list_is_narrowed_down_and_sorted_by_the_address(html: Html, newcomer: Client) -> None:
    make_pool.order(newcomer, None)
    make_pool.order(Client.objects.get(number="1001"), NUMBER, placed=NOW - MINUTE)

    def shown(query: str) -> list[str]:
        return re.findall(r'card-head clip"><a href="/clients/(\d+)/', html(f"/orders/?{query}"))

    assert shown("") == ["3001", "1001"] == shown("status=under_way") == shown("status=x&order=y&page=z")
    assert shown("status=waiting") == ["3001"] == shown("q=fietsen") and shown("q=999") == ["1001"]
    assert shown("order=client") == ["1001", "3001"] == shown("order=placed")
    assert "No order fits." in html("/orders/?q=nobody")


def test_files_have_the_seconds_from_order_to_ready(browser: Browser, newcomer: Client) -> None:
    made = make_pool.order(newcomer, NUMBER)
    make_pool.went(made, (Status.CONFIGURED, 2.25), (Status.READY, 4.5))
    (row,) = json.loads(body(browser.get("/orders.json?q=3001")))
    assert (row["order"], row["number"], row["status"]) == (made.reference, NUMBER, "ready")
    assert (row["seconds_to_ready"], row["tariff"]) == ("4.5", "BASIS")
    assert body(browser.get("/orders.csv")).splitlines()[1].startswith(f"{made.reference},3001,")
    assert browser.get("/orders.xlsx").getvalue()[:2] == b"PK"


def test_queries_do_not_grow_with_the_orders(browser: Browser, newcomer: Client) -> None:
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        return len(queries)

    make_pool.order(newcomer, None)
    few = {address: asked(address) for address in ("/orders/", "/orders.csv", "/orders/times/", "/")}
    for at in range(20):
        client = make.client(str(4000 + at))
        make_pool.went(make_pool.order(client, f"+3120888{at:04d}"), (Status.READY, 3))
    assert {address: asked(address) for address in few} == few
    assert few["/orders/"] <= 10


def test_order_shows_each_step_with_its_stopwatch_and_follows_by_itself(html: Html, newcomer: Client) -> None:
    made = make_pool.order(newcomer, NUMBER)
    WorkerBeat.objects.create(host="x", pid=1, lane="orders", started=NOW, at=NOW)
    where = f"/orders/{made.pk}/"
    page = html(where)
    assert 'hx-trigger="every 2s"' in page and "reserved 11:42:00 0.0 s 0.0 s set up ready active" in text(page)
    assert "Nothing runs in the background" not in page
    make_pool.went(made, (Status.CONFIGURED, 1.75), (Status.READY, 4))
    part = html(where, **{"HX-Request": "true"})
    assert "<html" not in part and 'hx-trigger="every 15s"' in part
    said = text("<main" + part)
    assert "set up 11:42:01 1.8 s 1.8 s ready 11:42:04 2.2 s 4.0 s active From order to ready 4.0 s" in said
    make_pool.went(made, (Status.ACTIVE, 400))
    assert "hx-trigger" not in html(where, **{"HX-Request": "true"})
    assert "6 min 36 s 6 min 40 s" in text(html(where))


def test_order_that_waits_says_why_and_when_it_is_tried_next(browser: Browser, html: Html, newcomer: Client) -> None:
    made = make_pool.order(newcomer, NUMBER, status=Status.WAITING, problem="Refused", tries=3, due=NOW + MINUTE)
    where = f"/orders/{made.pk}/"
    assert "Refused Next try 11:43:00. 3 tries failed." in text(html(where))
    assert "Nothing runs in the background." in html(where)
    assert "The order is tried again within a few seconds." in press(browser, f"{where}again/")
    made.refresh_from_db()
    assert (made.due, made.tries) == (NOW, 0)
    Order.objects.update(parked="Refused for a day")
    assert "Given up after a day of trying. Refused for a day" in text(html(where))
    Order.objects.update(status=Status.READY, parked="")
    assert "There is nothing to try again" in press(browser, f"{where}again/")


def test_order_is_withdrawn_after_saying_what_that_does(browser: Browser, html: Html, newcomer: Client) -> None:
    make.number(number=NUMBER)
    press(browser, "/clients/3001/order/", tariff=str(Tariff.objects.get(code="START").pk))
    made = Order.objects.get()
    page = text(html(f"/orders/{made.pk}/withdraw/"))
    assert f"Withdraw order {made.reference} of Fietsen de Wit?" in page
    assert "020 999 0001 is taken out of the phone system and rests." in page
    assert "The order is withdrawn; the client is told." in press(browser, f"/orders/{made.pk}/withdraw/")
    assert Order.objects.get().status == Status.WITHDRAWN and not Contract.objects.filter(client=newcomer).exists()
    Order.objects.update(status=Status.ACTIVE)
    assert "cancel the service instead" in html(f"/orders/{made.pk}/withdraw/")
    assert "cancel the service instead" in press(browser, f"/orders/{made.pk}/withdraw/")


def test_number_set_up_by_hand_is_confirmed_by_one_button(browser: Browser, html: Html, newcomer: Client) -> None:
    make.number(number=NUMBER)
    press(browser, "/clients/3001/order/", code="start")
    work()
    row, made = ManualRoute.objects.get(), Order.objects.get()
    for address in ("/orders/", f"/orders/{made.pk}/"):
        assert "Set 020 999 0001 up for Fietsen de Wit." in text(html(address)), address
    assert "1 order waits. 020 999 0001 waits for staff" in text(html("/")).replace("+31209990001", "020 999 0001")
    said = press(browser, f"/orders/by-hand/{row.pk}/")
    assert "Thank you; the order goes on within a few seconds." in said
    work()
    made.refresh_from_db()
    assert made.status == Status.READY
    gone = browser.post("/orders/by-hand/999/", follow=True)
    assert "not asked for any more" in gone.content.decode()


def test_number_to_take_out_by_hand_is_on_the_start_page_and_confirmed(browser: Browser, html: Html) -> None:
    row = make_pool.by_hand(deed="remove")
    assert "1 number is to be taken out." in text(html("/"))
    assert "Take 020 123 7777 from Bakker Installaties." in text(html("/orders/"))
    assert "Thank you; that is done." in press(browser, f"/orders/by-hand/{row.pk}/")
    assert "is to be taken out" not in html("/")


def test_staff_order_a_public_tariff_after_seeing_its_prices(browser: Browser, html: Html, newcomer: Client) -> None:
    make.number(number=NUMBER)
    page = text(html("/clients/3001/order/"))
    assert "Starter telephone START Basic fee €39.00 a month" in page
    start = Tariff.objects.get(code="START")
    page = text(html(f"/clients/3001/order/?tariff={start.pk}"))
    assert "Basic fee €39.00 a month" in page and "one month to the end of a month" in page
    assert "Order for Fietsen de Wit" in page and "No number is free now" not in page
    assert not Order.objects.exists()
    said = press(browser, "/clients/3001/order/", tariff=str(start.pk))
    made = Order.objects.get()
    assert "Ordered. The client is told at every step." in said and made.by == "Marit de Boer"
    assert Mail.objects.filter(kind="order_claimed", recipient="info@dewit.example").exists()
    again = press(browser, "/clients/3001/order/", tariff=str(start.pk))
    assert "Choose a tariff, or type a code." in again or "ordered already" in again
    assert Order.objects.count() == 1
    page = text(html("/clients/3001/contracts/"))
    assert f"This service does not work yet. Order {made.reference}: reserved" in page and "Order placed" in page


def test_code_opens_a_tariff_that_is_not_public_and_a_wrong_one_says_so(
    browser: Browser, html: Html, newcomer: Client
) -> None:
    Tariff.objects.filter(code="START").update(public=False, client=newcomer)
    assert "for this client" in html("/clients/3001/order/")
    assert browser.get("/clients/1001/order/?code=START").status_code == 422
    answer = browser.get("/clients/3001/order/?code=NOPE")
    assert answer.status_code == 422 and "This code opens no tariff." in answer.content.decode()
    assert "No number is free now" in html("/clients/3001/order/?code=start")
    assert "the order waits, and goes on by itself" in press(browser, "/clients/3001/order/", code="START")


def test_service_the_client_has_is_not_ordered_again(browser: Browser, html: Html, newcomer: Client) -> None:
    assert "has every service that is offered publicly" in html("/clients/1001/order/")
    answer = browser.post("/clients/1001/order/", {"code": "START"})
    assert answer.status_code == 422 and "has this service already" in answer.content.decode()


def test_times_show_half_nine_in_ten_and_the_slowest(html: Html, newcomer: Client) -> None:
    assert "No order was placed lately." in html("/orders/times/")
    for at, seconds in enumerate((2, 3, 4, 45)):
        made = make_pool.order(make.client(str(4000 + at)), f"+312088800{at:02d}")
        make_pool.went(made, (Status.CONFIGURED, 1), (Status.READY, seconds))
    page = text(html("/orders/times/"))
    assert "Orders that were ready 4 Half of them within 3.5 s Nine in ten within 45.0 s The slowest 45.0 s" in page
    assert "Order to ready, in all 4 3.5 s 45.0 s 45.0 s" in page
    assert "at most 5 s 2" in page.replace("seconds", "s") and "&gt; 1 h" in page


def test_orders_under_way_are_on_the_start_page(html: Html, newcomer: Client) -> None:
    assert "Orders under way" not in html("/")
    make_pool.order(newcomer, NUMBER, placed=NOW - MINUTE)
    page = text(html("/"))
    assert "Orders under way all orders Client Status Since Fietsen de Wit reserved 1 min 0 s" in page
    assert "order waits" not in page
    Order.objects.update(status=Status.WAITING, problem="The phone system is down.")
    assert "1 order waits. The phone system is down. See why" in text(html("/"))


def test_orders_of_nobody_say_how_to_begin(html: Html) -> None:
    assert "No service has been ordered yet." in html("/orders/")

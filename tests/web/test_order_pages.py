"""Ordering: from a price list to the number, as a client's user, as a visitor who signs up on the way, by a code."""

import re
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from balie.accounts.models import Client, Registration, Role
from balie.contracts.actions import cancel_service
from balie.contracts.models import Contract, Order
from balie.notifications.models import Mail
from balie.operator.actions import Author
from balie.operator.terms import put_terms
from balie.tariffs.models import CodeAttempt, CodeUse, Item, Tariff, TariffVersion
from tests import make
from tests.web import make_orders, make_portal
from tests.web.make_portal import SECRET, page_of, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
ORDER = "/prices/BASIS/order/"


@pytest.fixture
def sanne(db: None) -> Client:
    return make_orders.house()


@pytest.fixture
def browser(sanne: Client) -> Browser:
    return make_orders.browser(sanne)


def terms() -> str:
    made = put_terms(texts={"nl": "Betaal."}, author=Author("Marit", timezone.now()))
    return str(made.version)


def test_price_lists_lead_to_the_order(sanne: Client) -> None:
    guest = Browser()
    assert f'href="{ORDER}"' in page_of(guest, "/prices/BASIS/") and f'href="{ORDER}"' in page_of(guest, "/prices/")
    assert 'href="/prices/BASIS/order/?language=de"' in page_of(guest, "/prices/BASIS/", language="de")


def test_page_says_what_is_paid_first_how_to_cancel_and_what_happens_then(browser: Browser) -> None:
    page = said(page_of(browser, ORDER))
    assert "Order BASIS" in page and "for Fietsen de Wit" in page
    assert "Fee €39.00 23 Nov 2026 – 30 Nov 2026 Module €4.50" in page  # a begun month counts whole
    assert "On your first bill, if your number is ready today €43.50" in page
    assert "the service ends on the last day of the month after." in page
    assert "the last day would be 31 December 2026." in page
    assert "Order with obligation to pay" in page


def test_first_fees_are_those_of_the_bill(browser: Browser, sanne: Client) -> None:
    version = TariffVersion.objects.get(tariff__code="BASIS")
    version.prorate = True
    version.save()
    version.items.filter(meter="basic_fee").update(in_advance=True)
    version.items.filter(meter="user_module").delete()
    page = said(page_of(browser, ORDER))
    assert "Fee €10.40 23 Nov 2026 – 30 Nov 2026 Fee €39.00 01 Dec 2026 – 31 Dec 2026" in page
    assert "€49.40" in page


def test_opening_the_page_orders_nothing(browser: Browser) -> None:
    for method in (browser.get, browser.head):
        answer = method(ORDER)
        assert (answer.status_code, answer["Cache-Control"], answer["X-Robots-Tag"]) == (
            200, "private, no-store", "noindex",
        )  # fmt: skip
    assert not Order.objects.exists() and not Contract.objects.filter(client__number="3001").exists()


def test_button_orders_and_leads_to_the_progress(browser: Browser, sanne: Client) -> None:
    version = terms()
    answer = browser.post(ORDER, {"agreed": version})
    placed = Order.objects.get()
    assert answer["Location"] == f"/portal/orders/{placed.pk}/"
    assert (placed.client, placed.tariff.code, placed.by) == (sanne, "BASIS", "sanne@dewit.example")
    assert (placed.terms, placed.terms_accepted) == (version, timezone.now())
    assert placed.user and placed.user.email == "sanne@dewit.example"
    assert sorted(Mail.objects.values_list("kind", "recipient")) == [
        ("order_claimed", "info@dewit.example"),
        ("order_claimed", "sanne@dewit.example"),
        ("order_new", "orders@linde.example"),
    ]


def test_button_pressed_twice_is_one_order(browser: Browser) -> None:
    assert browser.post(ORDER)["Location"] == browser.post(ORDER)["Location"]
    assert Order.objects.count() == 1
    assert "You have ordered this service already" in page_of(browser, ORDER)


def test_order_that_is_ready_is_a_service_the_client_has(browser: Browser) -> None:
    """Nothing is under way any more while the first call is waited for: another tariff is a change."""
    place = browser.post(ORDER)["Location"]
    Order.objects.update(status="ready")
    assert "You have this service already" in page_of(browser, ORDER)
    assert browser.post(ORDER)["Location"] == place, "the button, pressed again after it was ready"


@pytest.mark.parametrize("agreed", ["", "7"])
def test_terms_must_be_agreed_to_as_they_hold(browser: Browser, agreed: str) -> None:
    terms()
    answer = browser.post(ORDER, {"agreed": agreed})
    assert (answer.status_code, "Read the terms" in answer.content.decode()) == (422, True)
    assert not Order.objects.exists()


def test_visitor_signs_up_on_the_way_and_comes_back_to_the_order(sanne: Client) -> None:
    guest = Browser()
    page = page_of(guest, ORDER)
    assert "Nothing is ordered yet." in page
    target = re.search(r'href="(/sign-up/[^"]+)"', page)
    assert target
    form = page_of(guest, target[1].replace("&amp;", "&"))
    assert 'name="next" value="/prices/BASIS/order/"' in form and 'name="tariff" value="BASIS"' in form
    given = {"company": "Nieuw BV", "name": "Jo", "email": "jo@nieuw.example", "password": make.PASSWORD}
    guest.post("/sign-up/", {**given, "language": "en", "next": ORDER, "tariff": "BASIS"})
    assert Registration.objects.get().tariff == "BASIS"
    link = re.search(r"/activate/\S+", Mail.objects.get(kind="registration_link").text)
    assert link
    answer = guest.post(link[0])
    assert answer["Location"] == ORDER
    assert "for Nieuw BV" in said(page_of(guest, ORDER))
    guest.post(ORDER)
    assert Order.objects.get().client.name == "Nieuw BV"


def test_visitors_cannot_order_whatever_they_send(sanne: Client) -> None:
    assert Browser().post(ORDER, {"agreed": "1"}).status_code == 200
    assert not Order.objects.exists()


def test_a_code_opens_its_order_and_is_used_once_by_it(browser: Browser, sanne: Client) -> None:
    make_portal.secret(code_uses=1)
    answer = browser.post("/portal/services/code/", {"code": SECRET.lower().replace("-", " ")})
    assert answer["Location"] == f"/prices/{SECRET}/order/"
    browser.post(answer["Location"])
    assert (Order.objects.get().tariff.code, CodeUse.objects.get().client) == (SECRET, sanne)
    other = make_portal.browser(make_portal.user(make.client("3002", language="en"), "x@other.example"))
    assert other.get(f"/prices/{SECRET}/order/").status_code == 404


@pytest.mark.parametrize("path", [f"/prices/{SECRET}/order/", "/prices/NOTHING/order/"])
def test_codes_that_open_nothing_get_one_answer_and_are_counted(sanne: Client, path: str) -> None:
    make_portal.secret(client=sanne)
    answer = Browser().get(path)
    assert (answer.status_code, "This code opens no tariff." in answer.content.decode()) == (404, True)
    assert CodeAttempt.objects.count() == 1


def test_wrong_code_is_told_beside_the_field(browser: Browser) -> None:
    for typed, text in (("", "Type the code you were given."), ("WRONG", "This code opens no tariff.")):
        answer = browser.post("/portal/services/code/", {"code": typed})
        assert (answer.status_code, text in answer.content.decode()) == (422, True)
    for _time in range(5):
        answer = browser.post("/portal/services/code/", {"code": "WRONG"})
    assert answer.status_code == 429


def test_who_has_the_service_is_led_to_the_change_of_tariff(sanne: Client) -> None:
    kees = make_portal.browser(make_portal.user(Client.objects.get(number="1001"), owner=True))
    page = page_of(kees, "/prices/PLUS/order/")
    assert "You have this service already" in page and "What would it cost me?" in page
    assert "You have it at this very tariff." in page_of(kees, ORDER)
    assert kees.post("/prices/PLUS/order/").status_code == 200 and not Order.objects.exists()


def test_who_has_cancelled_is_told_to_withdraw_that_first(sanne: Client) -> None:
    bakker = Client.objects.get(number="1001")
    cancel_service(client=bakker, service="telephone", author=Author("Kees", timezone.now()))
    page = page_of(make_portal.browser(make_portal.user(bakker)), "/prices/PLUS/order/")
    assert "It ends on 31 Dec 2026. Withdraw the cancellation first" in said(page)


def test_what_is_not_offered_now_cannot_be_ordered(browser: Browser) -> None:
    yesterday = timezone.now().date() - timedelta(days=1)
    Tariff.objects.filter(code="BASIS").update(orderable_until=yesterday)
    assert "This tariff cannot be ordered now" in page_of(browser, ORDER, 410)
    assert browser.post(ORDER).status_code == 410 and not Order.objects.exists()
    assert ORDER not in page_of(browser, "/prices/BASIS/")


def test_staff_are_told_where_they_order(sanne: Client) -> None:
    staff = make_portal.browser(make.user("manager@example.com", role=Role.MANAGER))
    assert "Orders are placed by clients here" in page_of(staff, ORDER)
    assert staff.post(ORDER).status_code == 200 and not Order.objects.exists()


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_pages_are_in_the_readers_language_without_inline_style(sanne: Client, language: str) -> None:
    reader = make_orders.browser(sanne, language=language)
    for address in (ORDER, "/portal/services/", "/portal/details/", "/portal/services/number/"):
        page = page_of(reader, address)
        assert f'<html lang="{language}"' in page
        assert re.findall(r"\sstyle=|<style|<script>|\son\w+=|javascript:", page) == []


def test_prices_changed_while_reading_are_shown_before_they_are_agreed_to(browser: Browser) -> None:
    page = page_of(browser, ORDER)
    found = re.search(r'name="shown" value="(\w+)"', page)
    assert found
    Item.objects.filter(meter="basic_fee").update(price="500.00")
    refused = browser.post(ORDER, {"shown": found[1]})
    assert refused.status_code == 422 and "changed while you were reading" in said(refused.content.decode())
    assert "€500.00" in refused.content.decode() and not Order.objects.exists()
    seen = re.search(r'name="shown" value="(\w+)"', refused.content.decode())
    assert seen and browser.post(ORDER, {"shown": seen[1]}).status_code == 302

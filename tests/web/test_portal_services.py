"""Services in the portal: what the client has, orders, cancelling and thinking better of it, its own data."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from balie.accounts.models import Client
from balie.contracts.models import Cancellation, Contract
from balie.notifications.models import Mail
from balie.operator.models import LogEntry
from balie.tariffs.models import Tariff, TariffVersion
from tests import make
from tests.web import make_orders, make_portal
from tests.web.make_portal import page_of, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SERVICES, DETAILS = "/portal/services/", "/portal/details/"
END = date(2026, 12, 31)


@pytest.fixture
def bakker(db: None) -> Client:
    make_orders.house()
    return Client.objects.get(number="1001")


@pytest.fixture
def browser(bakker: Client) -> Browser:
    return make_portal.browser(make_portal.user(bakker, owner=True))


@pytest.fixture
def member(bakker: Client) -> Browser:
    return make_portal.browser(make_portal.user(bakker, "lies@bakker.example", owner=False))


def cancelling(client: Client) -> str:
    return f"/portal/services/{Contract.objects.get(client=client).pk}/cancel/"


def test_services_show_status_tariff_number_and_notice(browser: Browser) -> None:
    page = said(page_of(browser, SERVICES))
    assert "telephone in use" in page and "Tariff BASIS Target number 020 123 1001" in page
    assert "given today it would end on 31 Dec 2026" in page and "Cancel the service…" in page


def test_services_the_client_lacks_can_be_ordered(browser: Browser) -> None:
    Tariff.objects.filter(pk=make.tariff("KORT", items=(make_portal.FEE,)).pk).update(service="sms")
    page = page_of(browser, SERVICES)
    assert "/prices/KORT/order/" in page and "/prices/PLUS/order/" not in page


def test_order_under_way_is_followed_from_there(bakker: Client) -> None:
    sanne = Client.objects.get(number="3001")
    order = make_orders.place(sanne)
    theirs = make_orders.browser(sanne)
    page = page_of(theirs, SERVICES)
    assert "being made ready" in page and f"/portal/orders/{order.pk}/withdraw/" in page
    assert "Cancel the service…" not in page and "Change tariff" not in page and order.reference in page
    make_orders.called(make_orders.ready(order))
    assert "in use" in said(page_of(theirs, SERVICES))


def test_without_a_service_the_page_says_what_to_do(bakker: Client) -> None:
    page = said(page_of(make_orders.browser(Client.objects.get(number="3001")), SERVICES))
    assert "You have no service yet." in page and "Order: telephone BASIS" in page


def test_pages_take_the_same_few_queries_however_much_there_is(browser: Browser, bakker: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(browser, SERVICES)
        return len(queries)

    few = asked()
    make.calls(bakker, 20)
    for number in range(20):
        make.tariff(f"T{number}", items=(make_portal.FEE,))
    assert (asked(), few <= 30) == (few, True)


def test_cancelling_shows_the_last_day_before_it_is_done(browser: Browser, bakker: Client) -> None:
    page = said(page_of(browser, cancelling(bakker)))
    assert "Your last day would be 31 December 2026" in page
    assert "Until 31 December 2026 you can withdraw the cancellation here." in page
    assert Contract.objects.get(client=bakker).end is None


def test_a_better_fitting_tariff_is_shown_before(browser: Browser, bakker: Client) -> None:
    assert "You can change the tariff from next month instead." in page_of(browser, cancelling(bakker))
    make_portal.secret("CHEAP", public=True)
    page = said(page_of(browser, cancelling(bakker)))
    assert "With the tariff CHEAP, October 2026 would have cost you €" in page and "Look at CHEAP" in page


def test_button_cancels_with_reason_and_the_undo_takes_it_back(browser: Browser, bakker: Client) -> None:
    answer = browser.post(cancelling(bakker), {"when": "soon", "reason": " We  stop "}, follow=True)
    given = Cancellation.objects.get()
    undo = f"/portal/cancellations/{given.pk}/withdraw/"
    assert "Cancelled. The last day is 31 December 2026" in said(answer.content.decode())
    assert undo in answer.content.decode()
    assert (given.ends, given.reason, given.by, Contract.objects.get(client=bakker).end) == (
        END, "We stop", "kees@bakker.example", END,
    )  # fmt: skip
    assert "ends on 31 Dec 2026" in said(page_of(browser, SERVICES))
    answer = browser.post(undo, follow=True)
    assert "Everything goes on as before." in answer.content.decode()
    assert Contract.objects.get(client=bakker).end is None


def test_a_later_day_may_be_chosen_an_earlier_one_not(browser: Browser, bakker: Client) -> None:
    answer = browser.post(cancelling(bakker), {"when": "later", "day": "2026-12-30"})
    assert (answer.status_code, "The earliest last day is 31 December 2026" in answer.content.decode()) == (422, True)
    assert browser.post(cancelling(bakker), {"when": "later", "day": "soon"}).status_code == 422
    assert not Cancellation.objects.exists()
    browser.post(cancelling(bakker), {"when": "later", "day": "2027-02-14"})
    assert (Cancellation.objects.get().ends, Contract.objects.get(client=bakker).end) == (date(2027, 2, 14),) * 2


def test_yearly_notice_is_computed_from_the_contracts_start(browser: Browser, bakker: Client) -> None:
    TariffVersion.objects.filter(tariff__code="BASIS").update(notice="yearly")
    assert "Your last day would be 31 December 2027" in page_of(browser, cancelling(bakker))


def test_what_ends_already_cannot_be_cancelled_again(browser: Browser, bakker: Client) -> None:
    browser.post(cancelling(bakker))
    answer = browser.get(cancelling(bakker), follow=True)
    assert "This service ends already; there is nothing to cancel." in answer.content.decode()


def test_button_pressed_twice_says_both_times_that_it_is_cancelled(browser: Browser, bakker: Client) -> None:
    for _press in (1, 2):
        answer = browser.post(cancelling(bakker), follow=True).content.decode()
        assert "Cancelled. The last day is 31 December 2026" in answer and "nothing to cancel" not in answer
    assert Cancellation.objects.count() == 1


def test_after_the_end_nothing_is_withdrawn(browser: Browser, bakker: Client) -> None:
    browser.post(cancelling(bakker))
    given = Cancellation.objects.get()
    Cancellation.objects.update(ends=timezone.now().date() - timedelta(days=1))
    answer = browser.post(f"/portal/cancellations/{given.pk}/withdraw/", follow=True)
    assert "The service has ended; order it again instead." in answer.content.decode()


def test_members_see_it_and_owners_do_it(member: Browser, browser: Browser, bakker: Client) -> None:
    assert "An owner among your colleagues can cancel it." in page_of(member, SERVICES)
    assert (member.get(cancelling(bakker)).status_code, member.post(cancelling(bakker)).status_code) == (403, 403)
    browser.post(cancelling(bakker))
    given = Cancellation.objects.get()
    assert member.post(f"/portal/cancellations/{given.pk}/withdraw/").status_code == 403
    assert "an owner among your colleagues can withdraw that" in page_of(member, SERVICES)


def test_details_are_changed_and_logged(browser: Browser, bakker: Client) -> None:
    assert 'value="Bakker"' in page_of(browser, DETAILS)
    said_now = {"name": " Bakker  BV ", "email": "Post@Bakker.example", "language": "de", "hide_numbers": "last3"}
    answer = browser.post(DETAILS, said_now, follow=True)
    assert "Your data is changed." in answer.content.decode()
    bakker.refresh_from_db()
    assert (bakker.name, bakker.email, bakker.language, bakker.hide_numbers) == (
        "Bakker BV", "post@bakker.example", "de", "last3",
    )  # fmt: skip
    entry = LogEntry.objects.get(deed="client.changed")
    assert (entry.about, entry.who, entry.details["before"]["name"]) == ("client:1001", "kees@bakker.example", "Bakker")
    browser.post(DETAILS, said_now)
    assert LogEntry.objects.filter(deed="client.changed").count() == 1


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("name", " ", "This is empty."),
        ("name", "x" * 201, "Say it in at most 200 characters"),
        ("email", "nobody", "This is no email address."),
        ("language", "fr", "Choose one of these languages."),
        ("hide_numbers", "some", "Choose one of these."),
    ],
)
def test_details_that_cannot_be_are_told_beside_the_field(browser: Browser, field: str, value: str, text: str) -> None:
    given = {"name": "Bakker", "email": "", "language": "en", "hide_numbers": "none", field: value}
    answer = browser.post(DETAILS, given)
    assert (answer.status_code, text in answer.content.decode()) == (422, True)
    assert not LogEntry.objects.filter(deed="client.changed").exists()


def test_members_read_the_details_and_change_nothing(member: Browser, bakker: Client) -> None:
    assert "Owners among your colleagues can change this." in page_of(member, DETAILS)
    assert member.post(DETAILS, {"name": "Other"}).status_code == 403


def test_opening_every_link_of_every_mail_changes_nothing(browser: Browser, bakker: Client) -> None:
    """Mail scanners open links, and so do people who only want to look: of an order and of a cancellation."""
    sanne = Client.objects.get(number="3001")
    make_orders.called(make_orders.ready(make_orders.place(sanne, user=make_orders.sanne(sanne))))
    browser.post(cancelling(bakker))
    browser.post(f"/portal/cancellations/{Cancellation.objects.get().pk}/withdraw/")
    mails = list(Mail.objects.all())
    assert {mail.kind for mail in mails} >= {"order_claimed", "order_ready", "order_active", "order_new"}
    assert {mail.kind for mail in mails} >= {"cancellation_receipt", "cancellation_new", "cancellation_undone"}
    addresses = {word for mail in mails for word in mail.text.split() if word.startswith("http://")}
    readers = (Browser(), browser, make_portal.browser(make.user("manager@example.com")))
    with CaptureQueriesContext(connection) as asked:
        for address in addresses:
            for reader in readers:
                assert reader.get(address.removeprefix("http://127.0.0.1:8000")).status_code in (200, 302, 403)
    writes = [one["sql"] for one in asked if one["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    writes = [one for one in writes if "'client.opened'" not in one]  # that staff looked is remembered
    assert (writes, len(addresses) >= 6) == ([], True)

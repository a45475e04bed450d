"""A client's contracts and prices on the office pages: what is shown, and what a manager does about it."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser

from balie.billing.queries import preview
from balie.calls.models import ClosedMonth
from balie.contracts.models import Booking, Contract
from balie.contracts.queries import booking_end, contract_end
from balie.operator.models import LogEntry
from balie.tariffs.models import Tariff, TariffVersion
from balie.web import money, written
from tests import make
from tests.web import make_bills, make_office
from tests.web.make_bills import FEE, OCTOBER
from tests.web.reading import queries, text, undo_of

Html = Callable[[str], str]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
TODAY = date(2026, 11, 23)


@pytest.fixture
def contract(db: None) -> Contract:
    make.operator(timezone=make_bills.ZONE)
    return make_bills.contract()


@pytest.fixture
def office(contract: Contract) -> None:
    """What the manager of the shared browser looks at."""


def done(browser: Browser, address: str, **given: Any) -> str:
    answer = browser.post(address, given, follow=True)
    assert answer.status_code == 200, answer.content
    return str(answer.content.decode())


def refused(browser: Browser, address: str, **given: Any) -> str:
    answer = browser.post(address, given)
    assert answer.status_code == 422, answer.status_code
    return str(answer.content.decode())


def book(contract: Contract, **given: Any) -> tuple[str, dict[str, Any]]:
    wanted = {"meter": "additional_option", "quantity": "2", "first_day": "2026-11-10", "text": ""}
    return f"/contracts/{contract.pk}/book/", wanted | given


def test_a_contract_is_shown_with_its_tariff_notice_and_prices(html: Html, contract: Contract) -> None:
    TariffVersion.objects.update(notice="yearly")
    page = html("/clients/1001/contracts/")
    assert "RUIM" in page and "01 Jan 2026" in page
    assert written.day(contract_end(contract, TODAY)) in page  # 31 Dec 2027: notice for this year came too late
    assert contract_end(contract, TODAY) == date(2027, 12, 31)
    for part in ("€49.00", "€0.7999", "a minute", "2 minutes included a month", "Mon–Fri 17:30–08:30"):
        assert part in page, part
    assert page.count('aria-current="page"') == 1


def test_a_contract_to_come_one_that_ended_and_none_are_told(html: Html, contract: Contract) -> None:
    Contract.objects.update(end=date(2026, 11, 22))
    page = html("/clients/1001/contracts/")
    assert "has no contract now" in page and "22 Nov 2026" in page
    Contract.objects.update(start=date(2027, 2, 1), end=None)
    assert "begins on 01 Feb 2027" in text(html("/clients/1001/contracts/"))
    Contract.objects.all().delete()
    assert "has no contract yet" in text(html("/clients/1001/contracts/"))


def test_an_option_is_booked_cancelled_and_goes_on(browser: Browser, html: Html, contract: Contract) -> None:
    address, given = book(contract, text="Postvak werkplaats")
    assert "Booked from 10 Nov 2026." in done(browser, address, **given)
    booking = Booking.objects.get()
    assert (booking.quantity, booking.text, booking.first_day) == (2, "Postvak werkplaats", date(2026, 11, 10))
    page = html("/clients/1001/contracts/")
    ends = booking_end(booking, TODAY)
    assert f"Cancel: ends {written.day(ends)}" in text(page) and "Booked: 2 × Postvak werkplaats" in page
    page = done(browser, f"/contracts/bookings/{booking.pk}/cancel/")
    assert f"Cancelled; it ends on {written.day(ends)}." in page and "Let it go on" in page
    booking.refresh_from_db()
    assert booking.last_day == ends
    assert "The cancellation is taken back." in done(browser, undo_of(page))
    booking.refresh_from_db()
    assert booking.last_day is None


def test_an_option_of_its_own_notice_says_its_own_end(html: Html, contract: Contract) -> None:
    Booking.objects.create(contract=contract, meter="user_module", first_day=date(2026, 10, 1))
    Booking.objects.create(contract=contract, meter="additional_option", first_day=date(2026, 10, 1))
    page = text(html("/clients/1001/contracts/"))
    assert "Cancel: ends 31 Dec 2026" in page  # as the tariff says: a month to the end of a month
    assert "Cancel: ends 23 Nov 2026" in page  # the option's own: any day


def test_a_booking_is_removed_once_that_was_shown(browser: Browser, html: Html, contract: Contract) -> None:
    booking = Booking.objects.create(contract=contract, meter="additional_option", first_day=TODAY, quantity=3)
    page = html(f"/contracts/bookings/{booking.pk}/remove/")
    assert "Remove “Postvak”?" in page and "€4.50 each a month" in page and "cannot be taken back" in page
    assert Booking.objects.exists()
    assert "The booking is removed." in done(browser, f"/contracts/bookings/{booking.pk}/remove/")
    assert not Booking.objects.exists()
    assert LogEntry.objects.filter(deed="booking.deleted", who="Marit de Boer").count() == 1


def test_what_a_closed_month_billed_cannot_be_removed(browser: Browser, html: Html, contract: Contract) -> None:
    ClosedMonth.objects.create(month=202610, at=make_office.NOW)
    booking = Booking.objects.create(contract=contract, meter="additional_option", first_day=date(2026, 10, 5))
    assert "/remove/" not in text(html("/clients/1001/contracts/"))
    assert "A closed month has billed this" in refused(browser, f"/contracts/bookings/{booking.pk}/remove/")


def test_a_service_by_hand_is_entered_and_removed(browser: Browser, html: Html, contract: Contract) -> None:
    given = {"text": "Begroeting ingesproken", "quantity": "2", "day": "2026-11-20"}
    page = done(browser, f"/contracts/{contract.pk}/enter/", **given)
    assert "it stands on the bill of November 2026" in page and "Begroeting ingesproken" in page
    entry = Booking.objects.get()
    assert (entry.meter, entry.quantity, entry.first_day, entry.last_day) == (
        "other_service",
        2,
        date(2026, 11, 20),
        date(2026, 11, 20),
    )
    assert "2 × Begroeting ingesproken, 20 Nov 2026" in html("/clients/1001/bill/")
    assert "The entry is removed." in done(browser, f"/contracts/bookings/{entry.pk}/remove/")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"quantity": "many"}, "“many” is not a whole number from 1 on."),
        ({"quantity": "0"}, "This should be a whole number from 1 on."),
        ({"quantity": "9999999"}, "This should be a whole number from 1 on."),
        ({"quantity": "-3"}, "“-3” is not a whole number from 1 on."),
        ({"first_day": "tomorrow"}, "“tomorrow” is not a day; write it as 2026-11-23."),
        ({"first_day": "2025-12-31"}, "That day lies outside the contract."),
        ({"meter": "own_caller_number"}, "has no item for this"),
        ({"meter": "talk_time"}, "This is not booked, but measured."),
        ({"meter": "x"}, "This is not booked, but measured."),
        ({"text": "x" * 500}, "200"),
    ],
)
def test_what_cannot_be_booked_is_said_beside_its_field(
    browser: Browser, contract: Contract, given: dict[str, str], said: str
) -> None:
    address, wanted = book(contract, **given)
    page = refused(browser, address, **wanted)
    assert said in page and '<p class="problem' in page
    assert '<details class="more" open><summary>Book an option' in page
    assert f'value="{wanted["quantity"]}"' in page and f'value="{wanted["first_day"]}"' in page
    assert not Booking.objects.exists()


def test_what_cannot_be_entered_is_said_beside_its_field(browser: Browser, contract: Contract) -> None:
    address = f"/contracts/{contract.pk}/enter/"
    page = refused(browser, address, text="  ", quantity="1", day="2026-11-20")
    assert "Say what was done: the client reads it on the bill." in page
    assert '<details class="more" open><summary>Enter a service' in page
    assert "is not a day" in refused(browser, address, text="x", day="20-11-2026")
    ClosedMonth.objects.create(month=202610, at=make_office.NOW)
    assert "2026-10 is closed" in refused(browser, address, text="x", day="2026-10-20")


def plus(**values: Any) -> Tariff:
    made = make.tariff("PLUS", items=({**FEE, "price": "60.00"},))
    Tariff.objects.filter(pk=made.pk).update(**values)
    return made


def test_tariffs_to_change_to_say_what_last_month_would_have_cost(html: Html, contract: Contract) -> None:
    other = plus()
    read = text(html(f"/contracts/{contract.pk}/tariff/"))
    now, then = (preview(contract.client, OCTOBER, tariff).net for tariff in (contract.tariff, other))
    assert (now, then) == (Decimal(49), Decimal(60))
    for part in (money.money(now, "EUR"), money.money(then, "EUR"), "+€11.00", "Another tariff from 01 Dec 2026"):
        assert part in read, part


def test_the_tariff_changes_next_month_and_that_is_taken_back(browser: Browser, html: Html, contract: Contract) -> None:
    other = plus()
    Booking.objects.create(contract=contract, meter="additional_option", first_day=date(2026, 11, 1))
    page = done(browser, f"/contracts/{contract.pk}/tariff/change/", tariff=other.pk)
    assert "From 01 Dec 2026 Client 1001 has the tariff PLUS." in page
    assert "From 01 Dec 2026 at the tariff PLUS." in text(page) and "Tariff changed: RUIM → PLUS" in page
    assert "goes along" in page and page.count("Cancel: ends") == 1
    coming = Contract.objects.get(tariff=other)
    assert (coming.start, Contract.objects.get(pk=contract.pk).end) == (date(2026, 12, 1), date(2026, 11, 30))
    assert f"/contracts/{contract.pk}/tariff/" not in page.replace("/tariff/undo/", "")
    assert "The change of tariff is taken back." in done(browser, undo_of(page))
    assert Contract.objects.get().end is None and Booking.objects.count() == 1


def test_a_secret_tariff_comes_up_by_its_code_only(browser: Browser, html: Html, contract: Contract) -> None:
    secret = plus(public=False)
    page = f"/contracts/{contract.pk}/tariff/"
    assert f'value="{secret.pk}"' not in html(page) and f'value="{secret.pk}"' in html(f"{page}?code=plus")
    assert refused(browser, f"{page}change/", tariff=secret.pk)
    done(browser, f"{page}change/", tariff=secret.pk, code="PLUS")
    assert Contract.objects.filter(tariff=secret).exists()
    wrong = html(f"{page}?code=NOPE")
    assert "aria-invalid" in wrong and 'value="NOPE"' in wrong


def test_no_tariff_another_service_and_an_ended_contract_are_refused(browser: Browser, contract: Contract) -> None:
    other = plus()
    address = f"/contracts/{contract.pk}/tariff/change/"
    assert "Choose one of the tariffs" in refused(browser, address)
    assert "Choose one of the tariffs" in refused(browser, address, tariff=contract.tariff_id)
    Tariff.objects.filter(pk=other.pk).update(service="sms")
    assert refused(browser, address, tariff=other.pk)
    Tariff.objects.filter(pk=other.pk).update(service="telephone")
    Contract.objects.update(end=TODAY + timedelta(days=3))
    assert "no contract of this service that goes on" in refused(browser, address, tariff=other.pk)


def test_what_last_month_cost_cannot_be_told_of_a_new_client(html: Html, contract: Contract) -> None:
    plus()
    Contract.objects.update(start=date(2026, 11, 2))
    assert "did not have this service in October 2026" in html(f"/contracts/{contract.pk}/tariff/")


def test_what_is_not_there_is_not_found(browser: Browser, contract: Contract) -> None:
    for address in ("contracts/999/tariff/", "contracts/bookings/999/remove/"):
        assert browser.get(f"/{address}").status_code == 404
    for address in ("contracts/999/book/", "contracts/999/enter/", "contracts/bookings/999/cancel/"):
        assert browser.post(f"/{address}").status_code == 404


def test_the_page_costs_as_many_queries_for_a_long_history(browser: Browser, contract: Contract) -> None:
    address = "/clients/1001/contracts/"
    browser.get(address)  # the first look of a day is remembered
    few = queries(browser, address)
    for day in range(1, 20):
        once = date(2026, 3, day)
        Booking.objects.create(contract=contract, meter="other_service", first_day=once, last_day=once, text="x")
    for number in range(1002, 1012):
        make_bills.contract(str(number))
    assert queries(browser, address) == few

"""Closing and margins: what happens next, each setting saved and refused, a closing that would begin at once."""

from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.models import Client
from balie.calls.models import Call, ClosedMonth, Source
from balie.contracts.models import Contract
from balie.operator.models import LogEntry, Operator
from balie.statements.actions import ask_when_due
from balie.statements.models import Closing
from balie.tariffs.models import Item, TariffVersion
from tests.web.make_office import NOW
from tests.web.make_portal import said
from tests.web.make_settings import problems, put, shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]
PAGE = "/settings/closing/"
PERCENTAGE = "write it as 12.5, without a percent sign and with at most three decimals."


@pytest.fixture
def october_open(office: None) -> None:
    """October waits to be closed; today is 23 November."""
    ClosedMonth.objects.filter(month=202610).delete()
    Closing.objects.filter(month=202610).delete()


def held() -> Operator:
    return Operator.objects.get()


def text(browser: Browser) -> str:
    return said(browser.get(PAGE).content.decode())


@pytest.mark.parametrize(
    ("name", "given", "field", "kept"),
    [
        ("close.day", "5", "close_day", 5),
        ("close.at", "07:30", "close_at", time(7, 30)),
        ("close.mail_clients", "yes", "close_mail_clients", True),
        ("target_margin_percent", "22,5", "target_margin_percent", Decimal("22.5")),
        ("offer_step", "2.50", "offer_step", Decimal("2.50")),
        ("margin_months", "6", "margin_months", 6),
    ],
)
def test_each_setting_is_saved_logged_and_taken_back(
    joris: Browser, name: str, given: str, field: str, kept: Any
) -> None:
    before = getattr(held(), field)
    assert put(joris, PAGE, {name: given}).status_code == 302
    assert getattr(held(), field) == kept
    entry = LogEntry.objects.get(deed="operator.changed")
    assert (entry.who, list(entry.details["after"])) == ("Joris", [field])
    assert "Joris, 11:42" in text(joris)
    assert "It is set as before." in said(joris.post(f"{PAGE}undo/{entry.pk}/", follow=True).content.decode())
    assert getattr(held(), field) == before


@pytest.mark.parametrize(
    ("name", "given", "why"),
    [
        ("close.day", "29", "This should be a whole number from 1 to 28, not 29."),
        ("close.day", "", "Give a whole number."),
        ("close.at", "6 am", "\"6 am\" is no time of day; write it as 05:30."),
        ("target_margin_percent", "99,1", "This should be at most 99, not 99.1."),
        ("target_margin_percent", "12%", f"\"12%\" is no percentage; {PERCENTAGE}"),
        ("target_margin_percent", "1.2345", f"\"1.2345\" is no percentage; {PERCENTAGE}"),
        ("offer_step", "5,-", "\"5.-\" is no amount; write it as 5.00."),
        ("offer_step", "0", "This should be more than 0."),
        ("margin_months", "61", "This should be a whole number from 1 to 60, not 61."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field(joris: Browser, name: str, given: str, why: str) -> None:
    answer = put(joris, PAGE, {name: given})
    assert (answer.status_code, problems(answer)) == (422, {name: why})
    assert LogEntry.objects.count() == 0


def test_managers_read_and_do_not_change(browser: Browser) -> None:
    html = browser.get(PAGE).content.decode()
    assert '<fieldset class="settings-form" disabled>' in html and ">Save<" not in html
    assert browser.post(f"{PAGE}set/", {"close.day": "5"}).status_code == 403


def test_second_of_two_is_told_instead_of_overwriting(joris: Browser) -> None:
    was = shown(joris, PAGE)
    put(joris, PAGE, {"margin_months": "6"}, was=was)
    answer = put(joris, PAGE, {"margin_months": "9", "close.day": "5"}, was=was)
    assert (answer.status_code, list(problems(answer)), held().close_day) == (409, ["margin_months"], 3)
    assert put(joris, PAGE, {"close.day": "5"}, was=was).status_code == 302
    assert (held().margin_months, held().close_day) == (6, 5)


def test_next_month_to_close_is_told_with_its_day(browser: Browser) -> None:
    Closing.objects.filter(month=202610).delete()
    ClosedMonth.objects.get_or_create(month=202610, defaults={"at": NOW})
    assert "November 2026 closes by itself on 3 December 2026 at 06:00." in text(browser)


@pytest.mark.usefixtures("october_open")
def test_month_that_waits_is_told_with_what_it_waits_for(browser: Browser) -> None:
    assert "October 2026 closes within a minute, as soon as a worker is free." in text(browser)
    unknown = {"key": "?", "start": datetime(2026, 10, 8, 9, tzinfo=UTC), "callee": "+31201239999", "type": "missed"}
    Call.objects.create(source=Source.objects.earliest("pk"), direction="inbound", **unknown)
    found = text(browser)
    assert "October 2026 was to close on 3 November 2026 at 06:00 and waits." in found
    assert (
        "1 call of the month has no client." in found and "/months/2026-10/close/" in browser.get(PAGE).content.decode()
    )
    Operator.objects.update(close_day=28)
    assert "October 2026 closes by itself on 28 November 2026 at 06:00." in text(browser)


@pytest.mark.usefixtures("october_open")
def test_month_that_waits_for_a_price_is_told(browser: Browser) -> None:
    Item.objects.filter(version__tariff__code="BASIS").delete()
    item = {"position": 0, "meter": "talk_time", "unit": "minute", "increment": "60/60"}
    Item.objects.create(version=TariffVersion.objects.get(tariff__code="BASIS"), price="", **item)
    assert "A price is missing:" in text(browser)


@pytest.mark.usefixtures("october_open")
def test_month_under_way_and_one_that_failed_are_told(browser: Browser) -> None:
    closing = Closing.objects.create(month=202610, asked=NOW)
    assert "October 2026 is being closed." in text(browser)
    Closing.objects.filter(pk=closing.pk).update(parked="The disk is full.")
    assert "October 2026 could not be closed." in text(browser)


@pytest.mark.usefixtures("october_open")
def test_day_that_makes_a_month_close_at_once_is_asked_about(joris: Browser) -> None:
    Operator.objects.update(close_day=28)
    answer = put(joris, PAGE, {"close.day": "20"})
    asked = said(answer.content.decode())
    assert answer.status_code == 200 and held().close_day == 28
    assert "October 2026 then closes within a minute, if nothing speaks against it." in asked
    # An answer to this day is none to another time.
    other = {"close.day": "20", "close.at": "05:00", "confirmed": answer.context["confirms"]}
    assert put(joris, PAGE, other).status_code == 200
    given = {"close.day": "20", "confirmed": answer.context["confirms"]}
    assert put(joris, PAGE, given).status_code == 302 and held().close_day == 20
    put(joris, PAGE, {"close.day": "21"})  # it is due already: nothing is different by that
    assert held().close_day == 21


@pytest.mark.usefixtures("october_open")
def test_worker_goes_by_what_was_saved(joris: Browser) -> None:
    put(joris, PAGE, {"close.day": "28"})
    assert ask_when_due(now=NOW) is None


def test_clients_without_an_address_are_counted(browser: Browser) -> None:
    assert "Every client has an address to mail to." in text(browser)
    Client.objects.filter(number__in=("1001", "1002")).update(email="")
    assert "2 of 12 clients have no address to mail to." in text(browser)


def test_before_any_client_the_page_tells_of_the_running_month(joris: Browser) -> None:
    Call.objects.all().delete()
    Contract.objects.all().delete()
    ClosedMonth.objects.all().delete()
    Closing.objects.all().delete()
    assert "November 2026 closes by itself on 3 December 2026 at 06:00." in text(joris)

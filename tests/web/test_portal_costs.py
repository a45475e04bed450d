"""Costs in the portal: the figures are balie.billing's, each line says why, and the files say the same."""

import csv
import io
import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client as Browser

from balie.accounts.models import Client
from balie.billing.queries import bill, expected
from balie.calls.models import ChangedMonth, ClosedMonth
from balie.contracts.models import Contract
from balie.tariffs.models import Item
from balie.web import money
from tests import make
from tests.web import make_office, make_portal
from tests.web.make_portal import NOVEMBER, OCTOBER, page_of, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture
def bakker() -> Client:
    return make_portal.house()[0]


@pytest.fixture
def browser(bakker: Client) -> Browser:
    return make_portal.browser(make_portal.user(bakker))


def euro(amount: Decimal) -> str:
    return money.money(amount, "EUR")


def test_running_month_is_what_must_be_expected(browser: Browser, bakker: Client) -> None:
    found = expected(bakker, NOVEMBER, make_office.NOW)
    page = said(page_of(browser, "/portal/costs/"))
    assert found.usage and found.fees
    assert f"At least to pay {euro(found.bill.gross)}" in page
    assert f"Calls and messages so far {euro(found.usage)} Fees also" in page
    assert f"would not save {euro(found.fees)} Together {euro(found.bill.net)}" in page
    assert f"Costs so far {euro(found.bill.net)} without VAT" in said(page_of(browser, "/portal/"))


def test_past_month_is_its_bill_with_every_line_and_why(browser: Browser, bakker: Client) -> None:
    found = bill(bakker, OCTOBER)
    page = said(page_of(browser, "/portal/costs/", month="2026-10"))
    assert found.frozen and page.startswith("Bill of October 2026 final")
    assert f"To pay {euro(found.gross)} VAT included Without VAT {euro(found.net)} 21% VAT" in page
    assert f"Call 5 × €0.90 {euro(Decimal('4.50'))} Tariff BASIS, version from the beginning Measured 5 calls" in page
    assert all(euro(line.amount) in page for line in found.lines)
    assert f"Bills of past months VAT included October 2026 {euro(found.gross)}" in page


def test_open_month_is_provisional(browser: Browser, bakker: Client) -> None:
    page = said(page_of(browser, "/portal/costs/", month="2026-09"))
    assert page.startswith("Bill of September 2026 provisional until the month is closed")


def test_titles_are_in_the_readers_language(bakker: Client) -> None:
    dutch = make_portal.browser(make_portal.user(bakker, "nl@bakker.example", language="nl"))
    page = page_of(dutch, "/portal/costs/", month="2026-10")
    assert "Basisbedrag" in page and "Fee" not in page


def test_corrections_of_a_closed_month_are_marked(browser: Browser, bakker: Client) -> None:
    make.call(bakker, start=datetime(2026, 10, 20, 9, 0, tzinfo=UTC), late=True)
    ChangedMonth.objects.create(client=bakker, month=OCTOBER.key)
    found = expected(bakker, NOVEMBER, make_office.NOW).corrections
    page = said(page_of(browser, "/portal/costs/"))
    assert found == Decimal("1.75")  # a call of one minute
    assert "correction of October 2026" in page and f"Corrections of earlier months {euro(found)}" in page


def test_files_have_the_lines_of_the_page(browser: Browser, bakker: Client) -> None:
    found = bill(bakker, OCTOBER)
    assert browser.get("/portal/costs.json?month=2026-10").json() == found.document
    answer = browser.get("/portal/costs.csv?month=2026-10")
    assert answer["Content-Disposition"] == 'attachment; filename="bill-1001-2026-10.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=","))
    assert sum(Decimal(row["amount"]) for row in rows) == found.net
    assert browser.get("/portal/costs.xlsx?month=2026-10").content.startswith(b"PK")


def test_file_of_the_running_month_is_what_the_page_shows(browser: Browser, bakker: Client) -> None:
    answer = browser.get("/portal/costs.json")
    assert answer.json() == expected(bakker, NOVEMBER, make_office.NOW).bill.document
    assert 'filename="costs-so-far-1001-2026-11.json"' in answer["Content-Disposition"]


def test_missing_price_is_told_without_its_particulars(browser: Browser) -> None:
    Item.objects.filter(version__tariff__code="BASIS", meter="talk_time").update(price="")
    page = said(page_of(browser, "/portal/costs/"))
    assert "This month cannot be priced yet." in page and "BASIS" not in page
    assert "cannot be told yet" in page_of(browser, "/portal/")
    assert browser.get("/portal/costs.csv").status_code == 400


def test_month_without_a_contract_has_nothing_to_pay(browser: Browser, bakker: Client) -> None:
    page = said(page_of(browser, "/portal/costs/", month="2025-12"))
    assert "You had no contract in December 2025, so there is nothing to pay." in page


def test_reached_cost_limit_is_good_news(browser: Browser, bakker: Client) -> None:
    limited = make.tariff("LIMIT", items=({**make_portal.CALLS, "price": "9.00", "cost_limit": True},), cost_limit=20)
    ClosedMonth.objects.all().delete()
    Contract.objects.filter(client=bakker).update(tariff=limited)
    page = said(page_of(browser, "/portal/costs/"))
    assert "Your cost limit of €20.00 holds: without it, it would be €45.00" in page


def test_bill_is_compared_with_the_month_before(browser: Browser, bakker: Client) -> None:
    found = bill(bakker, OCTOBER).gross - bill(bakker, OCTOBER.previous()).gross
    page = page_of(browser, "/portal/costs/", month="2026-10")
    assert money.signed(found, "EUR") in page
    assert re.search(r'href="\?month=2026-09">[^<]+ then', page)


def test_quantity_times_price_is_shown_only_where_it_is_the_amount(browser: Browser, bakker: Client) -> None:
    steps = [{"up_to": 2, "price": "0.90"}, {"up_to": None, "price": "0.10"}]
    Item.objects.filter(version__tariff__code="BASIS", meter="calls_accepted").update(price="", steps=steps)
    page = said(page_of(browser, "/portal/costs/"))
    assert "Call 5 €2.10 Tariff BASIS" in page and "Calculation 2 × €0.90 + 3 × €0.10" in page

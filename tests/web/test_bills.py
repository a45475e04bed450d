"""Bills on the office pages: the figures of balie.billing, why they are what they are, and as files."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.models import Client
from balie.billing.actions import freeze_bills
from balie.billing.queries import bill, bills, expected
from balie.calls.models import Call, ClosedMonth
from balie.contracts.models import Booking, Contract
from balie.rules.period import Period
from balie.statements.exports.prices import prices_file
from balie.tariffs.models import Item, Tariff, TariffVersion
from balie.web import billed, money
from tests import make
from tests.flows.test_same_on_page_and_api import Tables, over_api
from tests.web import make_bills, make_office
from tests.web.make_bills import NOVEMBER, OCTOBER
from tests.web.reading import body, queries

Html = Callable[[str], str]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


@pytest.fixture
def contract(db: None) -> Contract:
    """Client 1001 with eleven calls in November."""
    found = make_bills.contract()
    make_bills.calls(found.client)
    return found


@pytest.fixture
def office(contract: Contract) -> None:
    """What the manager of the shared browser looks at."""


def test_the_bill_shows_the_lines_and_sums_of_the_price(html: Html, contract: Contract) -> None:
    made = bill(contract.client, NOVEMBER)
    page = html("/clients/1001/bill/?month=2026-11")
    rows = [row for row in Tables(page).rows if len(row) == 7]
    shown = [row[4] for row in rows[1:]]
    assert shown == [money.plain(line.amount, "EUR") if line.amount else "–" for line in made.lines] + [
        money.plain(made.net, "EUR")
    ]
    for amount in (made.gross, made.net, made.vat):
        assert money.money(amount, "EUR") in page
    assert [line.item for line in made.lines] == [
        "Basisbedrag",
        "Gesprekstijd 's avonds",
        "Gesprekstijd",
        "handling_time",
    ]


def test_each_line_says_why(html: Html, contract: Contract) -> None:
    page = " ".join(html("/clients/1001/bill/?month=2026-11").split())
    for part in (
        "RUIM, version from the beginning",
        "3 calls, 5:51 together",
        "1 shorter than 10 s",
        "by the second after 60 seconds: 5:51 min",
        "2:00 min of 2:00 min used, 0:00 min left",
        "3:51 min × €0.7999 a minute",
        "Mon–Fri 17:30–08:30 not on public holidays",
        "01 Dec 2026 – 31 Dec 2026",
    ):
        assert part in page, part


def measured(line: Any) -> tuple[int, int]:
    seen = line.because["measured"]
    return seen["calls"], seen["seconds"]


def test_a_line_leads_to_the_calls_it_was_measured_from(html: Html, browser: Browser, contract: Contract) -> None:
    """Windows, too short calls, calls not billed and those of other kinds: the list has exactly what was counted."""
    made = bill(contract.client, NOVEMBER)
    page = html("/clients/1001/bill/?month=2026-11")
    found = {}
    for line in made.lines[1:]:
        query = billed.calls_query(NOVEMBER, made.contracts[0], line)
        assert f'href="/clients/1001/calls/{query}"' in page.replace("&amp;", "&")
        totals = browser.get(f"/clients/1001/calls/{query}").context["list"].totals.all
        file = json.loads(body(browser.get(f"/clients/1001/calls.json{query}")))
        assert (len(file), sum(row["duration"] for row in file)) == (totals.calls, totals.seconds)
        found[line.item] = (totals.calls, totals.seconds)
    assert found == {line.item: measured(line) for line in made.lines[1:]}
    assert found == {"Gesprekstijd 's avonds": (3, 200), "Gesprekstijd": (3, 351), "handling_time": (9, 605)}


def test_calls_of_a_line_stay_so_while_they_are_filtered(browser: Browser, contract: Contract) -> None:
    query = f"?month=2026-11&line={contract.pk}-2"
    page = browser.get(f"/clients/1001/calls/{query}").content.decode()
    assert f'name="line" value="{contract.pk}-2"' in page and "“Gesprekstijd” of the tariff RUIM" in page
    shown = browser.get(f"/clients/1001/calls/{query}&until=2026-11-04", headers={"HX-Request": "true"})
    assert shown.context["list"].totals.all.calls == 2


@pytest.mark.parametrize("line", ["x", "1-", "0-0", "999999-1", "-1", "1-2-3"])
def test_a_line_that_is_none_is_told(browser: Browser, contract: Contract, line: str) -> None:
    answer = browser.get(f"/clients/1001/calls/?month=2026-11&line={line}")
    assert answer.status_code == 404 and "no such line on the bill of November 2026" in answer.content.decode()


def test_a_line_of_another_client_is_none(browser: Browser, contract: Contract) -> None:
    make.client("1002")
    assert browser.get(f"/clients/1002/calls/?month=2026-11&line={contract.pk}-2").status_code == 404


def test_files_are_those_of_the_price_command(browser: Browser, contract: Contract) -> None:
    make_bills.contract("1002")
    one = bill(contract.client, NOVEMBER)
    for format in ("csv", "json", "xlsx"):
        page = browser.get(f"/clients/1001/bill.{format}?month=2026-11")
        every = browser.get(f"/months/2026-11/bills.{format}")
        assert page["Content-Disposition"] == f'attachment; filename="bill-1001-2026-11.{format}"'
        assert every["Content-Disposition"] == f'attachment; filename="bills-2026-11.{format}"'
        if format != "xlsx":  # which holds the time it was made
            assert page.content == prices_file([one], format, one=True)
            assert every.content == prices_file(bills(NOVEMBER), format, one=False)
    assert browser.get("/clients/1001/bill.json?month=2026-11").json() == one.document
    assert over_api("/api/v1/prices?month=2026-11&client=1001") == one.document
    assert browser.get("/clients/1001/bill.pdf?month=2026-11").status_code == 400


def test_the_month_before_stands_beside_and_the_differences_add_up(html: Html, contract: Contract) -> None:
    call = Call.objects.filter(talk=200).get()
    make.call(contract.client, start=call.start.replace(month=10), talk=300)
    Booking.objects.create(
        contract=contract, meter="additional_option", first_day=date(2026, 10, 5), last_day=date(2026, 10, 9)
    )
    now, before = bill(contract.client, NOVEMBER), bill(contract.client, OCTOBER)
    (part,) = billed.shown(now, before)
    changes = [one.change or Decimal(0) for one in part.lines] + [gone.change for gone in part.gone]
    assert sum(changes) == part.change == now.net - before.net
    assert [gone.line.item for gone in part.gone] == ["Postvak"]
    page = html("/clients/1001/bill/?month=2026-11")
    assert money.signed(now.gross - before.gross, "EUR") in page
    assert "only in October 2026" in page and "October 2026" in page


def test_lines_called_alike_are_compared_by_their_hours(html: Html, contract: Contract) -> None:
    Item.objects.filter(meter="talk_time").update(title={"nl": "Gesprekstijd"})
    october = Call.objects.filter(talk=200).get().start.replace(month=10)
    make.call(contract.client, start=october, talk=300)
    (part,) = billed.shown(bill(contract.client, NOVEMBER), bill(contract.client, OCTOBER))
    talk = [one for one in part.lines if one.line.item == "Gesprekstijd"]
    assert [one.before for one in talk] == [Decimal("0.00"), Decimal("2.40")]
    assert [one.hours for one in talk] == ["Mon–Fri 17:30–08:30 not on public holidays", ""]
    assert "3:00 min: €2.40" in html("/clients/1001/bill/")


def test_a_service_that_ended_is_told_among_the_differences(contract: Contract) -> None:
    made = make.tariff("SMS", items=({"meter": "basic_fee", "price": "5.00"},))
    Tariff.objects.filter(pk=made.pk).update(service="sms")
    make.contract(contract.client, tariff=made, service="sms", end=date(2026, 10, 31))
    now, before = bill(contract.client, NOVEMBER), bill(contract.client, OCTOBER)
    parts = billed.shown(now, before)
    assert [part.contract.service for part in parts] == ["telephone", "sms"]
    assert sum(part.change for part in parts) == now.net - before.net


def test_the_running_month_has_a_cost_summary(html: Html, contract: Contract) -> None:
    from balie.web.request import Desk

    summary = expected(contract.client, NOVEMBER, Desk(make_office.NOW).now)
    page = html("/clients/1001/bill/")
    assert "Cost summary" in page
    for amount in (summary.usage, summary.fees, summary.bill.gross):
        assert money.money(amount, "EUR") in page
    assert "Cost summary" not in html("/clients/1001/bill/?month=2026-10")


def test_a_missing_price_is_told_with_what_to_do(browser: Browser, html: Html, contract: Contract) -> None:
    Item.objects.filter(position=2).update(price="")
    for address in ("/clients/1001/bill/?month=2026-11", "/months/2026-11/bills/"):
        page = html(address)
        assert "“Gesprekstijd” of the tariff RUIM has no price, and it was used." in page
        assert "0.00 makes it free" in page and f'href="/tariffs/{contract.tariff_id}/"' in page
    assert browser.get("/months/2026-11/bills.csv").status_code == 400


def test_hours_that_nothing_prices_and_a_tariff_without_version_are_told(html: Html, contract: Contract) -> None:
    Item.objects.filter(position=2).delete()
    assert "was used at hours that no item has a price for" in html("/months/2026-11/bills/")
    TariffVersion.objects.update(first_day=date(2027, 1, 1))
    assert "The tariff RUIM has no prices in November 2026." in html("/clients/1001/bill/?month=2026-11")


def test_a_client_without_contract_has_nothing_to_bill(html: Html) -> None:
    make.client("1002")
    assert "No contract in November 2026" in html("/clients/1002/bill/?month=2026-11")


def close(period: Period) -> None:
    freeze_bills(bills=list(bills(period)), now=make_office.NOW)
    ClosedMonth.objects.create(month=period.key, at=make_office.NOW)


def test_a_closed_month_stays_and_its_correction_leads_to_its_calls(
    browser: Browser, html: Html, contract: Contract
) -> None:
    from balie.calls.models import ChangedMonth

    start = Call.objects.filter(talk=200).get().start.replace(month=10)
    make.call(contract.client, start=start, talk=150)
    close(OCTOBER)
    make.call(contract.client, start=start, talk=100, late=True)
    ChangedMonth.objects.create(client=contract.client, month=OCTOBER.key)
    assert "this bill stays as it is" in html("/clients/1001/bill/?month=2026-10")
    page = html("/clients/1001/bill/?month=2026-11")
    assert "correction of October 2026" in page
    query = f"?month=2026-10&line={contract.pk}-2"
    assert query in page.replace("&amp;", "&")
    assert browser.get(f"/clients/1001/calls/{query}").context["list"].totals.all.calls == 2


def test_all_bills_of_a_month_are_sorted_searched_and_summed(browser: Browser, html: Html, contract: Contract) -> None:
    for number in range(1002, 1006):
        make_bills.contract(str(number))
    every = bills(NOVEMBER)
    page = browser.get("/months/2026-11/bills/?order=-gross")
    assert next(row.client.number for row in page.context["page"]) == "1001"
    sums = page.context["sums"]
    assert (sums.net, sums.gross) == (sum(one.net for one in every), sum(one.gross for one in every))
    assert money.money(sums.gross, "EUR") in page.content.decode()
    part = browser.get("/months/2026-11/bills/?q=1003", headers={"HX-Request": "true"})
    assert [row.client.number for row in part.context["page"]] == ["1003"] and "<html" not in part.content.decode()
    assert "Show all bills" in html("/months/2026-11/bills/?q=nobody")
    assert "nothing is billed" in html("/months/2019-01/bills/")
    assert [row.client.number for row in browser.get("/months/2026-11/bills/?month=2025-12").context["page"]] == []


def test_a_reached_cost_limit_is_marked(html: Html, contract: Contract) -> None:
    TariffVersion.objects.update(cost_limit=Decimal("1.00"))
    Item.objects.filter(meter="talk_time").update(cost_limit=True)
    assert "reached" in html("/months/2026-11/bills/")
    page = html("/clients/1001/bill/?month=2026-11")
    assert "The cost limit of €1.00 is reached" in page and "fell under the limit of €1.00" in page


def test_bills_cost_as_many_queries_for_many_clients_and_lines(browser: Browser, contract: Contract) -> None:
    addresses = ("/months/2026-11/bills/", "/clients/1001/bill/?month=2026-11", "/clients/1001/bill/?month=2026-10")
    browser.get("/clients/1001/")  # the first look of a day is remembered
    few = [queries(browser, address) for address in addresses]
    version = TariffVersion.objects.get()
    for position in range(20, 40):
        Item.objects.create(version=version, position=position, meter="basic_fee", price="1.00")
    for number in range(1002, 1032):
        make_bills.contract(str(number))
    assert [queries(browser, address) for address in addresses] == few
    assert Client.objects.count() == 31

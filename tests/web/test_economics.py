"""The pages of controlling: what they say, in how few queries, and where each figure leads."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.test import Client as Browser

from balie.accounts.models import Client
from balie.contracts.models import Contract
from balie.controlling.models import Economics, EconomicsMonth, ForecastMonth
from balie.controlling.outlook import Outlook
from balie.operator.models import Operator
from balie.rules.period import Period
from balie.tariffs.models import Tariff
from tests import make
from tests.web import make_office, make_tasks
from tests.web.make_economics import kept
from tests.web.reading import queries, text

Html = Callable[..., str]
pytestmark = pytest.mark.django_db
# Who is asking: session, user, operator; and the two figures in the menu.
EVERY_PAGE = 5
QUERIES = {
    "/controlling/": 6,
    "/controlling/clients/": 6,
    "/controlling/tariffs/": 5,
    "/controlling/limits/": 3,
    "/controlling/flat-rates/": 10,
    "/clients/1001/margin/": 8,
}


def order(page: str) -> list[str]:
    return re.findall(r'<a href="/clients/(\d+)/margin/\?month=[\d-]+">[^<]*[A-Za-z]', page)


def three_months() -> None:
    """1001 earns well, 1002 at a loss, 1003 little for much work; August to October, and November so far."""
    for month in (202608, 202609, 202610, 202611):
        kept("1001", month, revenue=Decimal("300.00"), cost=Decimal("60.00"))
        kept("1002", month, revenue=Decimal("50.00"), cost=Decimal("80.50"), handling=9660)
        kept("1003", month, revenue=Decimal("90.00"), cost=Decimal("72.00"), handling=8640)


def test_pages_take_the_same_few_queries_however_much_there_is(browser: Browser) -> None:
    three_months()
    flat = make.tariff("FLAT", items=({"meter": "basic_fee", "price": "100.00"},))
    Contract.objects.filter(client__number="1002").update(tariff=flat)
    browser.get("/clients/1001/")  # the first look of a day is remembered
    few = {address: queries(browser, address) - EVERY_PAGE for address in QUERIES}
    for number in range(3001, 3031):
        client = make.client(str(number))
        make.contract(client, tariff=make.tariff(f"T{number}", items=({"meter": "basic_fee", "price": "9.00"},)))
        kept(str(number), 202610)
        kept(str(number), 202611, limit=100, limit_sum=120, tolerance_percent=20)
        make_tasks.unprofitable(client)
    assert {address: queries(browser, address) - EVERY_PAGE for address in QUERIES} == few
    assert {address: asked for address, asked in few.items() if asked > QUERIES[address]} == {}


def test_month_so_far_stands_against_the_month_before(html: Html) -> None:
    three_months()
    Economics.objects.filter(month=202611, client__number="1001").update(revenue=250, cost=45)
    make_tasks.unprofitable(Client.objects.get(number="1002"))
    page = text(html("/controlling/"))
    assert "Revenue so far €390.00 €440.00 in October 2026" in page
    assert "Cost so far €197.50 €212.50 in October 2026" in page
    assert "Margin so far €192.50 49.4%, 51.7% in October 2026" in page
    assert "Contracts that do not pay 1 task Decide" in page
    assert "Cost more than they earned in October 2026 all of them Client Revenue Margin" in page
    assert "Notariskantoor Van Dam 50.00 −30.50" in page
    assert "As of 11:42" in page


def test_month_so_far_says_how_it_will_end(html: Html) -> None:
    three_months()
    period = Period.parse("2026-11", "Europe/Amsterdam")
    so_far, expected, low, high = (Decimal(one) for one in ("390.00", "480.00", "455.00", "511.00"))
    told = Outlook(period, make_office.NOW, so_far, expected, low, high, days=()).document()
    ForecastMonth.objects.create(month=202611, asked=make_office.NOW, done=make_office.NOW, outlook=told)
    page = text(html("/controlling/"))
    assert "Revenue at the end of the month €480.00 €455.00 to €511.00 in four months of five" in page


def test_clients_are_ranked_by_margin_over_the_months_the_watch_looks_at(html: Html) -> None:
    three_months()
    page = html("/controlling/clients/")
    assert order(page) == ["1002", "1003", "1001"]
    assert "August 2026 to October 2026" in text(page)
    assert "1002 Notariskantoor Van Dam 150.00 241.50 −91.50 −61.0% 483 ▾ below the average: 0.31" in text(page)
    assert "3 clients 1,320.00 637.50 682.50 51.7% 1,275 1.04" in text(page)
    assert "▾ earns less than €1.04 per minute worked, which is the average over all clients." in text(page)


def test_clients_are_sorted_by_every_figure(html: Html) -> None:
    three_months()
    for name in ("number", "name", "revenue", "cost", "margin", "percent", "minutes", "per_minute"):
        up, down = (order(html(f"/controlling/clients/?order={sign}{name}")) for sign in ("", "-"))
        assert up == down[::-1] and len(up) == 3, name


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=bakker", ["1001"]),
        ("only=loss", ["1002"]),
        ("only=below", ["1002", "1003"]),
        ("only=tasks", ["1003"]),
        ("tariff=PLUS", ["1001"]),
        ("service=sms", ["1003"]),
        ("month=2026-09&months=1", ["1002", "1003", "1001"]),
        ("month=2025-09&months=1", []),
    ],
)
def test_clients_are_filtered(html: Html, query: str, found: list[str]) -> None:
    three_months()
    kept("1003", 202610, service="sms", revenue=5, cost=1, handling=0)
    Economics.objects.filter(client__number="1001").update(tariff=make.tariff("PLUS"))
    make_tasks.unprofitable(Client.objects.get(number="1003"))
    assert order(html(f"/controlling/clients/?{query}")) == found


def test_average_is_that_of_all_clients_whatever_is_shown(html: Html) -> None:
    three_months()
    assert "€1.04 per minute" in text(html("/controlling/clients/?q=bakker"))


def test_uneconomical_client_leads_to_its_task_and_figures_to_bill_and_calls(html: Html) -> None:
    three_months()
    task = make_tasks.unprofitable(Client.objects.get(number="1002"))
    page = html("/controlling/clients/?month=2026-10&months=1")
    assert f'<a class="mark" href="/tasks/?q=1002#task-{task.pk}">does not pay</a>' in page
    for link in ("/clients/1002/bill/?month=2026-10", "/clients/1002/calls/?month=2026-10"):
        assert f'href="{link}"' in page


def test_missing_price_is_told_and_left_out_of_the_sums(html: Html) -> None:
    three_months()
    Economics.objects.filter(client__number="1003").update(revenue=None, problem={"code": "no_price"})
    page = text(html("/controlling/clients/"))
    assert "Studio Kraan price missing" in page
    assert "3 clients 1,050.00 421.50 628.50 59.9%" in page
    assert "What lacks a price is not in the figures." in page


def test_fixed_costs_are_shown_only_where_there_are_any(html: Html) -> None:
    three_months()
    assert "Fixed costs" not in text(html("/controlling/clients/"))
    Economics.objects.filter(client__number="1001", month=202610).update(fixed=Decimal("333.34"))
    page = text(html("/controlling/clients/?q=bakker"))
    assert "Margin Margin % Fixed costs Left" in page
    assert "Bakker Installaties 900.00 180.00 720.00 80.0% 333.34 386.66" in page


def test_files_hold_the_rows_of_the_page(browser: Browser) -> None:
    three_months()
    address = "/controlling/clients.{}?months=3&month=2026-10&only=loss"
    [document] = json.loads(browser.get(address.format("json")).content)
    assert document == {
        "client": "1002",
        "name": "Notariskantoor Van Dam",
        "from": "2026-08",
        "to": "2026-10",
        "currency": "EUR",
        "revenue": "150.00",
        "cost": "241.50",
        "margin": "-91.50",
        "margin_percent": "-61.00",
        "fixed_costs": "0.00",
        "after_fixed_costs": "-91.50",
        "handled_seconds": 28980,
        "revenue_per_minute": "0.31",
        "price_missing": False,
        "uneconomical": False,
    }
    [row] = csv.DictReader(io.StringIO(browser.get(address.format("csv")).content.decode()))
    assert {name: row[name] for name in ("margin", "revenue", "price_missing")} == {
        "margin": "-91.50",
        "revenue": "150.00",
        "price_missing": "",
    }
    sheet = openpyxl.load_workbook(io.BytesIO(browser.get(address.format("xlsx")).content)).active
    assert sheet
    head, one, sums = ([cell.value for cell in row] for row in sheet.iter_rows())
    assert (one[head.index("margin")], sums[head.index("cost")]) == (-91.5, 241.5)


def test_client_sees_its_months_by_service_with_the_way_to_bill_and_calls(html: Html) -> None:
    three_months()
    kept("1001", 202610, service="sms", revenue=10, cost=4, handling=0, calls=0)
    page = html("/clients/1001/margin/?month=2026-10")
    assert "Revenue €910.00 3 months together Cost €184.00" in text(page)
    assert "October 2026 310.00 64.00 246.00 79.4% 30 120 2.58" in text(page)
    assert "SMS Month Revenue Cost" in text(page)
    for link in ("/clients/1001/bill/?month=2026-10", "/clients/1001/calls/?month=2026-10"):
        assert f'href="{link}"' in page
    assert 'class="chart-wide"' in page


def test_tariffs_are_compared(html: Html) -> None:
    three_months()
    plus = make.tariff("PLUS")
    Economics.objects.filter(client__number="1001").update(tariff=plus)
    page = html("/controlling/tariffs/?order=-margin")
    assert "PLUS PLUS 1 900.00 180.00 720.00 80.0% 360 2.50" in text(page)
    assert "BASIS BASIS 2 420.00 457.50 −37.50 −8.9% 915 ▾ below the average: 0.46" in text(page)
    assert 'href="/controlling/clients/?month=2026-10&amp;months=3&amp;tariff=PLUS"' in page


def limit(number: str, sum: str, expected: str | None = None, day: date | None = None) -> None:
    band = {"limit_low": Decimal(expected) - 9, "limit_high": Decimal(expected) + 9} if expected else {}
    ends: dict[str, Any] = {"limit_expected": expected and Decimal(expected), "limit_day": day, **band}
    kept(number, 202611, limit=100, tolerance_percent=20, limit_sum=Decimal(sum), **ends)


def test_cost_limits_say_how_far_each_client_is_and_when_it_is_there(html: Html) -> None:
    limit("1001", "126.00", "160.00")
    limit("1002", "110.00", "115.00")
    limit("1003", "80.00", "105.00", date(2026, 11, 28))
    limit("1004", "10.00", "14.00")
    page = html("/controlling/limits/")
    assert order(page) == ["1001", "1002", "1003", "1004"]
    read = text(page)
    assert "160% 126.00 100.00 with 20%: 120.00 160.00 151.00 to 169.00 40.0% target 20% beyond the tolerance" in read
    assert "115% 110.00 100.00 with 20%: 120.00 115.00 106.00 to 124.00 40.0% target 20% reached" in read
    assert "105% 80.00 100.00 with 20%: 120.00 105.00 96.00 to 114.00 40.0% target 20% reached around 28 Nov" in read
    assert "14% 10.00 100.00 with 20%: 120.00 14.00 5.00 to 23.00 40.0% target 20% below" in read
    assert "4 cost limits; together €36.00 is beyond them and not billed." in read
    assert order(html("/controlling/limits/?state=expected")) == ["1003"]
    assert order(html("/controlling/limits/?q=1002&order=name")) == ["1002"]


def test_cost_limits_stand_beside_the_target_that_holds_for_their_tariff(html: Html) -> None:
    limit("1001", "10.00", "14.00")
    limit("1002", "10.00", "14.00")
    Economics.objects.filter(client__number="1001").update(revenue=50, tariff=make.tariff("OWN"))
    Tariff.objects.filter(code="OWN").update(target_margin_percent=35)
    page = html("/controlling/limits/?order=percent")
    assert order(page) == ["1001", "1002"]
    assert "−20.0% target 35% below" in text(page) and "40.0% target 20% below" in text(page)


def test_sum_at_the_limit_is_not_beyond_it(html: Html) -> None:
    limit("1001", "100.00", "100.00")
    limit("1002", "120.00", "120.00")
    assert order(html("/controlling/limits/?state=below")) == ["1001"]
    assert order(html("/controlling/limits/?state=reached")) == ["1002"]


def test_flat_rates_stand_against_the_minutes_they_pay_for(html: Html) -> None:
    Operator.objects.update(costs={"agent_per_hour": "30.00"})
    flat = make.tariff("FLAT", items=({"meter": "basic_fee", "price": "149.00"},))
    for number, minutes in (("1001", 310), ("1002", 250), ("1003", 100)):
        Contract.objects.filter(client__number=number).update(tariff=flat)
        for month in (202608, 202609, 202610):
            cost = Decimal(minutes) / 2
            kept(number, month, revenue=Decimal("149.00"), cost=cost, handling=minutes * 60)
    kept("1001", 202607, whole=False, handling=600_000)
    page = html("/controlling/flat-rates/?months=6")
    assert order(page) == ["1001", "1002", "1003"]
    assert "149.00 310 298 target 20%: 238 104% −6.00 −4.0% beyond break-even" in text(page)
    assert "149.00 250 298 target 20%: 238 84% 24.00 16.1% below the target" in text(page)
    assert "149.00 100 298 target 20%: 238 34% 99.00 66.4% on target" in text(page)
    assert order(html("/controlling/flat-rates/?state=loss")) == ["1001"]
    Tariff.objects.filter(code="FLAT").update(target_margin_percent=70)
    page = html("/controlling/flat-rates/?months=6&state=below_target")
    assert order(page) == ["1002", "1003"]
    assert "149.00 100 298 target 70%: 89 34% 99.00 66.4% below the target" in text(page)


def test_figures_not_worked_out_yet_say_so_and_can_be_asked_for(browser: Browser, html: Html) -> None:
    page = text(html("/controlling/"))
    assert "The figures of November 2026 have not been worked out yet." in page
    answer = browser.post("/controlling/again/", {"next": "/controlling/limits/"})
    assert answer["Location"] == "/controlling/limits/"
    assert sorted(EconomicsMonth.objects.values_list("month", flat=True)) == [202609, 202610, 202611]
    assert "New figures wait for a worker, and none is running." in text(html("/controlling/"))
    assert "HX-Refresh" not in browser.get("/controlling/progress/").headers
    EconomicsMonth.objects.update(done=make_office.NOW)
    assert browser.get("/controlling/progress/")["HX-Refresh"] == "true"


def test_asking_for_figures_leads_nowhere_else(browser: Browser) -> None:
    answer = browser.post("/controlling/again/", {"next": "https://example.com/"})
    assert answer["Location"] == "/controlling/"


@pytest.mark.parametrize("address", [*QUERIES, "/controlling/clients/?page=x&months=9999&order=drop&q=%27%3Cscript%3E"])
def test_pages_without_any_figures_say_what_to_do(html: Html, address: str) -> None:
    assert "<script>" not in html(address).partition("<main")[2]

"""What-ifs on pages: asked for, waited for, read; the editor asks with what stands in it and stores nothing."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.models import Client
from balie.billing.actions import freeze_bills
from balie.billing.queries import fresh_bills
from balie.calls.actions import mark_closed
from balie.controlling.models import WhatIf, WhatIfClient
from balie.controlling.whatif import LEASE, run_what_if, what_ifs_due
from balie.leases.actions import beat, claim
from balie.rules.period import Period
from balie.tariffs.models import Tariff, TariffVersion
from tests import make
from tests.web import make_what_if
from tests.web.make_office import NOW, ZONE
from tests.web.make_tariffs import form, tariffs
from tests.web.reading import queries, text

Html = Callable[..., str]
pytestmark = pytest.mark.django_db
ADDRESS = "/controlling/what-if/"
FEE = {"meter": "basic_fee", "price": "31,50", "cycle": "monthly"}
CALL = {"meter": "calls_accepted", "price": "0.97"}


@pytest.fixture
def basis(office: None) -> Tariff:
    return tariffs()


@pytest.fixture
def closed(basis: Tariff) -> Tariff:
    """October's bills are frozen, as closing it does."""
    period = Period(2026, 10, ZONE)
    freeze_bills(bills=fresh_bills(period), now=NOW)
    mark_closed(month=period.key, now=NOW)
    return basis


@pytest.fixture
def four(basis: Tariff) -> WhatIf:
    """A what-if with somebody of every kind."""
    amounts = {
        "1001": ("80.00", "90.50"),
        "1002": ("80.00", "60.00"),
        "1003": ("50.00", "50.00"),
        "1004": ("9.00", None),
    }
    clients = {client.number: client for client in Client.objects.all()}
    return make_what_if.done(basis, *((clients[number], *both) for number, both in amounts.items()))


def work_out() -> None:
    row = claim(what_ifs_due(), now=NOW, length=LEASE)
    assert row
    run_what_if(row, now=NOW, keep=lambda: None)


def numbers(page: str) -> list[str]:
    """The clients of the list, in order."""
    return [part.partition("<")[0] for part in page.split('<td class="num card-side">')[1:]]


def test_without_a_closed_month_the_page_says_what_is_missing(basis: Tariff, html: Html, browser: Browser) -> None:
    assert "No month is closed yet" in text(html(ADDRESS))
    assert browser.post(ADDRESS, {"tariff": "BASIS", "months": "12"}).status_code == 422


def test_asking_leads_to_its_page_which_waits_and_then_shows_the_sums(
    closed: Tariff, html: Html, browser: Browser
) -> None:
    answer = browser.post(ADDRESS, {"tariff": "K7RA-2MXE", "months": "12", "only_at": "BASIS"})
    row = WhatIf.objects.get()
    assert answer["Location"] == f"{ADDRESS}{row.pk}/" and row.only_at == closed
    assert row.asked_by == "Marit de Boer"
    waiting = html(answer["Location"])
    assert f'hx-get="{ADDRESS}{row.pk}/progress/"' in waiting and "none is running" in text(waiting)
    beat(host="here", pid=1, lane="closings", now=NOW)
    assert "It begins within a few seconds." in text(html(answer["Location"]))
    work_out()
    shown = text(html(answer["Location"]))
    assert "contracts at BASIS" in shown and "12 bills, net" in shown
    assert "±€0.00 (±0%)" in shown  # the same prices under another code
    assert browser.get(f"{ADDRESS}{row.pk}/progress/")["HX-Refresh"] == "true"


def test_the_form_offers_the_tariff_it_was_opened_with(closed: Tariff, html: Html) -> None:
    assert '<option value="BASIS" selected>' in html(f"{ADDRESS}?tariff=BASIS")
    assert f"{ADDRESS}?tariff=BASIS" in html(f"/tariffs/{closed.pk}/")


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"tariff": "NONE"}, "Choose the tariff to price with."),
        ({"tariff": "BASIS", "only_at": "NONE"}, "There is no tariff “NONE” any more."),
        ({"tariff": "BASIS", "months": "99"}, "Choose from 1 to 36 months."),
        ({"tariff": "BASIS", "months": "x"}, "Choose from 1 to 36 months."),
    ],
)
def test_what_cannot_be_asked_is_told(closed: Tariff, browser: Browser, said: dict[str, str], problem: str) -> None:
    answer = browser.post(ADDRESS, {"months": "12", **said})
    assert (answer.status_code, problem in answer.content.decode()) == (422, True)
    assert not WhatIf.objects.exists()


def test_the_editor_asks_with_what_stands_in_it_and_stores_no_version(
    closed: Tariff, html: Html, browser: Browser
) -> None:
    address = f"/tariffs/{closed.pk}/edit/2026-12/"
    assert f'formaction="{address}what-if/"' in html(address)
    said = {**form(FEE, CALL), "months": "3", "only_at": "BASIS"}
    answer = browser.post(f"{address}what-if/", said, headers={"hx-request": "true"})
    row = WhatIf.objects.get()
    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"{ADDRESS}{row.pk}/")
    assert TariffVersion.objects.filter(tariff=closed).count() == 1
    assert [item["price"] for item in row.versions[0]["items"]] == ["31.50", "0.97"]
    work_out()
    assert "prices from December 2026, as if they had always held" in text(html(answer["HX-Redirect"]))
    again = browser.post(f"{ADDRESS}{row.pk}/again/", {"months": "1", "only_at": ""})
    assert again["Location"] == f"{ADDRESS}{WhatIf.objects.latest('pk').pk}/" != answer["HX-Redirect"]
    assert WhatIf.objects.latest("pk").versions == row.versions


def test_the_editor_tells_what_is_wrong_beside_the_item(closed: Tariff, browser: Browser) -> None:
    wrong = form({**CALL, "price": "dear"})
    answer = browser.post(f"/tariffs/{closed.pk}/edit/2026-12/what-if/", {**wrong, "months": "3", "only_at": ""})
    assert answer.status_code == 422 and 'value="dear"' in answer.content.decode()
    assert not WhatIf.objects.exists()


def test_biggest_changes_come_first_and_what_has_no_price_last(four: WhatIf, html: Html) -> None:
    page = html(f"{ADDRESS}{four.pk}/")
    assert numbers(page) == ["1002", "1001", "1003", "1004"]
    shown = text(page)
    assert "As billed €210.00 3 bills, net With these prices €200.50 −€9.50 (−5%)" in shown
    assert "Pay less 1 −€20.00 Pay more 1 +€10.50" in shown
    assert "1 client cannot be priced and is in no sum" in shown
    assert "“Basic fee” has no price, and it was used; 0.00 makes it free." in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("which=less", ["1002"]),
        ("which=more", ["1001"]),
        ("which=same", ["1003"]),
        ("which=unpriced", ["1004"]),
        ("which=limits", []),
        ("q=kraan", ["1003"]),
        ("q=100&order=-name", ["1004", "1003", "1002", "1001"]),
        ("order=difference", ["1002", "1003", "1001", "1004"]),
        ("order=-difference", ["1001", "1003", "1002", "1004"]),
        ("order=nonsense", ["1002", "1001", "1003", "1004"]),
    ],
)
def test_clients_are_found_and_sorted_and_files_hold_the_same(
    four: WhatIf, html: Html, browser: Browser, query: str, found: list[str]
) -> None:
    assert numbers(html(f"{ADDRESS}{four.pk}/?{query}", **{"hx-request": "true"})) == found
    document = json.loads(browser.get(f"{ADDRESS}{four.pk}.json?{query}").content)
    assert [client["client"] for client in document["clients"]] == found
    rows = browser.get(f"{ADDRESS}{four.pk}.csv?{query}").content.decode().splitlines()[1:]
    assert [row.partition(",")[0] for row in rows] == found
    assert browser.get(f"{ADDRESS}{four.pk}.xlsx?{query}").content[:2] == b"PK"


def test_sums_of_a_filtered_list_are_those_of_its_rows(four: WhatIf, html: Html) -> None:
    assert "1 client 1 80.00 60.00 −20.00" in text(html(f"{ADDRESS}{four.pk}/?which=less", **{"hx-request": "true"}))


def test_files_say_what_a_program_needs(four: WhatIf, browser: Browser) -> None:
    document = json.loads(browser.get(f"{ADDRESS}{four.pk}.json?order=number").content)
    assert {name: document[name] for name in ("tariff", "months", "only_at", "state")} == {
        "tariff": "BASIS", "months": ["2026-09", "2026-10"], "only_at": None, "state": "done",
    }  # fmt: skip
    month = {"month": "2026-10", "present": "80.00", "other": "90.50", "limit_before": False, "limit_after": False}
    assert document["clients"][0] == {
        "client": "1001", "name": "Bakker Installaties", "bills": 1, "present": "80.00", "other": "90.50",
        "difference": "10.50", "limits_before": 0, "limits_after": 0, "problem": None, "months": [month],
    }  # fmt: skip
    rows = browser.get(f"{ADDRESS}{four.pk}.csv?order=number").content.decode().splitlines()
    assert rows[0] == "client,name,bills,present,other,difference,limits_before,limits_after,problem"
    assert rows[2] == "1002,Notariskantoor Van Dam,1,80.00,60.00,-20.00,0,0,"
    assert rows[4].startswith("1004,Wolff & Zn. Dakdekkers,1,9.00,,,0,0,Client")


def test_a_file_of_one_that_is_not_done_is_refused(basis: Tariff, browser: Browser) -> None:
    assert browser.get(f"{ADDRESS}{make_what_if.asked(basis).pk}.csv").status_code == 400


def test_a_clients_months_lead_to_its_bills(four: WhatIf, html: Html) -> None:
    page = html(f"{ADDRESS}{four.pk}/1001/")
    assert "/clients/1001/bill/?month=2026-10" in page
    assert "October 2026 80.00 90.50 +10.50" in text(page)
    assert "price missing" in text(html(f"{ADDRESS}{four.pk}/1004/"))


def test_one_that_was_given_up_is_tried_again(basis: Tariff, html: Html, browser: Browser) -> None:
    row = make_what_if.asked(basis, parked="The disk is full.", attempts=5)
    assert "The disk is full." in text(html(f"{ADDRESS}{row.pk}/")) and "given up" in text(html(ADDRESS))
    browser.post(f"{ADDRESS}{row.pk}/retry/")
    row.refresh_from_db()
    assert (row.parked, row.under_way) == ("", True)


def test_queries_do_not_grow_with_clients(four: WhatIf, browser: Browser) -> None:
    few = queries(browser, f"{ADDRESS}{four.pk}/"), queries(browser, ADDRESS)
    more = [make.client(str(2000 + place)) for place in range(30)]
    WhatIfClient.objects.bulk_create(make_what_if.one(four, client, "1.00", "2.00") for client in more)
    make_what_if.done(four.tariff, (more[0], "1.00", "2.00"))
    assert (queries(browser, f"{ADDRESS}{four.pk}/"), queries(browser, ADDRESS)) == few
    assert few[0] <= 16 and few[1] <= 12


def test_empty_ones_say_so(basis: Tariff, html: Html) -> None:
    row: Any = make_what_if.done(basis, only_at=basis)
    assert "In these months no bill has a contract at BASIS." in text(html(f"{ADDRESS}{row.pk}/"))

"""What a client's user sees in the portal: the start page, calls, documents; its own and nobody else's."""

import json
import re
from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.models import Client, Role
from balie.calls.models import Call
from balie.statements.models import Statement
from tests import make
from tests.web import make_portal
from tests.web.make_portal import page_of, said
from tests.web.reading import body, queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
PAGES = ("/portal/", "/portal/calls/", "/portal/costs/", "/portal/documents/", "/portal/contract/")
# Session, user with its client, operator: on every page.
EVERY_PAGE = 4
QUERIES = {"/portal/": 35, "/portal/calls/": 1, "/portal/costs/": 27, "/portal/documents/": 1, "/portal/contract/": 12}


@pytest.fixture
def house() -> tuple[Client, Client]:
    return make_portal.house()


@pytest.fixture
def browser(bakker: Client) -> Browser:
    return make_portal.browser(make_portal.user(bakker))


def test_pages_name_their_client_and_no_other(browser: Browser) -> None:
    for address in PAGES:
        page = page_of(browser, address)
        assert "Bakker" in page and "Kraan" not in page and "1002" not in page, address


def test_pages_say_the_same_in_every_language(bakker: Client) -> None:
    for language in ("nl", "de", "en"):
        reader = make_portal.browser(make_portal.user(bakker, f"{language}@bakker.example", language=language))
        for address in PAGES:
            assert f'<html lang="{language}"' in page_of(reader, address)


def test_pages_take_the_same_few_queries_however_much_there_is(browser: Browser, bakker: Client) -> None:
    few = {address: queries(browser, address) - EVERY_PAGE for address in PAGES}
    make.calls(bakker, 20, start=make_portal.NOVEMBER.begin)
    assert {address: queries(browser, address) - EVERY_PAGE for address in PAGES} == few
    assert {address: asked for address, asked in few.items() if asked > QUERIES[address]} == {}


def test_staff_belong_to_the_office_and_strangers_to_the_login(house: Any) -> None:
    for role in Role:
        staff = make_portal.browser(make.user(f"{role}@example.com", role=role))
        assert [staff.get(address)["Location"] for address in PAGES] == ["/"] * len(PAGES)
    stranger = make_portal.browser(None)
    assert [stranger.get(one)["Location"] for one in PAGES] == [f"/login/?next={one}" for one in PAGES]


def test_a_user_without_client_or_role_is_let_in_nowhere(house: Any) -> None:
    nobody = make_portal.browser(make.user("nobody@example.com", role=""))
    assert {nobody.get(address).status_code for address in PAGES} == {403}


def test_clients_users_begin_in_the_portal(browser: Browser) -> None:
    assert browser.get("/")["Location"] == "/portal/"


def test_start_says_the_month_in_four_figures(browser: Browser) -> None:
    page = said(page_of(browser, "/portal/"))
    assert page.startswith("November 2026 so far We answered 5 calls for you, 1 missed.")
    assert "Answered 5 1 missed Forwarded 1 1 on your behalf Talk time 15:30 all calls together" in page


def test_start_tells_how_to_divert_to_todays_number(browser: Browser) -> None:
    page = page_of(browser, "/portal/")
    assert re.findall(r'href="tel:([^"]+)"', page) == [
        "**21*0201231001%23",
        "**61*0201231001%23",
        "**67*0201231001%23",
        "%23%2321%23",
    ]
    assert "*21*0201231001#" in page


def test_start_without_number_calls_and_contract_says_what_to_do(house: Any) -> None:
    empty = make.client("3001", language="en")
    page = said(page_of(make_portal.browser(make_portal.user(empty, "new@example.com")), "/portal/"))
    assert "No number is assigned to you today." in page and "No calls this month yet." in page


def test_start_tells_of_missed_calls_of_today_and_new_statements(browser: Browser, bakker: Client) -> None:
    make.call(bakker, start=make.NOW, type="missed", talk=0)
    Statement.objects.filter(client=bakker, revision=2).update(created=make.NOW)
    page = said(page_of(browser, "/portal/"))
    assert "1 missed call today The last at 10:00." in page
    assert "A new statement of October 2026 Calls that came late are in it." in page


def test_calls_are_the_clients_of_that_month_with_their_totals(browser: Browser) -> None:
    page = said(page_of(browser, "/portal/calls/", month="2026-10"))
    assert "8 calls · 5 inbound, 1 missed, 1 forwarded, 1 on your behalf" in page
    missed = said(page_of(browser, "/portal/calls/", month="2026-10", type="missed"))
    assert "1 call · 0 inbound, 1 missed, 0 forwarded, 0 on your behalf" in missed


def test_calls_are_shown_in_pages_and_as_a_part_for_htmx(browser: Browser, bakker: Client) -> None:
    make.calls(bakker, 60, start=make_portal.NOVEMBER.begin)
    assert "51–68 of 68" in page_of(browser, "/portal/calls/", page=2)
    part = browser.get("/portal/calls/?page=2", headers={"HX-Request": "true"}).content.decode()
    assert "<main" not in part and "51–68 of 68" in part


def test_filters_without_a_result_say_so(browser: Browser) -> None:
    assert "No call of November 2026 fits what you asked for." in page_of(browser, "/portal/calls/", number="999000")


@pytest.mark.parametrize(
    ("privacy", "seen"),
    [
        ("none", ["06 12 34 56 31", "06 87 65 43 31", "06 99 99 99 31"]),
        ("last3", ["06 12 34 5x xx", "06 87 65 4x xx", "06 99 99 9x xx"]),
        ("all", ["xxx", "xxx", "xxx"]),
    ],
)
def test_numbers_of_others_are_as_hidden_as_the_client_wants(
    browser: Browser, bakker: Client, privacy: str, seen: list[str]
) -> None:
    Client.objects.filter(pk=bakker.pk).update(hide_numbers=privacy)
    start, calls = page_of(browser, "/portal/"), page_of(browser, "/portal/calls/")
    files = b"".join(browser.get(f"/portal/calls.{format}").getvalue() for format in ("csv", "json")).decode()
    for number in seen:
        assert number in start and number in calls
    whole = ("3456", "6543", "9999") if privacy == "all" else ("345631", "654331", "999931")
    hidden = [part for part in whole if part in re.sub(r"[ <>/a-z]", "", said(calls)) or part in files]
    assert bool(hidden) == (privacy == "none")
    assert "020 123 1001" in calls


def test_hidden_digits_cannot_be_searched_for_nor_sorted_by(browser: Browser, bakker: Client) -> None:
    Client.objects.filter(pk=bakker.pk).update(hide_numbers="last3")
    assert "fits what you asked for" in page_of(browser, "/portal/calls/", number="345631")
    assert "5 inbound" in page_of(browser, "/portal/calls/", number="0612345")
    assert page_of(browser, "/portal/calls/", order="caller").count("<tr") == 10


def test_calls_are_downloaded_as_they_are_shown(browser: Browser) -> None:
    rows = json.loads(body(browser.get("/portal/calls.json?month=2026-10&type=missed")))
    assert [row["type"] for row in rows] == ["missed"]
    answer = browser.get("/portal/calls.csv?month=2026-10&type=missed")
    assert answer["Content-Disposition"] == 'attachment; filename="calls-part-1001-2026-10.csv"'
    assert browser.get("/portal/calls.exe").status_code == 400


def test_documents_show_the_newest_revision_first(browser: Browser) -> None:
    page = said(page_of(browser, "/portal/documents/"))
    assert "October 2026 5 calls · 1 page · 05 Nov 2026" in page
    assert "Revision 2: calls came late, so this replaces an earlier one Revision 1 of 04 Nov 2026" in page


def test_documents_of_a_new_client_say_when_there_will_be_some(house: Any) -> None:
    empty = make_portal.browser(make_portal.user(make.client("3001"), "new@example.com"))
    assert "No documents yet." in page_of(empty, "/portal/documents/")


def test_what_belongs_to_another_client_is_not_there(browser: Browser, house: tuple[Client, Client]) -> None:
    others = Statement.objects.filter(client=house[1]).values_list("pk", flat=True)
    contract = house[1].contracts.get().pk
    addresses = [f"/portal/documents/{pk}.pdf" for pk in others] + [f"/portal/contract/{contract}/tariff/"]
    assert {browser.get(address).status_code for address in addresses} == {404}
    deeds = [f"/portal/contract/{contract}/tariff/{deed}/" for deed in ("code", "undo", "1", "1/change")]
    assert {browser.post(address).status_code for address in deeds[:2] + deeds[3:]} == {404}


def test_an_own_statement_is_looked_for_in_the_own_files(browser: Browser, bakker: Client) -> None:
    # The row is there and the file is not: the reason is told, not a page that does not exist.
    own = Statement.objects.filter(client=bakker).latest("pk")
    assert browser.get(f"/portal/documents/{own.pk}.pdf").status_code == 400


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/portal/calls/?month=2026-13", 400),
        ("/portal/calls/?line=9-9", 404),
        ("/portal/calls/?since=0001-01-01&until=9999-12-31&order=drop+table&page=-3", 200),
        ("/portal/calls/?number=%25_%27%F0%9F%98%80", 200),
        ("/portal/costs/?month=2027-01", 400),
        ("/portal/costs.exe", 400),
        (f"/portal/documents/{10**30}.pdf", 404),
        (f"/portal/contract/{10**30}/tariff/", 404),
    ],
)
def test_clumsy_addresses_do_no_harm(browser: Browser, address: str, status: int) -> None:
    assert browser.get(address).status_code == status


def test_calls_behind_a_line_of_the_bill_are_listed(browser: Browser) -> None:
    link = re.search(r"/portal/calls/(\?month=2026-11&amp;line=\d+-1)", page_of(browser, "/portal/costs/"))
    assert link
    page = said(page_of(browser, "/portal/calls/" + link.group(1).replace("&amp;", "&")))
    assert "“Call” on your bill was counted from" in page
    assert "5 calls · 5 inbound, 0 missed, 0 forwarded" in page
    assert Call.objects.count() == 32

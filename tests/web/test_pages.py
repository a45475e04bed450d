"""What each page says, how few queries it takes, and that clumsy addresses do no harm."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.models import Client
from balie.calls.models import Call, Import, Source
from tests import make
from tests.web import make_office
from tests.web.reading import body, queries, text

Html = Callable[..., str]
pytestmark = pytest.mark.django_db

# Who is asking: session, user, operator; and the two figures in the menu.
EVERY_PAGE = 5
QUERIES = {
    "/": 24,
    "/clients/": 7,
    "/clients/1001/": 10,
    "/clients/1001/calls/": 7,
    "/clients/1001/statements/": 5,
    "/clients/1001/users/": 10,
    "/clients/1001/desk/": 14,
    "/notes/": 5,
    "/quality/": 8,
    "/quality/checks/": 3,
    "/quality/reviews/": 6,
    "/quality/recording/": 9,
    "/quality/missing/": 6,
    "/registrations/": 2,
    "/cancellations/requests/": 3,
    "/settings/login/": 1,
    "/settings/terms/": 2,
    "/calls/": 8,
    "/calls/all/": 5,
    "/calls/unassigned/": 8,
    "/calls/imports/": 4,
    "/calls/sources/": 4,
    "/calls/sms/": 3,
    "/sms/": 4,
    "/sms/new/": 1,
    "/sms/settings/": 1,
    "/sms/opt-outs/": 1,
    "/clients/1001/sms/settings/": 10,
    "/clients/1001/sms/": 7,
    "/months/": 6,
    "/months/2026-10/": 5,
    "/months/2026-10/close/": 6,
    "/search/?q=0612": 3,
}

CLUMSY = [
    "/clients/1001/calls/?month=2026-13",
    "/clients/1001/calls/?month=9999-12",
    "/?day=31-02-2026",
    "/calls/?month=99999-01",
    "/months/0000-00/",
    "/months/2027-01/close/",
    "/calls/month/2026-11.docx",
    "/clients/1001/calls.exe",
]
HOSTILE = [
    "/clients/?page=999&order=drop+table&q=%27%22%3Cscript%3E",
    "/clients/?q=" + "x" * 5000,
    "/calls/all/?page=-1&order=-nothing&number=%25_%27&client=%F0%9F%98%80",
    "/calls/all/?since=0001-01-01&until=9999-12-31",
    "/search/?q=%25%25%25",
    "/search/?q=++%0A++",
    "/calls/imports/?source=nobody&bad=1&page=x",
]


def test_pages_take_the_same_few_queries_however_much_there_is(browser: Browser) -> None:
    make.registration()
    browser.get("/clients/1001/")  # the first look of a day is remembered
    few = {address: queries(browser, address) - EVERY_PAGE for address in QUERIES}
    for number in range(3001, 3031):
        company = make.client(str(number))
        make.number(company, f"+3120999{number}")
        make.call(company, start=make_office.NOW, caller="+31612345678")
        make.call(None, start=make_office.NOW, callee=f"+3188999{number}")
        make.source(f"pbx-{number}")
        make.registration(f"{number}@x.example")
        make.user(f"{number}@bakker.example", role="", client=Client.objects.get(number="1001"))
        make.user(f"{number}@example.com")
    assert {address: queries(browser, address) - EVERY_PAGE for address in QUERIES} == few
    assert {address: asked for address, asked in few.items() if asked > QUERIES[address]} == {}


def test_today_says_what_is_wrong_first(html: Html) -> None:
    page = text(html("/"))
    alarms = ["Nothing runs in the background.", "pbx-2 has been silent since 09:10.", "14 calls without a client"]
    places = [page.index(alarm) for alarm in [*alarms, "3 lines could not be read", "October 2026 can be closed"]]
    assert places == sorted(places)
    assert "Calls so far 25 −27% against the usual 34" in page


def test_today_of_another_day_shows_that_day(html: Html) -> None:
    page = text(html("/?day=2026-11-20"))
    assert page.startswith("Friday 20 November 2026")
    assert "without a client on" not in page.partition("Figures of the day")[0]


def test_an_empty_installation_says_what_to_do(db: None, monday: None) -> None:
    make.operator()
    empty = Browser()
    empty.force_login(make_office.manager())
    for address in ("/", "/clients/", "/calls/", "/calls/all/", "/calls/unassigned/", "/calls/imports/"):
        assert empty.get(address).status_code == 200, address
    assert "There are no clients yet" in empty.get("/clients/").content.decode()
    assert "There is no phone system yet" in empty.get("/calls/sources/").content.decode()
    assert "There is no phone system yet" in empty.get("/calls/imports/by-hand/").content.decode()


def test_without_an_operator_the_page_says_what_to_run(db: None) -> None:
    early = Browser()
    early.force_login(make.user())
    answer = early.get("/clients/")
    assert (answer.status_code, "balie init" in answer.content.decode()) == (400, True)


def test_clients_are_found_by_name_number_and_telephone(html: Html) -> None:
    for searched in ("bakker", "1001", "020 123 1001", "INFO@1001"):
        page = html(f"/clients/?q={searched}")
        assert re.findall(r'<a href="(/clients/\d+/)">', page) == ["/clients/1001/"], searched


def test_clients_are_sorted_by_every_column(html: Html) -> None:
    for order in ("number", "name", "inbound", "missed", "forwarded", "outbound", "seconds", "change"):
        up = re.findall(r'<a href="/clients/(\d+)/">', html(f"/clients/?order={order}"))
        down = re.findall(r'<a href="/clients/(\d+)/">', html(f"/clients/?order=-{order}"))
        assert len(up) == 12 and set(up) == set(down) and up != down, order


def test_a_clients_calls_have_the_totals_of_what_is_shown(html: Html) -> None:
    calls = Call.objects.filter(client__number="1001", start__gte="2026-10-31T23:00Z")
    whole = html("/clients/1001/calls/?month=2026-11")
    assert f"{calls.count()} calls ·" in whole
    missed = html("/clients/1001/calls/?month=2026-11&type=missed")
    assert f"{calls.filter(type='missed').count()} calls · 0 inbound" in missed


def test_filters_that_cannot_be_read_say_so_and_filter_nothing(html: Html) -> None:
    page = html("/clients/1001/calls/?month=2026-11&since=yesterday&direction=sideways")
    assert "Enter a valid date." in page and "sideways is not one of the available choices" in page
    assert f"{Call.objects.filter(client__number='1001', start__gte='2026-10-31T23:00Z').count()} calls ·" in page


def test_clumsy_addresses_are_refused_with_a_sentence(browser: Browser) -> None:
    for address in CLUMSY:
        answer = browser.get(address)
        assert (answer.status_code, "That cannot be done" in answer.content.decode()) == (400, True), address


def test_hostile_questions_are_answered_calmly(html: Html) -> None:
    for address in HOSTILE:
        assert "<script>" not in html(address), address


def test_the_sign_nul_is_refused_on_every_database(browser: Browser) -> None:
    for address in ("/search/?q=%00%00", "/months/2026-10/?q=%00", "/clients/a%00b/", "/?day=%00"):
        answer = browser.get(address)
        assert (answer.status_code, "cannot be read" in answer.content.decode()) == (400, True), address
    assert browser.post("/calls/unassigned/assign/", {"client": "1001", "number": "\x00"}).status_code == 400


def test_what_files_say_is_shown_and_never_run(html: Html) -> None:
    page = html(f"/calls/imports/{Import.objects.get(rejected=3).pk}/")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "The line has 7 columns" in page


def test_pages_carry_no_inline_style_or_script(html: Html) -> None:
    for address in ("/", "/clients/", "/clients/1001/", "/calls/", "/calls/unassigned/", "/months/2026-10/close/"):
        page = html(address)
        assert re.findall(r"\sstyle=|<style|<script>|\son\w+=|javascript:", page) == [], address


def test_every_answer_has_the_strict_policy(browser: Browser) -> None:
    policy = browser.get("/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert browser.get("/")["Cache-Control"] == "private, no-store"


def test_search_finds_clients_numbers_and_calls(html: Html) -> None:
    page = text(html("/search/?q=0201231001"))
    assert "Numbers 020 123 1001" in page.replace("Number Client Time ", "") and "more in all calls" in page
    short = html("/search/?q=kraan", **{"HX-Request": "true"})
    assert "Studio Kraan" in short and "<html" not in short


def test_search_names_whom_an_agent_called_not_his_extension(html: Html) -> None:
    client = Client.objects.get(number="1001")
    make.call(client, direction="outbound", caller="206", callee="+31687650011")
    make.call(client, direction="forwarded", caller="+31307654399", callee="+31687650012")
    short = html("/search/?q=068765001", **{"HX-Request": "true"})
    assert ("06 87 65 00 11" in short, ">206<" in short) == (True, False)
    assert "030 765 4399 → 06 87 65 00 12" in text(short)


def test_htmx_gets_the_rows_only_but_going_back_gets_the_page(html: Html) -> None:
    part = html("/clients/1001/calls/", **{"HX-Request": "true"})
    back = html("/clients/1001/calls/", **{"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert ("<html" in part, "<html" in back) == (False, True)


def test_one_call_shows_what_belongs_to_it(html: Html) -> None:
    onward = Call.objects.filter(direction="forwarded", client__number="1001").latest("start")
    inbound = Call.objects.get(source=onward.source, key=onward.key.rpartition("/")[0])
    assert f"/calls/{onward.pk}/" in html(f"/calls/{inbound.pk}/")
    assert f"/calls/{inbound.pk}/" in html(f"/calls/{onward.pk}/")


def test_the_page_and_its_files_have_the_same_sums(browser: Browser, html: Html) -> None:
    page = text(html("/calls/?month=2026-11"))
    report = json.loads(browser.get("/calls/month/2026-11.json").content)
    calls = sum(client["inbound"]["calls"] for client in report["clients"])
    missed = sum(client["inbound"]["missed"] for client in report["clients"])
    assert f"Inbound {calls:,} " in page and f"Missed {missed:,} " in page


def test_a_file_has_the_rows_of_the_filtered_page(browser: Browser, html: Html) -> None:
    filters = "?month=2026-11&direction=forwarded&order=talk"
    rows = json.loads(body(browser.get(f"/clients/1001/calls.json{filters}")))
    assert f"{len(rows)} calls · 0 inbound, 0 missed, {len(rows)} forwarded" in html(f"/clients/1001/calls/{filters}")
    assert [row["duration"] for row in rows] == sorted(row["duration"] for row in rows)
    answer = browser.get(f"/clients/1001/calls.csv{filters}")
    assert answer["Content-Disposition"] == 'attachment; filename="calls-part-1001-2026-11.csv"'


def test_pages_speak_the_persons_language(browser: Browser) -> None:
    for language, written in (("nl", "23-11-2026"), ("de", "23.11.2026"), ("en", "23 Nov 2026")):
        browser.post("/language/", {"language": language, "next": "/clients/1001/calls/"})
        page = browser.get("/clients/1001/calls/?month=2026-11").content.decode()
        assert f'<html lang="{language}"' in page and written in page


def test_colours_are_remembered_without_a_flash(browser: Browser) -> None:
    assert 'data-theme="system"' in browser.get("/").content.decode()
    answer = browser.post("/theme/", {"theme": "dark", "next": "/clients/"})
    assert answer["Location"] == "/clients/"
    assert 'data-theme="dark"' in browser.get("/").content.decode()


def test_choices_lead_nowhere_else(browser: Browser) -> None:
    for elsewhere in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
        assert browser.post("/theme/", {"theme": "dark", "next": elsewhere})["Location"] == "/"
    assert browser.post("/theme/", {"theme": "pink"}).status_code == 400
    assert browser.post("/language/", {"language": "xx"}).status_code == 400


def test_a_secret_in_a_files_address_is_not_shown(html: Html) -> None:
    Source.objects.filter(name="pbx-1").update(files={"url": "ftp://balie:geheim@pbx.example.com/*.csv"})
    page = html("/calls/sources/")
    assert "geheim" not in page and "ftp://balie:…@pbx.example.com/*.csv" in page


def test_closed_months_offer_their_statements(html: Html) -> None:
    page = html("/months/2026-09/?q=bakker")
    assert re.findall(r'href="(/statements/\d+\.pdf)"', page) and "1 statement" in text(page)
    assert text(html("/clients/1001/statements/")).count("September 2026") == 2


def test_a_month_shows_what_closing_does_before_it_is_done(html: Html, browser: Browser) -> None:
    page = text(html("/months/2026-10/close/"))
    assert "Statements 12 one for every client with a contract" in page
    answer: Any = browser.post("/months/2026-10/close/", follow=True)
    said = text(answer.content.decode())
    assert "October 2026 is being closed." in said
    assert "HX-Refresh" not in browser.get("/months/2026-10/progress/")

"""SMS on the pages: a client's list in the office and the portal, lists that were read, SMS without a client."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from balie.accounts.models import Client
from balie.messages.models import Message, SmsImport
from balie.operator.models import LogEntry
from tests import make
from tests.web import make_sms
from tests.web.reading import body, text

Html = Callable[..., str]
pytestmark = pytest.mark.django_db
FILE = "sent_at,from,to,text\n2026-11-20 10:00:00,+31201231001,0612345678,Hello\nwhat is this\n"


def test_tab_of_a_client_lists_the_month_with_its_sums(html: Html) -> None:
    make_sms.a_list()
    page = text(html("/clients/1001/sms/?month=2026-11"))
    assert "06 87 65 43 21 2" in page
    assert "2 messages 3" in page
    one = text(html("/clients/1001/sms/?month=2026-11&number=0612&since=2026-11-20&until=2026-11-20"))
    assert "1 message 1" in one
    assert "No SMS of November 2026 fits" in html("/clients/1001/sms/?month=2026-11&number=999999")
    assert "No SMS in October 2026." in html("/clients/1001/sms/?month=2026-10")


def test_files_hold_what_the_page_shows_and_a_part_says_so(browser: Browser) -> None:
    make_sms.a_list()
    Client.objects.filter(number="1001").update(hide_numbers="all")
    whole = browser.get("/clients/1001/sms.csv?month=2026-11")
    rows = body(whole)
    assert (rows.count("\r\n"), "+316" in rows) == (3, False)
    assert 'filename="sms-1001-2026-11.csv"' in whole["Content-Disposition"]
    part = browser.get("/clients/1001/sms.csv?month=2026-11&since=2026-11-21")
    assert body(part).count("\r\n") == 2
    assert 'filename="sms-part-1001-2026-11.csv"' in part["Content-Disposition"]


def test_month_report_has_a_column_of_sms(html: Html) -> None:
    make_sms.a_list()
    page = html("/calls/?month=2026-11&order=-sms")
    assert page.index("Bakker Installaties") < page.index("Notariskantoor")


def test_client_sees_only_what_its_privacy_shows() -> None:
    make.operator(timezone="Europe/Amsterdam")
    client = make.client("1001", hide_numbers="last3")
    make.number(client, "+31201231001")
    make_sms.a_list()
    theirs = Browser()
    theirs.force_login(make.user("x@y.example", role="", client=client))
    page = text(theirs.get("/portal/sms/?month=2026-11").content.decode())
    assert ("06 12 34 5x xx" in page, "5678" in page) == (True, False)
    assert "2 messages 3" in page
    found = theirs.get("/portal/sms/?month=2026-11&number=678").content.decode()
    assert "No SMS of November 2026 fits what you asked for." in found
    assert "xxx" in body(theirs.get("/portal/sms.csv?month=2026-11"))
    assert 'href="/portal/sms/' in theirs.get("/portal/calls/").content.decode()


def test_list_given_by_hand_is_read_at_once(browser: Browser, html: Html) -> None:
    assert "No list of SMS has been read yet." in html("/calls/sms/")
    sent = {"source": "gateway", "file": SimpleUploadedFile("list.csv", FILE.encode())}
    page = browser.post("/calls/sms/read/", sent, follow=True).content.decode()
    assert "1 new SMS was read. 1 line could not be read." in page
    assert "list.csv" in page
    one = html(f"/calls/sms/{SmsImport.objects.get().pk}/")
    assert ("what is this" in one, "Unreadable lines" in one) == (True, True)
    for wrong in ({"source": "gateway"}, {**sent, "source": " ", "file": SimpleUploadedFile("x", b"x")}):
        assert browser.post("/calls/sms/read/", wrong).status_code == 422
    refused = browser.post("/calls/sms/read/", {"source": "g", "file": SimpleUploadedFile("x", b"\0\1")})
    assert (refused.status_code, b"must name the columns" in refused.content) == (422, True)


def test_a_list_with_columns_of_its_own_is_read_once_they_are_named(browser: Browser, html: Html) -> None:
    form = html("/calls/sms/read/")
    assert "The list calls its columns otherwise" in form and '<details class="fold" open' not in form
    lines = "Quelle;Ziel;Wann;Menge\nLINDE;+31612345678;2026-11-20 10:00;3\n"

    def read(**named: str) -> Any:
        file = SimpleUploadedFile("eigen.csv", lines.encode())
        return browser.post("/calls/sms/read/", {"source": "eigen", "file": file, **named}, follow=True)

    named = {"column_from": "Quelle", "column_to": " Ziel ", "column_sent_at": "Wann"}
    refused = read(**named)
    page = refused.content.decode()
    assert (refused.status_code, "text or parts is missing" in page) == (422, True)
    assert 'value="Quelle"' in page and '<details class="fold" open' in page, "what was typed stands there still"
    assert "1 new SMS was read." in read(**named, column_parts="Menge").content.decode()
    assert Message.objects.values_list("sender", "parts").get() == ("LINDE", 3)
    assert "1 line was known already." in read().content.decode(), "the names are remembered for the source"


def test_sms_without_a_client_get_one_and_it_can_be_taken_back(browser: Browser, html: Html) -> None:
    make_sms.a_list()
    assert "LINDE" in html("/calls/sms/")
    wrong = browser.post("/calls/sms/assign/", {"name": "LINDE", "client": "9999"})
    assert (wrong.status_code, b"There is no client" in wrong.content) == (422, True)
    browser.post("/calls/sms/assign/", {"name": "LINDE", "client": "1002 Notariskantoor"})
    assert Message.objects.get(sender="LINDE").client == Client.objects.get(number="1002")
    entry = LogEntry.objects.get(deed="sms.assigned")
    browser.post(f"/calls/sms/assignments/{entry.pk}/undo/")
    assert Message.objects.get(sender="LINDE").client is None
    assert (
        "taken back already" in browser.post(f"/calls/sms/assignments/{entry.pk}/undo/", follow=True).content.decode()
    )

"""All data of one client as one file: what is in it, who may have it, that it was taken is remembered."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.models import Client
from balie.notes.models import Desk
from balie.operator.models import LogEntry
from balie.rules.period import Period
from balie.statements.actions import close_month
from balie.statements.models import Statement
from tests import make
from tests.web import make_desk, make_office, make_portal, make_sms

pytestmark = pytest.mark.django_db


def archive_of(response: Any) -> zipfile.ZipFile:
    assert (response.status_code, response["Content-Type"]) == (200, "application/zip")
    return zipfile.ZipFile(io.BytesIO(response.getvalue()))


@pytest.fixture
def kees(office: None) -> Browser:
    return make_portal.browser(
        make.user("kees@bakker.example", role="", client=Client.objects.get(number="1001"), owner=True, name="Kees")
    )


def test_everything_of_a_client_is_in_one_file_and_nothing_of_others(browser: Browser, kees: Browser) -> None:
    client = Client.objects.get(number="1001")
    anna = make.agent("207", name="Anna")
    make_desk.note(client, anna, text="Vraagt om een offerte.")
    make_desk.note(Client.objects.get(number="1002"), anna, text="Van iemand anders.")
    make_sms.a_list()
    found = archive_of(browser.get("/clients/1001/data.zip"))
    assert found.testzip() is None
    names = found.namelist()
    assert {"client.json", "calls/calls-2026-11.csv", "notes/notes-2026-11.csv"} <= set(names)
    assert [name for name in names if name.startswith("sms/")] == ["sms/sms-1001-2026-11.csv"]
    said = json.loads(found.read("client.json"))
    assert (said["number"], said["name"], said["users"][0]["email"]) == (
        "1001", "Bakker Installaties", "kees@bakker.example",
    )  # fmt: skip
    notes = found.read("notes/notes-2026-11.csv").decode()
    assert "Vraagt om een offerte." in notes and "Van iemand anders." not in notes
    calls = browser.get("/clients/1001/calls.csv?month=2026-11").getvalue()
    assert found.read("calls/calls-2026-11.csv") == calls, "as the page gives it"


def test_numbers_are_hidden_as_the_client_wants_and_taking_it_is_remembered(kees: Browser, browser: Browser) -> None:
    Client.objects.filter(number="1001").update(hide_numbers="all")
    found = archive_of(kees.get("/portal/details/data.zip"))
    hidden = found.read("calls/calls-2026-11.csv")
    assert hidden == browser.get("/clients/1001/calls.csv?month=2026-11").getvalue()
    entry = LogEntry.objects.get(deed="client.data_taken")
    assert (entry.who, entry.about) == ("Kees", "client:1001")
    assert "All data downloaded" in browser.get("/clients/1001/history/").content.decode()


def test_client_does_not_get_what_agents_are_told_of_it(kees: Browser, browser: Browser) -> None:
    Desk.objects.create(client=Client.objects.get(number="1001"), in_hours="Betaalt slecht, niet terugbellen.")
    assert "Betaalt slecht" in archive_of(browser.get("/clients/1001/data.zip")).read("client.json").decode()
    said = archive_of(kees.get("/portal/details/data.zip")).read("client.json").decode()
    assert "Bakker Installaties" in said
    assert "Betaalt slecht" not in said and "callers_without_a_note" not in said


def test_members_are_told_to_ask_an_owner(office: None) -> None:
    client = Client.objects.get(number="1001")
    eva = make_portal.browser(make.user("eva@bakker.example", role="", client=client))
    refused = eva.get("/portal/details/data.zip")
    assert refused.status_code == 403 and "is given to an owner" in refused.content.decode()
    assert "data.zip" not in eva.get("/portal/details/").content.decode()
    assert not LogEntry.objects.filter(deed="client.data_taken").exists()


def test_a_statement_is_in_it_as_it_was_kept_and_one_that_is_gone_does_not_keep_the_rest_back(
    browser: Browser,
) -> None:
    gone = archive_of(browser.get("/clients/1001/data.zip"))
    assert "is gone from" in gone.read("statements/statement-2026-09-1.txt").decode()
    Statement.objects.all().delete()
    close_month(period=Period(2026, 10), by="Marit", now=make_office.NOW)
    found = archive_of(browser.get("/clients/1001/data.zip"))
    pdf = browser.get(f"/statements/{Statement.objects.get(client__number='1001').pk}.pdf").content
    assert pdf.startswith(b"%PDF") and found.read("statements/statement-2026-10-1.pdf") == pdf

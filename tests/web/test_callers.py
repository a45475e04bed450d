"""Who called, as lists and paper say it: of a call on a client's behalf the agent, not the telephone he sat at."""

import json
from typing import Any

import pytest
from django.test import Client as Browser

from balie.accounts.models import Agent, Client
from balie.operator.queries import operator
from balie.rules.period import Period
from balie.statements.exports import pdf
from balie.statements.queries import call_report
from tests import make
from tests.web import make_office
from tests.web.reading import body, text

MONTH = "?month=2026-11&direction=outbound"
DIALLED = "06 87 65 99 11"


@pytest.fixture
def outbound(office: None) -> Client:
    """One call from an extension, one from it by nobody known, one that showed the client's own number."""
    client = Client.objects.get(number="1001")
    anna = Agent.objects.get(code="201")
    values: dict[str, Any] = {"direction": "outbound", "callee": "+31687659911"}
    make.call(client, caller="201", agent=anna, key="by-agent", **values)
    make.call(client, caller="299", key="by-nobody", **values)
    make.call(client, caller="+31201231001", agent=anna, key="own-number", **values)
    return client


@pytest.fixture
def browser(outbound: Client) -> Browser:
    found = Browser()
    found.force_login(make_office.manager())
    return found


def read(browser: Browser, address: str) -> str:
    return text(browser.get(address).content.decode())


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/clients/1001/calls/", "/calls/all/"])
def test_list_says_the_agent_or_the_number_that_was_shown(browser: Browser, address: str) -> None:
    page = read(browser, f"{address}{MONTH}")
    for caller in ("Anna de Wit", "extension 299", "020 123 1001"):
        assert f"outbound {caller} {DIALLED}" in page, caller
    assert "outbound 201" not in page


@pytest.mark.django_db
def test_on_a_phone_the_number_called_stands_first(browser: Browser) -> None:
    page = browser.get(f"/clients/1001/calls/{MONTH}").content.decode()
    row = page.partition("<tbody>")[2].partition("</tr>")[0]
    assert f'class="num card-head"><span class="one-line">{DIALLED}<' in row


@pytest.mark.django_db
def test_pages_of_one_call_and_of_what_was_found_say_it_too(browser: Browser, outbound: Client) -> None:
    call = outbound.calls.get(key="by-agent")
    assert "Caller Anna de Wit Called number" in read(browser, f"/calls/{call.pk}/")
    assert f"outbound Anna de Wit {DIALLED}" in read(browser, "/search/?q=0687659911")
    assert f"outbound → {DIALLED} Anna de Wit" in read(browser, "/clients/1001/?month=2026-11")


@pytest.mark.django_db
def test_client_reads_the_agents_name(outbound: Client) -> None:
    kees = Browser()
    kees.force_login(make.user("kees@bakker.example", role="", client=outbound, owner=True))
    page = read(kees, f"/portal/calls/{MONTH}")
    assert f"outbound Anna de Wit {DIALLED}" in page and f"outbound 020 123 1001 {DIALLED}" in page


@pytest.mark.django_db
def test_paper_says_the_name_and_programs_the_extension(browser: Browser, outbound: Client) -> None:
    month = Period(2026, 11, make_office.ZONE)
    edition = pdf.Edition(operator(), make_office.NOW, 1)
    rows = [row for row in call_report(outbound, month).rows if row.direction == "outbound"]
    cells = [pdf._cells(row, "NL", pdf._said()) for row in rows if row.key == "by-agent"]
    assert [(one[2], one[4]) for one in cells] == [("Anna de Wit", "Anna de Wit")]
    assert "Anna de Wit" in pdf.calls_data(call_report(outbound, month), edition)
    sent = json.loads(body(browser.get(f"/clients/1001/calls.json{MONTH}")))
    assert {row["caller"] for row in sent} >= {"201", "299", "+31201231001"}

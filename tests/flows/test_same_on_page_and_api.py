"""The page and the API tell the rows and sums of the JSON; the other formats stand in test_same_everywhere."""

import json
import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import translation

from balie.accounts.actions import make_token
from balie.operator import written
from balie.operator.actions import Author
from balie.statements import words
from balie.statements.exports import calls_file, file_of
from balie.statements.queries import month_report
from balie.statements.sms import sms_report
from tests import make
from tests.messages.lists import take
from tests.statements.made import NOW, OCTOBER, a_client, a_month, an_operator, sum_up

pytestmark = pytest.mark.django_db


class Tables(HTMLParser):
    """The cells of every table of a page, row by row, as a person reads them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
            self.open = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.open = False

    def handle_data(self, data: str) -> None:
        if self.open:
            self.rows[-1][-1] = " ".join(f"{self.rows[-1][-1]} {data}".split())


def in_browser(language: str) -> Browser:
    browser = Browser()
    browser.force_login(make.user(language=language))
    return browser


def over_api(path: str) -> Any:
    token = make_token(name="other program", role="manager", author=Author("test", NOW)).plaintext
    answer = Browser().get(path, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_calls_on_the_page_and_over_the_api_are_those_of_the_json(language: str) -> None:
    an_operator()
    client = a_client(language="nl")
    a_month(client)
    rows = json.loads(calls_file(client, OCTOBER, "json", now=NOW))
    assert over_api("/api/v1/reports/calls?client=1001&month=2026-10") == rows

    page = in_browser(language).get("/clients/1001/calls/?month=2026-10&order=start")
    assert page.status_code == 200
    cells = Tables(page.content.decode()).rows
    sum_row = next(
        row for row in cells if any(written.duration(sum(each["duration"] for each in rows)) in cell for cell in row)
    )
    assert re.search(r"\b12\b", sum_row[0])
    with translation.override(language):
        for row in rows:
            shown = next(
                each
                for each in cells
                if row["time"] in each and written.day(date.fromisoformat(row["date"])) in each[0]
            )
            text = " | ".join(shown)
            assert written.phone(row["callee"], "NL") in text
            assert str(words.TYPES[row["type"]]) in text
            assert (written.duration(row["duration"]) in text) or row["duration"] == 0
    body = [row for row in cells if any(re.fullmatch(r"\d\d:\d\d:\d\d", cell) for cell in row)]
    assert len(body) == len(rows)


def test_month_report_on_the_page_and_over_the_api_is_that_of_the_json() -> None:
    an_operator(language="en")
    a_month(a_client("1001", name="Bakker"))
    sum_up()
    make.number(make.client("1003", name="Only SMS"), "+31201234503")
    take([f"2026-10-05 10:00:00,+31201234503,+31612345678,{'x' * 161}"] * 4)
    report = json.loads(file_of(month_report(OCTOBER), "json", now=NOW))
    assert over_api("/api/v1/reports/month?month=2026-10") == report
    client = report["clients"][0]
    page = in_browser("en").get("/calls/?month=2026-10").content.decode()
    row = next(each for each in Tables(page).rows if each and each[0] == "1001")
    figures = [
        client["inbound"]["calls"],
        client["inbound"]["missed"],
        client["forwarded"]["calls"],
        client["outbound"]["calls"],
    ]
    assert [str(each) for each in figures if str(each) not in row] == []
    for part in ("inbound", "forwarded", "outbound"):
        assert written.duration(client[part]["seconds"]) in row
    texted = next(each for each in report["clients"] if each["client"] == "1003")
    assert next(each for each in Tables(page).rows if each and each[0] == "1003")[-1] == str(texted["sms"]["parts"])


def test_sms_on_the_page_and_over_the_api_are_those_of_the_json() -> None:
    an_operator()
    client = a_client(language="nl")
    make.number(client, "+31201234501")
    take([f"2026-10-{day:02d} 10:00:00,0201234501,+31612345678,{'x' * 60 * day}" for day in range(1, 8)])
    rows = json.loads(file_of(sms_report(client, OCTOBER), "json", now=NOW))
    assert over_api("/api/v1/reports/sms?client=1001&month=2026-10") == rows
    cells = Tables(in_browser("en").get("/clients/1001/sms/?month=2026-10").content.decode()).rows
    shown = [row for row in cells if len(row) == 5 and row[1] == "10:00:00"]
    parts = [row["parts"] for row in rows]
    assert [row[-1] for row in shown] == [str(each) for each in reversed(parts)]
    assert cells[-1] == ["7 messages", str(sum(parts))]

"""Files of any length are sent while they are read: their beginning at once, in few queries, and nothing left out."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client as Browser
from django.utils import translation

from balie.accounts.models import Agent, Client
from balie.messages.models import Message
from tests import make
from tests.web import make_desk, make_sms
from tests.web.make_desk import NOW
from tests.web.reading import body, queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]
FILES = ("/notes", "/quality/findings", "/clients/1001/calls", "/clients/1001/sms", "/numbers", "/orders")
SHORT = {"/numbers", "/orders"}  # lists of what the operator has, not of what happens


@pytest.fixture
def a_day(bakker: Client, anna: Agent) -> None:
    """Two calls with a note and a finding each, and SMS."""
    for ago in (5, 9):
        note = make_desk.note(bakker, anna, call=make_desk.call(bakker, anna, ago=ago), at=NOW - timedelta(minutes=ago))
        make_desk.finding(note)
    make_sms.a_list()
    Message.objects.update(client=bakker)


def in_sheet(answer: Any) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))
    return [tuple(cell.value for cell in row) for row in book.worksheets[0].iter_rows()]


@pytest.mark.usefixtures("a_day")
@pytest.mark.parametrize("address", FILES)
def test_a_file_is_sent_part_by_part_in_each_format(marit: Browser, address: str) -> None:
    for format in ("csv", "json", "xlsx"):
        answer: Any = marit.get(f"{address}.{format}")
        assert (answer.status_code, answer.streaming) == (200, True), format
        assert "Content-Length" not in answer and f'.{format}"' in answer["Content-Disposition"]
    refused = marit.get(f"{address}.exe")
    assert refused.status_code == 400


@pytest.mark.usefixtures("a_day")
@pytest.mark.parametrize("address", [one for one in FILES if one not in SHORT])
def test_every_format_has_the_same_rows(marit: Browser, address: str) -> None:
    objects = json.loads(body(marit.get(f"{address}.json")))
    rows = list(csv.reader(io.StringIO(body(marit.get(f"{address}.csv")))))
    sheet = in_sheet(marit.get(f"{address}.xlsx"))
    assert len(objects) == len(rows) - 1 == len(sheet) - 2 >= 2
    assert tuple(rows[0]) == sheet[0]
    for name in ("key", "call", "to", "finding"):
        if name in rows[0]:
            place = rows[0].index(name)
            assert [row[place] for row in rows[1:]] == [row[place] for row in sheet[1:-1]], name


def test_a_file_of_findings_takes_the_same_queries_however_many_there_are(
    marit: Browser, bakker: Client, anna: Agent
) -> None:
    make_desk.finding(make_desk.note(bakker, anna, call=make_desk.call(bakker, anna)))
    assert queries(marit, "/quality/findings.csv") == (few := queries(marit, "/quality/findings.csv"))
    for ago in range(6, 12):
        client = make.client(f"20{ago}")
        make_desk.finding(make_desk.note(client, make.agent(f"3{ago}"), call=make_desk.call(client, anna, ago=ago)))
    assert queries(marit, "/quality/findings.csv") == few


@pytest.mark.usefixtures("a_day")
@pytest.mark.parametrize("address", ["/quality/findings", "/clients/1001/calls", "/clients/1001/sms"])
def test_what_no_sheet_holds_is_said_and_the_rest_can_be_had(
    marit: Browser, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr("balie.statements.exports.book.MOST_ROWS", 1)
    refused: Any = marit.get(f"{address}.xlsx")
    assert refused.status_code == 400
    assert "An Excel sheet holds 1 rows at most; here are " in refused.content.decode()
    assert "Take CSV, or ask for fewer." in refused.content.decode()
    assert body(marit.get(f"{address}.csv")).count("\r\n") >= 3


def test_a_part_that_a_sheet_holds_is_given_of_calls_that_it_does_not(
    marit: Browser, bakker: Client, anna: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    for ago in (5, 9):
        make_desk.call(bakker, anna, ago=ago, caller=f"+3161234567{ago}")
    monkeypatch.setattr("balie.statements.exports.book.MOST_ROWS", 1)
    assert len(in_sheet(marit.get("/clients/1001/calls.xlsx?number=75"))) == 3
    assert marit.get("/clients/1001/calls.xlsx").status_code == 400


@pytest.mark.usefixtures("a_day")
def test_a_text_that_looks_like_a_formula_or_markup_stays_a_text(marit: Browser, bakker: Client, anna: Agent) -> None:
    texts = ["=1+1", "@cmd", "-2+3", "<r>fat</r>", "a & b"]
    for at, text in enumerate(texts):
        make_desk.note(bakker, anna, reason=text, at=NOW - timedelta(hours=1, minutes=at))
    with translation.override("en"):
        rows = in_sheet(marit.get("/notes.xlsx"))
    place = rows[0].index("reason")
    found = [row[place] for row in rows[1:]]
    assert [one for one in found if one in ("'=1+1", "'@cmd", "'-2+3", "<r>fat</r>", "a & b")] == [
        *("'=1+1", "'@cmd", "'-2+3", "<r>fat</r>", "a & b"),
    ]

"""SMS over the API: pushed as CSV or JSON, repeated without harm; the report is that of the command."""

import json
from typing import Any

import pytest

from balie.messages.models import Message, SmsImport
from balie.statements.exports import file_of
from balie.statements.sms import sms_report
from tests import make
from tests.api.ask import error_of, program
from tests.messages.lists import NOVEMBER, an_office

pytestmark = pytest.mark.django_db

ONE = {"sent_at": "2026-11-20T10:00:00+01:00", "from": "020 123 4501", "to": "0612345678", "text": 'a, "b"\nc'}
PUSH = "/api/v1/sms?source=gateway"


def push(body: Any, kind: str = "application/json") -> Any:
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    return program().post(PUSH, data, content_type=kind)


def counts(body: Any, kind: str = "application/json") -> list[int]:
    answer = push(body, kind)
    assert answer.status_code == 200, answer.content
    return [answer.json()[name] for name in ("lines", "messages", "duplicates", "rejected")]


def test_sms_pushed_as_json_are_there_once_however_often_they_are_pushed() -> None:
    an_office()
    assert counts(ONE) == [1, 1, 0, 0]
    assert counts([ONE, {**ONE, "text": None, "parts": 3, "client": 1002}]) == [2, 1, 1, 0]
    rows = Message.objects.order_by("pk").values_list("text", "parts", "client__number")
    assert list(rows) == [('a, "b"\nc', 1, "1001"), ("", 3, "1002")]
    assert SmsImport.objects.count() == 1


def test_lines_are_a_list_with_its_first_line() -> None:
    an_office()
    line = "2026-11-20 10:00:00,0201234501,0612345678,x"
    assert counts(f"sent_at,from,to,text\n{line}", "text/csv") == [1, 1, 0, 0]
    assert counts({"lines": ["sent_at,from,to,text", line, "what is this"]}) == [2, 0, 1, 1]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "no_lines"),
        ("{", "bad_json"),
        ("7", "bad_json"),
        ([7], "bad_json"),
        ({**ONE, "colour": "red"}, "bad_column"),
        ({**ONE, "text": ["x"]}, "bad_value"),
        ({"sent_at": "2026-11-20 10:00:00"}, "no_value"),
        ({**ONE, "text": "\ud800"}, "bad_text"),
        ({"lines": ["a,b", "1,2"]}, "no_columns"),
    ],
)
def test_what_is_no_sms_is_refused(body: Any, code: str) -> None:
    make.operator()
    answer = push(body)
    assert (400 <= answer.status_code < 500, error_of(answer)["code"]) == (True, code)
    assert Message.objects.count() == 0


@pytest.mark.parametrize("format", ["json", "csv", "xlsx", "pdf"])
def test_report_is_that_of_the_command(format: str, time_machine: Any) -> None:
    time_machine.move_to(make.NOW, tick=False)
    client, _ = an_office()
    push(ONE)
    answer = program().get(f"/api/v1/reports/sms?client=1001&month=2026-11&format={format}")
    assert answer.content == file_of(sms_report(client, NOVEMBER), format, now=make.NOW)

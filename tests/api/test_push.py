"""POST /api/v1/calls: what phone systems push, in every shape, sane or not."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balie.api import calls
from balie.calls.models import BadLine, Call, Import
from tests import make
from tests.api.ask import error_of, program
from tests.worker.files import line, lines

pytestmark = pytest.mark.django_db
CSV, JSON = "text/csv", "application/json"


@pytest.fixture
def pbx() -> Client:
    """The phone system's program, with an Asterisk known as pbx."""
    make.operator()
    make.agent("201")
    make.number(make.client("1001"))
    make.source("pbx")
    return program("manager")


def push(client: Client, body: str | bytes, kind: str = CSV, source: str = "pbx") -> Any:
    return client.generic("POST", f"/api/v1/calls?source={source}", body, content_type=kind)


def cdr(number: int) -> dict[str, str]:
    """The columns of tests.worker.files.line as an object."""
    from balie.api.pushed import ASTERISK

    values = [value.strip('"').replace('""', '"') for value in line(number).strip().split('","')]
    return dict(zip(ASTERISK, values, strict=True))


def test_pushed_lines_are_answered_with_the_counts_of_an_import(pbx: Client) -> None:
    answer = push(pbx, lines(1, 3))
    assert answer.status_code == 200
    document = answer.json()
    assert document.pop("seconds") >= 0
    assert document == {
        "source": "pbx", "files": 1, "lines": 3, "calls": 3, "inbound": 3, "forwarded": 0, "outbound": 0, "internal": 0,
        "duplicates": 0, "rejected": 0, "unassigned": 0, "unread": 0,
    }  # fmt: skip


def test_pushed_line_without_newline_is_complete(pbx: Client) -> None:
    assert push(pbx, line(1).rstrip("\n")).json()["calls"] == 1


def test_pushed_again_is_a_duplicate(pbx: Client) -> None:
    push(pbx, line(1))
    document = push(pbx, line(1)).json()
    assert (document["calls"], document["duplicates"]) == (0, 1)


def test_pushes_of_a_day_are_one_import(pbx: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for day, number in ((25, 1), (25, 2), (26, 3)):
        moment = datetime(2026, 11, day, 9, number, tzinfo=UTC)
        monkeypatch.setattr("balie.api.calls.timezone.now", lambda moment=moment: moment)
        push(pbx, line(number) + "nonsense\n")
    # The same nonsense is kept once.
    found = Import.objects.order_by("started").values_list("name", "lines", "calls", "rejected", "duplicates")
    assert list(found) == [("pushed 2026-11-25", 4, 2, 1, 1), ("pushed 2026-11-26", 2, 1, 0, 1)]
    assert Import.objects.filter(finished__gt=F("started")).count() == 1


@pytest.mark.parametrize("kind", ["text/csv", "text/plain; charset=utf-8", "application/x-www-form-urlencoded", ""])
def test_pushed_lines_of_whatever_type_are_lines(pbx: Client, kind: str) -> None:
    assert push(pbx, line(1), kind).json()["calls"] == 1


def test_pushed_objects_are_the_same_calls_as_lines(pbx: Client) -> None:
    assert push(pbx, json.dumps([cdr(1), cdr(2)]), JSON).json()["calls"] == 2
    document = push(pbx, lines(1, 2)).json()
    assert (document["calls"], document["duplicates"]) == (0, 2)


def test_pushed_single_object_is_one_call(pbx: Client) -> None:
    assert push(pbx, json.dumps(cdr(1)), "application/json; charset=utf-8").json()["calls"] == 1


def test_pushed_lines_in_json_are_lines(pbx: Client) -> None:
    body = json.dumps({"lines": [line(1), line(2).rstrip("\n")]})
    assert push(pbx, body, JSON).json()["calls"] == 2


def test_pushed_numbers_in_json_are_texts(pbx: Client) -> None:
    body = {**cdr(1), "billsec": 30, "duration": 35, "sequence": 1, "userfield": None}
    assert push(pbx, json.dumps(body), JSON).json()["calls"] == 1


def test_pushed_unreadable_lines_are_kept_and_counted(pbx: Client) -> None:
    document = push(pbx, line(1) + "nonsense\n").json()
    assert (document["calls"], document["rejected"]) == (1, 1)
    assert BadLine.objects.get().text == "nonsense"


def test_pushed_key_of_another_call_is_kept_as_a_bad_line(pbx: Client) -> None:
    make.source("csv", format="generic", options={"columns": {"start": 0, "callee": 1, "talk": 2, "key": 3}})
    first, other = "2026-11-02 09:00:00,0201234501,30,a\n", "2026-11-02 09:05:00,0201234501,31,a\n"
    answer = push(pbx, first + other, source="csv")
    assert answer.status_code == 200
    assert (answer.json()["calls"], answer.json()["rejected"]) == (1, 1)
    again = push(pbx, first + other, source="csv").json()
    assert (again["calls"], again["duplicates"], again["rejected"]) == (0, 2, 0)
    assert "has the key a" in BadLine.objects.get().reason


def test_pushed_file_of_some_megabytes_called_a_form_is_read(pbx: Client) -> None:
    body = lines(1, 2) + ("x" * 60_000 + "\n") * 60
    document = push(pbx, body, "application/x-www-form-urlencoded").json()
    assert (document["calls"], document["lines"]) == (2, 62)


@pytest.mark.parametrize(
    ("columns", "body"),
    [
        ({"start": "Start", "caller": "From", "callee": "To", "talk": "Sec", "key": "Id"},
         {"Start": "2026-11-02 09:00:00", "From": "0612345678", "To": "0201234501", "Sec": 30, "Id": "a;\"1"}),
        ({"start": "Start", "caller": "From", "callee": "To", "talk": "Sec", "key": "Id"},
         {"start": "2026-11-02 09:00:00", "caller": "0612345678", "callee": "0201234501", "talk": 30, "key": "a"}),
        ({"start": 3, "caller": 0, "callee": 7, "talk": 1},
         {"start": "2026-11-02 09:00:00", "caller": "0612345678", "callee": "0201234501", "talk": 30}),
    ],
)  # fmt: skip
def test_pushed_objects_of_a_generic_source(pbx: Client, columns: dict[str, Any], body: dict[str, Any]) -> None:
    make.source("other", format="generic", options={"columns": columns, "separator": ";"})
    answer = push(pbx, json.dumps([body]), JSON, "other")
    assert answer.json()["calls"] == 1, answer.json()
    call = Call.objects.get()
    assert (call.caller, call.callee, call.talk) == ("+31612345678", "+31201234501", 30)


@pytest.mark.parametrize(
    ("body", "code", "where"),
    [
        (b"", "no_lines", "body"),
        (b" \r\n\t", "bad_json", "body"),
        (b"{", "bad_json", "body"),
        (b"\xff\xfe\x00", "bad_json", "body"),
        (b"[" * 200_000, "bad_json", "body"),
        (b"1", "bad_json", "body"),
        (b'"text"', "bad_json", "body"),
        (b"null", "bad_json", "body"),
        (b"[1]", "bad_json", "[0]"),
        (b"[{}, []]", "bad_json", "[1]"),
        (b'[{"dst": {}}]', "bad_value", "[0].dst"),
        (b'[{"dst": "1\\n2"}]', "bad_value", "[0].dst"),
        (b'[{"dst": "1\\u0000"}]', "bad_value", "[0].dst"),
        (b'[{"colour": "red"}]', "bad_column", "[0].colour"),
        (b'{"lines": "x"}', "bad_json", "lines"),
        (b'{"lines": [1]}', "bad_json", "lines"),
        (b'{"lines": ["x"], "more": 1}', "bad_json", "lines"),
        (b'{"lines": []}', "no_lines", "body"),
        (b"[]", "no_lines", "body"),
        (b'[{"dst": "\\ud800"}]', "bad_text", "body"),
    ],
)
def test_pushed_nonsense_is_refused(pbx: Client, body: bytes, code: str, where: str) -> None:
    answer = push(pbx, body, JSON)
    assert answer.status_code == 422
    error = error_of(answer)
    assert (error["code"], error["where"]) == (code, where)


def test_push_to_an_unknown_phone_system_is_not_found(pbx: Client) -> None:
    answer = push(pbx, line(1), source="nobody")
    assert (answer.status_code, error_of(answer)["code"]) == (404, "unknown_source")


def test_push_without_a_source_says_which_parameter(pbx: Client) -> None:
    answer = pbx.post("/api/v1/calls", line(1), content_type=CSV)
    assert (answer.status_code, error_of(answer)["where"]) == (422, "source")


def test_push_of_too_much_is_refused(pbx: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "LARGEST", 1000)
    answer = push(pbx, lines(1, 10))
    assert (answer.status_code, error_of(answer)["code"]) == (413, "too_large")
    assert Call.objects.count() == 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)), kind=st.sampled_from([CSV, JSON])
)
def test_push_of_anything_answers_in_json(pbx: Client, body: bytes, kind: str) -> None:
    answer = push(pbx, body, kind)
    if answer.status_code != 200:
        assert 400 <= answer.status_code < 500
        error_of(answer)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["dst", "start", "channel", "x"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=JSON_VALUES)
def test_push_of_any_json_answers_in_json(pbx: Client, document: Any) -> None:
    answer = push(pbx, json.dumps(document), JSON)
    if answer.status_code != 200:
        assert answer.status_code == 422
        error_of(answer)

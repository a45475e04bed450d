"""POST /api/v1/calls for the phone systems' own formats: lines, their own JSON, objects named as the columns are."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client

from balie.calls.models import Call
from tests import make
from tests.api.ask import program
from tests.cdr.formats import sample
from tests.cdr.legs_json import ANNA, CALLER, leg, profile

pytestmark = pytest.mark.django_db
TRUNKS = {"cucm": ["SIP-KPN"]}


@pytest.fixture
def box() -> Client:
    make.operator()
    make.agent("201")
    make.number(make.client("1001"))
    return program("manager")


def push(client: Client, format: str, body: str | bytes, kind: str = "application/json") -> Any:
    make.source(format, format=format, timezone="Europe/Amsterdam", trunks=TRUNKS.get(format, []))
    return client.generic("POST", f"/api/v1/calls?source={format}", body, content_type=kind)


def objects(name: str, first: int, lines: int) -> list[dict[str, str]]:
    """Lines of a sample as objects; the first line names the columns."""
    names, *rows = list(csv.reader(io.StringIO(sample(name).decode())))
    return [dict(zip(names, row, strict=True)) for row in rows[first : first + lines]]


@pytest.mark.parametrize(
    ("format", "name"),
    [("freeswitch", "Master.csv"), ("3cx", "cdr.log"), ("kamailio", "cdrs.csv"), ("twilio", "calls.csv")],
)
def test_lines_as_they_are_written(box: Client, format: str, name: str) -> None:
    whole = sample(name).rpartition(b"\n")[0]
    answer = push(box, format, whole, "text/csv").json()
    assert (answer["calls"] > 5, answer["rejected"]) == (True, 1), answer


@pytest.mark.parametrize(
    ("format", "name", "first"), [("cucm", "cucm.csv", 1), ("kamailio", "cdrs.csv", 0), ("starface", "output.csv", 0)]
)
def test_objects_named_as_the_columns_are(box: Client, format: str, name: str, first: int) -> None:
    answer = push(box, format, json.dumps(objects(name, first, 1))).json()
    assert (answer["calls"], answer["inbound"], answer["rejected"]) == (1, 1, 0), answer
    assert Call.objects.get().callee == "+31201234501"


def test_objects_of_a_freeswitch(box: Client) -> None:
    by = profile(1, CALLER, "0612345678", "0201234501")
    caller = leg(1, CALLER, "0612345678", "0201234501", start="09:00:00", answer="09:00:06", end="09:01:11")
    called = leg(2, ANNA, "0612345678", "201", start="09:00:01", answer="09:00:06", end="09:01:11", by=by)
    assert push(box, "freeswitch", caller).json()["inbound"] == 1
    again = box.generic("POST", "/api/v1/calls?source=freeswitch", called, content_type="application/json")
    assert again.json()["calls"] == 1
    assert Call.objects.values_list("type", "talk", "callee").get() == ("accepted", 65, "+31201234501")


def test_calls_of_a_twilio_in_a_list_and_as_texts(box: Client) -> None:
    calls = json.loads(sample("calls.json"))["calls"][:2]
    assert push(box, "twilio", json.dumps(calls)).json()["calls"] == 1
    texts = json.dumps({"lines": [json.dumps(call) for call in calls]})
    again = box.generic("POST", "/api/v1/calls?source=twilio", texts, content_type="application/json").json()
    assert (again["calls"], again["duplicates"]) == (0, 2)


def test_objects_of_a_3cx_are_refused_for_its_files_name_no_columns(box: Client) -> None:
    answer = push(box, "3cx", json.dumps([{"historyid": "Call 1"}]))
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "no_json"

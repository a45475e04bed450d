"""Lists, reports and errors of the API as other programs see them."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from balie.calls.actions import import_calls
from balie.rules.call import Direction
from tests import make
from tests.api.ask import error_of, program
from tests.worker.files import line

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Client:
    """A manager's program in an office with a client, an agent and seven calls."""
    make.operator()
    one = make.client("1001", hide_numbers="last3")
    anna = make.agent("201")
    for position in range(7):
        make.call(one, start=make.NOW + timedelta(minutes=position // 2), agent=anna, key=f"k{position}")
    return program("manager")


def everything(client: Client, address: str, limit: int) -> list[Any]:
    """All items of a list, page by page."""
    items: list[Any] = []
    after = ""
    for _ in range(100):
        document = client.get(f"/api/v1/{address}?limit={limit}&after={after}").json()
        items += document["items"]
        assert len(document["items"]) <= limit
        if document["next"] is None:
            assert document["total"] == len(items)
            return items
        after = document["next"]
    raise AssertionError("no end")


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 8, 1000])
def test_calls_page_by_page_are_all_calls_once(office: Client, limit: int) -> None:
    assert [item["key"] for item in everything(office, "calls", limit)] == [f"k{n}" for n in range(7)]


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_other_lists_page_by_page(office: Client, limit: int) -> None:
    for number in ("2001", "0999", "1002"):
        make.client(number)
    numbers = [item["number"] for item in everything(office, "clients", limit)]
    assert numbers == ["0999", "1001", "1002", "2001"]
    for name in ("a", "b"):
        make.source(name)
    assert [item["name"] for item in everything(office, "sources", limit)] == ["a", "b", "pbx"]


def test_imports_are_listed_newest_first(office: Client) -> None:
    for number in (1, 2, 3):
        data = line(number).encode()
        import_calls(source=make.source(), name=f"{number}.csv", data=data, now=make.NOW)
    items = everything(office, "imports", 2)
    assert [item["lines"] for item in items] == [1, 1, 1]
    assert [item["id"] for item in items] == sorted((item["id"] for item in items), reverse=True)


def test_call_in_a_list_hides_what_the_client_hides(office: Client) -> None:
    item = office.get("/api/v1/calls?limit=1").json()["items"][0]
    assert item == {
        "date": "2026-11-23", "time": "10:00:00", "direction": "inbound", "caller": "+31612345xxx", "agent": "201",
        "duration": 60, "type": "accepted", "service": "telephone", "callee": "+31201234501", "key": "k0",
        "start": "2026-11-23T09:00:00Z", "client": "1001", "source": "pbx", "account": "", "ring": 5, "billable": True,
        "late": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("client=1001", 7), ("client=1001&direction=inbound", 7), ("direction=outbound", 1), ("type=missed", 0),
        ("month=2026-11", 8), ("month=2026-10", 0), ("agent=201", 7), ("source=pbx", 8),
    ],
)  # fmt: skip
def test_calls_as_asked_for(office: Client, query: str, found: int) -> None:
    make.call(None, direction=Direction.OUTBOUND, callee="+31600000000")
    assert office.get(f"/api/v1/calls?{query}").json()["total"] == found


def test_unassigned_calls_are_listed(office: Client) -> None:
    make.call(None, callee="+31209999999", account="c77")
    [item] = everything(office, "unassigned", 10)
    assert (item["client"], item["callee"], item["account"]) == (None, "+31209999999", "c77")
    assert office.get("/api/v1/unassigned?month=2026-10").json()["total"] == 0


@pytest.mark.parametrize(
    ("address", "status", "code", "where"),
    [
        ("calls?limit=0", 422, "bad_request", "limit"),
        ("calls?limit=1001", 422, "bad_request", "limit"),
        ("calls?limit=many", 422, "bad_request", "limit"),
        ("calls?after=x", 422, "bad_page", "after"),
        ("calls?after=WyJ4IiwgMV0", 422, "bad_page", "after"),
        ("calls?after=W10", 422, "bad_page", "after"),
        ("calls?after=%F0%9F%98%80", 422, "bad_page", "after"),
        ("calls?direction=sideways", 422, "bad_request", "direction"),
        ("calls?client=nobody", 404, "unknown_client", "client"),
        ("calls?agent=nobody", 404, "unknown_agent", "agent"),
        ("calls?source=nobody", 404, "unknown_source", "source"),
        ("calls?month=2026-13", 422, "bad_month", "month"),
        ("imports?source=nobody", 404, "unknown_source", "source"),
        ("reports/calls", 422, "bad_request", "client"),
        ("reports/calls?client=1001", 422, "bad_request", "month"),
        ("reports/calls?client=1001&month=November", 422, "bad_month", "month"),
        ("reports/calls?client=nobody&month=2026-11", 404, "unknown_client", "client"),
        ("reports/calls?client=%00&month=2026-11", 400, "bad_request", "/api/v1/reports/calls"),
        ("reports/calls?client=1001&month=2026-11&format=doc", 422, "bad_request", "format"),
        ("reports/calls?client=1001&month=2026-11&format=json&revision=2", 422, "no_revision", "revision"),
        ("reports/calls?client=1001&month=2026-11&format=pdf&revision=0", 422, "bad_request", "revision"),
        ("reports/month?month=", 422, "bad_month", "month"),
        ("reports/month?month=%ff", 422, "bad_month", "month"),
        ("nothing", 404, "not_found", "/api/v1/nothing"),
        ("calls/1", 404, "not_found", "/api/v1/calls/1"),
        ("../v2/calls", 404, "not_found", "/api/v1/../v2/calls"),
        ("", 404, "not_found", "/api/v1/"),
    ],
)
def test_bad_question_is_answered_in_json(office: Client, address: str, status: int, code: str, where: str) -> None:
    answer = office.get(f"/api/v1/{address}")
    error = error_of(answer)
    assert (answer.status_code, error["code"], error["where"]) == (status, code, where), error["message"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_wrong_method_is_answered_in_json(office: Client, method: str) -> None:
    answer = office.generic(method, "/api/v1/reports/month")
    assert (answer.status_code, error_of(answer)["code"]) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET"


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v2/", "/api/v1", "/api/v1/docs"])
def test_path_outside_the_api_is_answered_in_json(office: Client, path: str) -> None:
    answer = office.get(path, follow=True)
    assert (answer.status_code, error_of(answer)["code"]) == (404, "not_found")


def test_a_fault_of_ours_is_answered_in_json_and_logged(
    office: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("balie.api.reports.month_report", broken)
    answer = office.get("/api/v1/reports/month?month=2026-11")
    assert (answer.status_code, error_of(answer)["code"]) == (500, "fault")
    assert "secret detail" not in answer.text
    assert "secret detail" in caplog.text


@pytest.mark.parametrize(
    ("format", "kind", "begins"),
    [
        ("json", "application/json", b"["),
        ("csv", "text/csv; charset=utf-8", b"date,time,"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
        ("pdf", "application/pdf", b"%PDF"),
    ],
)
def test_call_report_in_every_format(office: Client, format: str, kind: str, begins: bytes) -> None:
    answer = office.get(f"/api/v1/reports/calls?client=1001&month=2026-11&format={format}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
    assert answer.content.startswith(begins)
    if format != "json":
        assert answer.headers["Content-Disposition"] == f'attachment; filename="calls-1001-2026-11.{format}"'


def test_call_report_is_that_of_the_command(office: Client) -> None:
    document = office.get("/api/v1/reports/calls?client=1001&month=2026-11").json()
    assert len(document) == 7
    assert document[0] == {
        "date": "2026-11-23", "time": "10:00:00", "direction": "inbound", "caller": "+31612345xxx", "agent": "201",
        "duration": 60, "type": "accepted", "service": "telephone", "callee": "+31201234501", "key": "k0",
    }  # fmt: skip


def test_month_report_has_every_client(office: Client) -> None:
    document = office.get("/api/v1/reports/month?month=2026-11").json()
    assert sorted(document) == ["clients", "month", "unassigned"]
    assert document["month"] == "2026-11"


def test_description_is_openapi_3_1_and_needs_no_token(office: Client) -> None:
    document = json.loads(program(None).get("/api/v1/openapi.json").content)
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/reports/calls" in document["paths"]
    schemes = document["components"]["securitySchemes"]
    assert {scheme["scheme"] for scheme in schemes.values()} == {"bearer"}
    assert set(document["paths"]["/api/v1/calls"]["post"]["requestBody"]["content"]) == {"text/csv", "application/json"}


def test_every_answer_of_the_api_stays_out_of_caches(office: Client) -> None:
    for address in ("reports/calls?client=1001&month=2026-11", "calls", "clients"):
        assert "no-store" in office.get(f"/api/v1/{address}").headers["Cache-Control"]

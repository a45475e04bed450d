"""Notes and recording through the API, as other programs see them."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from balie.accounts.actions import make_token
from balie.notes.models import LONGEST_TEXT, Note
from balie.notifications.models import Mail
from balie.operator.actions import Author
from balie.quality.models import RecordingSettings
from tests import make
from tests.api.ask import error_of, program

pytestmark = pytest.mark.django_db
NOTE = {"client": "1001", "agent": "201", "text": "Vraagt om een offerte", "at": "2026-11-23T10:02:00"}


@pytest.fixture
def office() -> Client:
    """An agent's program in an office with a client, an agent and a call at ten o'clock, local."""
    make.operator()
    make.call(make.client("1001", email="info@bakker.example"), agent=make.agent("201"), key="k1")
    return program("agent")


def post(client: Client, body: Any, **headers: str) -> Any:
    return client.generic("POST", "/api/v1/notes", json.dumps(body), content_type="application/json", headers=headers)


def test_note_is_taken_and_read_by_an_agents_program(office: Client) -> None:
    said = NOTE | {"call": "k1", "outcome": "callback", "callback": "0612345678", "caller": "06 12345678",
                   "fields": {"plate": "AB-123-C"}}  # fmt: skip
    taken = post(office, said).json()
    assert taken == {
        "note": Note.objects.get().pk, "client": "1001", "agent": "201", "call": "k1",
        "at": "2026-11-23T09:02:00+00:00", "caller": "+31612345678", "caller_name": "", "reason": "",
        "text": "Vraagt om een offerte", "promised": "", "outcome": "callback", "callback": "0612345678",
        "urgency": "normal", "fields": {"plate": "AB-123-C"}, "version": 1,
    }  # fmt: skip
    [read] = office.get("/api/v1/notes?client=1001&agent=201&month=2026-11").json()["items"]
    assert read == taken | {"at": "2026-11-23T09:02:00+00:00"}
    assert [mail.recipient for mail in Mail.objects.all()] == ["info@bakker.example"]


@pytest.mark.parametrize("role", ["agent", "manager"])
def test_notes_are_nobodys_where_agents_are_looked_at_together(office: Client, role: str) -> None:
    post(office, NOTE | {"call": "k1"})
    RecordingSettings.objects.create(id=1, aggregated=True)
    [read] = program(role).get("/api/v1/notes?client=1001&month=2026-11").json()["items"]
    assert (read["agent"], read["call"], read["text"]) == (None, None, NOTE["text"])
    refused = program(role).get("/api/v1/notes?agent=201")
    assert (refused.status_code, error_of(refused)["code"]) == (422, "agents_together")


def test_keys_that_differ_at_their_end_alone_are_two_whatever_the_token_is_called(office: Client) -> None:
    token = make_token(name="n" * 100, role="agent", author=Author("test", make.NOW)).plaintext
    said = [
        post(office, NOTE, **{"Idempotency-Key": "k" * 149 + end, "Authorization": f"Bearer {token}"}) for end in "ab"
    ]
    assert [one.status_code for one in said] == [200, 200]
    assert said[0].json()["note"] != said[1].json()["note"]


def test_same_key_again_is_the_same_note_and_keys_are_a_programs_own(office: Client) -> None:
    first, again = (post(office, NOTE, **{"Idempotency-Key": "7"}).json() for _ in range(2))
    assert first == again
    assert Mail.objects.count() == 1
    other = post(program("manager"), NOTE, **{"Idempotency-Key": "7"}).json()
    assert other["note"] != first["note"]


def test_notes_page_by_page_the_latest_first(office: Client) -> None:
    for minute in range(5):
        post(office, NOTE | {"at": f"2026-11-23T10:0{minute // 2}:00Z"})
    after, found = "", []
    while after is not None:
        page = office.get(f"/api/v1/notes?limit=2&after={after}").json()
        found += [(item["at"], item["note"]) for item in page["items"]]
        after = page["next"]
    assert found == sorted(found, reverse=True)
    assert len(found) == 5


@pytest.mark.parametrize(
    ("body", "status", "code", "where"),
    [
        ({}, 422, "bad_request", "note.client"),
        (NOTE | {"client": "9"}, 404, "unknown_client", "client"),
        (NOTE | {"agent": "9"}, 404, "unknown_agent", "agent"),
        (NOTE | {"call": "9"}, 404, "unknown_call", "call"),
        (NOTE | {"outcome": "sold"}, 422, "bad_request", "note.outcome"),
        (NOTE | {"urgency": "now"}, 422, "bad_value", "urgency"),
        (NOTE | {"at": "yesterday"}, 422, "bad_request", "note.at"),
        (NOTE | {"text": "x" * (LONGEST_TEXT + 1)}, 422, "bad_request", "note.text"),
        (NOTE | {"reason": "x" * 201}, 422, "too_long", "reason"),
        (NOTE | {"fields": {"plate": 7}}, 422, "bad_request", "note.fields.plate"),
        (NOTE | {"fields": {"plate": "x" * LONGEST_TEXT}}, 422, "too_long", "fields"),
    ],
)
def test_note_that_cannot_be_taken_is_answered_in_json(
    office: Client, body: Any, status: int, code: str, where: str
) -> None:
    answer = post(office, body)
    error = error_of(answer)
    assert (answer.status_code, error["code"], error["where"]) == (status, code, where)
    assert not Note.objects.exists()


def test_signs_that_no_database_stores_are_left_out(office: Client) -> None:
    body = json.dumps(NOTE | {"reason": "a\x00b", "fields": {"k": "c\x00"}}).replace("offerte", r"off\ud800erte\u0000")
    answer = office.generic("POST", "/api/v1/notes", body, content_type="application/json")
    assert answer.status_code in (200, 422), answer.content
    if answer.status_code == 200:
        taken = answer.json()
        assert (taken["text"], taken["reason"], taken["fields"]) == ("Vraagt om een offerte", "ab", {"k": "c"})


def test_report_and_findings_are_up_to_date_without_a_worker(office: Client) -> None:
    post(office, NOTE | {"text": "hm"})
    manager = program("manager")
    report = manager.get("/api/v1/reports/recording?month=2026-11").json()
    assert report["team"] == {"calls": 1, "missing": 0, "share": 0.0}
    assert [(row["agent"], row["notes"], row["incorrect"]) for row in report["agents"]] == [("201", 1, 1)]
    assert manager.get("/api/v1/findings?month=2026-11").json() == {
        "month": "2026-11",
        "findings": [{"code": "short_text", "client": "1001", "agent": "201", "call": "k1",
                      "note": Note.objects.get().pk}],
    }  # fmt: skip
    note = Note.objects.get()
    Note.objects.filter(pk=note.pk).update(text="Vraagt om een offerte", version=2)
    assert manager.get("/api/v1/findings?month=2026-11").json()["findings"] == []


@pytest.mark.parametrize(
    ("format", "begins"), [("json", b"{"), ("csv", b"agent,calls,notes,"), ("xlsx", b"PK"), ("pdf", b"%PDF")]
)
def test_recording_report_in_every_format(office: Client, format: str, begins: bytes) -> None:
    make.call(None, agent=make.agent("202"), start=make.NOW + timedelta(hours=1))
    answer = program("manager").get(f"/api/v1/reports/recording?month=2026-11&format={format}")
    assert (answer.status_code, answer.content[: len(begins)]) == (200, begins)


def test_key_of_another_clients_note_is_refused_so_that_none_is_lost(office: Client) -> None:
    make.client("1002")
    post(office, NOTE, **{"Idempotency-Key": "7"})
    answer = post(office, NOTE | {"client": "1002", "text": "Iets anders"}, **{"Idempotency-Key": "7"})
    assert (answer.status_code, error_of(answer)["code"]) == (422, "key_used")
    assert Note.objects.count() == 1


def test_caller_is_hidden_as_the_client_wants_and_never_the_number_to_call_back(office: Client) -> None:
    make.client("1002", hide_numbers="last3")
    said = NOTE | {"client": "1002", "caller": "06 12345678", "outcome": "callback", "callback": "0612345678"}
    taken = post(office, said).json()
    assert (taken["caller"], taken["callback"]) == ("+31612345xxx", "0612345678")
    assert office.get("/api/v1/notes?client=1002").json()["items"][0]["caller"] == "+31612345xxx"


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00", "9999-12-31T23:59:59Z"])
def test_moment_no_clock_can_read_is_refused(office: Client, at: str) -> None:
    answer = post(office, NOTE | {"at": at})
    assert (answer.status_code, error_of(answer)["code"]) == (422, "bad_value")

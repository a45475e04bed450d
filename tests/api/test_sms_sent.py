"""SMS sent over the API and from the command line; receipts that a gateway pushes, signed."""

import json
import time
from typing import Any

import pytest

from balie.messages.models import FakeSms, Outgoing, SmsPart
from balie.operator.outside import signed
from tests import make
from tests.api.ask import error_of, program
from tests.inside import Inside
from tests.messages.made import TO, scripted, work

pytestmark = pytest.mark.django_db
SECRET = "of both"


@pytest.fixture(autouse=True)
def office() -> None:
    gateway = {"kind": "http", "url": "https://sms.example.nl/send", "password": SECRET}
    make.operator(sms_gateway=gateway, language="en")
    make.client("1001")


def send(caller: Any, **more: Any) -> Any:
    headers = {"Idempotency-Key": more.pop("key")} if "key" in more else {}
    body = {"client": "1001", "to": "06 12345678", "text": "Belt u terug?", **more}
    return caller.post("/api/v1/sms/send", json.dumps(body), content_type="application/json", headers=headers)


def push(body: Any, *, secret: str = SECRET, at: int = 0, **headers: str) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    stamps = signed(data, name="r1", at=at or int(time.time()), key=secret.encode()) | headers
    return program(None).post("/api/v1/sms/receipts", data, content_type="application/json", headers=stamps)


def test_sms_is_queued_once_a_key_and_its_state_can_be_asked() -> None:
    client = program("manager")
    first, again = (send(client, key="k1").json() for _ in range(2))
    assert first == again
    assert (first["to"], first["state"], first["parts"], first["sent"], first["receipts"]) == (
        TO,
        "waiting",
        1,
        None,
        [],
    )
    assert send(client, key="k2").json()["id"] != first["id"]
    assert client.get(f"/api/v1/sms/sent/{first['id']}").json() == first
    listed = client.get("/api/v1/sms/sent?client=1001&state=waiting").json()
    assert (listed["total"], len(listed["items"])) == (2, 2)
    assert (
        client.get("/api/v1/sms/sent?limit=1&after=" + client.get("/api/v1/sms/sent?limit=1").json()["next"]).json()[
            "items"
        ][0]["id"]
        == first["id"]
    )


@pytest.mark.parametrize(
    ("more", "status", "where"),
    [({"to": "nobody"}, 422, "to"), ({"text": " "}, 422, "text"), ({"client": "9"}, 404, "client"),
     ({"key": "k" * 151}, 422, "Idempotency-Key"), ({"text": "Tot zo \ud83d"}, 422, "text"),
     ({"to": "06\ud83d"}, 422, "to"), ({"client": "\ud83d"}, 404, "client")],
)  # fmt: skip
def test_sms_that_cannot_be_sent_is_refused(more: dict[str, Any], status: int, where: str) -> None:
    response = send(program("manager"), **more)
    assert (response.status_code, error_of(response)["where"]) == (status, where)
    assert not Outgoing.objects.exists()


def test_sms_is_stopped_and_sent_again_over_the_api() -> None:
    client = program("manager")
    sms = send(client).json()["id"]
    assert error_of(client.post(f"/api/v1/sms/sent/{sms}/again"))["code"] == "nothing_to_send"
    assert client.post(f"/api/v1/sms/sent/{sms}/stop").json()["state"] == "withheld"
    assert client.get("/api/v1/sms/sent/999999").status_code == 404


def test_opt_outs_are_put_and_taken_off_over_the_api() -> None:
    client = program("manager")
    body = json.dumps({"number": "06 12345678", "why": "asked"})
    assert client.post("/api/v1/sms/opt-outs", body, content_type="application/json").json()["number"] == TO
    assert send(client).json()["state"] == "withheld"
    assert [one["number"] for one in client.get("/api/v1/sms/opt-outs").json()["items"]] == [TO]
    assert client.post(f"/api/v1/sms/opt-outs/{TO}/allow").json() == {"gone": True}


def test_receipts_are_stored_once_and_those_of_unknown_ids_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    scripted(monkeypatch)
    send(program("manager"))
    work()
    receipts = [{"id": "1-0", "state": "delivered", "at": "2026-11-26T09:31:00Z"}, {"id": "x", "state": "failed"}]
    for _ in range(2):
        assert push(receipts).json() == {"receipts": 2, "known": 1}
    assert push(receipts[1]).json() == {"receipts": 1, "known": 0}
    assert Outgoing.objects.get().state == "delivered"
    assert SmsPart.objects.filter(sms=None).count() == 1


def test_receipt_may_name_an_sms_by_our_key(monkeypatch: pytest.MonkeyPatch) -> None:
    scripted(monkeypatch, answers={"Belt u terug?": "unknown"})
    send(program("manager"))
    work()
    sms = Outgoing.objects.get()
    assert sms.state == "unknown"
    assert push({"key": sms.mark, "state": "on_its_way"}).json() == {"receipts": 1, "known": 1}
    sms.refresh_from_db()
    assert sms.state == "sent"


@pytest.mark.parametrize(
    "more",
    [{"secret": "another"}, {"at": 1}, {"webhook-signature": ""}, {"webhook-timestamp": "x"}, {"webhook-id": "other"}],
)
def test_receipt_that_the_gateway_did_not_sign_is_refused(more: dict[str, Any]) -> None:
    response = push({"id": "1", "state": "delivered"}, **more)
    assert (response.status_code, error_of(response)["code"]) == (401, "unauthorized")
    assert not SmsPart.objects.exists()


@pytest.mark.parametrize("setting", [{}, {"kind": "http"}, {"kind": "fake", "password": SECRET}])
def test_without_a_secret_of_an_http_gateway_nobody_is_let_in(setting: dict[str, str]) -> None:
    make.operator(sms_gateway=setting)
    assert push({"id": "1", "state": "delivered"}).status_code == 401
    assert push({"id": "1", "state": "delivered"}, secret="").status_code == 401


@pytest.mark.parametrize(
    ("body", "where"),
    [(b"{", "body"), ({"state": "delivered"}, "[0].id"), ({"id": "1", "state": "lost"}, "[0].state"),
     ([{"id": "1", "state": "failed"}, 7], "[1]"), ({"id": "1", "state": "failed", "at": "soon"}, "[0].at"),
     ([{"id": "1", "state": "failed"}] * 1001, "body")],
)  # fmt: skip
def test_receipt_that_is_none_is_refused_where_it_is_wrong(body: Any, where: str) -> None:
    response = push(body)
    assert (response.status_code, error_of(response)["where"]) == (422, where)
    assert not SmsPart.objects.exists()


def test_receipt_of_an_id_that_cannot_be_does_not_stop_the_others() -> None:
    receipts = [{"id": name, "state": "failed"} for name in ("1\ud83d", "x", "1\x00")]
    assert push(receipts).json() == {"receipts": 3, "known": 0}
    assert push(receipts[0]).json() == {"receipts": 1, "known": 0}
    assert [one.gateway_id for one in SmsPart.objects.all()] == ["x"]


def test_reason_of_a_receipt_loses_what_no_database_stores() -> None:
    receipt = {"id": "x", "state": "failed", "why": "Gone\ud83d\x00"}
    assert push(receipt).json() == {"receipts": 1, "known": 0}
    assert SmsPart.objects.get().why == "Gone"


def test_reason_of_an_opt_out_loses_half_a_sign() -> None:
    body = json.dumps({"number": "06 12345678", "why": "asked \ud83d"})
    response = program("manager").post("/api/v1/sms/opt-outs", body, content_type="application/json")
    assert response.json()["why"] == "asked"


def test_sms_from_the_command_line(inside: Inside) -> None:
    make.operator(sms_gateway={"kind": "fake"})
    arguments = ("sms", "send", "--client", "1001", "--to", "0612345678", "--text", "Hello", "--key", "k", "--json")
    first, again = (inside.run(*arguments).json for _ in range(2))
    assert first == again and first["state"] == "waiting"
    work()
    assert inside.run("sms", "state", str(first["id"]), "--json").json["state"] == "delivered"
    assert FakeSms.objects.count() == 1
    refused = inside.run("sms", "send", "--client", "1001", "--to", "x", "--text", "Hello", "--json")
    assert (refused.code, refused.json["error"]["where"]) == (1, "to")
    assert inside.run("sms", "state", "999").code == 1


def test_doctor_looks_at_the_gateway(inside: Inside) -> None:
    from balie.cli.checks import Found, State, sms_gateway

    before = [Found("database", State.OK, "")]
    make.operator(sms_gateway={"kind": "fake"})
    assert [one.state for one in sms_gateway(before)] == [State.OK]
    make.operator(sms_gateway={"kind": "fake", "down": True})
    assert [(one.state, one.message) for one in sms_gateway(before)] == [(State.WRONG, "The invented gateway is down.")]
    make.operator(sms_gateway={})
    assert sms_gateway(before) == []


def test_state_that_is_none_is_refused() -> None:
    answer = program("manager").get("/api/v1/sms/sent?state=gone")
    assert (answer.status_code, error_of(answer)["where"]) == (422, "state")

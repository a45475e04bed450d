"""The HTTP gateway against a server that hangs, refuses, drops and throttles: what each answer means for an SMS."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from balie.messages.gateways import Accepted, GatewayDown, Outcome, Rejected, Sms, Unknown
from balie.messages.gateways import http as gateway
from balie.messages.gateways.http import Http
from tests.messages.gateway_server import Said, SmsServer, accept, sms_server
from tests.numbers.test_webhook import is_signed
from tests.ports import free_port

SECRET = "a secret of ours"
TEXT = Sms("k1", "De Linde", "+31612345678", "Belt u terug? €5 – ë")
HOLDS = 60.0  # seconds for which a server says nothing, or next to nothing


@pytest.fixture
def server() -> Iterator[SmsServer]:
    with sms_server() as server:
        yield server


def line(server: SmsServer, **more: Any) -> Http:
    return Http.of({"kind": "http", "url": server.url, "password": SECRET, **more})


def texts(count: int) -> list[Sms]:
    return [Sms(f"k{number}", "De Linde", "+31612345678", f"text {number}") for number in range(count)]


def submit(server: SmsServer, given: Iterable[Sms] = (TEXT,), **more: Any) -> list[Outcome]:
    there = line(server, **more)
    try:
        return list(there.submit(given))
    finally:
        there.close()


def test_request_says_what_is_to_be_sent_and_is_signed(server: SmsServer) -> None:
    assert submit(server) == [Accepted("k1", ("id-k1",))]
    assert server.came == [{"key": "k1", "from": "De Linde", "to": "+31612345678", "text": "Belt u terug? €5 – ë"}]
    assert is_signed(server.headers[0], server.bodies[0], SECRET.encode())
    assert server.headers[0]["webhook-id"] == "k1"


def test_gateway_may_call_the_fields_otherwise(server: SmsServer) -> None:
    server.answer = lambda said: (200, b"")
    submit(server, fields={"to": "recipient", "text": "message"})
    assert set(server.came[0]) == {"key", "from", "recipient", "message"}


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        (b'{"ids": ["a", "b"]}', ("a", "b")), (b'{"id": 17}', ("17",)), (b"", ("k1",)), (b"thanks", ("k1",)),
        (b"[1]", ("k1",)), (b'{"id": null}', ("k1",)), (b'{"id": true}', ("k1",)),
    ],
)  # fmt: skip
def test_ids_are_those_of_the_answer_else_our_own(server: SmsServer, body: bytes, ids: tuple[str, ...]) -> None:
    server.answer = lambda said: (200, body)
    assert submit(server) == [Accepted("k1", ids)]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, Rejected("k1", "{host}: 400 no such number", again=False)),
        (422, Rejected("k1", "{host}: 422 no such number", again=False)),
        (429, Rejected("k1", "{host}: 429 no such number", again=True)),
        (503, Rejected("k1", "{host}: 503 no such number", again=True)),
        (500, Unknown("k1", "{host}: 500 no such number")),
        (502, Unknown("k1", "{host}: 502 no such number")),
    ],
)
def test_answer_that_is_no_yes(server: SmsServer, status: int, outcome: Rejected | Unknown) -> None:
    server.answer = lambda said: (status, b"no such number\nmore")
    [found] = submit(server)
    assert not isinstance(found, Accepted)
    assert (type(found), found.why.replace(f"127.0.0.1:{server.server_address[1]}", "{host}")) == (
        type(outcome), outcome.why,
    )  # fmt: skip
    assert getattr(found, "again", None) == getattr(outcome, "again", None)


@pytest.mark.parametrize("status", [401, 403, 302])
def test_gateway_that_does_not_let_us_in_is_down_and_gets_no_more(server: SmsServer, status: int) -> None:
    server.answer = lambda said: (status, b"who are you")
    with pytest.raises(GatewayDown, match="who are you"):
        submit(server, texts(100))
    assert len(server.came) <= 2 * gateway.AT_ONCE


def test_address_where_nobody_answers_is_down() -> None:
    port = free_port()
    taken: list[Sms] = []

    def noted() -> Iterator[Sms]:
        for one in texts(100):
            taken.append(one)
            yield one

    there = Http.of({"url": f"http://127.0.0.1:{port}/", "password": SECRET})
    with pytest.raises(GatewayDown, match="cannot be reached"):
        list(there.submit(noted()))
    assert len(taken) <= 2 * gateway.AT_ONCE


def hang(server: SmsServer, line: socket.socket) -> None:
    server.over.wait(HOLDS)


def drop(server: SmsServer, line: socket.socket) -> None:
    line.shutdown(socket.SHUT_RDWR)


def drip(server: SmsServer, line: socket.socket) -> None:
    end = time.monotonic() + HOLDS
    while time.monotonic() < end and not server.over.wait(0.05):
        line.sendall(b"H")


@pytest.mark.parametrize("instead", [hang, drop, drip])
def test_server_that_takes_it_and_says_nothing_leaves_it_unknown(
    server: SmsServer, instead: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    if instead is not drop:  # long before it stops: it is Balie that ends it
        monkeypatch.setattr(gateway, "STEP_SECONDS", 0.3)
        monkeypatch.setattr(gateway, "WHOLE_SECONDS", 0.5)
    server.answer, server.instead = lambda said: None, instead
    [outcome] = submit(server)
    assert isinstance(outcome, Unknown)
    assert ("in time" in outcome.why) == (instead is not drop), outcome.why
    assert server.keys == ["k1"]


def test_one_that_hangs_does_not_hold_the_others_up(server: SmsServer) -> None:
    def answer(said: Said) -> tuple[int, bytes] | None:
        return None if said["key"] == "k3" else accept(said)

    def until_all_others_came(server: SmsServer, line: socket.socket) -> None:
        end = time.monotonic() + gateway.WHOLE_SECONDS / 2
        while time.monotonic() < end and len(server.came) < 40:
            time.sleep(0.01)
        met.append(len(server.came))

    met: list[int] = []
    server.answer, server.instead = answer, until_all_others_came
    outcomes = {one.key: one for one in submit(server, texts(40))}
    assert (len(outcomes), met) == (40, [40])
    assert [key for key, one in outcomes.items() if isinstance(one, Unknown)] == ["k3"]
    assert Counter(server.keys).most_common(1)[0][1] == 1


def test_throttled_gateway_is_not_asked_for_more_by_this_round(server: SmsServer) -> None:
    server.answer = lambda said: (429, b"slow down")
    taken = submit(server, texts(100))
    assert len(taken) == len(server.came) <= 2 * gateway.AT_ONCE
    assert all(isinstance(one, Rejected) and one.again for one in taken)


def test_lines_are_used_again_and_a_server_that_closes_them_costs_nothing(server: SmsServer) -> None:
    there = line(server)
    assert len(list(there.submit(texts(50)))) == 50
    assert server.connections <= gateway.AT_ONCE
    server.keeps = False
    for _ in range(3):
        assert {type(one) for one in there.submit(texts(10))} == {Accepted}
        time.sleep(0.05)
    there.close()
    there.close()


def test_several_are_under_way_at_once(server: SmsServer) -> None:
    now, most, guard, gate = 0, 0, threading.Lock(), threading.Barrier(4)

    def answer(said: Said) -> tuple[int, bytes]:
        nonlocal now, most
        with guard:
            now += 1
            most = max(most, now)
        gate.wait(HOLDS)  # none is answered before four are there
        with guard:
            now -= 1
        return accept(said)

    server.answer = answer
    submit(server, texts(40))
    assert 4 <= most <= gateway.AT_ONCE


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"url": ""}, "is no address of an SMS gateway"),
        ({"url": "ftp://x.example/"}, "is no address of an SMS gateway"),
        ({"url": "https://u@x.example/"}, "is no address of an SMS gateway"),
        ({"url": "http://sms.example.nl/"}, "without encryption"),
    ],
)
def test_address_to_which_nothing_may_be_sent(settings: dict[str, Any], why: str) -> None:
    with pytest.raises(GatewayDown, match=why):
        Http.of(settings)


def test_without_a_secret_nothing_is_sent(server: SmsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SMS_SECRET", raising=False)
    for password, why in (("", 'no "password"'), ("env:SMS_SECRET", "SMS_SECRET is not set")):
        with pytest.raises(GatewayDown, match=why):
            submit(server, password=password)
    assert server.came == []


def test_look_says_what_is_reached_and_sends_nothing(server: SmsServer) -> None:
    assert line(server).look() == f"127.0.0.1:{server.server_address[1]} can be reached."
    assert server.came == []

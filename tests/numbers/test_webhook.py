"""The program of another phone system: what it is told, how that is signed, and what its answers mean."""

import base64
import hashlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from balie.numbers.switches import Route, SwitchProblem, webhook
from balie.numbers.switches.webhook import Webhook
from tests.ports import free_port

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
ROUTE = Route("+31201234501", "1001", "Bäcker", "17")
KEY = bytes(range(32))
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"
HOLDS = 60.0  # seconds for which a program says nothing, or next to nothing


def hmac_sha256(key: bytes, text: bytes) -> bytes:
    """RFC 2104, written out: not the function that is tested."""
    block = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + text).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in block) + inner).digest()


def is_signed(headers: dict[str, str], body: bytes, key: bytes) -> bool:
    """As the specification of Standard Webhooks says it."""
    text = b".".join((headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body))
    version, _comma, signature = headers["webhook-signature"].partition(",")
    return version == "v1" and base64.b64decode(signature) == hmac_sha256(key, text)


class Program(ThreadingHTTPServer):
    """status, body and headers: what it answers. instead: what it does in place of an answer.

    over: set when the test is; nobody hangs longer.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.status, self.body, self.headers = 204, b"", dict[str, str]()
        self.instead: Callable[[Program, socket.socket], None] | None = None
        self.over = threading.Event()
        self.asked: list[tuple[str, dict[str, str], bytes]] = []

    def switch(self, now: datetime = NOW, secret: str = SECRET) -> Webhook:
        url = f"http://127.0.0.1:{self.server_address[1]}/balie?x=1"
        return Webhook.of({"kind": "webhook", "url": url, "secret": secret}, now)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Balie may hang up at any moment."""


class Asked(BaseHTTPRequestHandler):
    server: Program

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        if self.server.instead:
            self.server.instead(self.server, self.connection)
            self.close_connection = True
            return
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def program() -> Iterator[Program]:
    with Program() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield running
        running.over.set()
        running.shutdown()
        thread.join(5)


@contextmanager
def problem(said: str) -> Iterator[None]:
    with pytest.raises(SwitchProblem) as caught:
        yield
    assert said in caught.value.why
    assert "\n" not in caught.value.why
    assert not caught.value.waits_for_staff


def test_program_is_told_by_signed_requests(program: Program) -> None:
    switch = program.switch()
    for event, tell in (("configure", switch.configure), ("prove", switch.prove), ("remove", switch.remove)):
        tell(ROUTE)
        path, headers, body = program.asked[-1]
        assert path == "/balie?x=1"
        assert json.loads(body) == {
            "event": f"number.{event}", "number": "+31201234501", "client": "1001", "name": "Bäcker", "order": "17",
        }  # fmt: skip
        assert headers["content-type"] == "application/json; charset=utf-8"
        assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
        assert is_signed(headers, body, KEY)
        assert not is_signed(headers, body + b" ", KEY)


def test_secret_without_whsec_is_the_key_itself(program: Program) -> None:
    program.switch(secret="geheim").configure(ROUTE)
    _path, headers, body = program.asked[0]
    assert is_signed(headers, body, b"geheim")


def test_repeat_has_the_same_id_and_nothing_else_has(program: Program) -> None:
    program.switch().configure(ROUTE)
    program.switch(NOW + timedelta(hours=1)).configure(ROUTE)
    program.switch().remove(ROUTE)
    program.switch().configure(Route("+31201234501", "1001", "Bäcker", "18"))
    first, again, *others = [headers["webhook-id"] for _path, headers, _body in program.asked]
    assert first == again
    assert len({first, *others}) == 3


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (200, b"", None), (201, b"{}", None), (202, b"", None), (202, b'{"status": "done"}', None),
        (202, b"[]", None), (202, b'{"status": "pending"}', "is still at it"),
        (422, b"\n no such\ttrunk \nsecond line", ": 422 no such trunk"), (500, b"", ": 500"),
        (503, b"\xff" * 1000, ": 503 " + "\N{REPLACEMENT CHARACTER}" * 200),
    ],
)  # fmt: skip
def test_answer_means(program: Program, status: int, body: bytes, said: str | None) -> None:
    program.status, program.body = status, body
    if said is None:
        program.switch().configure(ROUTE)
    else:
        with problem(said):
            program.switch().configure(ROUTE)


def test_redirect_is_not_followed(program: Program) -> None:
    program.status, program.headers = 307, {"Location": "https://elsewhere.example/\u00e9"[:26]}
    with problem("enter 'https://elsewhere.example/' in the settings"):
        program.switch().configure(ROUTE)
    assert len(program.asked) == 1


def silent(program: Program, line: socket.socket) -> None:
    program.over.wait(HOLDS)


def drips(program: Program, line: socket.socket) -> None:
    drip(program, line, b"HTTP/1.1 200 OK\r\nX: ")


def drips_content(program: Program, line: socket.socket) -> None:
    drip(program, line, b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")


def drip(program: Program, line: socket.socket, begin: bytes) -> None:
    line.sendall(begin)
    end = time.monotonic() + HOLDS
    while time.monotonic() < end and not program.over.wait(0.1):
        line.sendall(b"x")


def hangs_up(program: Program, line: socket.socket) -> None:
    line.shutdown(socket.SHUT_RDWR)


def speaks_smtp(program: Program, line: socket.socket) -> None:
    line.sendall(b"220 mail.example ESMTP\r\n")


@pytest.mark.parametrize(
    ("instead", "said"),
    [
        (silent, "did not answer in time"), (drips, "did not answer in time"),
        (drips_content, "did not answer in time"), (hangs_up, "cannot be reached"),
        (speaks_smtp, "does not speak HTTP"),
    ],
)  # fmt: skip
def test_broken_program_is_a_problem_in_time(
    program: Program, instead: Callable[[Program, socket.socket], None], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if instead in (silent, drips, drips_content):  # long before they stop: it is Balie that ends it
        monkeypatch.setattr(webhook, "STEP_SECONDS", 0.3)
        monkeypatch.setattr(webhook, "WHOLE_SECONDS", 0.6)
    program.instead = instead
    with problem(said):
        program.switch().configure(ROUTE)


@pytest.mark.parametrize(
    "url",
    [
        "https://pbx.example.nl/balie", "https://pbx.example.nl", "http://localhost:8080/x", "http://127.0.0.1/x",
        "http://10.0.0.5:8080/balie", "http://[::1]:8080/", "http://192.168.1.2/",
    ],
)  # fmt: skip
def test_address_may_be(url: str) -> None:
    Webhook.of({"url": url, "secret": SECRET}, NOW)


@pytest.mark.parametrize(
    "url",
    [
        "", "http://pbx.example.nl/balie", "http://93.184.216.34/", "ftp://10.0.0.5/", "https:///balie", "https://[x/",
        "https://a:b@pbx.example.nl/", "https://pbx.example.nl:port/", "https://pbx.example.nl/a b",
        "https://x/\r\nA: b",
    ],
)  # fmt: skip
def test_address_may_not_be(url: str) -> None:
    with pytest.raises(SwitchProblem):
        Webhook.of({"url": url, "secret": SECRET}, NOW)


@pytest.mark.parametrize(
    ("secret", "said"),
    [("", 'no "secret"'), ("env:NO_SUCH_VARIABLE", "NO_SUCH_VARIABLE"), ("whsec_?", "no base64 follows")],
)
def test_secret_that_cannot_be_is_a_problem(program: Program, secret: str, said: str) -> None:
    with problem(said):
        program.switch(secret=secret).configure(ROUTE)
    assert program.asked == []


def test_program_is_looked_at_without_being_asked(program: Program) -> None:
    assert program.switch().look() == f"127.0.0.1:{program.server_address[1]} can be reached."
    assert program.asked == []
    port = free_port()
    for url in (f"http://127.0.0.1:{port}/", f"https://127.0.0.1:{port}/"):
        with problem(f"127.0.0.1:{port} cannot be reached."):
            Webhook.of({"url": url, "secret": SECRET}, NOW).look()

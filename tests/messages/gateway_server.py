"""An SMS gateway reached by HTTP, as a provider might run one: it answers as it is told, and remembers what came."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Said = dict[str, Any]


class SmsServer(ThreadingHTTPServer):
    """answer: by what was said, status and body; None: it does `instead` with the connection and says nothing.

    over: set when the test is; nobody hangs longer.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.came: list[Said] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self.answer: Callable[[Said], tuple[int, bytes] | None] = accept
        self.instead: Callable[[SmsServer, socket.socket], None] = lambda server, line: None
        self.over = threading.Event()
        self.keeps = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/send"

    @property
    def keys(self) -> list[str]:
        return [one["key"] for one in self.came]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Balie may hang up at any moment."""


def accept(said: Said) -> tuple[int, bytes]:
    return 202, json.dumps({"id": f"id-{said['key']}"}).encode()


class Asked(BaseHTTPRequestHandler):
    server: SmsServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        said = json.loads(body)
        self.server.came.append(said)
        self.server.bodies.append(body)
        self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
        answer = self.server.answer(said)
        if answer is None:
            self.server.instead(self.server, self.connection)
            self.close_connection = True
            return
        self.send_response(answer[0])
        self.send_header("Content-Length", str(len(answer[1])))
        if not self.server.keeps:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer[1])

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@contextmanager
def sms_server() -> Iterator[SmsServer]:
    with SmsServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()

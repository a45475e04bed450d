"""`balie work` and `balie serve` as processes: what they do, and how they end."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from balie.worker.crew import LANE_NAMES
from tests.clock import where_it_is_noon
from tests.installation import Installation
from tests.ports import free_port
from tests.worker.files import line, lines

LOCAL = "127.0.0.1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cdr").mkdir()
    return tmp_path / "cdr"


@pytest.fixture
def office(installation: Installation, folder: Path) -> Installation:
    """An installation whose phone system's files lie in `folder`."""
    world = {
        "operator": {"name": "Test", "timezone": where_it_is_noon()},
        "phone_systems": [
            {
                "name": "pbx", "format": "asterisk", "timezone": "UTC", "trunks": ["PJSIP/trunk"],
                "files": {"url": f"file://{folder}/*.csv", "every_minutes": 1},
            }
        ],
        "clients": [{"number": "1001", "name": "Bakker"}],
        "numbers": [{"number": "+31201234501", "client": "1001"}],
    }  # fmt: skip
    (installation.home / "world.json").write_text(json.dumps(world))
    answer = installation.run("load", installation.home / "world.json")
    assert answer.code == 0, answer
    return installation


def eventually(true: Callable[[], Any], seconds: float = 60) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.1)
    raise AssertionError("it never came true")


def calls(office: Installation) -> int:
    return int(office.rows("SELECT count(*) FROM calls_call")[0][0])


def children(pid: int) -> list[int]:
    """Every process that this one started, and theirs."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            for child in map(int, task.read_text().split()):
                found += [child, *children(child)]
    return found


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


linux = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks at processes in /proc")


def end(process: subprocess.Popen[str]) -> None:
    """Ends a process started here, whatever it is at."""
    if process.poll() is None:
        process.terminate()
        try:
            process.communicate(timeout=40)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.fixture
def running(office: Installation) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts commands that go on; all are ended after the test."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str | Path) -> subprocess.Popen[str]:
        started.append(office.start(*arguments))
        return started[-1]

    yield start
    for process in started:
        end(process)


Running = Callable[..., subprocess.Popen[str]]


def test_work_once_reads_what_lies_there_and_stops(office: Installation, folder: Path) -> None:
    (folder / "Master.csv").write_text(lines(1, 3))
    answer = office.run("work", "--once", "--json")
    # The files, the running month's economics and forecast; and, as it is noon, the day's watch.
    assert (answer.code, answer.json) == (0, {"done": 4, "failed": 0})
    assert calls(office) == 3
    assert office.run("work", "--once").out == "0 done\n"


def test_work_without_database_says_what_to_do(installations: Any) -> None:
    answer = installations.bare().run("work", "--once")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.endswith("run `balie init`.\n")
    assert answer.err.count("\n") == 1


@linux
def test_work_goes_on_until_it_is_told_to_stop(office: Installation, folder: Path, running: Running) -> None:
    (folder / "Master.csv").write_text(lines(1, 3))
    work = running("work")
    eventually(lambda: calls(office) == 3)
    lanes = eventually(lambda: len(found := children(work.pid)) == len(LANE_NAMES) and found)
    work.terminate()
    out, err = work.communicate(timeout=40)
    assert (work.returncode, out) == (0, "")
    assert err == f"working: {', '.join(LANE_NAMES)}; Ctrl-C stops\n"
    assert not any(is_alive(lane) for lane in lanes)
    assert office.rows("SELECT count(*) FROM leases_workerbeat") == [(0,)]
    assert office.rows("SELECT attempts FROM calls_source") == [(0,)]


@linux
def test_work_starts_a_lane_that_died_again(office: Installation, folder: Path, running: Running) -> None:
    work = running("work")
    lanes = eventually(lambda: len(found := children(work.pid)) == len(LANE_NAMES) and found)
    for lane in lanes:
        os.kill(lane, signal.SIGKILL)
    again = eventually(
        lambda: len(found := children(work.pid)) == len(LANE_NAMES) and not set(found) & set(lanes) and found
    )
    assert again
    (folder / "Master.csv").write_text(lines(1, 3))
    eventually(lambda: calls(office) == 3, seconds=90)


@linux
def test_lanes_end_with_their_parent_even_when_it_is_killed(office: Installation, running: Running) -> None:
    work = running("work")
    lanes = eventually(lambda: len(found := children(work.pid)) == len(LANE_NAMES) and found)
    work.kill()
    work.communicate()
    eventually(lambda: not any(is_alive(lane) for lane in lanes), seconds=30)


def get(url: str, token: str = "", body: bytes | None = None) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(url, data=body, headers={**headers, "Content-Type": "text/csv"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as problem:
        with problem:
            return problem.code, problem.read().decode()
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return 0, ""


@linux
def test_serve_answers_works_and_leaves_nothing_behind(office: Installation, folder: Path, running: Running) -> None:
    port = free_port()
    token = office.run("token", "test", "--role", "manager", "--json").json["token"]
    serve = running("serve", "--port", str(port))
    url = f"http://{LOCAL}:{port}"
    eventually(lambda: get(f"{url}/readyz") == (200, "ok\n"))
    assert serve.stdout is not None
    assert serve.stdout.readline() == f"Balie at {url}/ (Ctrl-C stops)\n"

    status, text = get(f"{url}/api/v1/calls?source=pbx", token, line(1).rstrip("\n").encode())
    assert (status, json.loads(text)["calls"]) == (200, 1)
    (folder / "Master.csv").write_text(lines(1, 3))
    eventually(lambda: calls(office) == 3, seconds=130)  # perhaps only at its second look, a minute later
    assert get(f"{url}/metrics")[0] == 200

    second = office.run("serve", "--port", str(port))
    assert (second.code, second.out) == (1, "")
    assert second.err == f"balie: --port: Port {port} is in use already; stop what listens there or choose another.\n"

    everybody = children(serve.pid)
    assert len(everybody) >= 3
    serve.send_signal(signal.SIGINT)
    out, err = serve.communicate(timeout=40)
    assert (serve.returncode, out, err) == (0, "", "")
    eventually(lambda: not any(is_alive(pid) for pid in everybody), seconds=30)


@linux
def test_serve_killed_takes_everything_with_it(office: Installation, running: Running) -> None:
    port = free_port()
    serve = running("serve", "--port", str(port))
    eventually(lambda: get(f"http://{LOCAL}:{port}/livez")[0] == 200)
    everybody = eventually(lambda: len(found := children(serve.pid)) >= 4 and found)
    serve.kill()
    serve.communicate()
    eventually(lambda: not any(is_alive(pid) for pid in everybody), seconds=30)
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind((LOCAL, port))


def test_serve_of_a_body_without_length_reads_it(office: Installation, running: Running) -> None:
    port = free_port()
    token = office.run("token", "test", "--role", "manager", "--json").json["token"]
    running("serve", "--port", str(port))
    eventually(lambda: get(f"http://{LOCAL}:{port}/readyz")[0] == 200)
    data = lines(1, 2).encode()
    with socket.create_connection((LOCAL, port), timeout=30) as server:
        head = f"POST /api/v1/calls?source=pbx HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
        server.sendall(f"{head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode())
        for part in (data[:100], data[100:]):
            server.sendall(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        server.sendall(b"0\r\n\r\n")
        answer = b"".join(iter(lambda: server.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200"), answer
    assert b'"calls": 2' in answer


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--port", "0"), "Invalid value for '--port'"),
        (("--port", "70000"), "Invalid value for '--port'"),
        (("--host", "192.0.2.7"), "Nobody can listen on 192.0.2.7"),
        (("--host", "no such host"), "Nobody can listen on no such host"),
    ],
)
def test_serve_where_nobody_can_listen_says_so(office: Installation, arguments: tuple[str, ...], said: str) -> None:
    answer = office.run("serve", *arguments)
    assert answer.code in (1, 2)
    assert said in answer.err
    assert "Traceback" not in answer.err


def test_serve_before_init_says_what_to_do(installations: Any) -> None:
    answer = installations.bare().run("serve", "--port", str(free_port()))
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.endswith("run `balie init`.\n")

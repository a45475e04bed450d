"""A closing killed at any point and run again: every statement once, each with the file its row tells of."""

import hashlib
import json
import os
import random
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.installation import Installation, Installations

MONTH, CLIENTS = "2024-10", 30
FAULTS = [
    ("closing-drafted", 1),
    ("closing-drafted", 25),
    ("closing-published", 1),
    ("closing-published", 21),
    ("closing-recorded", 1),
    ("closing-kept", 1),
    ("closing-kept", 2),
    ("closing-marked", 1),
    ("closing-done", 1),
]


def world(folder: Path) -> Path:
    """Thirty clients with a number each since 2024."""
    numbers = range(1001, 1001 + CLIENTS)
    contract = {"service": "telephone", "tariff": "BASIS", "start": "2024-01-01"}
    said = {
        "operator": {"name": "De Linde", "timezone": "Europe/Amsterdam", "region": "NL"},
        "phone_systems": [{"name": "pbx", "format": "asterisk", "timezone": "UTC", "trunks": ["PJSIP/trunk"]}],
        "agents": [{"code": "201", "name": "Anna", "endpoint": "PJSIP/201"}],
        "tariffs": [{"code": "BASIS", "service": "telephone", "vat_percent": "21", "from": "2024-01-01", "items": []}],
        "clients": [{"number": str(no), "name": f"Client {no}", "contracts": [contract]} for no in numbers],
        "numbers": [{"number": f"+3120123{no}", "client": str(no), "from": "2024-01-01"} for no in numbers],
    }
    path = folder / "world.json"
    path.write_text(json.dumps(said))
    return path


def calls(folder: Path, day: int) -> Path:
    """Two accepted calls a client on this day of October 2024."""
    path = folder / f"{day}.csv"
    lines = []
    for place in range(2 * CLIENTS):
        at, dialled = f"2024-10-{day:02d} {8 + place // 30:02d}:{place % 30:02d}", f"0201231{place % CLIENTS + 1:03d}"
        key = f"pbx-{day}.{place}"
        lines.append(
            f'"","0612345678","{dialled}","from-trunk","","PJSIP/trunk-{day:04d}{place:04d}","PJSIP/201-{day:04d}{place:04d}",'
            f'"Queue","agents","{at}:00","{at}:05","{at}:40",40,35,"ANSWERED","DOCUMENTATION","{key}","","","{key}",{place}'
        )
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture(scope="module")
def filled(installations: Installations, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation with two calls for each of thirty clients in a month long past."""
    made, folder = installations.ready(), tmp_path_factory.mktemp("calls")
    assert made.run("load", world(folder)).code == 0
    assert made.run("import", "calls", calls(folder, 7), "--source", "pbx", "--json").json["calls"] == 2 * CLIENTS
    return made


@pytest.fixture
def office(installations: Installations, filled: Installation) -> Installation:
    """A copy of it for one test."""
    return installations.new(template=filled)


def statements(office: Installation) -> dict[str, Any]:
    """Revision and rows of every statement by the name of its file; each must be the file that was kept."""
    rows = office.rows("select path, revision, rows, sha256, month from statements_statement order by path")
    folder = office.home / "files"
    for path, _, _, digest, _ in rows:
        assert hashlib.sha256((folder / path).read_bytes()).hexdigest() == digest, path
    there = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert there == [path for path, *_ in rows]
    return {path: (revision, count) for path, revision, count, _, _ in rows}


def complete(revisions: int) -> dict[str, Any]:
    """What there must be after so many closings, each with two calls more a client."""
    return {
        f"statements/{MONTH}/{number}-r{revision}.pdf": (revision, 2 * revision)
        for number in range(1001, 1001 + CLIENTS)
        for revision in range(1, revisions + 1)
    }


def close(office: Installation, fault: str = "") -> Any:
    return office.run("close", "--month", MONTH, "--json", BALIE_FAULT=fault)


@pytest.mark.parametrize(("point", "times"), FAULTS)
def test_closing_killed_at_a_named_point_is_complete_when_run_again(
    office: Installation, point: str, times: int, tmp_path: Path
) -> None:
    killed = close(office, f"{point}:{times}")
    assert killed.code == -signal.SIGKILL
    if point != "closing-done":
        assert office.rows("select month from calls_closedmonth") == []
    made = close(office).json
    assert (made["revisions"], statements(office)) == (0, complete(1))
    assert office.rows("select month from calls_closedmonth") == [(202410,)]

    # The same for revisions.
    office.run("import", "calls", calls(tmp_path, 8), "--source", "pbx")
    assert close(office, f"{point}:{times}").code == -signal.SIGKILL
    assert close(office).json["statements"] == 0
    assert statements(office) == complete(2)


def test_closing_killed_at_random_moments_is_complete_when_run_again(office: Installation) -> None:
    chance = random.Random(7)
    for _ in range(6):
        running = office.start("close", "--month", MONTH)
        time.sleep(chance.uniform(0.4, 2.0))
        running.send_signal(signal.SIGKILL)
        running.communicate()
    assert close(office).code == 0
    assert statements(office) == complete(1)


def test_nothing_of_a_killed_closing_lives_on(office: Installation) -> None:
    running = office.start("close", "--month", MONTH)
    deadline = time.monotonic() + 30
    while not list((office.home / "files").rglob("*.pdf*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    while alive(running.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(running.pid)


def alive(group: int) -> bool:
    """Whether any process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_two_who_close_at_once_make_every_statement_once(office: Installation) -> None:
    both = [office.start("close", "--month", MONTH, "--json") for _ in range(2)]
    made = [json.loads(process.communicate(timeout=120)[0])["statements"] for process in both]
    assert sorted(made) == [0, CLIENTS]
    assert statements(office) == complete(1)

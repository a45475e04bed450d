"""A real office for the browser: made by the commands, served by `balie serve`, last month's calls in it."""

import json
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.error import URLError
from urllib.request import urlopen

from tests.installation import Installation

EMAIL, PASSWORD = "marit@example.com", "drie blauwe olifanten"
UNKNOWN = "+31201239999"
PATIENCE = 60
NAMES = ("Bakker Installaties", "Notariskantoor Van Dam", "Wolff & Zn. Dakdekkers")


@dataclass(frozen=True)
class Office:
    """Where it is, which month it can close, and the link that sets the manager's password."""

    url: str
    month: str
    password_link: str


def first_of_last_month(now: datetime) -> datetime:
    """The first moment of the month before, UTC; a safe distance from both edges comes with the calls."""
    return (now.replace(day=1) - timedelta(days=1)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def world(month: datetime) -> dict[str, object]:
    """An operator with three clients, one number each, an agent and a phone system."""
    start = (month - timedelta(days=60)).strftime("%Y-%m-%d")
    contract = {"service": "telephone", "tariff": "BASIS", "start": start}
    return {
        "operator": {"name": "Telefoonservice De Linde", "timezone": "Europe/Amsterdam", "close": {"day": 28}},
        "phone_systems": [
            {"name": "pbx", "format": "asterisk", "timezone": "UTC", "trunks": ["PJSIP/trunk"], "account_prefix": "c"}
        ],
        "agents": [{"code": "201", "name": "Anna de Wit", "endpoint": "PJSIP/201"}],
        "tariffs": [{"code": "BASIS", "service": "telephone", "vat_percent": "21", "public": True, "items": []}],
        "clients": [
            {"number": str(number), "name": name, "contracts": [contract]}
            for number, name in enumerate(NAMES, start=1001)
        ],
        "numbers": [
            {"number": f"+3120123{number}", "client": str(number), "from": start, "to": None}
            for number in range(1001, 1001 + len(NAMES))
        ],
    }


def call_file(month: datetime) -> str:
    """Sixty calls of that month: accepted and missed, some to a number that nobody has, one line nobody can read."""
    lines = []
    for at in range(60):
        start = month + timedelta(days=2 + at % 20, hours=8 + at % 9, minutes=at)
        called = UNKNOWN if at % 10 == 9 else f"+3120123{1001 + at % 3}"
        talk = 0 if at % 7 == 6 else 30 + at
        lines.append(line(start, called, talk, at))
    return "".join(lines) + '"this","is","no","call"\n'


def line(start: datetime, called: str, talk: int, at: int) -> str:
    """A line as Asterisk writes it (cdr_csv, 18 columns)."""
    answer = start + timedelta(seconds=6)
    end = answer + timedelta(seconds=talk)
    unique = f"{start.timestamp():.0f}.{at}"
    said = "ANSWERED" if talk else "NO ANSWER"
    fields = ["", f"06123456{at:02d}", called, "in", f'""" <06123456{at:02d}>"', "PJSIP/trunk-0000%04x" % (2 * at)]
    fields += ["PJSIP/201-0000%04x" % (2 * at + 1), "Dial", "PJSIP/201"]
    times = [start, answer if talk else None, end]
    fields += [f"{moment:%Y-%m-%d %H:%M:%S}" if moment else "" for moment in times]
    row = [f'"{field.strip(chr(34))}"' for field in fields] + [str(talk + 6), str(talk)]
    return ",".join([*row, f'"{said}"', '"DOCUMENTATION"', f'"{unique}"', '""']) + "\n"


@contextmanager
def served(installation: Installation) -> Iterator[Office]:
    """Loads, imports, invites the manager, serves."""
    month = first_of_last_month(datetime.now(UTC))
    file, calls = installation.home / "world.json", installation.home / "Master.csv"
    file.write_text(json.dumps(world(month)))
    calls.write_text(call_file(month))
    for command in (("load", file), ("import", "calls", calls, "--source", "pbx")):
        answer = installation.run(*command)
        assert answer.code == 0, answer
    invited = installation.run("staff", EMAIL, "--role", "manager", "--language", "en", "--name", "Marit de Boer")
    link = re.search(r"/password/\S+", invited.out + invited.err)
    assert link, invited
    port = free_port()
    server = installation.start("serve", "--port", str(port))
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/login/", server)
        yield Office(url, f"{month:%Y-%m}", url + link.group())
    finally:
        server.terminate()
        server.communicate(timeout=PATIENCE)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def wait_for(url: str, server: subprocess.Popen[str]) -> None:
    """Until the page answers; says what the server said when it never does."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            raise AssertionError(f"the server ended: {server.communicate()}")
        try:
            with urlopen(url):
                return
        except (URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer within {PATIENCE} s")

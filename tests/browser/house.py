"""The house behind the browser: made by the commands, served by `balie serve`; who works there; what its mails say.

One for all tests of a process: each leaves the clients of the others alone.
"""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.office import (
    ANNA,
    OLD_PBX,
    PBX,
    call_just_now,
    calls_just_now,
    first_of_last_month,
    month_of_calls,
    world,
)
from tests.installation import Installation
from tests.ports import free_port

PASSWORD = "drie blauwe olifanten"
PATIENCE = 60
MANAGER, ADMINISTRATOR, DUTCH = "marit@example.com", "joris@example.com", "femke@example.com"
SETTER = "lotte@example.com"  # an administrator whose logins nothing ends
# By address: role, language, name.
STAFF = {
    MANAGER: ("manager", "en", "Marit de Boer"),
    DUTCH: ("manager", "nl", "Femke Bos"),
    ADMINISTRATOR: ("administrator", "en", "Joris Vos"),
    SETTER: ("administrator", "en", "Lotte Smit"),
    ANNA: ("agent", "en", "Anna de Wit"),
}


@dataclass(frozen=True)
class House:
    """Where it is, what stands behind it, which month it can close, the link that sets the password of each."""

    url: str
    installation: Installation
    month: str
    links: dict[str, str]

    def mail(self, kind: str, to: str) -> str:
        """The text of the newest mail of a kind to somebody, as soon as it is in the outbox."""
        query = f"SELECT text FROM notifications_mail WHERE kind = '{kind}' AND recipient = '{to}' ORDER BY id DESC"
        return str(until(lambda: self.installation.rows(query))[0][0])

    def link(self, kind: str, to: str, part: str) -> str:
        """The address in that mail that begins with this part, on this server."""
        text = self.mail(kind, to)
        found = re.search(rf"/{part}/\S+", text)
        assert found, text
        return self.url + found[0]


@contextmanager
def house_of(installation: Installation) -> Iterator[House]:
    """Loads, imports, invites the staff, lets one client go, serves."""
    now = datetime.now(UTC).replace(microsecond=0)
    month = first_of_last_month(now)
    files = {
        "world.json": json.dumps(world(month)),
        "Master.csv": month_of_calls(month),
        "Today.csv": calls_just_now(now),
    }
    for name, text in files.items():
        (installation.home / name).write_text(text)
    done(installation, "load", "world.json")
    done(installation, "import", "calls", "Master.csv", "--source", OLD_PBX)
    done(installation, "import", "calls", "Today.csv", "--source", PBX)
    done(installation, "cancel", "--client", "1006", "--service", "telephone")
    links = {email: invited(installation, email, *who) for email, who in STAFF.items()}
    with served(installation) as url:
        yield House(url, installation, f"{month:%Y-%m}", {email: url + link for email, link in links.items()})


def ring(house: House) -> None:
    """A call of Anna's that waits for a note, of however many other tests have written one already."""
    (house.installation.home / "Again.csv").write_text(call_just_now(datetime.now(UTC).replace(microsecond=0)))
    done(house.installation, "import", "calls", "Again.csv", "--source", PBX)


def done(installation: Installation, *command: str) -> str:
    answer = installation.run(*command)
    assert answer.code == 0, answer
    return answer.out


def invited(installation: Installation, email: str, role: str, language: str, name: str) -> str:
    """The path of the link that sets this person's password."""
    said = done(installation, "staff", email, "--role", role, "--language", language, "--name", name)
    link = re.search(r"/password/\S+", said)
    assert link, said
    return link[0]


@contextmanager
def served(installation: Installation) -> Iterator[str]:
    """The address at which `balie serve` answers. How it stops in peace is shown elsewhere: here it is killed."""
    port = free_port()
    server = installation.start("serve", "--port", str(port))
    try:
        wait_for(f"http://127.0.0.1:{port}/livez", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.communicate(timeout=PATIENCE)


def wait_for(url: str, server: subprocess.Popen[str]) -> None:
    """Until the page answers; says what the server said when it never does."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            pass
        with suppress(subprocess.TimeoutExpired):
            code = server.wait(0.1)
            raise AssertionError(f"the server ended ({code}): {said_by(server)!r}")
    raise AssertionError(f"{url} did not answer within {PATIENCE} s")


def said_by(server: subprocess.Popen[str]) -> bytes:
    """What it wrote to standard error, without waiting for processes that hold it open."""
    assert server.stderr
    os.set_blocking(server.stderr.fileno(), False)
    try:
        return os.read(server.stderr.fileno(), 20_000)
    except BlockingIOError:
        return b""


def until(found: Callable[[], Any], *, seconds: float = PATIENCE) -> Any:
    """What is found in the end."""
    end = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.2)
    return value


def logged_in(chrome: Browser, link: str) -> Any:
    """What a browser keeps once somebody has set a password by the link, and is logged in by that."""
    context = chrome.new_context()
    page = context.new_page()
    page.goto(link)
    page.fill("#password", PASSWORD)
    page.locator("form button.deed").click()
    expect(page.locator("#password")).to_have_count(0, timeout=PATIENCE * 1000)
    kept = context.storage_state()
    context.close()
    return kept


@contextmanager
def watched(chrome: Browser, url: str, **options: Any) -> Iterator[BrowserContext]:
    """A browser of its own; at the end it must have asked nobody but us and complained of nothing."""
    asked: set[str] = set()
    complaints: list[str] = []
    context = chrome.new_context(**options)
    context.on("request", lambda request: asked.add(request.url))
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    yield context
    context.close()
    assert [one for one in asked if not one.startswith((f"{url}/", "blob:", "data:"))] == []
    assert complaints == []

"""`balie doctor`: what is wrong, and what to do about it."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from balie.calls.models import Source
from balie.cli import checks
from balie.cli.checks import Found, State
from balie.leases import actions as leases
from balie.operator.models import Removal
from balie.rules.retention import Kept
from balie.worker.jobs import LANES
from tests import make
from tests.installation import Installation
from tests.ports import free_port

DATABASE = [Found("database", State.OK, "")]


def test_doctor_of_a_new_installation_finds_nothing_wrong(installation: Installation) -> None:
    answer = installation.run("doctor", "--json")
    assert answer.code == 0, answer
    assert answer.json["ok"] is True
    states = {one["check"]: one["state"] for one in answer.json["checks"]}
    assert states == {
        "python": "ok", "home": "ok", "secret key": "ok", "disk": "ok", "database": "ok", "files": "ok", "clock": "ok",
        "operator": "warn", "mail": "warn", "outbox": "ok", "phone systems": "warn",
        "switch": "ok", "worker": "warn",
    }  # fmt: skip


def test_doctor_before_init_says_what_to_do_and_is_wrong(installations: Any) -> None:
    answer = installations.bare().run("doctor")
    assert answer.code == 1
    [line] = [line for line in answer.out.splitlines() if line.startswith("wrong")]
    assert line.startswith("wrong  database: is not of this version (")
    assert line.endswith("Run `balie init`.")


def test_doctor_without_a_database_server_is_wrong(installation: Installation) -> None:
    port = free_port()
    broken = Installation(installation.home, f"postgresql://x@127.0.0.1:{port}/x")
    answer = broken.run("doctor", "--json")
    assert answer.code == 1
    [found] = [one for one in answer.json["checks"] if one["state"] == "wrong"]
    assert found["check"] == "database"


def test_doctor_finds_a_key_that_others_can_read(installation: Installation) -> None:
    key = installation.home / "secret_key"
    key.chmod(0o644)
    answer = installation.run("doctor", "--json")
    [found] = [one for one in answer.json["checks"] if one["state"] == "wrong"]
    assert found == {
        "check": "secret key", "state": "wrong", "message": f"{key} can be read by others (mode 644).",
        "do": f"chmod 600 {key}",
    }  # fmt: skip


def test_doctor_in_a_home_that_cannot_be_made_says_so_in_a_line(installation: Installation) -> None:
    (installation.home / "file").touch()
    answer = installation.run("doctor", BALIE_HOME=str(installation.home / "file"))
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.endswith("see BALIE_HOME.\n")
    assert answer.err.count("\n") == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("base_url", "state"),
    [
        ("", State.WARN), ("https://linde.example.nl", State.WARN), ("http://linde.example.nl", State.WARN),
        ("http://localhost:8000", State.OK), ("linde.example.nl", State.WRONG), ("ftp://x", State.WRONG),
    ],
)  # fmt: skip
def test_doctor_looks_at_the_address(base_url: str, state: State) -> None:
    make.operator(base_url=base_url)
    assert [found.state for found in checks.office(DATABASE)] == [state]


@pytest.mark.django_db
def test_doctor_is_content_with_a_trusted_proxy(settings: Any) -> None:
    settings.TRUST_PROXY = True
    make.operator(name="De Linde", base_url="https://linde.example.nl")
    assert checks.office(DATABASE) == [Found("operator", State.OK, "De Linde at https://linde.example.nl.")]


@contextmanager
def mail_server(greeting: bytes) -> Iterator[int]:
    """Something on a port that greets like that and then says yes to everything."""

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(greeting)
            while said := connection.recv(1000):
                connection.sendall(b"221 bye\r\n" if said.lower().startswith(b"quit") else b"250 yes\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(10)


@pytest.mark.django_db
def test_doctor_greets_the_mail_server() -> None:
    with mail_server(b"220 mail.example ESMTP\r\n") as port:
        make.operator(mail={"url": f"smtp://info@127.0.0.1:{port}", "from": "info@linde.example"})
        assert checks.mail(DATABASE) == [Found("mail", State.OK, "127.0.0.1 answers.")]


@pytest.mark.django_db
def test_doctor_says_whom_mails_come_from_where_nobody_entered_it() -> None:
    with mail_server(b"220 mail.example ESMTP\r\n") as port:
        make.operator(mail={"url": f"smtp://127.0.0.1:{port}"}, base_url="https://linde.example")
        [found] = checks.mail(DATABASE)
    assert (found.state, found.message) == (State.WARN, "127.0.0.1 answers; mails come from balie@linde.example.")


@pytest.mark.django_db
def test_doctor_counts_mails_that_wait_and_that_were_given_up() -> None:
    make.operator()
    make.mail()
    assert checks.outbox(DATABASE) == [Found("outbox", State.OK, "1 mail waits.")]
    make.mail(parked="550 No such user")
    [found] = checks.outbox(DATABASE)
    assert (found.state, found.message) == (State.WRONG, "1 mail could not be sent.")


@pytest.mark.django_db
def test_doctor_repeats_what_the_mail_server_says() -> None:
    with mail_server(b"554 go away\r\n") as port:
        make.operator(mail={"url": f"smtp://127.0.0.1:{port}"})
        assert [found.message for found in checks.mail(DATABASE)] == ["The mail server does not let us in: 554 go away"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mail", "said"),
    [
        ({"url": "smtp://127.0.0.1:1"}, "Nothing answers at the mail server's address"),
        ({"url": "http://127.0.0.1:1"}, "http://127.0.0.1:1 is no mail server; it looks like smtp://user@host:587."),
        ({"url": "smtp://host:many"}, "smtp://host:many is no mail server."),
        ({"url": "smtp://no-such-host.invalid"}, "There is no mail server of that name"),
    ],
)
def test_doctor_says_what_is_wrong_with_the_mail(mail: dict[str, str], said: str) -> None:
    make.operator(mail=mail)
    [found] = checks.mail(DATABASE)
    assert (found.state, found.message[: len(said)]) == (State.WRONG, said)


@pytest.mark.django_db
def test_doctor_does_not_wait_for_a_mute_mail_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        make.operator(mail={"url": f"smtp://127.0.0.1:{mute.getsockname()[1]}"})
        assert [found.state for found in checks.mail(DATABASE)] == [State.WRONG]


@pytest.mark.django_db
def test_doctor_looks_at_every_phone_system(tmp_path: Path) -> None:
    now = timezone.now()
    (tmp_path / "Master.csv").touch()
    there = {"url": f"{tmp_path}/*.csv"}
    make.source("a")
    make.source("b", files=there)
    make.source("c", files={"url": f"{tmp_path}/nothing/*.csv"})
    make.source("d", files=there, parked="A fault in Balie")
    make.source("e", files=there, next_look=now - timedelta(days=1))
    make.source("f", files=there, last_problem="Master.csv: It may not be read.")
    make.source("g", files={"url": "sftp://127.0.0.1:1/x"})
    make.source("h", files=there, warning="The clock differs by an hour.")
    found = [(one.check, one.state) for one in checks.sources(DATABASE)]
    states = ["ok", "ok", "wrong", "wrong", "wrong", "warn", "wrong", "warn"]
    assert found == [(f"phone system {name}", state) for name, state in zip("abcdefgh", states, strict=True)]
    assert Source.objects.get(name="b").last_look is None


@pytest.mark.django_db
def test_doctor_misses_a_worker_and_finds_it() -> None:
    names = ", ".join(lane.name for lane in LANES)
    assert [found.message for found in checks.worker(DATABASE)] == [f"nobody works on {names}."]
    for lane in LANES:
        leases.beat(host="office-1", pid=1, lane=lane.name, now=timezone.now())
    assert checks.worker(DATABASE) == [Found("worker", State.OK, f"{len(LANES)} at work on office-1.")]


def test_doctor_speaks_to_people_a_line_a_check(installation: Installation) -> None:
    answer = installation.run("doctor")
    lines = answer.out.splitlines()
    assert len(lines) == len(json.loads(installation.run("doctor", "--json").out)["checks"])
    assert all(line.startswith(("ok     ", "warn   ", "wrong  ")) for line in lines)


@pytest.mark.django_db
def test_doctor_says_what_is_kept_for_good_and_what_could_not_be_removed() -> None:
    operator = make.operator()
    assert checks.retention(DATABASE) == []
    make.client()
    [found] = checks.retention(DATABASE)
    assert (found.state, found.message) == (
        State.WARN, "kept for good: numbers, notes, sms, mails, opened, statements.",
    )  # fmt: skip
    operator.retention = dict.fromkeys(Kept, 120)
    operator.save()
    assert [one.state for one in checks.retention(DATABASE)] == [State.OK]
    Removal.objects.create(kind="statements", due=timezone.now(), parked="cannot be deleted")
    [found] = checks.retention(DATABASE)
    assert (found.state, found.message) == (State.WRONG, "statements could not be removed: cannot be deleted")

"""Killed at any point, on real processes: each note once, its mails once, its findings once; and no mail is lost."""

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.installation import Installation, Installations
from tests.notifications.mail_server import mail_server
from tests.notifications.test_killed import python
from tests.ports import free_port

NOTE = ("note", "--client", "1001", "--agent", "201", "--text", "hm", "--at", "2026-11-02T10:02", "--key", "k")
LATER = """
from datetime import timedelta
from django.utils import timezone
from balie.leases.models import FREE
from balie.notifications.models import Mail
from balie.worker.jobs import lane_called
from balie.worker.loop import run_all_once
from balie.worker.process import Stop
Mail.objects.filter(sent=None).update(due=timezone.now() - timedelta(seconds=1), lease_until=FREE)
run_all_once([lane_called("mails")], Stop())
"""
CALL = """
from datetime import datetime, UTC
from balie.accounts.models import Agent, Client
from balie.calls.models import Call, Source
source = Source.objects.create(name="pbx", format="asterisk")
Call.objects.create(source=source, key="k1", start=datetime(2026, 11, 2, 9, tzinfo=UTC), direction="inbound",
    type="accepted", client=Client.objects.get(number="1001"), agent=Agent.objects.get(code="201"), ring=5, talk=60,
    handling=60)
"""


def world(url: str) -> dict[str, Any]:
    return {
        "operator": {"name": "De Linde", "mail": {"url": url, "from": "a@x.example"},
                     "mailboxes": {"call_note_copy": "copy@x.example", "incorrect_recording": "wrong@x.example"}},
        "agents": [{"code": "201", "name": "Anna"}],
        "clients": [{"number": "1001", "name": "Bakker", "email": "info@bakker.example"}],
    }  # fmt: skip


def load(office: Installation, folder: Path, url: str) -> None:
    file = folder / "world.json"
    file.write_text(json.dumps(world(url)))
    assert office.run("load", file).code == 0


def closed_port() -> str:
    """Where nobody listens."""
    return f"smtp://127.0.0.1:{free_port()}"


@pytest.fixture(scope="module")
def filled(installations: Installations, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A client, an agent and their call."""
    made = installations.ready()
    load(made, tmp_path_factory.mktemp("notes"), closed_port())
    assert python(made, CALL) == 0
    return made


def state(office: Installation) -> dict[str, Any]:
    """Everything a note leaves behind."""
    return {
        "notes": office.rows("select text, call_id is null from notes_note order by id"),
        "mails": office.rows("select kind, recipient from notifications_mail order by kind"),
        "deliveries": office.rows('select version, "to" from notes_delivery order by "to"'),
        "findings": office.rows("select code, closed is null from quality_finding order by code"),
        "handling": office.rows("select handling from calls_call"),
    }


@pytest.mark.parametrize("point", ["mail-queued:1", "mail-queued:2", "note-taken"])
def test_note_and_its_mails_are_there_together_or_not_at_all(
    installations: Installations, filled: Installation, point: str
) -> None:
    office = installations.new(template=filled)
    assert office.run(*NOTE, BALIE_FAULT=point).code == -signal.SIGKILL
    assert (state(office)["notes"], state(office)["mails"]) == ([], [])
    for _again in range(2):
        assert office.run(*NOTE).code == 0
    found = state(office)
    assert [bool(matched) for _text, matched in found["notes"]] == [True]
    assert found["mails"] == [("call_note", "info@bakker.example"), ("call_note_copy", "copy@x.example")]
    assert found["deliveries"] == [(1, "copy@x.example"), (1, "info@bakker.example")]


def test_look_at_notes_is_there_whole_or_not_at_all(installations: Installations, filled: Installation) -> None:
    office = installations.new(template=filled)
    assert office.run(*NOTE).code == 0
    before, check = state(office), ("check", "recording", "--month", "2026-11", "--json")
    assert office.run(*check, BALIE_FAULT="recording-checked").code == -signal.SIGKILL
    assert state(office) == before
    for _again in range(2):
        assert [row["code"] for row in office.run(*check).json["findings"]] == ["short_text"]
    found = state(office)
    assert [bool(matched) for _text, matched in found["notes"]] == [False]
    assert (len(found["findings"]), found["handling"]) == (1, [(120,)])


def test_findings_are_mailed_once_although_the_worker_was_killed(
    installations: Installations, filled: Installation
) -> None:
    office = installations.new(template=filled)
    assert office.run(*NOTE).code == 0
    assert office.run("check", "recording", "--month", "2026-11").code == 0
    killed = office.run("work", "--once", "--lane", "closings", BALIE_FAULT="mail-queued")
    assert killed.code == -signal.SIGKILL
    for _again in range(2):
        assert office.run("work", "--once", "--lane", "closings").code == 0
    assert state(office)["mails"].count(("findings", "wrong@x.example")) == 1


def test_note_taken_while_the_mail_server_is_down_arrives_later_and_once(
    installations: Installations, filled: Installation, tmp_path: Path
) -> None:
    office = installations.new(template=filled)
    assert office.run(*NOTE).code == 0
    for _again in range(2):
        assert python(office, LATER) == 0
    assert office.rows("select count(*) from notifications_mail where sent is not null") == [(0,)]
    with mail_server() as server:
        load(office, tmp_path, server.url)
        for _again in range(2):
            assert python(office, LATER) == 0
        arrived = sorted(str(one.message["To"]) for one in server.taken)
    assert arrived == ["copy@x.example", "info@bakker.example"]
    assert len(set(server.ids)) == 2

"""Processes killed at any point: each mail once in the outbox, and it arrives, at worst twice as the same mail."""

import json
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.installation import Installation, Installations
from tests.notifications.mail_server import MailServer, mail_server

COUNT = 3
QUEUE = f"""
from django.db import transaction
from django.utils import timezone
from balie.notifications.actions import queue_mail
values = {{"client": "Bakker", "number": "1001", "matter": "m", "figures": "", "link": "https://x.example/"}}
for number in range({COUNT}):
    with transaction.atomic():
        queue_mail(kind="task_opened", to=f"{{number}}@x.example", language="nl", values=values, key=f"task:{{number}}",
                   now=timezone.now())
"""
# What a worker that died held is free again ten minutes later; nobody waits for that here.
WORK_TEN_MINUTES_LATER = """
from balie.leases.models import FREE
from balie.notifications.models import Mail
from balie.worker.jobs import lane_called
from balie.worker.loop import run_all_once
from balie.worker.process import Stop
Mail.objects.update(lease_until=FREE)
assert run_all_once([lane_called("mails")], Stop()).failed == 0
"""


def start(installation: Installation, code: str, **more: str) -> subprocess.Popen[str]:
    """Runs this in a process of the installation."""
    return installation.code("import django\ndjango.setup()\n" + code, **more)


def python(installation: Installation, code: str, **more: str) -> int:
    """The same to its end; its exit status."""
    return start(installation, code, **more).wait(timeout=120)


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def filled(installations: Installations, server: MailServer, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation with three mails in its outbox, which sends through this server."""
    made = installations.ready()
    world = tmp_path_factory.mktemp("mails") / "world.json"
    world.write_text(json.dumps({"operator": {"name": "De Linde", "mail": {"url": server.url, "from": "a@x.example"}}}))
    assert made.run("load", world).code == 0
    assert python(made, QUEUE) == 0
    return made


def mails(installation: Installation) -> list[tuple[str, bool]]:
    """Message-ID of every mail in the outbox, and whether it was sent."""
    rows = installation.rows("select message_id, sent from notifications_mail order by id")
    return [(message_id, sent is not None) for message_id, sent in rows]


def test_mails_are_queued_once_each_by_who_was_killed_and_begins_anew(installation: Installation) -> None:
    assert python(installation, QUEUE, BALIE_FAULT="mail-queued:2") == -signal.SIGKILL
    assert len(mails(installation)) == 1  # the second was not yet in a transaction that ended
    assert python(installation, QUEUE) == 0
    assert len(set(mails(installation))) == COUNT


def test_two_who_queue_the_same_at_once_queue_it_once(installation: Installation) -> None:
    both = [start(installation, QUEUE) for _ in range(2)]
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    assert len(mails(installation)) == COUNT


@pytest.mark.parametrize(
    ("point", "times", "twice"), [("mail-taken", 2, 0), ("mail-accepted", 2, 1), ("mail-recorded", 1, 0)]
)
def test_every_mail_arrives_although_the_worker_was_killed(
    installations: Installations, filled: Installation, server: MailServer, point: str, times: int, twice: int
) -> None:
    office = installations.new(template=filled)
    server.taken.clear()
    killed = office.run("work", "--once", "--lane", "mails", BALIE_FAULT=f"{point}:{times}")
    assert killed.code == -signal.SIGKILL
    assert [sent for _, sent in mails(office)].count(True) == 1
    assert python(office, WORK_TEN_MINUTES_LATER) == 0
    assert [sent for _, sent in mails(office)] == [True] * COUNT
    arrived = Counter(server.ids)
    assert set(arrived) == {message_id for message_id, _ in mails(office)}
    assert sum(arrived.values()) == COUNT + twice
    for message_id in arrived:
        copies = {one.content for one in server.taken if str(one.message["Message-ID"]) == message_id}
        assert len(copies) == 1

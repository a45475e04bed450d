"""What is not restored, and that nothing is changed by trying."""

import gzip
import io
import json
import os
import socket
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from balie.accounts.models import Client
from balie.backup.archive import HEAD, MANIFEST, Archive, Backup
from balie.backup.models import Restore
from balie.cli.run import ready
from balie.leases import actions as leases
from balie.rules.errors import Refused
from tests import make
from tests.inside import Inside


@pytest.fixture
def backup(inside: Inside, tmp_path: Path) -> Path:
    make.operator()
    make.client("1001")
    file = tmp_path / "backup.tar"
    assert inside.run("backup", file).code == 0
    return file


def refusal(inside: Inside, *arguments: str | Path) -> tuple[str, str]:
    answer = inside.run("restore", *arguments, "--json")
    assert answer.code == 1, answer
    assert Client.objects.count() == 1
    return answer.json["error"]["code"], answer.json["error"]["message"]


def changed(backup: Path, **head: Any) -> Path:
    """The same backup with another head."""
    found, file = Backup(backup), backup.with_name("changed.tar")
    with file.open("wb") as out:
        made = Archive(out, mtime=0)
        for name, data in found.members(""):
            if name != "sha256":
                made.add(name, json.dumps(found.head | head).encode() if name == HEAD else data)
        made.close()
    return file


def test_installation_with_something_in_it_is_told_and_kept(inside: Inside, backup: Path) -> None:
    code, message = refusal(inside, backup)
    assert code == "not_empty"
    assert message == (
        "There is something in this installation: Telefoonservice De Linde with 1 client."
        " --replace removes it for good."
    )


def test_nothing_is_restored_while_somebody_works(inside: Inside, backup: Path) -> None:
    now = timezone.now()
    leases.beat(host="web2", pid=1, lane="mails", now=now)
    code, message = refusal(inside, backup, "--replace")
    assert (code, message.startswith("Balie is at work on web2 (process 1, last seen ")) == ("at_work", True)
    leases.leave(host="web2", pid=1, lane="mails")
    leases.beat(host=socket.gethostname(), pid=os.getpid(), lane="mails", now=now)
    assert refusal(inside, backup, "--replace")[0] == "at_work"


def test_worker_that_was_killed_here_keeps_nobody_from_restoring(inside: Inside, backup: Path) -> None:
    leases.beat(host=socket.gethostname(), pid=2**22 + 1, lane="mails", now=timezone.now(), doing="a file")
    leases.beat(host="web2", pid=1, lane="mails", now=timezone.now() - timedelta(minutes=2))
    assert refusal(inside, backup)[0] == "not_empty"


def test_backup_of_a_newer_version_is_refused_with_what_to_do(inside: Inside, backup: Path) -> None:
    steps = [*Backup(backup).head["steps"], ["calls", "0099_later"]]
    for newer in (changed(backup, steps=steps, balie="7.1"), changed(backup, format=2, balie="7.1")):
        code, message = refusal(inside, newer, "--replace")
        assert code == "newer_backup"
        assert message == "This backup was made by Balie 7.1, which is newer than this one; install that first."
        assert inside.run("restore", newer, "--check").code == 1


def test_damaged_backup_is_refused_before_anything_is_looked_at(inside: Inside, backup: Path) -> None:
    data = bytearray(backup.read_bytes())
    data[len(data) // 2] ^= 1
    backup.write_bytes(data)
    assert refusal(inside, backup, "--replace")[0] == "damaged_backup"
    assert refusal(inside, backup, "--check")[0] == "damaged_backup"


def test_whole_backup_is_told_by_check(inside: Inside, backup: Path) -> None:
    answer = inside.run("restore", backup, "--check", "--json")
    assert (answer.code, answer.json["ok"]) == (0, True)
    assert inside.run("restore", backup, "--check").out.startswith(f"{backup} is whole: Telefoonservice De Linde, ")


def test_half_restored_installation_does_not_start(inside: Inside) -> None:
    ready()
    half = Restore.objects.create(at=timezone.now(), made=timezone.now(), file="b.tar")
    with pytest.raises(Refused, match=r"The restore of b\.tar did not come to its end; run `balie restore`"):
        ready()
    Restore.objects.filter(pk=half.pk).update(finished=timezone.now())
    ready()


def test_members_are_checked_by_the_manifest_too(backup: Path) -> None:
    found = Backup(backup)
    rows = {name.partition("/")[0]: gzip.decompress(data).count(b"\n") for name, data in found.members("tables/")}
    assert {name: count for name, count in found.manifest["rows"].items() if count} == rows
    assert set(found.manifest["members"]) == {name for name, _ in found.members("")} - {MANIFEST, "sha256"}
    assert io.BytesIO(found.one("secret_key")).read()

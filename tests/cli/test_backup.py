"""What `balie backup` and `balie restore` say; whether rows come back is shown in tests/backup."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.utils import timezone

from balie.api import metrics
from balie.backup.archive import Backup
from balie.backup.models import Restore
from balie.backup.restoring import Restored
from balie.backup.settling import Held
from balie.cli import backups, checks
from balie.cli.checks import Found, State
from balie.cli.main import balie
from balie.operator.models import LogEntry
from tests import make
from tests.inside import Inside

DATABASE = [Found("database", State.OK, "")]


def test_backup_says_what_is_in_it_and_is_logged(inside: Inside) -> None:
    make.client()
    file = inside.home / "backup.tar"
    answer = inside.run("backup", file, "--json")
    assert (answer.code, answer.err) == (0, "")
    found = Backup(file)
    assert answer.json == {
        "file": str(file), "made": found.head["made"], "bytes": file.stat().st_size, "sha256": found.sha256,
        "rows": sum(found.manifest["rows"].values()), "files": 0, "lost": [], "seconds": answer.json["seconds"],
    }  # fmt: skip
    [entry] = LogEntry.objects.filter(deed="backup.made")
    assert (entry.who.endswith("(command line)"), entry.details["file"]) == (True, str(file))


def test_backup_writes_over_nothing_unless_told(inside: Inside) -> None:
    file = inside.home / "backup.tar"
    assert inside.run("backup", file).out.startswith(
        f"{sum(Backup(file).manifest['rows'].values()):,} rows and 0 files"
    )
    again = inside.run("backup", file)
    assert (again.code, again.err) == (1, f"balie: {file}: There is such a file already; --replace writes over it.\n")
    assert inside.run("backup", file, "--replace").code == 0


def test_backup_to_standard_output_is_the_file(inside: Inside, tmp_path: Path) -> None:
    done = CliRunner().invoke(balie, ["backup", "-"], prog_name="balie")
    assert done.exit_code == 0, done.output
    file = tmp_path / "piped.tar"
    file.write_bytes(done.stdout_bytes)
    assert Backup(file).head["operator"] == "Balie"
    assert "in standard output: " in done.stderr
    assert inside.run("backup", "-", "--json").code == 2


def test_backup_of_an_older_database_is_refused(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("balie.backup.tables.known", lambda: {("calls", "0099_later")})
    answer = inside.run("backup", inside.home / "b.tar", "--json")
    assert (answer.code, answer.json["error"]["code"]) == (1, "not_set_up")
    assert not (inside.home / "b.tar").exists()


def test_refused_restore_is_one_line_or_one_document(inside: Inside) -> None:
    answer = inside.run("restore", "none.tar")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == "balie: none.tar: This file cannot be read: No such file or directory\n"
    code = inside.run("restore", "none.tar", "--json").json["error"]["code"]
    assert code == "no_file"


def test_restore_tells_what_it_held_back_and_how_to_send_it() -> None:
    done = Restored(made=make.NOW, operator="De Linde", rows=1234, files=2, replaced="De Eik with 2 clients")
    done.held, done.notices = Held(3, 1), ["A notice."]
    assert backups.restored_in_words(done, 1.25).splitlines() == [
        "De Linde as it was on 2026-11-23 09:00 UTC: 1,234 rows, 2 files, 1.2 s.",
        "Removed: De Eik with 2 clients.",
        "Held back, since they may have been sent: 3 mails. Settings, Mails, sends them again.",
        "Held back, since they may have been sent: 1 SMS. SMS, Outbox, sends them again.",
        "A notice.",
        "Next: `balie doctor`, then `balie serve`.",
    ]
    document = json.loads(json.dumps(backups.restored(done, Path("b.tar"), 1.25)))
    assert (document["held"], document["replaced"]) == ({"mails": 3, "sms": 1}, "De Eik with 2 clients")


def test_doctor_asks_for_backups_once_there_is_something_to_lose(inside: Inside) -> None:
    assert (checks.backup(DATABASE), metrics.backups(timezone.now())) == ([], [])
    make.client()
    [found] = checks.backup(DATABASE)
    assert (found.state, found.message) == (State.WARN, "none was made yet.")
    assert inside.run("backup", inside.home / "b.tar").code == 0
    [found] = checks.backup(DATABASE)
    assert (found.state, found.message.startswith("made ")) == (State.OK, True)
    LogEntry.objects.filter(deed="backup.made").update(at=timezone.now() - timedelta(days=8))
    [found] = checks.backup(DATABASE)
    assert (found.state, found.message.startswith("the last is 8 days old; made ")) == (State.WARN, True)
    [(labels, age)] = metrics.backups(timezone.now())
    assert (labels, age // (24 * 3600)) == ({}, 8)


@pytest.mark.django_db
def test_doctor_finds_an_unfinished_restore() -> None:
    Restore.objects.create(at=timezone.now(), made=timezone.now(), file="b.tar")
    [found] = checks.backup(DATABASE)
    assert (found.state, found.message) == (State.WRONG, "the restore of b.tar is unfinished.")

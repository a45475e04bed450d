"""A backup put back elsewhere on real processes: the same rows, files and key; nothing goes out twice."""

from pathlib import Path

import pytest

from balie.backup.archive import Backup
from balie.backup.restoring import Restored, put_files
from balie.statements.models import Statement
from tests import make
from tests.backup.offices import APART, PDF, differences, python, tables
from tests.inside import Inside
from tests.installation import Installation, Installations

SNAPSHOT = """
import io, json, sys, threading
from django.db import connection
from django.utils import timezone
from balie.accounts.models import Client
from balie.backup.making import make_backup
def another():
    Client.objects.create(number="9999", name="Came meanwhile")
    connection.close()
def progress(deed, done, total):
    if deed == "accounts_client":
        writer = threading.Thread(target=another)
        writer.start()
        writer.join(timeout=20)
        assert not writer.is_alive()
before = Client.objects.count()
made = make_backup(io.BytesIO(), now=timezone.now(), progress=progress)
assert (made.rows["accounts_client"], Client.objects.count()) == (before, before + 1), made.rows
Client.objects.get(number="9999").delete()
"""


def test_moved_installation_has_the_same_rows_files_and_key(
    office: Installation, office_backup: Path, installations: Installations
) -> None:
    new = installations.ready()
    (new.home / "secret_key").write_text("another" * 8)
    answer = new.run("restore", office_backup, "--moved", "--json")
    assert (answer.code, answer.json["held"], answer.json["replaced"]) == (0, {"mails": 0, "sms": 0}, None), answer
    before, after = tables(office), tables(new)
    before.pop("calls_source"), after.pop("calls_source")
    assert differences(before, after) == {}
    assert office.rows("select max(attempts) from calls_source") == [(3,)]
    assert new.rows("select max(attempts), count(distinct lease_until) from calls_source") == [(0, 1)]
    assert (new.home / "secret_key").read_text() == (office.home / "secret_key").read_text()
    assert (new.home / "files" / PDF).read_bytes() == b"%PDF of Bakker"
    assert new.run("staff", "eva@x.example", "--role", "manager").code == 0
    [(last,)] = office.rows("select max(id) from accounts_user")
    # One was made and removed in the office: its id is not given again, and none is left out.
    assert new.rows("select id from accounts_user where email = 'eva@x.example'") == [((last or 0) + 2,)]


def test_restored_installation_holds_back_what_may_have_been_sent(
    office_backup: Path, office: Installation, installations: Installations
) -> None:
    new = installations.ready()
    answer = new.run("restore", office_backup, "--json")
    assert (answer.code, answer.json["held"]) == (0, {"mails": 2, "sms": 1}), answer
    assert new.run("work", "--once").code == 0
    held = "select count(*) from notifications_mail where kind = 'task_opened' and sent is null and parked <> ''"
    assert new.rows(held) == [(2,)]
    assert new.rows("select state from sms_outgoing") == [("unknown",)]
    assert office.rows("select state from sms_outgoing") == [("waiting",)]
    assert new.run("staff", "eva@x.example", "--role", "manager").code == 0
    assert new.rows("select id > 10000 from accounts_user where email = 'eva@x.example'")[0][0]


@pytest.mark.postgres
def test_rows_go_to_the_other_database_and_back_unchanged(
    office: Installation, office_backup: Path, installations: Installations, tmp_path: Path
) -> None:
    elsewhere = Installation(tmp_path / "sqlite", f"sqlite:///{tmp_path}/sqlite/balie.sqlite3")
    elsewhere.home.mkdir()
    assert elsewhere.run("restore", office_backup, "--moved").code == 0
    second = tmp_path / "second.tar"
    assert elsewhere.run("backup", second).code == 0
    counted = {name: len(rows) for name, rows in tables(office).items()}
    assert {name: len(rows) for name, rows in tables(elsewhere).items()} == counted
    back = installations.ready()
    assert back.run("restore", second, "--moved").code == 0
    before, after = tables(office), tables(back)
    del before["calls_source"], after["calls_source"]  # its lease is not put back
    assert differences(before, after) == {}
    last = "select sequencename, last_value from pg_sequences where sequencename <> 'django_migrations_id_seq'"
    numbers = [{name: at for name, at in made.rows(last) if at and name[:-7] not in APART} for made in (office, back)]
    logged = "operator_logentry_id_seq"
    assert numbers[0].pop(logged) < numbers[1].pop(logged)
    assert numbers[0].items() <= numbers[1].items()


def test_backup_is_of_one_moment_while_others_write(office: Installation) -> None:
    assert python(office, SNAPSHOT) == 0


def test_lost_file_is_told_and_the_rest_kept(inside: Inside, tmp_path: Path) -> None:
    made = {"created": make.NOW, "sha256": "0", "content_sha256": "0"}
    Statement.objects.create(client=make.client(), month=202610, revision=1, path=PDF, **made)
    answer = inside.run("backup", tmp_path / "b.tar", "--json")
    assert (answer.code, answer.json["lost"], answer.json["files"]) == (0, [PDF], 0)
    told = Restored(made=make.NOW, operator="De Linde")
    assert put_files(Backup(tmp_path / "b.tar"), told, lambda deed, done, total: None) == {}
    assert told.notices == [f"Lost before the backup was made already: 1 file, first {PDF}."]

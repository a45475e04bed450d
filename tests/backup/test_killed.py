"""Killed at any point, on real processes: the old backup or the new one, the old installation or the new one."""

import io
import json
import signal
from pathlib import Path

import pytest

from balie.backup.archive import MANIFEST, Archive, Backup
from tests.backup.offices import PDF, differences, other, tables
from tests.installation import Installation, Installations

BEFORE = ("restore-files", "restore-emptied", "restore-part:9", "restore-settled")
AFTER = ("restore-committed", "restore-key")


@pytest.mark.parametrize("point", ["backup-part:3", "backup-written"])
def test_backup_killed_leaves_no_file_of_its_name(office: Installation, tmp_path: Path, point: str) -> None:
    file = tmp_path / "b.tar"
    assert office.run("backup", file, BALIE_FAULT=point).code == -signal.SIGKILL
    assert not file.exists()
    assert office.run("backup", file).code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["b.tar"]


def test_restore_refused_or_killed_leaves_the_old_installation_or_the_new_one(
    office: Installation, office_backup: Path, installations: Installations, tmp_path: Path
) -> None:
    oak = other(installations, tmp_path)
    before, key = tables(oak), (oak.home / "secret_key").read_text()
    torn = tmp_path / "torn.tar"
    torn.write_bytes(without_rows_of(office_backup, "accounts_client"))
    refused = oak.run("restore", torn, "--replace", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (1, "does_not_fit"), refused
    assert differences(before, tables(oak)) == {}
    again = ("restore", office_backup, "--replace", "--moved")
    for point in BEFORE:
        assert oak.run(*again, BALIE_FAULT=point).code == -signal.SIGKILL, point
        assert differences(before, tables(oak)) == {}, point
        assert (oak.home / "secret_key").read_text() == key
        assert (oak.home / "files" / PDF).read_bytes() == b"%PDF of Jansen"
    assert oak.run("work", "--once", "--lane", "mails").code == 0
    for point in AFTER:
        assert oak.run(*again, BALIE_FAULT=point).code == -signal.SIGKILL, point
        refused = oak.run("work", "--once", "--json")
        assert (refused.code, refused.json["error"]["code"]) == (1, "half_restored"), point
    last = oak.run("restore", office_backup, "--moved", "--json")
    assert last.code == 0, last
    assert (oak.home / "secret_key").read_text() == (office.home / "secret_key").read_text()
    came = differences(tables(office), tables(oak))
    assert set(came) == {"calls_source", "statements_statement"}  # its lease; its file, which has a name of its own
    [(path,)] = oak.rows("select path from statements_statement")
    assert path.startswith("statements/2026-10/1001-r1-")
    assert (oak.home / "files" / path).read_bytes() == b"%PDF of Bakker"


def without_rows_of(backup: Path, table: str) -> bytes:
    """A backup that was whole and has lost the rows others name, its checksums right."""
    found, out = Backup(backup), io.BytesIO()
    made = Archive(out, mtime=0)
    for name, data in found.members(""):
        if name == MANIFEST:
            data = json.dumps(found.manifest | {"rows": found.manifest["rows"] | {table: 0}}).encode()
        if name != "sha256" and not name.startswith(f"tables/{table}/"):
            made.add(name, data)
    made.close()
    return out.getvalue()

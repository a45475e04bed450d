"""The signing key of a backup: beside the present one, in its place only at the end, never against the environment."""

from pathlib import Path
from typing import Any

import pytest

from balie.backup import key
from balie.backup.archive import Backup
from balie.backup.restoring import Restored, choose_key
from tests import make
from tests.inside import Inside


@pytest.fixture
def backup(inside: Inside, tmp_path: Path) -> Backup:
    assert inside.run("backup", tmp_path / "b.tar").code == 0
    return Backup(tmp_path / "b.tar")


def told() -> Restored:
    return Restored(made=make.NOW, operator="De Linde")


def test_same_key_stays_where_it_is(backup: Backup) -> None:
    assert choose_key(backup, told()) is False


def test_other_key_waits_beside_the_present_one(backup: Backup, settings: Any, tmp_path: Path) -> None:
    was = settings.SECRET_KEY
    settings.HOME, settings.SECRET_KEY = tmp_path, "another"
    key.path().write_text("another")
    assert choose_key(backup, told()) is True
    aside = tmp_path / "secret_key.restored"
    assert (key.path().read_text(), aside.read_text(), aside.stat().st_mode & 0o777) == ("another", was, 0o600)
    key.put_in_place()
    assert (key.path().read_text(), aside.exists()) == (was, False)


def test_key_of_the_environment_holds_and_is_told(
    backup: Backup, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HOME, settings.SECRET_KEY = tmp_path, "outside"
    monkeypatch.setenv("BALIE_SECRET_KEY", "outside")
    done = told()
    assert choose_key(backup, done) is False
    [notice] = done.notices
    assert notice.endswith(f"tar -xOf {backup.path} secret_key")
    assert not (tmp_path / "secret_key.restored").exists()

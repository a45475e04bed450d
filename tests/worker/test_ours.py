"""What is ours is no call file, wherever links lead and whatever its database is called."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from balie.worker.ours import is_ours


@pytest.fixture(autouse=True)
def home(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    database = django_settings.DATABASES["default"]
    monkeypatch.setitem(database, "ENGINE", "django.db.backends.sqlite3")
    monkeypatch.setitem(database, "NAME", str(tmp_path / "balie.sqlite3"))
    return tmp_path


def test_key_database_and_its_journal_are_ours_by_any_way(home: Path) -> None:
    (home / "sub").mkdir()
    (home / "sub/Master.csv").symlink_to(home / "balie.sqlite3")
    ours = ("secret_key", "balie.sqlite3", "balie.sqlite3-wal", "sub/../secret_key", "sub/Master.csv")
    assert [is_ours(str(home / name)) for name in ours] == [True] * len(ours)
    assert [is_ours(path) for path in ("/proc/self/environ", "/dev/zero", "/sys/kernel")] == [True] * 3


def test_call_files_in_the_same_folder_are_not(home: Path) -> None:
    assert [is_ours(str(home / name)) for name in ("Master.csv", "sub/secret_key", "balie.csv")] == [False] * 3


def test_with_postgresql_no_name_of_a_file_is_its_database(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(django_settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    assert not is_ours(str(home / "balie.sqlite3")) and is_ours(str(home / "secret_key"))

"""What the environment says, and what it may not say."""

import stat
from pathlib import Path

import pytest

from balie.config import settings
from tests.installation import Installation, Installations


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:////var/lib/balie/balie.sqlite3", "/var/lib/balie/balie.sqlite3"),
        ("sqlite:////srv/with%20blank/balie.sqlite3", "/srv/with blank/balie.sqlite3"),
        ("sqlite:///var/lib/balie/balie.sqlite3", "/var/lib/balie/balie.sqlite3"),
        ("sqlite:///:memory:", ":memory:"),
    ],
)
def test_sqlite_address_names_its_file(url: str, name: str) -> None:
    assert settings.database(url)["NAME"] == name


def test_postgresql_address_is_taken_apart() -> None:
    found = settings.database("postgresql://linde:p%40ss@db.example.nl:5433/balie")
    wanted = {"NAME": "balie", "USER": "linde", "PASSWORD": "p@ss", "HOST": "db.example.nl", "PORT": "5433"}
    assert {name: found[name] for name in wanted} == wanted


def test_postgresql_address_without_host_means_the_socket() -> None:
    found = settings.database("postgresql:///balie")
    assert (found["NAME"], found["HOST"], found["PORT"], found["USER"]) == ("balie", "", "", "")


def test_options_of_postgresql_are_handed_on() -> None:
    assert settings.database("postgresql://db/balie?sslmode=require")["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize(
    "url",
    ["mysql://root@localhost/balie", "balie.sqlite3", "postgresql://host:port/balie", "sqlite:///", "postgresql://db"],
)
def test_impossible_database_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(SystemExit, match=r"^balie: BALIE_DATABASE_URL: [^\n]+$"):
        settings.database(url)


def test_home_is_its_owners_alone(installations: Installations) -> None:
    bare = installations.bare()
    home = Installation(bare.home / "new", bare.database_url)
    bare.run("--version", BALIE_HOME=str(home.home))
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (home.home, home.home / "secret_key")]
    assert modes == [0o700, 0o600]


def test_impossible_home_is_one_line(installations: Installations, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    answer = installations.bare().run("doctor", BALIE_HOME=str(tmp_path / "file/home"))
    assert answer.code == 1
    assert answer.err.count("\n") == 1


def test_key_is_made_once_for_processes_that_start_together(installations: Installations) -> None:
    bare = installations.bare()
    started = [bare.start("--version") for _ in range(3)]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    for process in started:
        process.communicate()
    assert [path.name for path in bare.home.glob("secret_key*")] == ["secret_key"]

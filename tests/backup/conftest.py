"""One office and its backup for all of these tests: they read it, and leave it as it is."""

from pathlib import Path

import pytest

from tests.installation import Installation, Installations


@pytest.fixture(scope="session")
def office(installations: Installations, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    from tests.backup.offices import filled  # we are imported before Django is set up

    return filled(installations.ready(), tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="session")
def office_backup(office: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("backups") / "office.tar"
    answer = office.run("backup", file, "--json")
    assert (answer.code, answer.json["files"], answer.json["lost"]) == (0, 1, []), answer
    return file

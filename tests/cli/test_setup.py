"""`balie init` and `balie load` as people and programs use them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.installation import Installation, Installations
from tests.world.sample import ROOT, full, sample

pytestmark = pytest.mark.usefixtures("installations")
SAMPLE = ROOT / "tests/samples/world.json"


def test_init_makes_a_database_once_and_says_so(installations: Installations) -> None:
    bare = installations.bare()
    first, second = bare.run("init"), bare.run("init", "--json")
    assert (first.code, first.out.startswith("Made the database "), first.err) == (0, True, "")
    assert (second.code, second.json["steps"], second.json["new"]) == (0, 0, False)
    assert bare.rows("select name from operator_operator") == [("Balie",)]
    assert "nothing to do" in bare.run("init").out


@pytest.mark.parametrize(("server", "why"), [("127.0.0.1:1", "Connection refused."), ("nobody.invalid", "not known.")])
@pytest.mark.parametrize("command", [("init",), ("report", "month", "--month", "2026-11")])
def test_command_without_a_server_says_in_one_line_why(
    installations: Installations, server: str, why: str, command: tuple[str, ...]
) -> None:
    bare = replace(installations.bare(), database_url=f"postgresql://nobody@{server}/none")
    answer = bare.run(*command)
    assert (answer.code, answer.out, answer.err.count("\n")) == (1, "", 1)
    assert answer.err.startswith("balie: BALIE_DATABASE_URL: The database cannot be used: ")
    assert answer.err.endswith(f"{why}\n")


def test_command_before_init_says_what_to_do(installations: Installations) -> None:
    answer = installations.bare().run("load", SAMPLE)
    assert answer.code == 1
    assert answer.err.count("\n") == 1 and "run `balie init`" in answer.err


def test_load_prints_counts_and_again_that_nothing_changed(installation: Installation) -> None:
    first = installation.run("load", SAMPLE)
    assert (first.code, first.err) == (0, "")
    assert "Clients        7 new" in first.out.splitlines()
    again = installation.run("load", SAMPLE, "--json")
    assert again.json["parts"]["contracts"] == {"new": 0, "changed": 0, "unchanged": 7}
    assert installation.run("load", SAMPLE).out.endswith("Nothing changed.\n")


def test_load_reads_standard_input_and_prints_made_codes(installation: Installation) -> None:
    answer = installation.run("load", "-", stdin=json.dumps(full()))
    assert answer.code == 0
    assert "Made the code " in answer.out


def test_refused_load_is_one_line_or_one_document_and_stores_nothing(
    installation: Installation, tmp_path: Path
) -> None:
    world = sample()
    world["clients"][3]["contracts"][0]["tariff"] = "X"
    file = tmp_path / "world.json"
    file.write_text(json.dumps(world))
    answer = installation.run("load", file)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == 'balie: clients[3].contracts[0].tariff: there is no tariff "X"\n'
    answer = installation.run("load", file, "--json")
    assert (answer.code, answer.json) == (
        1,
        {
            "error": {
                "code": "unknown_tariff",
                "message": 'there is no tariff "X"',
                "where": "clients[3].contracts[0].tariff",
            }
        },
    )
    assert installation.rows("select count(*) from accounts_client") == [(0,)]


@pytest.mark.parametrize("name", ["none-such.json", ".", "none\x01such"])
def test_file_that_cannot_be_read_is_refused_by_its_name(installation: Installation, name: str) -> None:
    answer = installation.run("load", name)
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert "this file cannot be read" in answer.err


def test_load_without_a_file_is_wrong_usage(installation: Installation) -> None:
    assert installation.run("load").code == 2
    assert installation.run("load", "--help").out.count("balie load world.json") == 1

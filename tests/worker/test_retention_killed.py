"""The nightly removal killed at any point: the next one finishes it, and what was billed stays as it was."""

import json
import signal
from pathlib import Path

import pytest

from tests.installation import Installation, Installations
from tests.notifications.test_killed import python
from tests.statements.test_killed import MONTH, calls, close, world

NOTES = """
from datetime import UTC, datetime
from balie.accounts.models import Agent, Client
from balie.notes.actions import Said, take_note
from balie.operator.actions import Author
at = datetime(2024, 10, 7, 10, tzinfo=UTC)
for client in Client.objects.all():
    take_note(client=client, agent=Agent.objects.get(), said=Said(text=f"Belt terug, {client}"), at=at,
              author=Author("Anna", at))
"""
# What a worker that died held is free again ten minutes later; nobody waits for that here.
TEN_MINUTES_LATER = """
from balie.leases.models import FREE
from balie.operator.models import Removal
Removal.objects.update(lease_until=FREE)
"""
ONLY_NUMBERS = """
from balie.operator.models import Operator
Operator.objects.update(retention={"numbers": 3})
"""
TIMES = {"numbers": 3, "notes": 3, "statements": 12}
POINTS = ("numbers-removed:1", "numbers-removed:17", "notes-removed:1", "statement-removed:1", "statement-removed:9")


@pytest.fixture(scope="module")
def filled(installations: Installations, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Thirty clients with calls, a note and a statement each, of a month whose time is over."""
    made, folder = installations.ready(), tmp_path_factory.mktemp("old")
    path = world(folder)
    said = json.loads(path.read_text())
    path.write_text(json.dumps(said | {"operator": {**said["operator"], "retention": TIMES}}))
    assert made.run("load", path).code == 0
    assert made.run("import", "calls", calls(folder, 7), "--source", "pbx").code == 0
    assert python(made, NOTES) == 0
    assert close(made).json["statements"] == 30
    return made


@pytest.mark.parametrize("point", POINTS)
def test_removal_killed_at_a_named_point_is_complete_when_run_again(
    installations: Installations, filled: Installation, point: str, tmp_path: Path
) -> None:
    office = installations.new(template=filled)
    assert office.run("retention", "--now", BALIE_FAULT=point).code == -signal.SIGKILL
    assert python(office, TEN_MINUTES_LATER) == 0
    done = {one["kind"]: one for one in office.run("retention", "--now", "--json").json}
    assert {kind for kind, one in done.items() if one["outlived"]} == set()
    assert office.rows("select distinct caller from calls_call") == [("",)]
    assert office.rows("select distinct text from notes_note") == [("",)]
    assert office.rows("select count(*) from statements_statement") == [(0,)]
    assert not [path for path in (office.home / "files").rglob("*") if path.is_file()]
    sums = "select count(*), sum(talk) from calls_call"
    assert office.rows(sums) == filled.rows(sums)
    refused = close(office)
    assert (refused.code, refused.json["error"]["code"]) == (1, "month_removed")


def test_statement_stays_as_it_was_although_the_removal_was_killed(
    installations: Installations, filled: Installation
) -> None:
    office = installations.new(template=filled)
    assert python(office, ONLY_NUMBERS) == 0
    assert office.run("retention", "--now", BALIE_FAULT="numbers-removed:9").code == -signal.SIGKILL
    assert python(office, TEN_MINUTES_LATER) == 0
    for _part_gone_then_all_gone in range(2):
        made = close(office).json
        assert (made["month"], made["statements"], made["revisions"]) == (MONTH, 0, 0)
        assert office.run("retention", "--now").code == 0

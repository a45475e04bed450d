"""Checks are set within bounds, each change is logged and can be taken back, and days are looked at again for it."""

from datetime import timedelta

import pytest

from balie.notes.models import Note
from balie.operator.actions import Author
from balie.operator.models import LogEntry
from balie.quality.looking import limits, settings
from balie.quality.models import CheckedDay, CheckSetting, Finding
from balie.quality.setting import change, changes, state, take_back
from balie.rules.errors import Refused
from balie.rules.recording import CODES, Limits
from tests import make

pytestmark = pytest.mark.django_db
NOW = make.NOW
JORIS = Author("Joris", NOW)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def days() -> None:
    """Today, forty and two hundred days ago were looked at; on the last a short text is still open."""
    make.operator(timezone="Europe/Amsterdam")
    for ago in (0, 40, 200):
        CheckedDay.objects.create(day=(NOW - ago * DAY).date(), asked=NOW, done=NOW, seen="as it was", parked="broken")
    at = NOW - 200 * DAY
    note = Note.objects.create(client=make.client(), agent=make.agent(), at=at, received=at, text="hm", by="test")
    Finding.objects.create(note=note, code="short_text", client=note.client, agent=note.agent, month=202605, opened=at)


def asked() -> list[int]:
    """How many days ago the days were that wait to be looked at."""
    waiting = CheckedDay.objects.filter(done=None, parked="").order_by("-day")
    return [(NOW.date() - row.day).days for row in waiting]


def test_what_nobody_set_is_as_usual() -> None:
    found = state()
    assert [found[f"{code}.on"] for code in CODES] == [True] * len(CODES)
    assert (found["short_text.parameter"], found["late_note.parameter"]) == (15, 30)
    assert (found["tolerance"], found["at_once"], found["aggregated"]) == (60, True, False)
    assert limits() == Limits()


def test_a_change_holds_for_the_checks_and_only_what_changed_is_logged() -> None:
    whole = state() | {"short_text.parameter": 25, "two_notes.on": False, "late_note.parameter": 45}
    entry = change(whole, author=JORIS)
    assert entry and entry.details == {
        "before": {"short_text.parameter": 15, "two_notes.on": True, "late_note.parameter": 30},
        "after": {"short_text.parameter": 25, "two_notes.on": False, "late_note.parameter": 45},
    }
    assert limits() == Limits(shortest=25, late_after=timedelta(minutes=45), off=frozenset({"two_notes"}))
    assert change(whole, author=JORIS) is None
    assert [one.pk for one in changes()] == [entry.pk]


def test_days_are_looked_at_again_the_older_ones_where_something_is_open() -> None:
    change({"short_text.parameter": 25}, author=JORIS)
    assert asked() == [0, 40, 200]


def test_older_days_without_a_finding_of_the_check_are_left_alone() -> None:
    change({"late_note.on": False}, author=JORIS)
    assert asked() == [0, 40]


@pytest.mark.parametrize("name", ["at_once", "aggregated"])
def test_how_findings_are_told_finds_nothing_else(name: str) -> None:
    change({name: not state()[name]}, author=JORIS)
    assert asked() == [] and LogEntry.objects.filter(deed="recording.changed").count() == 1


def test_a_change_is_taken_back_and_what_was_set_since_stays() -> None:
    first = change({"tolerance": 30, "short_text.parameter": 25}, author=JORIS)
    change({"tolerance": 90}, author=JORIS)
    assert first and take_back(first, author=JORIS)
    assert settings().tolerance == 90 and limits().shortest == 15
    assert take_back(first, author=JORIS) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("tolerance", 0), ("tolerance", 721), ("short_text.parameter", 1), ("late_note.parameter", 1441)],
)
def test_numbers_out_of_bounds_are_refused_and_nothing_is_stored(name: str, value: int) -> None:
    with pytest.raises(Refused) as refused:
        change({name: value, "two_notes.on": False}, author=JORIS)
    assert refused.value.where == name and not CheckSetting.objects.exists()

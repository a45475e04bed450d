"""However calls and notes arrive, in the end it is as if all had come at once."""

import random
from datetime import date

import pytest
from django.db import transaction

from balie.calls.models import Call
from balie.notes.models import Note
from balie.quality.actions import check_days
from tests.quality import planted
from tests.quality.planted import FIRST, NOW, OVER, Month
from tests.quality.turns import looks

pytestmark = pytest.mark.django_db
LAST = date(2026, 10, 3)


def plan() -> Month:
    made = planted.month(5, agents=2, clients=4, last=LAST)
    planted.plant(made, times=1)
    planted.stage(made)
    return made


def outcome() -> tuple[object, ...]:
    """Findings, whose call each note has, and how long each call was handled."""
    calls = dict(Note.objects.order_by("key").values_list("key", "call__key"))
    return planted.found(), calls, dict(Call.objects.order_by("key").values_list("key", "handling"))


@pytest.fixture
def at_once(db: None) -> tuple[object, ...]:
    """What comes of it when everything is there before anybody looks. Undone again."""
    with transaction.atomic():
        made = plan()
        planted.put_calls(made.calls)
        planted.put_notes(made)
        check_days(first=FIRST, last=OVER, now=NOW)
        found = outcome()
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_calls_and_notes_that_come_in_pieces_and_in_any_order(at_once: tuple[object, ...], seed: int) -> None:
    made, rng = plan(), random.Random(seed)
    calls, notes = list(made.calls), list(range(len(made.notes)))
    rng.shuffle(calls)
    rng.shuffle(notes)
    for part in range(3):
        planted.put_notes(made, notes[part::3])
        looks()
        planted.put_calls(calls[part::3])
        looks()
    assert outcome() == at_once
    assert looks() == []


def test_notes_first_and_all_calls_afterwards(at_once: tuple[object, ...]) -> None:
    made = plan()
    planted.put_notes(made)
    looks()
    planted.put_calls(made.calls)
    looks()
    assert outcome() == at_once

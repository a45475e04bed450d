"""Every planted fault is found on its note, and nothing on any other."""

import pytest

from balie.calls.models import Call
from balie.notes.models import Note
from balie.quality.actions import check_days
from balie.quality.models import Finding
from balie.rules.recording import CODES
from tests.quality import planted
from tests.quality.planted import FIRST, NOW, OVER, Month

pytestmark = pytest.mark.django_db


def put(made: Month) -> None:
    planted.stage(made)
    planted.put_calls(made.calls)
    planted.put_notes(made)


def test_nothing_is_found_on_ten_thousand_clean_notes() -> None:
    made = planted.month(1)
    assert len(made.notes) > 10_000
    put(made)
    checked = check_days(first=FIRST, last=OVER, now=NOW)
    assert (checked.notes, checked.opened, planted.found()) == (Note.objects.count(), 0, {})


@pytest.mark.parametrize("seed", [2, 3])
def test_every_planted_fault_is_found_on_its_note_and_no_other(seed: int) -> None:
    made = planted.month(seed, agents=3)
    planted.plant(made)
    put(made)
    check_days(first=FIRST, last=OVER, now=NOW)
    wanted = planted.expected(made)
    assert set().union(*wanted.values()) == set(CODES)
    assert planted.found() == wanted


def test_same_days_again_change_nothing() -> None:
    made = planted.month(4, agents=2, last=FIRST)
    planted.plant(made, times=1)
    put(made)
    check_days(first=FIRST, last=OVER, now=NOW)
    before = list(Finding.objects.order_by("pk").values()), list(Note.objects.order_by("pk").values("call"))
    handling = list(Call.objects.order_by("pk").values_list("handling", flat=True))
    again = check_days(first=FIRST, last=OVER, now=NOW)
    assert (again.opened, again.closed, again.months) == (0, 0, frozenset())
    assert (list(Finding.objects.order_by("pk").values()), list(Note.objects.order_by("pk").values("call"))) == before
    assert list(Call.objects.order_by("pk").values_list("handling", flat=True)) == handling

"""Notes without a call of their own, an hour or less before a call that has its note: they blame nobody else's."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from balie.calls.models import Call
from balie.notes.actions import Said, take_note
from balie.notes.models import Note
from balie.operator.actions import Author
from balie.quality.actions import check_days
from balie.quality.models import Finding
from balie.rules.call import CallType, Direction
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def note(call: Call, at: datetime, text: str) -> Note:
    assert call.client and call.agent
    return take_note(client=call.client, agent=call.agent, said=Said(text=text), at=at, author=Author("t", at))


def call(**values: Any) -> Call:
    make.operator()
    return make.call(make.client("1001", email="info@x.example"), agent=make.agent("201"), **values)


def found() -> set[tuple[int, str]]:
    check_days(first=NOW.date(), last=NOW.date(), now=NOW + timedelta(days=3))
    return set(Finding.objects.filter(closed=None).values_list("note", "code"))


@pytest.mark.parametrize("values", [{}, {"direction": Direction.OUTBOUND, "type": CallType.OUTBOUND_FIXED}])
@pytest.mark.parametrize("before", [58, 50, 3])
def test_stray_note_before_a_call_has_none_and_the_calls_own_is_clean(before: int, values: dict[str, Any]) -> None:
    held = call(**values)
    stray = note(held, NOW - before * MINUTE, "Vraagt om een offerte")
    good = note(held, NOW + 2 * MINUTE, "Wil morgen een monteur")
    assert found() == {(stray.pk, "no_call")}
    assert Note.objects.get(pk=good.pk).call == held
    assert Call.objects.get(pk=held.pk).handling == 120


def test_stray_note_after_a_call_is_its_second() -> None:
    held = call()
    good = note(held, NOW + 2 * MINUTE, "Wil morgen een monteur")
    stray = note(held, NOW + 20 * MINUTE, "Vraagt om een offerte")
    assert found() == {(stray.pk, "two_notes")}
    assert Note.objects.get(pk=good.pk).call == held


def test_stray_note_between_calls_goes_to_the_one_that_had_begun() -> None:
    held = call()
    later = make.call(held.client, agent=held.agent, start=NOW + 30 * MINUTE)
    good = [note(held, NOW + 2 * MINUTE, "Wil morgen een monteur"), note(held, NOW + 33 * MINUTE, "Belt terug om drie")]
    stray = note(held, NOW + 27 * MINUTE, "Vraagt om een offerte")
    assert found() == {(stray.pk, "two_notes")}
    assert [Note.objects.get(pk=one.pk).call for one in good] == [held, later]

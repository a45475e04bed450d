"""Handling times (rating 7): every case of its sentence, and when they are worked out again."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from balie.accounts.models import Agent
from balie.calls.models import Call, ClosedMonth
from balie.controlling.models import EconomicsMonth
from balie.notes.actions import Said, correct_note, take_note
from balie.notes.models import Note
from balie.operator.actions import Author
from balie.quality.actions import check_days
from balie.quality.models import RecordingSettings
from balie.rules.call import CallType, Direction
from balie.rules.period import Period
from balie.worker.recording import check_month
from tests import make
from tests.calls.sample import SAMPLES, sample_world, take
from tests.make import NOW
from tests.quality.turns import looks

pytestmark = pytest.mark.django_db
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
DAY = NOW.date()
RING, TALK = 5, 60
END = NOW + timedelta(seconds=RING + TALK)
LATER = NOW + timedelta(days=3)
NOVEMBER = Period(2026, 11, "Europe/Amsterdam")


@pytest.fixture
def call() -> Call:
    """One accepted call of a minute after five seconds."""
    make.operator()
    return make.call(make.client("1001", email="info@x.example"), agent=make.agent("201"))


def note(call: Call, at: datetime) -> Note:
    assert call.client and call.agent
    said = Said(text="Vraagt om een offerte")
    return take_note(client=call.client, agent=call.agent, said=said, call=call, at=at, author=Author("t", at))


def handling(call: Call) -> int:
    check_days(first=DAY, last=DAY, now=LATER)
    return Call.objects.get(pk=call.pk).handling


def test_without_a_note_it_is_the_talk_time(call: Call) -> None:
    assert handling(call) == TALK


@pytest.mark.parametrize(
    ("at", "seconds"),
    [
        (END - SECOND, TALK),
        (END, RING + TALK),
        (END + SECOND, RING + TALK + 1),
        (END + 10 * MINUTE, RING + TALK + 600),
        (END + 10 * MINUTE + SECOND, RING + TALK + 600),
        (END + 24 * HOUR, RING + TALK + 600),
        (END + 24 * HOUR + SECOND, TALK),
        (NOW - HOUR, TALK),
    ],
)
def test_from_the_first_ring_to_the_submission_of_the_note(call: Call, at: datetime, seconds: int) -> None:
    note(call, at)
    assert handling(call) == seconds


def test_first_of_several_notes_counts(call: Call) -> None:
    note(call, END + 5 * MINUTE)
    note(call, END + 2 * MINUTE)
    assert handling(call) == RING + TALK + 120


def test_a_first_note_before_the_end_leaves_the_talk_time_whatever_follows(call: Call) -> None:
    note(call, END - SECOND)
    note(call, END + 2 * MINUTE)
    assert handling(call) == TALK


def test_correcting_a_note_changes_nothing(call: Call) -> None:
    taken = note(call, END + MINUTE)
    handling(call)
    later = Author("t", END + 9 * MINUTE)
    correct_note(note=taken, said=Said(text="Vraagt om twee offertes"), version=1, author=later)
    assert handling(call) == RING + TALK + 60


def test_how_much_counts_is_a_setting(call: Call) -> None:
    RecordingSettings.objects.create(id=1, most_after=2)
    note(call, END + 5 * MINUTE)
    assert handling(call) == RING + TALK + 120


@pytest.mark.parametrize(
    ("values", "seconds"),
    [
        ({"direction": Direction.OUTBOUND}, RING + TALK + 60),
        ({"direction": Direction.OUTBOUND, "talk": 0}, 0),  # nobody answered
        ({"type": CallType.MISSED, "talk": 0}, 0),
        ({"type": CallType.FORWARDED, "talk": 0}, 0),
    ],
)
def test_kinds_of_calls(call: Call, values: dict[str, Any], seconds: int) -> None:
    other = make.call(call.client, agent=call.agent, start=NOW + HOUR, **values)
    note(other, NOW + HOUR + timedelta(seconds=RING) + (TALK if values.get("talk") != 0 else 0) * SECOND + MINUTE)
    assert handling(other) == seconds


def test_note_after_midnight_counts_for_the_call_before_whichever_day_is_looked_at(call: Call) -> None:
    midnight = datetime(2026, 11, 23, 23, 0, tzinfo=NOW.tzinfo)
    late = make.call(call.client, agent=call.agent, start=midnight - 2 * MINUTE)
    note(late, midnight + 3 * MINUTE)
    for days in (1, 0, 1, 0):
        day = DAY + timedelta(days=days)
        check_days(first=day, last=day, now=LATER)
    assert Call.objects.get(pk=late.pk).handling == 300


def test_calls_of_closed_months_stay_as_they_were_billed(call: Call) -> None:
    ClosedMonth.objects.create(month=202611, at=NOW)
    note(call, END + MINUTE)
    checked = check_days(first=DAY, last=DAY, now=LATER)
    assert (Call.objects.get(pk=call.pk).handling, checked.months) == (TALK, frozenset())


def test_costs_of_the_month_are_worked_out_anew_only_if_it_changed(call: Call) -> None:
    check_month(NOVEMBER, now=LATER)
    assert not EconomicsMonth.objects.exists()
    note(call, END + MINUTE)
    check_month(NOVEMBER, now=LATER)
    assert EconomicsMonth.objects.get().asked == LATER
    check_month(NOVEMBER, now=LATER + HOUR)
    assert EconomicsMonth.objects.get().asked == LATER


def test_note_that_goes_to_another_call_takes_its_time_along(call: Call) -> None:
    taken = note(call, END + MINUTE)
    other = make.call(call.client, agent=call.agent, start=NOW - 5 * MINUTE)
    handling(call)
    correct_note(note=taken, said=Said(text=taken.text), version=1, call=other, author=Author("t", LATER))
    assert (handling(call), handling(other)) == (TALK, RING + TALK + 360)


def test_leg_that_changes_nothing_of_its_call_leaves_its_handling_too() -> None:
    source, lines = sample_world(), (SAMPLES / "asterisk/Master.csv").read_bytes().splitlines(keepends=True)
    take(source, lines[7])  # the other agent answers; the leg of the busy one comes later
    call = Call.objects.get()
    note(call, call.start + timedelta(seconds=call.ring + call.talk) + MINUTE)
    looks(LATER)
    assert take(source, lines[6]).calls == 0
    assert Call.objects.get().handling == call.ring + call.talk + 60


def test_call_folded_anew_by_a_later_leg_has_its_handling_after_the_next_look() -> None:
    source, lines = sample_world(), (SAMPLES / "asterisk/Master.csv").read_bytes().splitlines(keepends=True)
    take(source, lines[6])
    missed = Call.objects.get()
    assert (missed.type, missed.client is not None) == (CallType.MISSED, True)
    assert missed.client
    agent = Agent.objects.get(code="201")
    said, at = Said(text="Vraagt om een offerte"), missed.start + 2 * MINUTE
    take_note(client=missed.client, agent=agent, said=said, at=at, author=Author("t", at))
    looks(LATER)
    assert take(source, lines[7]).calls == 1
    looks(LATER)
    call = Call.objects.get()
    assert (call.type, call.agent) == (CallType.ACCEPTED, agent)
    assert Note.objects.get().call == call
    assert call.handling == int((at - call.start).total_seconds()) > call.talk

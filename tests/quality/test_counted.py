"""Counts of recording that are kept by day: whoever reads them gets what counting now gives, whatever changed since."""

from datetime import date, timedelta
from typing import Any

import pytest

from balie.accounts.models import Agent, Client
from balie.calls.models import AgentDay, Call
from balie.notes.models import ExemptCaller, Note
from balie.quality.counted import count_again, count_changed, counted_now, counts
from balie.quality.models import CountedDay
from balie.quality.window import window
from tests import make

pytestmark = pytest.mark.django_db
NOW = make.NOW  # Monday 23 November 2026
TODAY, FIRST = date(2026, 11, 23), date(2026, 11, 1)


@pytest.fixture
def bakker() -> Client:
    make.operator(timezone="Europe/Amsterdam")
    return make.client()


@pytest.fixture
def anna() -> Agent:
    return make.agent()


def take(bakker: Client, anna: Agent, *, back: int) -> Call:
    """A call so many days ago, with its sum beside it as an import keeps it."""
    call = make.call(bakker, agent=anna, start=NOW - timedelta(days=back))
    day = call.start.date()
    sums, _new = AgentDay.objects.get_or_create(agent=anna, day=day, type="accepted")
    AgentDay.objects.filter(pk=sums.pk).update(calls=sums.calls + 1, talk=sums.talk + call.talk)
    return call


def write(call: Call, **values: Any) -> Note:
    said = {"client": call.client, "agent": call.agent, "call": call, "given": call.key, "by": "Anna", **values}
    return Note.objects.create(**{"at": call.start, "received": NOW, **said})


def told(anna: Agent) -> tuple[int, int, int]:
    """Calls, those without a note, notes; as they are read, and as they are."""
    found = counts(FIRST, TODAY)
    assert found == counted_now(window(FIRST, TODAY))
    return found.get(anna.pk, (0, 0, 0))


def test_what_is_kept_is_read_without_counting(bakker: Client, anna: Agent, django_assert_max_num_queries: Any) -> None:
    write(take(bakker, anna, back=9))
    take(bakker, anna, back=2)
    assert count_changed(TODAY, now=NOW) == 10  # from the first call to today, days without calls too
    assert count_changed(TODAY, now=NOW) == 0
    assert told(anna) == (2, 1, 1)
    assert CountedDay.objects.get(day=date(2026, 11, 14)).agents == {str(anna.pk): [1, 0, 1]}
    with django_assert_max_num_queries(7):  # the operator, what is kept, and five marks of what it was counted from
        counts(date(2026, 11, 14), TODAY)


def test_a_new_call_is_counted_at_once(bakker: Client, anna: Agent) -> None:
    take(bakker, anna, back=2)
    count_changed(TODAY, now=NOW)
    take(bakker, anna, back=2)
    assert told(anna) == (2, 2, 0)
    assert count_changed(TODAY, now=NOW) == 1


def test_a_new_note_and_a_corrected_one_are_counted_at_once(bakker: Client, anna: Agent) -> None:
    calls = [take(bakker, anna, back=back) for back in (3, 2)]
    count_changed(TODAY, now=NOW)
    note = write(calls[0])
    assert told(anna) == (2, 1, 1)
    count_changed(TODAY, now=NOW)
    count_again(date(2026, 11, 20), date(2026, 11, 20), now=NOW)
    Note.objects.filter(pk=note.pk).update(call=None, given="", version=2)
    assert told(anna) == (2, 2, 1)


def test_an_exempt_caller_needs_no_note_from_then_on(bakker: Client, anna: Agent) -> None:
    take(bakker, anna, back=2)
    count_changed(TODAY, now=NOW)
    ExemptCaller.objects.create(client=bakker, number="+31612345678")
    assert told(anna) == (0, 0, 0)


def test_a_look_at_a_late_note_counts_the_day_of_its_call(bakker: Client, anna: Agent) -> None:
    call = take(bakker, anna, back=12)
    count_changed(TODAY, now=NOW)
    write(call, at=NOW)
    count_again(TODAY, TODAY, now=NOW)
    assert told(anna) == (1, 0, 1)

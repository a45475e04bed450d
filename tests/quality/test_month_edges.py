"""A month is looked at with all that was written about its calls, also on days of other months."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from balie.calls.models import Call
from balie.notes.models import Note
from balie.quality.queries import findings_document, recording_document
from balie.rules.period import Period
from balie.worker.recording import check_month, freshen
from tests import make
from tests.quality.planted import NOW

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Europe/Amsterdam")
OCTOBER = Period.parse("2026-10", "Europe/Amsterdam")


def local(day: int, hour: int, minute: int, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


@pytest.fixture
def last_call() -> Call:
    """The call of two minutes before November, its client and agent."""
    make.operator()
    source = make.source(newest=NOW)
    client, agent = make.client("1001", email="info@k1001.example"), make.agent("201")
    return make.call(client, source=source, key="last", agent=agent, start=local(31, 23, 58))


def note(call: Call, at: datetime, *, given: bool = False, text: str = "Vraagt om een offerte") -> Note:
    assert call.client_id and call.agent_id
    return Note.objects.create(
        client_id=call.client_id, agent_id=call.agent_id, at=at, received=at, text=text, by="test",
        given=call.key if given else "", call=call if given else None,
    )  # fmt: skip


def missing() -> int:
    found: int = recording_document(OCTOBER)["team"]["missing"]
    return found


@pytest.mark.parametrize("ask", [check_month, freshen])
def test_note_written_after_midnight_is_that_of_the_call_of_last_month(last_call: Call, ask: object) -> None:
    note(last_call, local(1, 0, 2, month=11), text="hm")
    assert callable(ask)
    ask(OCTOBER, now=NOW)
    assert missing() == 0
    assert [row["code"] for row in findings_document(OCTOBER)["findings"]] == ["short_text"]


@pytest.mark.parametrize("ask", [check_month, freshen])
def test_note_that_names_a_call_of_last_month_days_later(last_call: Call, ask: object) -> None:
    note(last_call, local(5, 9, 0, month=11), given=True)
    assert callable(ask)
    ask(OCTOBER, now=NOW)
    assert [row["code"] for row in findings_document(OCTOBER)["findings"]] == ["late_note"]


def test_month_that_was_looked_at_is_not_looked_at_again_until_such_a_note_changes(last_call: Call) -> None:
    late = note(last_call, local(5, 9, 0, month=11), given=True, text="hm")
    freshen(OCTOBER, now=NOW)
    Note.objects.filter(pk=late.pk).update(text="Vraagt om een offerte")  # no version: nobody would see it
    freshen(OCTOBER, now=NOW)
    assert len(findings_document(OCTOBER)["findings"]) == 2
    Note.objects.filter(pk=late.pk).update(version=2)
    freshen(OCTOBER, now=NOW)
    assert [row["code"] for row in findings_document(OCTOBER)["findings"]] == ["late_note"]

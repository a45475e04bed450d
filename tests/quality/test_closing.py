"""Findings close by themselves once it is right, stay dismissed, and days are looked at again when it may matter."""

from datetime import date, time, timedelta
from random import Random
from typing import Any

import pytest

from balie.accounts.models import Client
from balie.calls import store
from balie.calls.actions import assign_unassigned, correct_call, undo_assignment, undo_correction
from balie.calls.models import Call
from balie.messages.models import Outgoing, State
from balie.notes.actions import Said, correct_note, take_note
from balie.notes.models import Desk, Note, OpenHours, Recipient
from balie.notifications.models import Mail
from balie.operator.actions import Author
from balie.operator.models import Operator
from balie.operator.queries import operator
from balie.quality.actions import dismiss_finding, reopen_finding
from balie.quality.models import CheckedDay, CheckSetting, Finding, RecordingSettings
from balie.quality.stale import ask_for_stale_days
from tests import make
from tests.quality import planted
from tests.quality.planted import NOW, Month, PlannedCall
from tests.quality.turns import looks

pytestmark = pytest.mark.django_db
DAY, MINUTE = "10-05", timedelta(minutes=1)
AUTHOR = Author("Anna", NOW)
TEXT = "Vraagt om een offerte voor de badkamer"


@pytest.fixture
def office() -> Month:
    """Two clients, two agents and a call of the fifth of October: nothing is wrong, and everything was looked at."""
    made = planted.Month(Random(1))
    quiet = planted.Quiet(made, count=85)
    for agent in ("201", "202"):
        quiet.call(client="1001").agent = agent
    planted.stage(made)
    planted.put_calls(made.calls)
    looks()
    return made


def call_of(made: Month, place: int = 0) -> PlannedCall:
    return made.calls[place]


def take(made: Month, *, after: timedelta = MINUTE, place: int = 0, **said: Any) -> Note:
    """A note about a call of the office, found by matching."""
    planned = call_of(made, place)
    call = Call.objects.get(key=planned.key)
    assert call.client and call.agent
    return take_note(
        client=call.client, agent=call.agent, said=Said(**{"text": TEXT, **said}), at=planned.end + after, author=AUTHOR
    )


def codes(**more: Any) -> list[str]:
    return sorted(Finding.objects.filter(closed=None, **more).values_list("code", flat=True))


def test_corrected_note_closes_its_finding_and_what_remains_says_what_it_is_now(office: Month) -> None:
    note = take(office, text="hm", outcome="callback", callback="123")
    looks()
    assert codes() == ["callback_number", "short_text"]
    again = Said(text="hm, ja", outcome="callback", callback="0612345678")
    correct_note(note=note, said=again, version=1, author=AUTHOR)
    assert DAY in looks()
    assert codes() == ["short_text"]
    assert Finding.objects.get(closed=None).figures == {"characters": "6"}
    assert Finding.objects.get(code="callback_number").closed == NOW
    correct_note(note=note, said=Said(text=TEXT), version=2, author=AUTHOR)
    looks()
    assert codes() == []
    assert set(Finding.objects.values_list("closed_by", "dismissed")) == {("", False)}


def test_finding_follows_a_note_that_is_corrected_to_another_client(office: Month) -> None:
    note = take(office, text="hm")
    looks()
    other = Client.objects.get(number="1002")
    correct_note(note=note, said=Said(text="hm"), version=1, client=other, author=AUTHOR)
    looks()
    assert codes(client=other) == ["no_call", "short_text"]


def test_dismissed_finding_does_not_open_again_until_it_is_taken_back(office: Month) -> None:
    take(office, text="hm")
    looks()
    finding = Finding.objects.get()
    dismiss_finding(finding=finding, reason="Enough for him", author=AUTHOR)
    CheckSetting.objects.create(code="late_note", parameter=20)
    assert DAY in looks()
    assert codes() == []
    reopen_finding(finding=finding, author=AUTHOR)
    assert codes() == ["short_text"]


def test_finding_that_closed_by_itself_opens_anew(office: Month) -> None:
    note = take(office, text="hm")
    for version, text in enumerate((TEXT, "hm"), start=1):
        looks()
        correct_note(note=note, said=Said(text=text), version=version, author=AUTHOR)
    looks()
    assert [one.closed for one in Finding.objects.order_by("pk")] == [NOW, None]


def stale() -> list[str]:
    """Days that are asked for now; looked at after that."""
    ask_for_stale_days(now=NOW)
    found = [f"{day:%m-%d}" for day in CheckedDay.objects.filter(done=None).values_list("day", flat=True)]
    looks()
    return sorted(found)


def test_nothing_changed_and_nothing_is_asked_for(office: Month) -> None:
    take(office, text="hm")
    looks()
    assert stale() == []


def test_new_note_asks_for_its_day_and_for_those_beside_it_that_have_anything(office: Month) -> None:
    take(office)
    assert stale() == [DAY]


def test_call_corrected_to_another_client_and_back(office: Month) -> None:
    note = take(office)
    looks()
    call, other = Call.objects.get(key=call_of(office).key), Client.objects.get(number="1002")
    correction = correct_call(call=call, client=other, reason="Wrong number", author=Author("Marit", NOW))
    assert stale() == [DAY]
    assert (codes(note=note), Call.objects.get(pk=call.pk).handling) == (["no_call"], 60)
    undo_correction(correction=correction, author=Author("Marit", NOW))
    assert stale() == [DAY]
    assert (codes(), Call.objects.get(pk=call.pk).handling) == ([], 126)


def test_calls_given_to_a_client_and_taken_away_again(office: Month) -> None:
    client = Client.objects.get(number="1001")
    call = make.call(None, start=call_of(office).start + 180 * MINUTE, callee="+31209999999", agent=make.agent("203"))
    note = take_note(
        client=client, agent=call.agent or make.agent("x"), said=Said(text=TEXT), at=call.start + 2 * MINUTE,
        author=AUTHOR,
    )  # fmt: skip
    looks()
    assert codes(note=note) == ["no_call"]
    done = assign_unassigned(client=client, number="+31209999999", author=Author("Marit", NOW))
    looks()
    assert codes() == []
    undo_assignment(entry=done.entry, author=Author("Marit", NOW))
    looks()
    assert codes(note=note) == ["no_call"]


def test_call_that_goes_to_another_agent_on_the_same_day(office: Month) -> None:
    note = take(office)
    looks()
    call = Call.objects.get(key=call_of(office).key)
    row = store.framed(Call.objects.filter(pk=call.pk), "Europe/Amsterdam")
    store.count(row.drop("pk"), -1, operator())
    call.agent = Call.objects.get(key=call_of(office, 1).key).agent
    call.save()
    store.count(store.framed(Call.objects.filter(pk=call.pk), "Europe/Amsterdam").drop("pk"), 1, operator())
    assert DAY in stale()
    assert codes(note=note) == ["no_call"]


def test_mail_that_is_given_up_and_sent_again(office: Month) -> None:
    take(office)
    looks()
    Mail.objects.update(parked="No such mailbox", attempts=5)
    assert stale() == [DAY]
    assert codes() == ["undelivered"]
    Mail.objects.update(parked="", sent=NOW)
    assert stale() == [DAY]
    assert codes() == []


def test_address_and_fields_of_the_client_put_right(office: Month) -> None:
    client = Client.objects.get(number="1001")
    Client.objects.filter(pk=client.pk).update(email="info@k1001")
    desk = Desk.objects.create(client=client, required=["plate"])
    take(office)
    looks()
    assert codes() == ["bad_email", "missing_field"]
    Client.objects.filter(pk=client.pk).update(email="info@k1001.example")
    assert stale() == [DAY]
    assert codes() == ["missing_field"]
    desk.required = []
    desk.save()
    assert stale() == [DAY]
    assert codes() == []


def test_client_without_any_address_is_told_from_one_with_a_telephone_only(office: Month) -> None:
    client = Client.objects.get(number="1001")
    Client.objects.filter(pk=client.pk).update(email="")
    Recipient.objects.create(client=client, kind="sms", to="+31612345678")
    take(office)
    looks()
    assert codes() == ["undelivered"]
    Recipient.objects.create(client=client, kind="mail", to="jan@k1001.example")
    assert stale() == [DAY]
    assert codes() == []


def test_client_reached_by_sms_is_told_once_the_sms_failed(office: Month) -> None:
    Operator.objects.update(sms_gateway={"kind": "fake"})
    Client.objects.filter(number="1001").update(email="")
    Recipient.objects.create(client=Client.objects.get(number="1001"), kind="sms", to="+31612345678")
    take(office)
    looks()
    assert codes() == []
    Outgoing.objects.update(state=State.FAILED)
    assert stale() == [DAY]
    assert codes() == ["undelivered"]


def test_client_whose_recipients_are_out_at_that_hour_is_told(office: Month) -> None:
    client = Client.objects.get(number="1001")
    Client.objects.filter(pk=client.pk).update(email="")
    OpenHours.objects.create(client=client, day=1, begins=time(9), ends=time(17))  # NOW is a Tuesday at ten
    recipient = Recipient.objects.create(client=client, kind="mail", to="jan@k1001.example", when="open")
    take(office)
    looks()
    assert codes() == []
    Recipient.objects.filter(pk=recipient.pk).update(when="closed")
    second = take(office, text=f"{TEXT}, twee", after=2 * MINUTE)
    assert not second.deliveries.exists()
    looks()
    assert codes(note=second) == ["two_notes", "undelivered"]
    Recipient.objects.filter(pk=recipient.pk).update(when="always")
    assert stale() == [DAY]
    assert codes(note=second) == ["two_notes"]


def test_note_stays_delivered_when_its_mail_is_removed_and_the_address_too(office: Month) -> None:
    take(office)
    Mail.objects.update(sent=NOW)
    Mail.objects.all().delete()
    Client.objects.update(email="")
    looks()
    assert codes() == []


def test_note_that_was_delivered_stays_so_when_the_address_is_taken_away(office: Month) -> None:
    take(office)
    Client.objects.update(email="")
    looks()
    assert codes() == []


@pytest.mark.parametrize("values", [{"tolerance": 5}, {"most_after": 3}])
def test_other_settings_ask_for_every_day(office: Month, values: dict[str, int]) -> None:
    RecordingSettings.objects.create(id=1, **values)
    assert stale() == [DAY]


def test_day_that_was_given_up_is_tried_again_once_it_changed(office: Month) -> None:
    CheckedDay.objects.update(parked="It failed five times")
    take(office)
    ask_for_stale_days(now=NOW)
    row = CheckedDay.objects.get(day=date(2026, 10, 5))
    assert (row.parked, row.done) == ("", None)

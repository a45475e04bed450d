"""Notes of an earlier time: stored as those of today are, known to have reached the same people, mailed to nobody."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from balie.accounts.models import Agent, Client
from balie.notes.actions import Earlier, Said, take_history, take_note
from balie.notes.models import Delivery, Note, OpenHours, Recipient
from balie.notifications.models import Mail
from balie.operator.actions import Author
from balie.rules.errors import Refused
from tests import make

pytestmark = pytest.mark.django_db
SAID = Said(
    text=" Vraagt om\r\neen offerte ", caller="06 12345678", caller_name="De heer  Jansen", outcome="callback",
    callback="020 123 45 67", email="j@x.example", reason="Offerte", promised="Morgen", urgency="urgent",
    fields={"Adres": "Overtoom 1 ü"},
)  # fmt: skip
MONDAY_AT_TEN = make.NOW
KEPT = ("client_id", "agent_id", "call_id", "given", "at", "received", "by", "version", "read", "changed")


@pytest.fixture
def client() -> Client:
    make.operator(mailboxes={"call_note_copy": "copy@linde.example"})
    make.agent("201")
    return make.client("1001", email="info@bakker.example", language="nl")


def earlier(client: Client, key: str = "a", at: datetime = MONDAY_AT_TEN, said: Said = SAID) -> Earlier:
    return Earlier(key, client, Agent.objects.get(), said, at, at)


def row(note: Note) -> dict[str, Any]:
    return {name: getattr(note, name) for name in (*KEPT, *vars(SAID))}


def sent() -> list[tuple[str, int, str, bool]]:
    rows = Delivery.objects.order_by("note", "copy", "to")
    return list(rows.values_list("to", "version", "kind", "copy"))


def test_history_stores_what_taking_the_note_would_have_stored(client: Client) -> None:
    call = make.call(client, agent=Agent.objects.get())
    author = Author("Agent 201", MONDAY_AT_TEN)
    taken = take_note(client=client, agent=Agent.objects.get(), said=SAID, call=call, key="taken", author=author)
    as_taken, to = row(taken), sent()
    Delivery.objects.all().delete()
    assert take_history([replace(earlier(client, "old"), call=(call.pk, call.key))]) == 1
    assert row(Note.objects.get(key="old")) == as_taken
    assert sent() == to


def test_history_is_mailed_to_nobody(client: Client) -> None:
    take_history([earlier(client)])
    assert not Mail.objects.exists()
    assert list(Delivery.objects.values_list("mail", flat=True)) == [None, None]


def test_history_told_twice_is_there_once(client: Client) -> None:
    notes = [earlier(client, "a"), earlier(client, "b"), earlier(client, "a")]
    assert (take_history(notes), take_history(notes)) == (2, 0)
    assert (Note.objects.count(), Delivery.objects.count()) == (2, 4)


def test_history_went_to_the_recipients_of_its_hour(client: Client) -> None:
    Agent.objects.update(copy_notes=False)
    for day in range(5):
        OpenHours.objects.create(client=client, day=day, begins=time(9), ends=time(17))
    for to, when in (("day@bakker.example", "open"), ("night@bakker.example", "closed")):
        Recipient.objects.create(client=client, to=to, when=when)
    take_history([earlier(client, "day"), earlier(client, "night", MONDAY_AT_TEN + timedelta(hours=10))])
    rows = Delivery.objects.order_by("note__pk").values_list("note__key", "to")
    assert list(rows) == [("day", "day@bakker.example"), ("night", "night@bakker.example")]


def test_history_that_is_too_long_is_refused_as_a_whole(client: Client) -> None:
    wrong = [replace(earlier(client, "b"), said=replace(SAID, reason="x" * 201)), earlier(client, "y" * 201)]
    for one in wrong:
        with pytest.raises(Refused):
            take_history([earlier(client), one])
    assert not Note.objects.exists()

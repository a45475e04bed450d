"""To whom a note goes, and what becomes of it when it is corrected."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from balie.accounts.models import Agent, Client
from balie.notes.actions import NoteChanged, Said, correct_note, take_note
from balie.notes.models import Note, NoteVersion, OpenHours, Recipient
from balie.notifications.models import Mail
from balie.operator.actions import Author
from tests import make

pytestmark = pytest.mark.django_db
AUTHOR = Author("Anna", make.NOW)  # Monday at ten, local
SAID = Said(text="Vraagt om een offerte", caller="06 12345678", caller_name="Jansen")


@pytest.fixture
def client() -> Client:
    make.operator(mailboxes={"call_note_copy": "copy@linde.example"}, base_url="https://linde.example")
    make.agent("201")
    return make.client("1001", name="Bakker", email="info@bakker.example", language="nl")


def take(client: Client, said: Said = SAID, **more: Any) -> Note:
    return take_note(client=client, agent=Agent.objects.get(), said=said, author=AUTHOR, **more)


def recipients(kind: str = "call_note") -> list[str]:
    return list(Mail.objects.filter(kind=kind).order_by("recipient").values_list("recipient", flat=True))


def test_note_goes_to_the_client_and_its_copy_to_the_operator(client: Client) -> None:
    note = take(client)
    assert (recipients(), recipients("call_note_copy")) == (["info@bakker.example"], ["copy@linde.example"])
    mail = Mail.objects.get(kind="call_note")
    assert mail.subject == "Gespreksnotitie: Jansen 06 12 34 56 78"
    assert f"https://linde.example/portal/notes/{note.pk}/" in mail.text


def test_subject_says_so_where_nobody_knows_who_called(client: Client) -> None:
    take(client, Said(text="Vraagt om een offerte"))
    assert Mail.objects.get(kind="call_note").subject == "Gespreksnotitie: onbekende beller"


def test_mail_hides_the_callers_number_as_the_client_wants_and_never_the_one_to_call_back(client: Client) -> None:
    Client.objects.update(hide_numbers="last3")
    client.refresh_from_db()
    take(client, replace(SAID, outcome="callback", callback="0201234567"))
    ours, theirs = Mail.objects.get(kind="call_note_copy"), Mail.objects.get(kind="call_note")
    assert "06 12 34 56 78" in ours.text
    assert "Jansen 06 12 34 5x xx" in theirs.text and "020 123 4567" in theirs.text
    assert "06 12 34 56 78" not in theirs.text + theirs.html + theirs.subject


@pytest.mark.parametrize("email", ["", "info@bakker", "info bakker.example", "Bakker <info@bakker.example>"])
def test_nothing_is_queued_to_an_address_that_cannot_be_one(client: Client, email: str) -> None:
    Client.objects.update(email=email)
    client.refresh_from_db()
    take(client)
    assert (recipients(), recipients("call_note_copy")) == ([], ["copy@linde.example"])


def test_recipients_get_it_by_the_clients_hours_and_each_address_once(client: Client) -> None:
    OpenHours.objects.create(client=client, day=0, begins=time(9), ends=time(10, 30))
    for to, when in (("day@b.example", "open"), ("night@b.example", "closed"), ("a@b.example", "always"),
                     ("a@b.example", "open"), ("nobody@b", "always")):  # fmt: skip
        Recipient.objects.create(client=client, to=to, when=when)
    take(client)
    assert recipients() == ["a@b.example", "day@b.example"]
    later = Author("Anna", make.NOW + timedelta(minutes=30))
    take_note(client=client, agent=Agent.objects.get(), said=SAID, author=later)
    assert recipients() == ["a@b.example", "a@b.example", "day@b.example", "night@b.example"]


def test_correction_keeps_what_was_said_and_is_sent_marked(client: Client) -> None:
    note = take(client)
    later = Author("Bram", make.NOW + timedelta(hours=1))
    again = correct_note(note=note, said=Said(text="Vraagt om twee offertes"), version=1, author=later)
    assert (again.version, again.at, again.by, again.text) == (2, note.at, "Bram", "Vraagt om twee offertes")
    kept = NoteVersion.objects.get()
    assert (kept.version, kept.said["text"], kept.by) == (1, "Vraagt om een offerte", "Bram")
    assert Mail.objects.filter(kind="call_note").order_by("-pk")[0].subject.startswith("[")
    assert recipients() == ["info@bakker.example"] * 2


def test_who_is_slower_is_told_and_nothing_is_lost(client: Client) -> None:
    note = take(client)
    correct_note(note=note, said=Said(text="Vraagt om twee offertes"), version=1, author=AUTHOR)
    with pytest.raises(NoteChanged) as told:
        correct_note(note=note, said=Said(text="Vraagt om drie offertes"), version=1, author=AUTHOR)
    assert (told.value.code, told.value.note.text) == ("note_changed", "Vraagt om twee offertes")
    assert Note.objects.get().version == 2


def test_correction_that_changes_nothing_is_none(client: Client) -> None:
    note = take(client)
    assert correct_note(note=note, said=SAID, version=1, author=AUTHOR).version == 1
    assert recipients() == ["info@bakker.example"]

"""Mails about what is wrong: at once for each note, in one when there are many, or as a digest a day."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from balie.accounts.models import Agent, Client
from balie.notes.models import Note
from balie.notifications.models import Mail
from balie.quality.models import Finding, RecordingSettings
from balie.quality.news import MOST_AT_ONCE, tell_findings
from tests import make

pytestmark = pytest.mark.django_db
BOX = "quality@linde.example"
SEVEN = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)  # in Amsterdam
MINUTE = timedelta(minutes=1)


def wrong(*codes: str, opened: datetime = make.NOW) -> Note:
    """A note with these open findings."""
    client = Client.objects.first() or make.client("1001", name="Bakker")
    agent = Agent.objects.first() or make.agent("201", name="Anna")
    note = Note.objects.create(client=client, agent=agent, at=opened, received=opened, text="hm", by="test")
    for code in codes:
        figures = {"characters": "2"} if code == "short_text" else {}
        Finding.objects.create(
            note=note, code=code, client=client, agent=agent, month=202611, opened=opened, figures=figures
        )
    return note


@pytest.fixture(autouse=True)
def office() -> None:
    make.operator(mailboxes={"incorrect_recording": BOX}, language="en", base_url="https://linde.example")


def mails() -> list[tuple[str, Any]]:
    return [(mail.recipient, mail.about) for mail in Mail.objects.order_by("pk")]


def test_each_note_has_a_mail_of_its_own_once_with_a_link() -> None:
    first, second = wrong("short_text", "empty_text"), wrong("two_notes")
    assert [tell_findings(now=make.NOW) for _ in range(2)] == [2, 0]
    assert mails() == [(BOX, f"note:{first.pk}"), (BOX, f"note:{second.pk}")]
    text = Mail.objects.order_by("pk")[0].text
    assert f"https://linde.example/notes/{first.pk}/" in text
    assert "the text has only 2 characters" in text


def test_many_at_once_are_one_mail() -> None:
    for _ in range(MOST_AT_ONCE + 1):
        wrong("short_text")
    assert tell_findings(now=make.NOW) == 1
    assert mails() == [(BOX, "quality")]


def test_without_an_address_nothing_is_told_and_nothing_lost() -> None:
    make.operator(mailboxes={})
    wrong("short_text")
    assert tell_findings(now=make.NOW) == 0
    make.operator(mailboxes={"incorrect_recording": BOX})
    assert tell_findings(now=make.NOW) == 1


def test_digest_goes_once_a_day_at_seven() -> None:
    RecordingSettings.objects.create(id=1, at_once=False)
    wrong("short_text", opened=SEVEN - 10 * MINUTE)
    wrong("empty_text", opened=SEVEN - 5 * MINUTE)
    assert tell_findings(now=SEVEN - MINUTE) == 0
    assert tell_findings(now=SEVEN) == 1
    wrong("two_notes", opened=SEVEN + 2 * MINUTE)
    assert [tell_findings(now=SEVEN + hours * 60 * MINUTE) for hours in (1, 12, 23)] == [0, 0, 0]
    assert tell_findings(now=SEVEN + 24 * 60 * MINUTE) == 1
    assert len(mails()) == 2


def test_what_is_right_by_then_is_not_told() -> None:
    wrong("short_text")
    Finding.objects.update(closed=make.NOW)
    assert tell_findings(now=make.NOW) == 0

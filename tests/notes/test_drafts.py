"""What an agent types is kept for a while, and is gone with the note."""

from datetime import timedelta

import pytest

from balie.accounts.models import Agent
from balie.notes.actions import Said, drop_draft, keep_draft, send_note
from balie.notes.actions.drafts import FORGOTTEN, MOST
from balie.notes.models import LONGEST_TEXT, Draft
from balie.operator.actions import Author
from tests import make

pytestmark = pytest.mark.django_db
BEGIN = Author("Anna", make.NOW)


@pytest.fixture
def anna() -> Agent:
    make.operator()
    return make.agent()


def kept() -> dict[str, str]:
    return dict(Draft.objects.values_list("place", "said__text"))


def test_a_place_has_one_draft_of_each_agent(anna: Agent) -> None:
    for text in ("a", "ab"):
        keep_draft(agent=anna, place="call:1:x", said={"text": text}, author=BEGIN)
    keep_draft(agent=make.agent("202"), place="call:1:x", said={"text": "other"}, author=BEGIN)
    assert list(Draft.objects.filter(agent=anna).values_list("said__text", flat=True)) == ["ab"]
    assert Draft.objects.count() == 2


def test_nothing_typed_is_no_draft(anna: Agent) -> None:
    keep_draft(agent=anna, place="p", said={"text": "a"}, author=BEGIN)
    assert not keep_draft(agent=anna, place="p", said={"text": "  ", "key": "desk-1"}, author=BEGIN)
    assert kept() == {}


def test_a_note_takes_its_draft_away_and_none_comes_after_it(anna: Agent) -> None:
    said = {"text": "Vraagt een offerte.", "key": "desk-1"}
    keep_draft(agent=anna, place="p", said=said, author=BEGIN)
    send_note(client=make.client(), agent=anna, said=Said(said["text"]), place="p", key="desk-1", author=BEGIN)
    assert kept() == {}
    assert not keep_draft(agent=anna, place="p", said=said, author=BEGIN) and kept() == {}


def test_old_drafts_and_too_many_are_forgotten(anna: Agent) -> None:
    keep_draft(agent=anna, place="old", said={"text": "a"}, author=BEGIN)
    Draft.objects.bulk_create(
        Draft(agent=anna, place=f"p{at}", said={"text": "x"}, at=make.NOW + timedelta(days=1, seconds=at))
        for at in range(MOST + 5)
    )
    keep_draft(agent=anna, place="new", said={"text": "b"}, author=Author("Anna", make.NOW + FORGOTTEN + timedelta(1)))
    assert len(kept()) == MOST and "new" in kept() and "old" not in kept() and "p0" not in kept()


def test_a_draft_is_no_longer_than_a_note(anna: Agent) -> None:
    keep_draft(agent=anna, place="p", said={"text": "x" * (LONGEST_TEXT + 9)}, author=BEGIN)
    assert len(kept()["p"]) == LONGEST_TEXT
    assert not keep_draft(agent=anna, place="p" * 201, said={"text": "x"}, author=BEGIN)
    drop_draft(agent=anna, place="p")
    assert kept() == {}

"""Notes are drawn fairly and once, scored by managers, taken back; agents read their own and nobody else's."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from balie.accounts.models import Agent, Client
from balie.notes.models import Note
from balie.operator.actions import Author
from balie.operator.models import LogEntry
from balie.quality.models import Review
from balie.quality.reviewed import judged, next_waiting, reviews_of, unread_reviews, waiting
from balie.quality.reviewing import draw_note, draw_notes, mark_seen, put_back, put_review, take_back_review
from balie.rules.errors import Refused
from balie.rules.period import Period
from tests import make

pytestmark = pytest.mark.django_db
MONTH = Period(2026, 11, "Europe/Amsterdam")
NOW = make.NOW
MARIT, JORIS = Author("Marit", NOW), Author("Joris", NOW + timedelta(minutes=1))


@pytest.fixture(autouse=True)
def agents() -> list[Agent]:
    """Anna wrote twenty notes, Bram five, Cas three; one of October, one of tomorrow."""
    make.operator(timezone="Europe/Amsterdam")
    bakker = make.client()
    made = [make.agent(f"20{number}", name=name) for number, name in enumerate(("Anna", "Bram", "Cas"))]
    for agent, count in zip(made, (20, 5, 3), strict=True):
        notes(bakker, agent, count)
    notes(bakker, made[2], 1, timedelta(days=-30))
    notes(bakker, made[2], 1, timedelta(days=1))
    return made


def notes(of: Client, agent: Agent, count: int, after: timedelta = timedelta()) -> None:
    at = NOW - timedelta(hours=1) + after
    rows = [Note(client=of, agent=agent, at=at, received=at, text=f"Note {n}", by="test") for n in range(count)]
    Note.objects.bulk_create(rows)


def draw(wanted: int, agent: Agent | None = None, own: Agent | None = None, seed: int = 1) -> int:
    return draw_notes(period=MONTH, wanted=wanted, agent=agent, own=own, author=MARIT, chance=Random(seed))


def drawn() -> dict[str, int]:
    return dict(Counter(Review.objects.values_list("note__agent__name", flat=True)))


def score(review: Review, value: str = "4", comment: str = "Goed", author: Author = MARIT, known: str = "") -> Review:
    review.refresh_from_db()
    put_review(review=review, score=value, comment=comment, known=known or review.at.isoformat(), author=author)
    review.refresh_from_db()
    return review


def test_a_sample_takes_as_many_of_each_agent_and_no_note_twice() -> None:
    assert draw(6) == 6
    assert drawn() == {"Anna": 2, "Bram": 2, "Cas": 2}
    assert draw(9, seed=2) == 9
    assert drawn() == {"Anna": 7, "Bram": 5, "Cas": 3}
    assert draw(50) == 13 and draw(1) == 0
    assert Review.objects.values("note").distinct().count() == 28


def test_a_sample_may_be_of_one_agent_and_never_of_oneself(agents: list[Agent]) -> None:
    assert draw(4, agent=agents[1]) == 4
    assert drawn() == {"Bram": 4}
    draw(50, own=agents[0])
    assert drawn() == {"Bram": 5, "Cas": 3}


@pytest.mark.parametrize("wanted", [0, -1, 51])
def test_a_sample_has_a_size(wanted: int) -> None:
    with pytest.raises(Refused, match="between 1 and 50"):
        draw(wanted)


def test_the_next_note_is_ones_own_first_and_the_one_left_for_later_last() -> None:
    draw(2)
    first, second = Review.objects.order_by("pk")
    theirs = draw_note(note=Note.objects.filter(review=None).earliest("pk"), author=JORIS)
    assert [one.pk for one in waiting("Joris")] == [theirs.pk, first.pk, second.pk]
    assert next_waiting("Marit") == first and next_waiting("Marit", first.pk) == second
    assert next_waiting("Marit", theirs.pk) == first
    put_back(review=first)
    put_back(review=theirs)
    assert next_waiting("Marit", second.pk) is None


def test_a_review_is_stored_changed_and_taken_back_and_the_log_says_so() -> None:
    draw(1)
    held = score(Review.objects.get(), "2", "  Te kort.\r\nVraag door. ", JORIS)
    assert (held.score, held.comment, held.by, held.seen) == (2, "Te kort.\nVraag door.", "Joris", None)
    mark_seen(agent=held.note.agent, reviews=[held.pk], now=NOW)
    changed = score(held, "3")
    assert (changed.score, changed.by, changed.seen) == (3, "Marit", None)
    take_back_review(review=changed, author=MARIT)
    changed.refresh_from_db()
    assert (changed.score, changed.comment) == (None, "Goed")
    assert not put_back(review=score(changed)) and put_back(review=Review(pk=0)) is False
    entries = LogEntry.objects.filter(about=f"note:{held.note_id}").order_by("pk")
    assert [(one.deed, one.who, one.details["after"]) for one in entries] == [
        ("review.made", "Joris", 2),
        ("review.changed", "Marit", 3),
        ("review.taken_back", "Marit", None),
        ("review.made", "Marit", 4),
    ]


@pytest.mark.parametrize(("value", "comment"), [("", ""), ("0", ""), ("6", ""), ("٣", ""), ("3", "x" * 1001)])
def test_a_review_needs_a_score_and_not_too_many_words(value: str, comment: str) -> None:
    draw(1)
    with pytest.raises(Refused):
        score(Review.objects.get(), value, comment)
    assert Review.objects.get().score is None


def test_of_two_managers_the_second_is_told_who_was_faster() -> None:
    draw(1)
    held = Review.objects.get()
    seen = held.at.isoformat()
    score(held, "5", "Mooi", JORIS)
    with pytest.raises(Refused, match="Joris was faster"):
        score(held, "1", "Slecht", MARIT, known=seen)
    assert Review.objects.get().comment == "Mooi"
    score(held, "5", "Mooi", MARIT)  # the same again is nobody's deed
    assert Review.objects.get().by == "Joris"


def test_an_agent_reads_its_own_reviews_and_no_draws(agents: list[Agent]) -> None:
    draw(6)
    anna, bram = agents[:2]
    for review in Review.objects.filter(note__agent__in=(anna, bram)):
        score(review, "5" if review.note.agent == bram else "2")
    assert reviews_of(anna).count() == unread_reviews(anna) == 2 and reviews_of(agents[2]).count() == 0
    everything = list(Review.objects.values_list("pk", flat=True))
    assert mark_seen(agent=anna, reviews=everything, now=NOW) == 2 and unread_reviews(bram) == 2
    team, each = judged(MONTH)
    assert (team.count, team.mean, team.unread) == (4, 3.5, 2)
    assert [(str(one.agent), one.count, one.mean, one.unread) for one in each] == [
        ("Anna", 2, 2.0, 0),
        ("Bram", 2, 5.0, 2),
    ]

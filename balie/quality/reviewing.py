"""Managers look at notes: some are drawn, each gets a score and a comment, which its agent reads. Never for clients.

A review without a score is a note that was drawn and waits; `at` is when it was drawn, then when it was looked at.
"""

from collections import defaultdict
from datetime import datetime
from random import Random

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from balie.accounts.models import Agent
from balie.notes.models import Note
from balie.operator.actions import Author, write_log
from balie.quality.models import Review
from balie.quality.reviewed import looked_at, may_be_drawn
from balie.rules.errors import Refused
from balie.rules.period import Period
from balie.rules.sampling import fair_shares

MOST_DRAWN = 50
LONGEST = 1000
SCORES = range(1, 6)


@transaction.atomic
def draw_notes(
    *, period: Period, wanted: int, agent: Agent | None, own: Agent | None, author: Author, chance: Random | None = None
) -> int:
    """Draws so many notes of a month, of one agent or fairly of all; how many there were.

    Never one that was drawn or looked at before, and none of the author's own (own: who that is as an agent).
    Refused for fewer than one or more than 50.
    """
    if not 1 <= wanted <= MOST_DRAWN:
        raise Refused("bad_number", _("Draw between 1 and %(most)s notes at a time.") % {"most": MOST_DRAWN}, "wanted")
    lot = chance or Random()
    notes: dict[int, list[int]] = defaultdict(list)
    for number, pk in may_be_drawn(period, agent=agent, own=own, until=author.now).values_list("agent", "pk"):
        notes[number].append(pk)
    shares = fair_shares({number: len(of) for number, of in notes.items()}, looked_at(period), wanted, lot)
    drawn = [pk for number, share in shares.items() for pk in lot.sample(notes[number], share)]
    lot.shuffle(drawn)
    # Of two people who draw at once each note is one's only: the table keeps the first.
    made = [Review(note_id=pk, by=author.who, at=author.now) for pk in drawn]
    Review.objects.bulk_create(made, ignore_conflicts=True)
    return len(drawn)


def draw_note(*, note: Note, author: Author) -> Review:
    """This note waits to be looked at, or was already."""
    return Review.objects.get_or_create(note=note, defaults={"by": author.who, "at": author.now})[0]


@transaction.atomic
def put_review(*, review: Review, score: str, comment: str, known: str, author: Author) -> None:
    """Stores what a manager thinks of a note. known: `at` of the review as the manager saw it, in ISO format.

    Refused without a score of 1 to 5, for too many words, and where somebody else was faster.
    """
    if not (score.isascii() and score.isdigit() and int(score) in SCORES):
        raise Refused("no_score", _("Choose a score from 1 to 5."), "score")
    said = comment.replace("\r\n", "\n").strip()
    if len(said) > LONGEST:
        more = ngettext("%(n)s character too many.", "%(n)s characters too many.", len(said) - LONGEST)
        raise Refused("too_long", more % {"n": len(said) - LONGEST}, "comment")
    held = Review.objects.select_for_update().filter(pk=review.pk).first()
    if held is None or held.at.isoformat() != known:
        who = held.by if held else _("Somebody")
        raise Refused("reviewed_meanwhile", _("%(who)s was faster; look again.") % {"who": who}, "review")
    if (held.score, held.comment) == (int(score), said):
        return
    Review.objects.filter(pk=held.pk).update(
        score=int(score), comment=said, by=author.who, at=author.now, seen=None
    )  # what the agent read before is not what it says now
    log(held, "review.changed" if held.score else "review.made", author, after=int(score))


@transaction.atomic
def take_back_review(*, review: Review, author: Author) -> None:
    """The note waits again, and its agent sees nothing of it; the words are kept for the next look."""
    if Review.objects.filter(pk=review.pk).exclude(score=None).update(score=None, seen=None, at=author.now):
        log(review, "review.taken_back", author)


def put_back(*, review: Review) -> bool:
    """The note is not to be looked at any more; False where it was meanwhile."""
    return bool(Review.objects.filter(pk=review.pk, score=None).delete()[0])


def put_all_back() -> int:
    """None of the notes that wait are to be looked at; how many there were."""
    return Review.objects.filter(score=None).delete()[0]


def mark_seen(*, agent: Agent, reviews: list[int], now: datetime) -> int:
    """The agent opened these reviews (by id) of its own notes; how many were new."""
    own = Review.objects.filter(pk__in=reviews, note__agent=agent, seen=None).exclude(score=None)
    return own.update(seen=now)


def log(review: Review, deed: str, author: Author, after: int | None = None) -> None:
    write_log(
        author=author, deed=deed, about=f"note:{review.note_id}",
        details={"before": review.score, "after": after},
    )  # fmt: skip

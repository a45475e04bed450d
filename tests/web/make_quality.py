"""The pages of quality for the access tests: who gets what, and arguments of their addresses; reviews for tests."""

from datetime import timedelta
from typing import Any

from balie.accounts.models import Agent, Client
from balie.notes.models import Note
from balie.operator.models import LogEntry
from balie.quality.models import Review
from tests.web import make_desk
from tests.web.make_desk import NOW

PAGES = ("findings", "findings_file", "checks", "reviews", "review")
DEEDS = {
    "reopen_findings": 302,
    "draw_notes": 302,
    "put_notes_back": 302,
    "undo_review": 302,
    "put_note_back": 302,
    "review_note": 302,
}
# What changes settings is for administrators.
FOR_ADMINISTRATORS = {"put_checks": 422, "undo_checks": 302}
GET = {"next_review": (302, 403, 403, 302, 302)}
POST: dict[str, tuple[int, int, int, int, int]] = {
    **dict.fromkeys(("findings", "review"), (302, 403, 403, 422, 422)),
    **{name: (302, 403, 403, status, status) for name, status in DEEDS.items()},
    **{name: (302, 403, 403, 403, status) for name, status in FOR_ADMINISTRATORS.items()},
    "desk_reviews_seen": (302, 403, 302, 403, 403),
}
NAMES = (*PAGES, *DEEDS, *FOR_ADMINISTRATORS)


def review(of: Note, score: int | None = 4, **values: Any) -> Review:
    """What Marit thinks of a note, written an hour after it; without a score it was drawn only."""
    wanted = {"comment": "Goed gevraagd.", "by": "Marit", "at": of.at + timedelta(hours=1), **values}
    return Review.objects.create(note=of, score=score, **wanted)


def kwargs() -> dict[str, dict[str, Any]]:
    company, agent = Client.objects.get(number="1001"), Agent.objects.get(code="201")
    note = Note.objects.filter(client=company, agent=agent).first() or make_desk.note(company, agent)
    held = Review.objects.filter(note=note).first() or review(note, None)
    changed = LogEntry.objects.create(
        at=NOW, who="Joris", deed="recording.changed", about="recording",
        details={"before": {"tolerance": 30}, "after": {"tolerance": 60}},
    )  # fmt: skip
    return {
        "findings_file": {"format": "csv"},
        **{key: {"pk": held.pk} for key in ("review", "undo_review", "put_note_back")},
        "review_note": {"pk": note.pk},
        "undo_checks": {"pk": changed.pk},
    }

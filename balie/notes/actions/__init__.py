"""Writes of notes, their deliveries, and what the desk shows of a client."""

from balie.notes.actions.absences import Away, put_absence, remove_absence, undo_absence
from balie.notes.actions.correct import Matched, NoteChanged, correct_note
from balie.notes.actions.drafts import DraftElsewhere, NoteSent, drop_draft, keep_draft, send_correction, send_note
from balie.notes.actions.history import Earlier, take_history
from balie.notes.actions.reading import mark_all_read, mark_read, mark_unread
from balie.notes.actions.settings import put_back, put_desk
from balie.notes.actions.take import LONGEST_NUMBER, Said, take_note

__all__ = [
    "LONGEST_NUMBER",
    "Away",
    "DraftElsewhere",
    "Earlier",
    "Matched",
    "NoteChanged",
    "NoteSent",
    "Said",
    "correct_note",
    "drop_draft",
    "keep_draft",
    "mark_all_read",
    "mark_read",
    "mark_unread",
    "put_absence",
    "put_back",
    "put_desk",
    "remove_absence",
    "send_correction",
    "send_note",
    "take_history",
    "take_note",
    "undo_absence",
]

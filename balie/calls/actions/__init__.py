"""Writes over calls, a file a verb."""

from balie.calls.actions.assign import (
    assign_unassigned,
    follow_accounts,
    follow_assignments,
    follow_endpoints,
    undo_assignment,
)
from balie.calls.actions.close import mark_closed
from balie.calls.actions.correct import correct_call, undo_correction
from balie.calls.actions.handling import record_handling
from balie.calls.actions.imports import ImportResult, import_calls, import_files
from balie.calls.actions.recount import follow_answer_seconds, follow_timezone, hold_sources
from balie.calls.actions.upload import drop_upload, read_upload, take_upload

__all__ = [
    "ImportResult",
    "assign_unassigned",
    "correct_call",
    "drop_upload",
    "follow_accounts",
    "follow_answer_seconds",
    "follow_assignments",
    "follow_endpoints",
    "follow_timezone",
    "hold_sources",
    "import_calls",
    "import_files",
    "mark_closed",
    "read_upload",
    "record_handling",
    "take_upload",
    "undo_assignment",
    "undo_correction",
]

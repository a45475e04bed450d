"""Writes over SMS, a file a verb."""

from balie.messages.actions.assign import (
    assign_name,
    follow_assignments,
    follow_clients,
    follow_timezone,
    undo_assignment,
)
from balie.messages.actions.imports import ListFile, SmsResult, import_messages

__all__ = [
    "ListFile",
    "SmsResult",
    "assign_name",
    "follow_assignments",
    "follow_clients",
    "follow_timezone",
    "import_messages",
    "undo_assignment",
]

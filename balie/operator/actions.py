"""Writes of the operator's settings and of the log."""

from datetime import datetime
from typing import Any

from balie.operator.models import LogEntry, Operator


def set_up_operator() -> Operator:
    """The operator's row with every setting at its default, if there is none yet."""
    found, _ = Operator.objects.get_or_create(id=1, defaults={"name": "Balie"})
    return found


def write_log(
    *,
    at: datetime,
    who: str,
    deed: str,
    about: str = "",
    user_id: int | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Remembers who did what, when and to what."""
    LogEntry.objects.create(at=at, user_id=user_id, who=who, deed=deed, about=about, details=details or {})

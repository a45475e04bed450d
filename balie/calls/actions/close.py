"""Closing a month for calls: what comes later is late."""

from datetime import datetime

from balie.calls.models import ClosedMonth


def mark_closed(*, month: int, now: datetime) -> None:
    """From now on calls of this month (202611) are late. Repeated without harm."""
    ClosedMonth.objects.get_or_create(month=month, defaults={"at": now})

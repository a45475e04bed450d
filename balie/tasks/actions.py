"""Opening tasks, keeping their figures fresh, closing them. Opened twice, or by two at once: one task."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from balie.accounts.models import Client
from balie.tasks.models import Task


@transaction.atomic
def open_task(
    *, client: Client, service: str, kind: str, month: int, figures: Mapping[str, Any], now: datetime
) -> tuple[Task, bool]:
    """The open task of this client and cause, and whether it is new. month: 202611.

    It gets these figures, unless those it has are of a later month.
    """
    # Whoever opens tasks of one client takes turns; the table's own constraint stands behind.
    Client.objects.select_for_update().get(pk=client.pk)
    held = Task.objects.filter(client=client, service=service, kind=kind, closed=None).first()
    values = {"month": month, "figures": dict(figures), "seen": now}
    if held is None:
        return Task.objects.create(client=client, service=service, kind=kind, opened=now, **values), True
    if held.month <= month:
        Task.objects.filter(pk=held.pk).update(**values)
        held.month, held.figures, held.seen = month, dict(figures), now
    return held, False


def close_task(*, task: Task, outcome: str, now: datetime, by: str = "") -> bool:
    """Closes a task; False where it was closed before. by: who decided, empty where its cause is gone."""
    open_still = Task.objects.filter(pk=task.pk, closed=None)
    return bool(open_still.update(closed=now, closed_by=by, outcome=outcome))

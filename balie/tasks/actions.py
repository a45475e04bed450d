"""Opening tasks, keeping their figures fresh, closing and dismissing them. By two at once: one task."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.operator.actions import Author, write_log
from balie.rules.errors import Refused
from balie.tasks.models import DISMISSED, REASON_LENGTH, Task


@transaction.atomic
def open_task(
    *,
    client: Client,
    service: str,
    kind: str,
    month: int,
    figures: Mapping[str, Any],
    now: datetime,
    even_dismissed: bool = False,
) -> tuple[Task, bool]:
    """The open task of this client and cause, and whether it is new; else the one dismissed for this month or later.

    month: 202611. An open task gets these figures, unless those it has are of a later month. even_dismissed: it is
    opened though one was dismissed, since something happened again.
    """
    # Whoever opens or decides tasks of one client takes turns; the table's own constraint stands behind.
    Client.objects.select_for_update().get(pk=client.pk)
    matter = Task.objects.filter(client=client, service=service, kind=kind)
    held = matter.filter(closed=None).first()
    if held is None and not even_dismissed:
        held = matter.filter(outcome=DISMISSED, month__gte=month).order_by("-month", "-pk").first()
    values = {"month": month, "figures": dict(figures), "seen": now}
    if held is None:
        return Task.objects.create(client=client, service=service, kind=kind, opened=now, **values), True
    if held.closed is None and held.month <= month:
        Task.objects.filter(pk=held.pk).update(**values)
        held.month, held.figures, held.seen = month, dict(figures), now
    return held, False


def close_task(*, task: Task, outcome: str, now: datetime, by: str = "") -> bool:
    """Closes a task; False where it was closed before. by: who decided, empty where its cause is gone."""
    open_still = Task.objects.filter(pk=task.pk, closed=None)
    return bool(open_still.update(closed=now, closed_by=by, outcome=outcome))


@transaction.atomic
def take_back_outcome(*, task: Task, outcome: str) -> bool:
    """Opens a task again that closed with this outcome, since that is not so any more. False where it closed for
    another reason, is open, or a newer one of the same matter is."""
    Client.objects.select_for_update().get(pk=task.client_id)
    newer = Task.objects.filter(client=task.client_id, service=task.service, kind=task.kind, closed=None)
    if newer.exists():
        return False
    held = Task.objects.filter(pk=task.pk, outcome=outcome).exclude(closed=None)
    return bool(held.update(closed=None, closed_by="", outcome=""))


@transaction.atomic
def dismiss_task(*, task: Task, reason: str, author: Author) -> None:
    """Somebody decided that nothing is to be done: no task of this matter again but for a later month.

    Refused without a reason, and where the task is closed already.
    """
    said = " ".join(reason.split())
    if not said:
        raise Refused("no_reason", _("Say in a few words why nothing is to be done."), "reason")
    if len(said) > REASON_LENGTH:
        too_long = _("Say it in at most %(most)s characters; these are %(count)s.")
        raise Refused("long_reason", too_long % {"most": REASON_LENGTH, "count": len(said)}, "reason")
    Client.objects.select_for_update().get(pk=task.client_id)
    if not close_task(task=task, outcome=DISMISSED, now=author.now, by=author.who):
        raise Refused("task_closed", _("This task is closed already."), "task")
    Task.objects.filter(pk=task.pk).update(reason=said)
    log(task, "task.dismissed", said, author)


@transaction.atomic
def reopen_task(*, task: Task, author: Author) -> None:
    """Takes a dismissal back; repeated without harm. Refused where a newer task of the same matter is open."""
    Client.objects.select_for_update().get(pk=task.client_id)
    held = Task.objects.get(pk=task.pk)
    if held.closed is None:
        return
    if held.outcome != DISMISSED:
        raise Refused("task_not_dismissed", _("Only a task that was dismissed can be opened again."), "task")
    if Task.objects.filter(client=held.client_id, service=held.service, kind=held.kind, closed=None).exists():
        raise Refused("task_open", _("A newer task about the same is open; decide that one."), "task")
    Task.objects.filter(pk=held.pk).update(closed=None, closed_by="", outcome="", reason="")
    log(held, "task.reopened", held.reason, author)


def log(task: Task, deed: str, reason: str, author: Author) -> None:
    """What happened to a task, at its client. `reason`: that of the dismissal, also where it is taken back."""
    about = {"task": task.pk, "service": task.service, "kind": task.kind, "month": task.month, "reason": reason}
    write_log(author=author, deed=deed, about=f"client:{task.client.number}", details=about)

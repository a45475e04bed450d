"""Mails to the operator about tasks: one for each new task, and the digest of what came and what is solved.

Each is queued in the transaction of what it tells, under a key of its own: run twice, there is one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import format_currency, format_decimal
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from balie.accounts.models import Digest, User
from balie.accounts.queries import readers_of_digest
from balie.controlling.watch import COST_LIMIT, COST_LIMIT_EXPECTED, OFFER_FOLLOW_UP, UNECONOMICAL
from balie.notifications.actions import queue_mail
from balie.operator.models import Operator
from balie.operator.queries import operator as the_operator
from balie.operator.queries import pages
from balie.operator.written import locale, long_day
from balie.tasks.models import Task
from balie.tasks.queries import closed_tasks, open_tasks

DIGEST_AT = time(7, 0)  # local; the watch has looked by then
MOST_LINES = 40
MATTERS = {
    UNECONOMICAL: gettext_lazy("the contract does not pay"),
    COST_LIMIT: gettext_lazy("cost limit passed"),
    COST_LIMIT_EXPECTED: gettext_lazy("cost limit will be passed"),
    OFFER_FOLLOW_UP: gettext_lazy("no answer to an offer"),
}


def tell_opened(task: Task, *, now: datetime) -> None:
    """Mails a new task to the operator's address for tasks."""
    operator = the_operator()
    with override(operator.language):
        values = {
            "client": task.client.name,
            "number": task.client.number,
            "matter": matter(task),
            "figures": figures(task, operator.currency),
            "link": f"{pages(operator)}/tasks/#task-{task.pk}",
        }
    queue_mail(
        kind="task_opened",
        to=operator.mailboxes.get("tasks") or "",
        language=operator.language,
        values=values,
        key=f"task:{task.pk}",
        about=f"client:{task.client.number}",
        now=now,
    )


def matter(task: Task) -> str:
    return str(MATTERS.get(task.kind, task.kind))


def figures(task: Task, currency: str) -> str:
    """The figures that say why, in a sentence of the active language; of some tasks there is none."""
    said: Mapping[str, Any] = task.figures
    if task.kind == UNECONOMICAL:
        margin, target = amount(said["margin"], currency), percent(said["target_percent"])
        if said["margin_percent"] is None:
            return _("Margin %(margin)s a month; there is no revenue.") % {"margin": margin}
        told = {"margin": margin, "percent": percent(said["margin_percent"]), "target": target}
        return _("Margin %(margin)s a month, %(percent)s; the target is %(target)s.") % told
    if task.kind == COST_LIMIT_EXPECTED:
        told = {"expected": amount(said["expected"], currency), "limit": amount(said["limit"], currency)}
        return _("%(expected)s expected by the end of the month, with a limit of %(limit)s.") % told
    if task.kind == COST_LIMIT:
        told = {"sum": amount(said["sum"], currency), "limit": amount(said["limit"], currency)}
        return _("%(sum)s so far, with a limit of %(limit)s.") % told
    return ""


def amount(written: str, currency: str) -> str:
    return format_currency(Decimal(written), currency, locale=locale())


def percent(written: str) -> str:
    return f"{format_decimal(Decimal(written), locale=locale())} %"


@dataclass(frozen=True)
class News:
    """Tasks that came since a moment, those open for longer, and those that are solved since."""

    new: tuple[Task, ...]
    older: tuple[Task, ...]
    solved: tuple[Task, ...]

    def worth_telling(self, how_often: str) -> bool:
        """Every day only what changed; once a week also what still waits."""
        return bool(self.new or self.solved or (self.older and how_often == Digest.WEEKLY))


def news(since: datetime) -> News:
    """What happened to tasks since a moment. Two queries."""
    waiting = list(open_tasks())
    return News(
        new=tuple(task for task in waiting if task.opened > since),
        older=tuple(task for task in waiting if task.opened <= since),
        solved=tuple(closed_tasks(since)),
    )


def send_digests(*, now: datetime) -> int:
    """Queues the digest of everybody whose day it is; how many. Once a day and person, however often it is called."""
    operator = the_operator()
    local = now.astimezone(ZoneInfo(operator.timezone))
    if local.time() < DIGEST_AT:
        return 0
    return sum(send_digest(user, operator, local) for user in readers_of_digest(local.date()))


@transaction.atomic
def send_digest(user: User, operator: Operator, local: datetime) -> bool:
    """Queues one person's digest, where there is something to tell; either way the day is done for that person."""
    day = local.date()
    if not User.objects.filter(pk=user.pk, digest_day=user.digest_day).update(digest_day=day):
        return False
    found = news(begin(user, day, local))
    if not found.worth_telling(user.digest):
        return False
    with override(user.language):
        values = {
            "day": long_day(day),
            "count": str(len(found.new) + len(found.older)),
            "matters": told([*found.new, *found.older], operator.currency),
            "solved": told(found.solved, operator.currency),
            "link": f"{pages(operator)}/tasks/",
        }
    key = f"digest:{user.pk}:{day}"
    queue_mail(kind="digest", to=user.email, language=user.language, values=values, key=key, now=local)
    return True


def begin(user: User, day: date, local: datetime) -> datetime:
    """Since when this person was told nothing: the last digest, else a day or a week."""
    back = timedelta(days=7 if user.digest == Digest.WEEKLY else 1)
    return datetime.combine(user.digest_day or day - back, DIGEST_AT, local.tzinfo)


def told(tasks: Iterable[Task], currency: str) -> str:
    """A line a task, in the active language."""
    every = list(tasks)
    lines = [f"- {line(task, currency)}" for task in every[:MOST_LINES]]
    if len(every) > MOST_LINES:
        lines.append(f"- {_('and %(n)s more') % {'n': len(every) - MOST_LINES}}")
    return "\n".join(lines)


def line(task: Task, currency: str) -> str:
    who = f"{task.client.number} {task.client.name}"
    if task.closed:
        return _("solved: %(client)s, %(matter)s") % {"client": who, "matter": matter(task)}
    why = figures(task, currency)
    return f"{who}: {matter(task)}. {why}" if why else f"{who}: {matter(task)}"

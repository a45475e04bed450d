"""The watch: opens a task for every cause, with an offer where one helps; closes tasks whose cause is gone.

Each task is a transaction of its own. Killed in between, or run by two at once, the next watch makes what is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from balie.calls.queries import closed_months
from balie.controlling import watch as looking
from balie.controlling.models import Offer, WatchDay
from balie.controlling.news import tell_opened
from balie.controlling.offers import settle_offers
from balie.controlling.queries import accepted_to_come, earlier_offers, is_out, standing_offer, task_documents
from balie.controlling.watch import COST_LIMIT, COST_LIMIT_EXPECTED, KINDS, Cause, Seen
from balie.leases.actions import revive
from balie.leases.faults import fault
from balie.operator.actions import Author
from balie.operator.queries import operator as the_operator
from balie.rules import offer as rules
from balie.rules.period import Period
from balie.rules.tariff import Item
from balie.tariffs.actions import copy_for_client, withdraw_code
from balie.tariffs.models import Tariff
from balie.tariffs.queries import ITEM_FIELDS, local_day, next_month, uses, values_of, versions_of
from balie.tasks.actions import close_task, open_task
from balie.tasks.models import Task
from balie.tasks.queries import open_tasks


@dataclass(frozen=True)
class Watched:
    """What a watch found: the open tasks of what it looked at, those it made first seen now, and missing prices."""

    month: Period
    checked: int  # contracts
    tasks: tuple[Task, ...]
    new: frozenset[int]
    problems: tuple[looking.Problem, ...]

    def document(self) -> dict[str, Any]:
        """The JSON of `balie watch`."""
        tasks = [{**found, "new": task.pk in self.new} for task, found in task_documents(self.tasks)]
        problems = [str(problem) for problem in self.problems]
        return {"month": str(self.month), "checked": self.checked, "tasks": tasks, "problems": problems}


def watch(*, period: Period | None = None, author: Author) -> Watched:
    """Looks at cost limits of the month (the running one if none is named) and at profit up to it; keeps the tasks.

    Refused for a month that has not begun.
    """
    operator = the_operator()
    month = period or Period.of(author.now, operator.timezone)
    settle_offers(author=author)
    seen = looking.look(month, operator=operator, now=author.now)
    answered = accepted_to_come(local_day(author.now))
    causes = [cause for cause in seen.causes if cause.matter.key not in answered]
    new = frozenset(task for cause in causes if (task := keep_cause(cause, author)))
    close_gone(seen, author)
    keys = {matter.key for matter in matters(seen)}
    tasks = [task for task in open_tasks(KINDS) if (task.client_id, task.service, task.kind) in keys]
    found = Watched(month, len(seen.checked), tuple(tasks), new, tuple(seen.problems))
    if month == Period.of(author.now, operator.timezone):
        keep_day(found, author)
    return found


def keep_day(found: Watched, author: Author) -> None:
    """What today's watch looked at, for those who want to know when that was."""
    told = {
        "done": author.now,
        "checked": found.checked,
        "new_tasks": len(found.new),
        "problems": [problem.document() for problem in found.problems],
    }
    day = local_day(author.now)
    WatchDay.objects.update_or_create(day=day, defaults=told, create_defaults={**told, "asked": author.now})


@transaction.atomic
def ask_for_watch(*, author: Author, unless_since: datetime | None = None) -> WatchDay:
    """Somebody, or the night, wants today's watch: a worker does it within seconds. One given up is tried again.

    unless_since: does nothing where it was asked for at that moment or later.
    """
    row, new = WatchDay.objects.select_for_update().get_or_create(
        day=local_day(author.now), defaults={"asked": author.now}
    )
    if not new and (unless_since is None or row.asked < unless_since):
        row.asked = author.now
        row.save(update_fields=["asked"])
        revive(WatchDay.objects.filter(pk=row.pk))
        row.refresh_from_db()
    return row


def matters(seen: Seen) -> Iterator[looking.Matter]:
    yield from seen.well
    yield from (cause.matter for cause in seen.causes)


@transaction.atomic
def keep_cause(cause: Cause, author: Author) -> int | None:
    """The task of a cause with its offer, and the mail that tells of it; gives the task's id where it is new."""
    matter = cause.matter
    task, new = open_task(
        client=matter.client,
        service=matter.service,
        kind=matter.kind,
        month=matter.month.key,
        figures=cause.figures,
        now=author.now,
    )
    if task.closed is None and task.month == matter.month.key:
        keep_offer(task, cause, author)
    if new:
        tell_opened(task, now=author.now)
    fault("watch-before-commit")
    return task.pk if new else None


def keep_offer(task: Task, cause: Cause, author: Author) -> None:
    """The task's offer as it would be made now. One whose code was used, or that a client may still answer, stays."""
    standing = standing_offer(task)
    wanted = cause.offer
    if standing and (used(standing) or is_out(standing, author.now) or (wanted and same(standing, wanted))):
        return
    if standing:
        withdraw(standing, author)
    if wanted and cause.looked and not taken_over(task, wanted, author):
        tariff = individual(cause, wanted, author)
        Offer.objects.create(task=task, tariff=tariff, changes=wanted.changes, fee=wanted.fee, made=author.now)


def taken_over(task: Task, wanted: rules.Offer, author: Author) -> bool:
    """What was offered for the same matter in a task that is closed by now: the same offer, or one that a client may
    still answer, goes on with its code, another one is withdrawn. What was used stays where it is."""
    for offer in earlier_offers(task):
        if used(offer):
            continue
        if is_out(offer, author.now) or same(offer, wanted):
            Offer.objects.filter(pk=offer.pk).update(task=task)
            return True
        withdraw(offer, author)
    return False


def same(standing: Offer, wanted: rules.Offer) -> bool:
    return (standing.changes, standing.fee) == (wanted.changes, wanted.fee) and not standing.tariff.code_withdrawn


def used(offer: Offer) -> bool:
    return uses(offer.tariff).filter(undone=None).exists()


def withdraw(offer: Offer, author: Author) -> None:
    """The code of an offer that another one replaces opens nothing any more."""
    Offer.objects.filter(pk=offer.pk).update(withdrawn=author.now)
    withdraw_code(tariff=offer.tariff, author=author)


def individual(cause: Cause, wanted: rules.Offer, author: Author) -> Tariff:
    """The tariff of the offer: a copy of the client's own from next month, with the figure that changes."""
    assert cause.looked is not None
    contract, day = cause.looked.contract, next_month(local_day(author.now))
    stored = next(one for one in versions_of([contract.tariff])[contract.tariff_id] if holds(one.first_day, wanted))
    version = wanted.version
    return copy_for_client(
        tariff=contract.tariff,
        client=contract.client,
        first_day=day,
        values={
            "title": stored.title,
            "cost_limit": version.cost_limit,
            "tolerance_percent": version.tolerance_percent,
        },
        items=[item_values(item, [values_of(row) for row in stored.items.all()]) for item in version.items],
        closed=closed_months(),
        author=author,
    )


def holds(first_day: date | None, wanted: rules.Offer) -> bool:
    return first_day == wanted.version.first_day


def item_values(item: Item, stored: list[dict[str, Any]]) -> dict[str, Any]:
    """What an item of the offer says, as the tables keep it; what the offer did not touch is as it was."""
    if item.position < 0:
        plain = {name: value for name, value in vars(item).items() if name in ITEM_FIELDS}
        return {**plain, "title": {}, "steps": [], "window": None, "increment": str(item.increment)}
    values = stored[item.position]
    changed = bool(item.price) and item.price != values["price"]
    return {**values, "price": item.price, "steps": []} if changed else values


def close_gone(seen: Seen, author: Author) -> None:
    """Closes the tasks whose cause is gone, as far as this watch can tell."""
    well = {matter.key: matter for matter in seen.well}
    causes = {cause.matter.key for cause in seen.causes}
    running = Period.of(author.now, seen.month.zone)
    for task in open_tasks(KINDS):
        key = task.client_id, task.service, task.kind
        if key in causes or seen.month.key < task.month:
            continue
        if outcome := outcome_of(task, well.get(key), seen.month, running):
            close_task(task=task, outcome=outcome, now=author.now)


def outcome_of(task: Task, well: looking.Matter | None, month: Period, running: Period) -> str:
    """Why a task is over: `gone`, or `changed` where the contract is not one to watch any more; empty: it is not."""
    if task.kind == COST_LIMIT_EXPECTED:
        return "gone" if month == running or task.month < running.key else ""
    if task.kind == COST_LIMIT:
        # A month that is still running says nothing about the one before it.
        told = month.key == task.month or month < running
        return ("gone" if well else "changed") if told or not well else ""
    return "gone" if well and well.month.key >= task.month else "changed" if not well else ""

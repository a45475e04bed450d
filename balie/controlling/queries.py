"""Reads over offers and watches."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet, Subquery

from balie.contracts.models import Contract
from balie.controlling.links import OPEN_FOR
from balie.controlling.models import EconomicsMonth, Offer, WatchDay
from balie.rules.offer import written
from balie.tasks.models import Task


def offers_of(tasks: Iterable[Task]) -> dict[int, Offer]:
    """The offers that stand for these tasks, or that these are to be asked about, by the task's id. One query."""
    wanted = {task.pk for task in tasks}
    found: dict[int, Offer] = {}
    rows = Offer.objects.filter(Q(task__in=wanted, withdrawn=None) | Q(follow_up__in=wanted))
    for offer in rows.select_related("tariff", "task__client", "follow_up"):
        if offer.withdrawn is None and offer.task_id in wanted:
            found[offer.task_id] = offer
        if offer.follow_up_id in wanted and offer.follow_up_id is not None:
            found[offer.follow_up_id] = offer
    return found


def standing_offer(task: Task) -> Offer | None:
    return offers_of([task]).get(task.pk)


def earlier_offers(task: Task) -> list[Offer]:
    """The offers that still stand for closed tasks about the same, the latest first."""
    same = Offer.objects.filter(
        task__client=task.client_id, task__service=task.service, task__kind=task.kind, withdrawn=None
    )
    return list(same.exclude(task__closed=None).select_related("tariff").order_by("-made", "-pk"))


def is_out(offer: Offer, now: datetime) -> bool:
    """Whether a client may still answer it: sent, and neither declined nor withdrawn nor too long ago."""
    closed = offer.declined or offer.withdrawn or offer.tariff.code_withdrawn
    return not closed and offer.sent is not None and now < offer.sent + OPEN_FOR


def accepted_to_come(day: date) -> set[tuple[int, str, str]]:
    """Client (id), service and kind of the tasks whose accepted offer holds from a later day. One query."""
    coming = Contract.objects.filter(start__gt=day, tariff__offers__accepted__isnull=False)
    return set(coming.values_list("client_id", "service", "tariff__offers__task__kind"))


def task_documents(tasks: Iterable[Task]) -> Iterator[tuple[Task, dict[str, Any]]]:
    """Each task with what programs get of it."""
    listed = list(tasks)
    offers = offers_of(listed)
    for task in listed:
        yield task, task_document(task, offers.get(task.pk))


def task_document(task: Task, offer: Offer | None) -> dict[str, Any]:
    made = offer and {"changes": offer.changes, "fee": written(offer.fee), "code": offer.tariff.code}
    return {
        "client": task.client.number,
        "service": task.service,
        "kind": task.kind,
        "opened": task.opened.isoformat(timespec="seconds"),
        "figures": task.figures,
        "offer": made,
    }


def watches_due() -> QuerySet[WatchDay]:
    """The last watch asked for, as long as nobody looked since; one of a day before is of no use any more."""
    newest = WatchDay.objects.order_by("-day").values("day")[:1]
    waits = Q(done=None) | Q(done__lt=F("asked"))
    return WatchDay.objects.filter(waits, day=Subquery(newest))


def last_watch() -> WatchDay | None:
    """The watch that looked last."""
    return WatchDay.objects.exclude(done=None).order_by("-day").first()


def newest_watch() -> WatchDay | None:
    """The watch asked for last, done or not."""
    return WatchDay.objects.order_by("-day").first()


def economics_due() -> QuerySet[EconomicsMonth]:
    """Months whose economics somebody waits for, the latest first."""
    return EconomicsMonth.objects.filter(Q(done=None) | Q(done__lt=F("asked"))).order_by("-month")

"""Reads over offers and watches."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import F, Q, QuerySet, Subquery

from balie.controlling.models import Offer, WatchDay
from balie.rules.offer import written
from balie.tasks.models import Task


def offers_of(tasks: Iterable[Task]) -> dict[int, Offer]:
    """The offers that stand for these tasks, by the task's id. One query."""
    standing = Offer.objects.filter(task__in=[task.pk for task in tasks], withdrawn=None)
    return {offer.task_id: offer for offer in standing.select_related("tariff")}


def standing_offer(task: Task) -> Offer | None:
    return offers_of([task]).get(task.pk)


def earlier_offers(task: Task) -> list[Offer]:
    """The offers that still stand for closed tasks about the same, the latest first."""
    same = Offer.objects.filter(
        task__client=task.client_id, task__service=task.service, task__kind=task.kind, withdrawn=None
    )
    return list(same.exclude(task__closed=None).select_related("tariff").order_by("-made", "-pk"))


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

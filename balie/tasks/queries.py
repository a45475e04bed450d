"""Reads over tasks."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from balie.tasks.models import Task


def open_tasks(kinds: Collection[str] | None = None) -> QuerySet[Task]:
    """What waits for a decision, by client number and kind."""
    found = Task.objects.filter(closed=None).select_related("client")
    return found.filter(kind__in=kinds) if kinds is not None else found


def closed_tasks(since: datetime) -> QuerySet[Task]:
    """What was decided, or went away by itself, since a moment, the latest first."""
    return Task.objects.filter(closed__gte=since).select_related("client").order_by("-closed", "-pk")

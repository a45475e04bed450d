"""Reads over tasks."""

from collections.abc import Collection

from django.db.models import QuerySet

from balie.tasks.models import Task


def open_tasks(kinds: Collection[str] | None = None) -> QuerySet[Task]:
    """What waits for a decision, by client number and kind."""
    found = Task.objects.filter(closed=None).select_related("client")
    return found.filter(kind__in=kinds) if kinds is not None else found

"""Which workers are alive."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from balie.leases.models import WorkerBeat

SILENT_WAITING = timedelta(minutes=1)
SILENT_WORKING = timedelta(minutes=15)


def alive(*, now: datetime) -> QuerySet[WorkerBeat]:
    """Workers that gave a sign of life lately; one in the midst of a large file may be silent for longer."""
    recent = Q(at__gte=now - SILENT_WAITING)
    busy = Q(at__gte=now - SILENT_WORKING) & ~Q(doing="")
    return WorkerBeat.objects.filter(recent | busy).order_by("lane", "host", "pid")

"""SMS of ours that did not arrive, or of which nobody knows, while somebody would still do something about them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from balie.messages.models import Outgoing, State
from balie.messages.outbox import PROBLEMS

LOOKED_AT = timedelta(days=7)  # what an SMS said is of no use to anybody after that


def problems(now: datetime, states: Iterable[State] = PROBLEMS) -> QuerySet[Outgoing]:
    """Those of the last seven days, the oldest first."""
    found = Outgoing.objects.filter(state__in=tuple(states), created__gte=now - LOOKED_AT)
    return found.order_by("created", "pk")

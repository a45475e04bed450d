"""What was worked for clients in a month, from the calls: those that are not billed too, since somebody took them."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Sum

from balie.calls.models import Call
from balie.calls.queries import in_period
from balie.rules.call import OUTBOUND_TYPES, CallType
from balie.rules.margin import NETWORKS, Worked
from balie.rules.period import Period

Key = tuple[int, str]  # client (id), service
HANDLED = (CallType.ACCEPTED, *OUTBOUND_TYPES)


def worked(period: Period, clients: Collection[int]) -> dict[Key, Worked]:
    """Per client (id) and service. One query."""
    rows = in_period(Call.objects.filter(client__in=clients, talk__gt=0), period).order_by()
    sums = rows.values_list("client", "service", "type").annotate(Sum("talk"), Sum("handling"))
    found: dict[Key, Worked] = defaultdict(Worked)
    for client, service, kind, talk, handling in sums:
        parts = {kind: talk} if kind in NETWORKS else {}
        if kind in HANDLED:
            parts["handling"] = handling
        found[client, service] += Worked(**parts)
    return dict(found)

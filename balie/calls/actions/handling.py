"""How long calls were handled, as their notes say."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from balie.calls import bulk
from balie.calls.models import Call
from balie.calls.queries import closed_months
from balie.operator.queries import operator


@transaction.atomic
def record_handling(*, seconds: Mapping[int, int], starts: Mapping[int, datetime]) -> frozenset[int]:
    """Stores seconds of handling by call (id); the months (202611) that changed. starts: when these calls began.

    Calls of closed months stay as they were billed: a note that comes so late makes nobody's bill higher.
    """
    zone, closed = ZoneInfo(operator().timezone), closed_months()
    months, values = set(), {}
    for pk, handling in seconds.items():
        local = starts[pk].astimezone(zone)
        month = local.year * 100 + local.month
        if month not in closed:
            months.add(month)
            values[pk] = handling
    bulk.set_column(Call._meta.db_table, "handling", values)
    return frozenset(months)

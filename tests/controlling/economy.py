"""The economics of a month worked out and kept, as a worker does it."""

from datetime import datetime

from balie.controlling import keep
from balie.controlling.models import Economics, EconomicsMonth
from balie.leases.actions import claim


def kept(month: int, now: datetime) -> list[Economics]:
    """The rows of a month (202611), worked out now."""
    keep.ask_for_economics(months=[month], now=now)
    row = claim(EconomicsMonth.objects.filter(month=month), now=now, length=keep.LEASE)
    assert row and keep.work_out(row, now=now)
    found = Economics.objects.filter(month=month).select_related("client", "tariff")
    return list(found.order_by("client__number", "service"))

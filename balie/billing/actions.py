"""Freezing what a month costs, when it is closed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from balie.billing.bill import Bill
from balie.billing.frozen import bill_row, part_rows
from balie.billing.measured import keep_of_bills
from balie.billing.models import FrozenBill, FrozenPart
from balie.billing.pricing import House
from balie.operator.queries import operator

BATCH = 500


@transaction.atomic
def freeze_bills(*, bills: Sequence[Bill], now: datetime) -> int:
    """Keeps the bills of a month being closed, and what was measured for them; gives how many.

    A client's bill that is kept already stays as it is.
    """
    if not bills:
        return 0
    keep_of_bills(bills, House.of(operator()))
    kept = set(FrozenBill.objects.filter(month=bills[0].period.key).values_list("client_id", flat=True))
    new = [bill for bill in bills if bill.client.pk not in kept]
    rows = FrozenBill.objects.bulk_create([bill_row(bill, now) for bill in new], batch_size=BATCH)
    parts = (part for row, bill in zip(rows, new, strict=True) for part in part_rows(row, bill))
    FrozenPart.objects.bulk_create(parts, batch_size=BATCH)
    return len(new)

"""Contracts that begin in a month that is closed already: their bill of that month was never made (rating.md 9, 18).

They are found by what is missing: a day of the contract in a month whose bills are kept, and no part of it there. Where
another contract of the client's same service stands on that bill, its days were billed already: nothing is missing.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db.models import Count

from balie.accounts.models import Client
from balie.billing.models import FrozenBill, FrozenPart
from balie.contracts.models import Contract
from balie.rules.period import Period


def unbilled(before: Period, client: Client | None = None) -> dict[int, list[Contract]]:
    """Per closed month (key) before this one the contracts never billed for it. Three queries where there are none."""
    # Without the order of the table, which would tell every client's month apart.
    bills = FrozenBill.objects.filter(month__lt=before.key).order_by()
    months = sorted(bills.values_list("month", flat=True).distinct())
    if not months:
        return {}
    short = short_of_parts(months, client)
    if not short:
        return {}
    kept = FrozenPart.objects.filter(bill__client__in={one.client_id for one in short}, bill__month__in=months)
    billed = set(kept.values_list("bill__client_id", "service", "bill__month"))
    found: dict[int, list[Contract]] = defaultdict(list)
    for one in short:
        for month in overlapped(one.start, one.end, months):
            if (one.client_id, one.service, month) not in billed:
                found[month].append(one)
    return dict(found)


def short_of_parts(months: Sequence[int], client: Client | None) -> list[Contract]:
    """Contracts with fewer kept parts than closed months they have a day in."""
    last = Period.from_key(months[-1], "UTC").last_day
    contracts = Contract.objects.filter(start__lte=last)
    parts = FrozenPart.objects.filter(bill__month__in=months, contract__isnull=False)
    if client:
        contracts, parts = contracts.filter(client=client), parts.filter(bill__client=client)
    kept = dict(parts.order_by().values_list("contract_id").annotate(Count("bill__month", distinct=True)))
    days = contracts.values_list("pk", "start", "end")  # of all there are, so no more of them than is compared
    short = [pk for pk, begin, end in days if kept.get(pk, 0) < len(overlapped(begin, end, months))]
    return list(Contract.objects.filter(pk__in=short).select_related("client", "tariff")) if short else []


def overlapped(begin: date, end: date | None, months: Sequence[int]) -> Sequence[int]:
    """Those of the months (keys, in order) in which a contract of these days has one."""
    first = bisect_left(months, begin.year * 100 + begin.month)
    last = bisect_right(months, end.year * 100 + end.month) if end else len(months)
    return months[first:last]

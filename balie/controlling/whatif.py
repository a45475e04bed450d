"""What-ifs: asked for by a manager, worked out by a worker in steps, each kept before the next begins.

First what has to be measured, month by month; then the bills, some clients at a time. Killed in between it goes on with
the first step that was not kept.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from balie.billing.models import FrozenBill
from balie.calls.queries import closed_months
from balie.controlling.compared import Compared, Comparison, sums_of
from balie.controlling.draft import version_said
from balie.controlling.models import WhatIf, WhatIfClient
from balie.leases import actions as leases
from balie.leases.faults import fault
from balie.operator.actions import Author
from balie.operator.queries import operator
from balie.rules.errors import Refused
from balie.tariffs.models import Tariff, TariffVersion
from balie.tariffs.queries import versions_of

LEASE = timedelta(minutes=5)
MOST_MONTHS, KEPT = 36, 50
TOGETHER = 250  # clients in one transaction
ZERO = Decimal("0.00")
Keep = Callable[[], None]


class WhatIfLost(Refused):
    """Somebody else works it out by now; what was kept so far stays."""

    def __init__(self) -> None:
        super().__init__("what_if_lost", _("Somebody else works this what-if out by now."), "what-if")


def months_to_compare(count: int) -> list[int]:
    """The last closed months (keys) whose bills are kept, the earliest first."""
    kept = set(FrozenBill.objects.order_by().values_list("month", flat=True).distinct())
    return sorted(kept & closed_months())[-count:]


def ask_what_if(
    *,
    tariff: Tariff,
    months: int,
    author: Author,
    draft: TariffVersion | None = None,
    only_at: Tariff | None = None,
) -> WhatIf:
    """The last closed months of all contracts of the tariff's service, or of those at one tariff, are priced with it.

    draft: one version of it, stored or not; without one the tariff as it stands, each month with what held in it.
    A worker begins within seconds. Refused without closed months, and for a tariff without prices.
    """
    versions = [draft] if draft else versions_of([tariff]).get(tariff.pk, [])
    if not versions:
        message = _("The tariff %(code)s has no prices yet, so there is nothing to price with.") % {"code": tariff.code}
        raise Refused("no_version", message, "tariff")
    said = [version_said(version) for version in versions]
    first_day = draft.first_day if draft else None
    return kept_what_if(
        WhatIf(tariff=tariff, draft=draft is not None, first_day=first_day, versions=said, only_at=only_at),
        months,
        author,
    )


def ask_again(*, before: WhatIf, months: int, author: Author, only_at: Tariff | None = None) -> WhatIf:
    """The same prices for other months or clients."""
    fresh = WhatIf(tariff=before.tariff, draft=before.draft, first_day=before.first_day, versions=before.versions)
    fresh.only_at = only_at
    return kept_what_if(fresh, months, author)


@transaction.atomic
def kept_what_if(row: WhatIf, months: int, author: Author) -> WhatIf:
    if not 1 <= months <= MOST_MONTHS:
        raise Refused("bad_value", _("Choose from 1 to %(most)s months.") % {"most": MOST_MONTHS}, "months")
    row.months = months_to_compare(months)
    if not row.months:
        raise Refused(
            "no_closed_month", _("No month is closed yet; a what-if compares with bills that stay."), "months"
        )
    row.asked, row.asked_by = author.now, author.who[:200]
    row.save()
    old = WhatIf.objects.order_by("-pk").values_list("pk", flat=True)[KEPT:]
    WhatIf.objects.filter(pk__in=list(old)).delete()
    return row


def try_again(*, row: WhatIf) -> None:
    """One that was given up is tried once more."""
    leases.revive(WhatIf.objects.filter(pk=row.pk, done=None))


def what_ifs_due() -> QuerySet[WhatIf]:
    """Those nobody has worked out yet."""
    return WhatIf.objects.filter(done=None).select_related("tariff")


def run_what_if(row: WhatIf, *, now: datetime, keep: Keep) -> None:
    """Works out a row the caller holds, and gives it back. keep: called often, renews the lease or raises."""
    comparison = Comparison.of(row, operator())
    for place, period in enumerate(comparison.periods[row.months_done :], start=row.months_done + 1):
        keep()
        comparison.measure(period)
        hold(row, months_done=place)
        fault("what-if-measured")
    clients = comparison.clients()
    done = set(row.rows.values_list("client_id", flat=True))
    for some in chunks([client for client in clients if client not in done]):
        keep()
        found = comparison.of_clients(some)
        keep_rows(row, [row_of(row, client, found.get(client, [])) for client in some], len(clients))
    finish(row, now)


def chunks(clients: Sequence[int]) -> Iterator[Sequence[int]]:
    for begin in range(0, len(clients), TOGETHER):
        yield clients[begin : begin + TOGETHER]


def hold(row: WhatIf, **progress: Any) -> None:
    """Notes how far it is. Within a transaction nobody can take the row before its end."""
    if not leases.own(row).update(**progress):
        raise WhatIfLost


def keep_rows(row: WhatIf, rows: Sequence[WhatIfClient], clients: int) -> None:
    with transaction.atomic():
        row.clients_done = row.rows.count() + len(rows)
        hold(row, clients=clients, clients_done=row.clients_done)
        WhatIfClient.objects.bulk_create(rows)
        fault("what-if-recorded")
    fault("what-if-kept")


def row_of(row: WhatIf, client: int, bills: Sequence[Compared]) -> WhatIfClient:
    """One client's bills together; without a sum where one of them has no price."""
    present = sum((one.present for one in bills), ZERO)
    problem = next((one.problem for one in bills if one.problem), None)
    other = None if problem else sum((one.other or ZERO for one in bills), ZERO)
    return WhatIfClient(
        what_if=row,
        client_id=client,
        bills=len(bills),
        present=present,
        other=other,
        difference=None if other is None else other - present,
        limits_before=sum(one.limit_before for one in bills),
        limits_after=sum(one.limit_after for one in bills),
        months=[month_said(one) for one in bills],
        problem=problem and {"code": problem.code, "where": problem.where, "message": problem.message},
    )


def month_said(one: Compared) -> list[Any]:
    other = None if one.other is None else str(one.other)
    return [one.month, str(one.present), other, one.limit_before, one.limit_after]


def finish(row: WhatIf, now: datetime) -> None:
    names = ("present", "other", "bills", "limits_before", "limits_after")
    sums = sums_of(row.rows.order_by().values_list(*names))
    with transaction.atomic():
        if not leases.give_back(row, done=now, sums=sums):
            raise WhatIfLost
        fault("what-if-done")


def amounts_of(sums: Mapping[str, int | str]) -> dict[str, Decimal]:
    """The amounts among the sums of a what-if."""
    return {name: Decimal(amount) for name, amount in sums.items() if isinstance(amount, str)}

"""Forecasts kept as rows: of each month its calls per client and day, of those that are over what forecasts were worth,
of the running one its outlook. Asked for when a month's economics are new, worked out by a worker."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from balie.controlling.backtest import trials
from balie.controlling.daily import counted, daily, folded
from balie.controlling.expected import MONTHS, months_seen
from balie.controlling.keep import kept_months
from balie.controlling.models import EconomicsMonth, ForecastMonth, ForecastTrial
from balie.controlling.outlook import worked_out
from balie.leases import actions as leases
from balie.leases.faults import fault
from balie.operator.models import Operator
from balie.operator.queries import operator
from balie.rules.period import Period

LEASE = timedelta(minutes=15)
TRIED = 6  # months that are over
BATCH = 500


def ask_for_forecasts(*, now: datetime) -> list[int]:
    """Asks for the months whose calls or prices may have changed since. To be called every minute or so."""
    settings = Operator.objects.first()
    if settings is None:
        return []
    keys = [period.key for period in kept_months(settings, now)[: 1 + TRIED + MONTHS]]
    kept = {row.month: row for row in ForecastMonth.objects.filter(month__in=keys).defer("days", "outlook")}
    known = dict(EconomicsMonth.objects.filter(month__in=keys).values_list("month", "done"))
    stale = [key for key in keys if is_stale(kept.get(key), known.get(key))]
    if stale:
        rows = [ForecastMonth(month=key, asked=now) for key in stale]
        ForecastMonth.objects.bulk_create(rows, update_conflicts=True, update_fields=["asked"], unique_fields=["month"])
        leases.revive(ForecastMonth.objects.filter(month__in=stale))
    return stale


def is_stale(row: ForecastMonth | None, economics_done: datetime | None) -> bool:
    """Whether a month was never worked out, or has other economics by now."""
    if row is None:
        return True
    waits = not row.parked and (row.done is None or row.done < row.asked)
    return not waits and economics_done is not None and economics_done != row.follows


def forecasts_due() -> QuerySet[ForecastMonth]:
    """Months somebody waits for, the earliest first: later ones are made of them."""
    rows = ForecastMonth.objects.filter(Q(done=None) | Q(done__lt=F("asked"))).order_by("month")
    return rows.defer("days", "outlook")


def work_out(row: ForecastMonth, *, now: datetime) -> bool:
    """Works a month out whose row the caller holds, and gives the row back. False where somebody else has it by now."""
    settings = operator()
    period, running = Period.from_key(row.month, settings.timezone), Period.of(now, settings.timezone)
    # Before the calls are read: what changes meanwhile is seen the next time.
    follows = EconomicsMonth.objects.filter(month=row.month).values_list("done", flat=True).first()
    days = counted(period)
    results: dict[str, Any] = {"done": now, "follows": follows, "counted": now, "days": folded(period, days)}
    results["outlook"] = None
    made: list[ForecastTrial] = []
    if period == running:
        results["outlook"] = worked_out(period, operator=settings, now=now).document()
    elif period < running and period in months_tried(running):
        history = daily(months_seen(period)[:-1])
        for client, counts in days.items():
            history.setdefault(client, {}).update(counts)
        made = list(trials(period, history, operator=settings))
    with transaction.atomic():
        ForecastTrial.objects.filter(month=period.key).delete()
        ForecastTrial.objects.bulk_create(made, batch_size=BATCH)
        fault("forecast-before-commit")
        kept = leases.give_back(row, **results)
        if not kept:
            transaction.set_rollback(True)
    return kept


def months_tried(running: Period) -> list[Period]:
    """The last months that are over, the latest first."""
    found = [running.previous()]
    while len(found) < TRIED:
        found.append(found[-1].previous())
    return found

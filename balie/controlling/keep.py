"""The economics of months, kept as rows: asked for when something they hang on changed, worked out by a worker.

Whether a month is to be worked out anew is told by its stamp: calls and their sums, contracts and prices, costs.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, F, Max, Min, Q, Sum

from balie.accounts.models import Agent
from balie.calls.models import Call, CallCorrection, ClientMonth
from balie.calls.queries import closed_months
from balie.contracts.models import Booking, Contract
from balie.controlling.costs import Costs
from balie.controlling.economics import economics
from balie.controlling.models import Economics, EconomicsMonth
from balie.leases import actions as leases
from balie.messages.models import SmsMonth
from balie.operator.models import FixedCost, LogEntry, Operator
from balie.operator.queries import fixed_costs, operator
from balie.rules.period import Period
from balie.tariffs.models import Item, TariffVersion

LEASE = timedelta(minutes=15)
EVERY = timedelta(minutes=15)  # how old the figures of a month may get while calls come in all the time
MONTHS = 36  # how far back months are kept
BATCH = 500
# Deeds after which months that are not closed yet may come out differently; of a closed one what is sold stays.
OPEN_DEEDS = ("contract.", "booking.", "tariff.", "operator.", "world.")
CLOSED_DEEDS = ("contract.",)


def ask_for_economics(*, months: Iterable[int], now: datetime) -> None:
    """These months (202611) are worked out as soon as a worker is free. Those given up are tried again."""
    rows = [EconomicsMonth(month=month, asked=now) for month in months]
    EconomicsMonth.objects.bulk_create(rows, update_conflicts=True, update_fields=["asked"], unique_fields=["month"])
    leases.revive(EconomicsMonth.objects.filter(month__in=[row.month for row in rows]))


def ask_for_stale(*, now: datetime) -> list[int]:
    """Asks for the months of which something changed since they were worked out. To be called every minute or so."""
    settings = Operator.objects.first()
    if settings is None:
        return []
    periods = kept_months(settings, now)
    kept = {row.month: row for row in EconomicsMonth.objects.filter(month__in=[one.key for one in periods])}
    wanted, corrected = stamps(periods, settings, now), corrected_months(kept.values(), settings)
    stale = [
        key
        for key, stamp in wanted.items()
        if (row := kept.get(key)) is None
        or (not row.under_way and row.asked <= now - EVERY and (row.stamp != stamp or key in corrected))
    ]
    if stale:
        ask_for_economics(months=stale, now=now)
    return stale


def kept_months(settings: Operator, now: datetime) -> list[Period]:
    """The running month and those before it, back to the first with calls or SMS; the latest first. Of a time
    whose calls nobody read fees are known and costs are not: nothing can be said of it."""
    counted = ClientMonth.objects.filter(calls__gt=0), SmsMonth.objects.filter(messages__gt=0)
    firsts = [rows.aggregate(first=Min("month"))["first"] for rows in counted]
    first = min((key for key in firsts if key), default=None)
    month = Period.of(now, settings.timezone)
    found = [month]
    while first and found[-1].key > first and len(found) < MONTHS:
        found.append(found[-1].previous())
    return found


def stamps(periods: Sequence[Period], settings: Operator, now: datetime) -> dict[int, str]:
    """Per month what its figures hang on, as a digest. The same few queries however many months there are."""
    keys = [period.key for period in periods]
    sums = (
        ClientMonth.objects.filter(month__in=keys, calls__gt=0).order_by("month", "type").values_list("month", "type")
    )
    calls: dict[int, list[Any]] = {key: [] for key in keys}
    # Calls that go from one client to another change no sum but this.
    owners = Sum((F("talk") + F("calls")) * F("client_id"))
    for month, *rest in sums.annotate(Count("pk"), Sum("calls"), Sum("talk"), owners=owners):
        calls[month].append(rest)
    texted = SmsMonth.objects.filter(month__in=keys, messages__gt=0).order_by("month").values_list("month")
    for month, *rest in texted.annotate(Sum("parts"), owners=Sum(F("parts") * F("client_id"))):
        calls[month].append(["sms", *rest])
    closed, known = closed_months(), known_costs(settings)
    is_open, is_closed = prices_stamp(OPEN_DEEDS), contracts_stamp(CLOSED_DEEDS)
    running, today = Period.of(now, settings.timezone), now.astimezone(ZoneInfo(settings.timezone)).date()
    return {
        period.key: digest(
            calls[period.key],
            costs_stamp(period, known),
            ["closed", is_closed] if period.key in closed else [is_open, is_closed],
            str(today) if period == running else "",
        )
        for period in periods
    }


def digest(*parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()


def prices_stamp(deeds: Sequence[str]) -> list[Any]:
    made = [model.objects.aggregate(last=Max("pk"))["last"] for model in (Booking, TariffVersion, Item)]
    return [*made, last_deed(deeds)]


def contracts_stamp(deeds: Sequence[str]) -> list[Any]:
    return [Contract.objects.aggregate(last=Max("pk"))["last"], last_deed(deeds)]


def last_deed(begins: Sequence[str]) -> int | None:
    wanted = Q()
    for begin in begins:
        wanted |= Q(deed__startswith=begin)
    return LogEntry.objects.filter(wanted).order_by("-pk").values_list("pk", flat=True).first()


@dataclass(frozen=True)
class KnownCosts:
    """Everything that says what work costs: sets from days, fixed costs, who is in which group of agents."""

    costs: Costs
    fixed: Sequence[FixedCost]
    members: Sequence[tuple[int, int | None]]


def known_costs(settings: Operator) -> KnownCosts:
    """Two or three queries."""
    costs = Costs.of(settings)
    grouped = any(one.groups for one in costs.sets)
    members = Agent.objects.exclude(group=None).order_by("pk").values_list("pk", "group") if grouped else ()
    return KnownCosts(costs, fixed_costs(), list(members))


def costs_stamp(period: Period, known: KnownCosts) -> list[Any]:
    """What costs hold in the month, and of whom."""
    held = list(known.costs.within(period))
    sets = [[first, last, sorted(one.costs.items()), sorted(one.groups.items())] for first, last, one in held]
    members = known.members if any(one.groups for _first, _last, one in held) else []
    fixed = [[str(one.amount), one.spread] for one in known.fixed if one.holds(period.key)]
    return [sets, members, fixed]


def corrected_months(kept: Iterable[EconomicsMonth], settings: Operator) -> set[int]:
    """Months with a call that was made not billable, or billable again, since they were worked out."""
    done = {row.month: row.done for row in kept if row.done}
    if not done:
        return set()
    first = min(done.values())
    since = CallCorrection.objects.filter(Q(at__gte=first) | Q(undone__gte=first))
    changed = {(one.source_id, one.key): max(one.at, one.undone or one.at) for one in since}
    # By source too: the calls are known by both, and a look at all of them every minute would be long.
    sources, keys = {source for source, _key in changed}, {key for _source, key in changed}
    calls = Call.objects.filter(source__in=sources, key__in=keys).order_by()
    found = set()
    for source, key, start in calls.values_list("source_id", "key", "start"):
        month = Period.of(start, settings.timezone).key
        if (source, key) in changed and month in done and changed[source, key] >= done[month]:
            found.add(month)
    return found


def work_out(row: EconomicsMonth, *, now: datetime) -> bool:
    """Works a month out whose row the caller holds, and gives the row back. False where somebody else has it by now."""
    settings = operator()
    period = Period.from_key(row.month, settings.timezone)
    stamp = stamps([period], settings, now)[period.key]
    made = economics(period, operator=settings, now=now)
    with transaction.atomic():
        Economics.objects.filter(month=period.key).delete()
        Economics.objects.bulk_create(made, batch_size=BATCH)
        kept = leases.give_back(row, done=now, stamp=stamp)
        if not kept:
            transaction.set_rollback(True)
    return kept

"""Contracts as balie.rules prices them: versions, continuity, bookings, users, and fees that stand on frozen bills."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from balie.accounts.models import Client
from balie.accounts.queries import can_log_in
from balie.billing.models import FrozenPart
from balie.calls.queries import closed_months
from balie.contracts.models import Booking as BookingRow
from balie.contracts.models import Contract
from balie.contracts.queries import contracts_between, first_starts
from balie.rules.meter import Meter
from balie.rules.period import Period
from balie.rules.tariff import Version
from balie.rules.terms import Booking, Carried, Terms
from balie.rules.why import Reason
from balie.tariffs.queries import terms_by_tariff

YEAR = 13  # months: how far back a fee can stand that an end set right concerns
FEES = (Reason.FEE, Reason.SETTLED)
KEPT = ("contract_id", "bill__month", "pk", "lines")  # of KeptPart
Versions = Mapping[int, tuple[Version, ...]]


@dataclass(frozen=True)
class Priceable:
    """A contract with what it is priced by."""

    contract: Contract
    terms: Terms


def priceable(period: Period, client: Client | None = None) -> list[Priceable]:
    """What has to be priced for a month that is not frozen, by client number: contracts with a day in it, and those
    whose frozen bills are to be set right. Seven queries in all."""
    carried, after_frozen = carried_into(period, client)
    contracts = list(own(contracts_between(period.first_day, period.last_day), client))
    known = {contract.pk for contract in contracts}
    contracts += Contract.objects.filter(pk__in=set(carried) - known).select_related("client", "tariff")
    versions = versions_of(contracts)
    made = terms_of(contracts, versions)
    found = []
    for contract, terms in zip(contracts, made, strict=True):
        fees = tuple(carried_fees(carried.get(contract.pk, []), terms, period))
        if fees or terms.covers(period):
            after = contract.pk in after_frozen
            found.append(Priceable(contract, with_past(terms, fees, after=after)))
    return sorted(found, key=lambda one: (one.contract.client.number, one.contract.service, one.contract.start))


def own(contracts: QuerySet[Contract], client: Client | None) -> QuerySet[Contract]:
    return contracts.filter(client=client) if client else contracts


def versions_of(contracts: Sequence[Contract]) -> Versions:
    """The versions of these contracts' tariffs; of many contracts all there are, rather than naming each."""
    tariffs = {contract.tariff_id: contract.tariff for contract in contracts}
    return terms_by_tariff(tariffs.values() if len(tariffs) < 500 else None)


def terms_of(contracts: Sequence[Contract], versions: Versions) -> list[Terms]:
    """The contracts' terms in the same order, nothing carried."""
    starts, bookings, users = first_starts(contracts), bookings_of(contracts), users_of(contracts)
    return [
        Terms(
            contract=contract.pk,
            client=contract.client_id,
            number=contract.client.number,
            versions=versions.get(contract.tariff_id, ()),
            start=contract.start,
            end=contract.end,
            first_start=starts[contract.pk],
            bookings=tuple(bookings.get(contract.pk, ())),
            users=users.get(contract.client_id, 0),
        )
        for contract in contracts
    ]


def bookings_of(contracts: Sequence[Contract]) -> dict[int, list[Booking]]:
    rows = BookingRow.objects.order_by("contract_id", "meter", "first_day", "pk")
    if len(contracts) < 500:
        rows = rows.filter(contract__in=[contract.pk for contract in contracts])
    found: dict[int, list[Booking]] = defaultdict(list)
    said = rows.values_list("contract_id", "meter", "quantity", "first_day", "last_day", "text")
    for pk, meter, quantity, first, last, text in said:
        found[pk].append(Booking(Meter(meter), quantity, first, last, text))
    return found


def users_of(contracts: Sequence[Contract]) -> dict[int, int]:
    """Active users per client (id): who can log in, not who was only invited. Of the past nothing is kept: closing
    freezes what was billed."""
    rows = can_log_in().filter(client__isnull=False)
    if len(contracts) < 500:
        rows = rows.filter(client__in={contract.client_id for contract in contracts})
    return dict(rows.order_by().values_list("client_id").annotate(Count("pk")))


def with_past(terms: Terms, fees: tuple[Carried, ...], *, after: bool) -> Terms:
    return replace(terms, carried=fees, after_frozen=after) if fees or after else terms


class KeptPart(NamedTuple):
    """Of a part of a frozen bill what may be carried into another month."""

    contract: int
    month: int  # 202611
    id: int
    lines: list[dict[str, Any]]


def carried_into(period: Period, client: Client | None) -> tuple[dict[int, list[KeptPart]], set[int]]:
    """Parts of frozen bills that the bill of this month may have to set right, by contract; and the contracts that
    stand on the bill of the month before. That is so for the closed months right before this one (rating 12)."""
    months: list[int] = []
    closed, before = closed_months(), period.previous()
    while before.key in closed and len(months) < YEAR:
        months.append(before.key)
        before = before.previous()
    if not months:
        return {}, set()
    kept = FrozenPart.objects.filter(contract__isnull=False)
    if client:
        kept = kept.filter(bill__client=client)
    # Apart: asked for together, a database reads the lines of all bills there are.
    last = kept.filter(bill__month=months[0])
    ended = kept.filter(bill__month__in=months[1:], contract__end__isnull=False)
    parts = (KeptPart(*row) for rows in (last, ended) for row in rows.values_list(*KEPT))
    found: dict[int, list[KeptPart]] = defaultdict(list)
    after: set[int] = set()
    for part in sorted(parts, key=lambda one: (one.month, one.id)):
        found[part.contract].append(part)
        if part.month == months[0]:
            after.add(part.contract)
    return found, after


def carried_fees(parts: Iterable[KeptPart], terms: Terms, period: Period) -> list[Carried]:
    """The fees on these parts that reach beyond the contract's end, or are for the month priced now."""
    fees: dict[tuple[int, str], dict[str, Any]] = {}
    for part in parts:
        for line in part.lines:
            because = line["because"]
            if because.get("reason") not in FEES or line["position"] is None or "correction_of" in line:
                continue
            key = line["position"], because["fee"]["first_day"]
            if because["reason"] == Reason.FEE:
                fees.setdefault(key, {"line": line, "amount": Decimal(0)})
            if key in fees:
                fees[key]["amount"] += Decimal(line["amount"])
    return [one for fee in fees.values() if (one := carried(fee["line"], fee["amount"], terms, period))]


def carried(line: Mapping[str, Any], amount: Decimal, terms: Terms, period: Period) -> Carried | None:
    because = line["because"]
    fee, since = because["fee"], because.get("since")
    version = next((one for one in terms.versions if (one.first_day and one.first_day.isoformat()) == since), None)
    item = next((one for one in version.items if one.position == line["position"]), None) if version else None
    first, last = date.fromisoformat(fee["first_day"]), date.fromisoformat(fee["last_day"])
    now = first <= period.last_day and last >= period.first_day
    if version is None or item is None or not (now or last > terms.last) or item.cycle == "once":
        return None
    return Carried(item, version, first, last, line["quantity"], amount)

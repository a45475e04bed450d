"""Closed months as they were billed, and as they would have been at another tariff. Reads, and keeps what it measured.

Whole bills are compared. What does not follow from the tariff (corrections of other months, credits, the client's other
contracts) stands on both; of the contracts that are priced otherwise the lines of usage, fees, limit and minimum are
exchanged. The amounts come from the one function that prices bills and previews (balie.rules.rating). Where a month's
calls have changed since it was closed, both sides are priced with the calls as they are now: the difference is the
tariff's alone, and what the late calls cost stands on a later bill.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import QuerySet

from balie.billing.frozen import terms_kept
from balie.billing.measured import Definitions, Key, Month, Wanted
from balie.billing.models import FrozenPart
from balie.billing.pricing import House
from balie.billing.terms import Versions
from balie.controlling.draft import held_in, versions_read
from balie.controlling.models import WhatIf
from balie.operator.models import Operator
from balie.rules.bill import Priced
from balie.rules.errors import Refused
from balie.rules.garbage import without_collecting
from balie.rules.lines import Known
from balie.rules.measured import Found
from balie.rules.period import Period
from balie.rules.rating import price_contract
from balie.rules.tariff import Version
from balie.rules.terms import Terms
from balie.rules.why import Reason
from balie.tariffs.models import Tariff
from balie.tariffs.queries import terms_by_tariff

ZERO = Decimal("0.00")
OF_TARIFF = (Reason.USAGE, Reason.FEE, Reason.COST_LIMIT, Reason.MINIMUM_REVENUE)


@dataclass(frozen=True)
class Compared:
    """One bill, net: as it is, as it would have been (or why that cannot be told), whether a limit was reached."""

    month: int
    present: Decimal
    other: Decimal | None
    limit_before: bool
    limit_after: bool
    problem: Refused | None = None


class Part(NamedTuple):
    """What is looked at of a part of a frozen bill; read without the rows around it, of which there are many."""

    client: int
    number: str
    net: Decimal  # of the whole bill
    contract: int
    tariff: int
    terms: dict[str, Any]
    limit: dict[str, Any] | None
    lines: Sequence[dict[str, Any]] = ()


COLUMNS = (
    "bill__client_id",
    "bill__client__number",
    "bill__net",
    "contract_id",
    "contract__tariff_id",
    "terms",
    "cost_limit",
)


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A part whose contract is priced otherwise: its terms then, and with the other versions."""

    part: Part
    was: Terms
    other: Terms

    @property
    def client(self) -> int:
        return self.was.client


@dataclass(frozen=True)
class Comparison:
    """What is compared with what, in which months and for whom."""

    versions: tuple[Version, ...]
    service: str
    only_at: int | None  # a tariff (id)
    periods: tuple[Period, ...]
    house: House
    definitions: Definitions
    pricings: dict[int, "Pricing"] = field(default_factory=dict)

    @classmethod
    def of(cls, row: WhatIf, operator: Operator) -> "Comparison":
        house, zone = House.of(operator), operator.timezone
        return cls(
            versions=versions_read(row.versions, row.tariff, draft=row.draft),
            service=row.tariff.service,
            only_at=row.only_at_id,
            periods=tuple(Period.from_key(key, zone) for key in row.months),
            house=house,
            definitions=Definitions(zone, house.region),
        )

    def parts(self, months: Collection[int]) -> QuerySet[FrozenPart]:
        """The parts of bills that contracts of the service made, by client."""
        rows = FrozenPart.objects.filter(bill__month__in=months, service=self.service, contract__isnull=False)
        if self.only_at:
            rows = rows.filter(contract__tariff=self.only_at)
        return rows.order_by("bill__client__number", "bill__month", "position")

    def clients(self) -> list[int]:
        """Everybody with such a part (ids), by number."""
        keys = [period.key for period in self.periods]
        rows = self.parts(keys).order_by("bill__client__number").values_list("bill__client_id").distinct()
        return [client for (client,) in rows]

    def measure(self, period: Period) -> None:
        """Sees to it that what is priced is measured, for all clients of a month at once."""
        rows = self.parts([period.key]).values_list(*COLUMNS)
        self.month(period).measure([Part(*row) for row in rows])

    def of_clients(self, clients: Collection[int]) -> dict[int, list[Compared]]:
        """The bills of these clients, by client (id), the earliest first."""
        found: dict[int, list[Compared]] = defaultdict(list)
        for period in self.periods:
            rows = self.parts([period.key]).filter(bill__client__in=clients)
            with without_collecting():
                listed = [Part(*row) for row in rows.values_list(*COLUMNS, "lines")]
                for client, compared in self.month(period).compared(listed):
                    found[client].append(compared)
        return found

    def month(self, period: Period) -> "Pricing":
        if (found := self.pricings.get(period.key)) is None:
            month = Month(period, self.house, self.definitions)
            found = self.pricings[period.key] = Pricing(month, held_in(self.versions, period))
        return found


@dataclass(frozen=True)
class Pricing:
    """One month being compared. `versions`: what holds instead."""

    month: Month
    versions: tuple[Version, ...]
    known: Known = field(default_factory=dict)

    @property
    def period(self) -> Period:
        return self.month.period

    @cached_property
    def cents(self) -> int:
        return self.month.house.cents

    def compared(self, parts: Sequence[Part]) -> Iterator[tuple[int, Compared]]:
        """Each client's bill, by client; only of those that have something priced otherwise."""
        changes = self.month.changes()
        by_client: dict[int, list[Exchanged]] = defaultdict(list)
        for one in (exchanged := list(self.exchanged(parts, changes))):
            by_client[one.client].append(one)
        found = self.measured(exchanged, changes)
        for client, rows in by_client.items():
            yield client, self.bill(rows, found, changed=client in changes)

    def measure(self, parts: Sequence[Part]) -> None:
        changes = self.month.changes()
        self.measured(list(self.exchanged(parts, changes)), changes)

    def measured(self, exchanged: Sequence[Exchanged], changes: Mapping[int, str]) -> dict[Key, Found]:
        """What was measured for what is exchanged; of changed calls for what holds too."""
        wanted = [self.wanted(one.other) for one in exchanged]
        wanted += [self.wanted(one.was) for one in exchanged if one.client in changes]
        return self.month.read([one for one in wanted if one], changes)

    def exchanged(self, parts: Sequence[Part], changes: Mapping[int, str]) -> Iterator[Exchanged]:
        """The parts of contracts with a day in the month; what they had held is known of those that changed."""
        rows = [part for part in parts if "start" in part.terms]
        own = own_versions({part.tariff for part in rows if part.client in changes})
        for part in rows:
            terms = terms_kept(
                part.terms,
                contract=part.contract,
                client=part.client,
                number=part.number,
                versions=own.get(part.tariff, ()),
            )
            if terms.covers(self.period):
                yield Exchanged(part, terms, replace(terms, versions=self.versions))

    def wanted(self, terms: Terms) -> Wanted | None:
        version = terms.version_in(self.period)
        return Wanted.of(terms, version, self.period) if version else None

    def bill(self, rows: Sequence[Exchanged], found: Mapping[Key, Found], *, changed: bool) -> Compared:
        present = rows[0].part.net
        before = any(one.part.limit and one.part.limit["reached"] for one in rows)
        try:
            other = [self.priced(one.other, found, self.known) for one in rows]
            was = sum((net(self.priced(one.was, found)) if changed else of_tariff(one.part) for one in rows), ZERO)
        except Refused as refusal:
            return Compared(self.period.key, present, None, bool(before), False, refusal)
        after = any(one.limit and one.limit.reached for one in other)
        return Compared(self.period.key, present, present - was + sum(map(net, other), ZERO), bool(before), after)

    def priced(self, terms: Terms, found: Mapping[Key, Found], known: Known | None = None) -> Priced:
        wanted = self.wanted(terms)
        quantities = self.month.quantities(wanted, found) if wanted else {}
        return price_contract(terms, self.period, quantities, cents=self.cents, known=known)


def own_versions(tariffs: Collection[int]) -> Versions:
    """The versions of these tariffs (ids)."""
    return terms_by_tariff(Tariff.objects.filter(pk__in=tariffs)) if tariffs else {}


def net(priced: Priced) -> Decimal:
    return sum((line.amount for line in priced.lines), ZERO)


def of_tariff(part: Part) -> Decimal:
    """What the tariff made of the contract's month, as it was frozen: without corrections and credits."""
    own = (
        Decimal(line["amount"])
        for line in part.lines
        if line["because"].get("reason") in OF_TARIFF and "correction_of" not in line
    )
    return sum(own, ZERO)


def sums_of(rows: Iterable[tuple[Decimal, Decimal | None, int, int, int]]) -> dict[str, int | str]:
    """Over all clients (present, other, bills, limits before, limits after) what a what-if comes to.

    Amounts are texts, of those that could be priced; `unpriced` is how many could not.
    """
    counts: dict[str, int] = dict.fromkeys(("clients", "bills", "less", "more", "same", "unpriced"), 0)
    counts |= {"limits_before": 0, "limits_after": 0}
    amounts = {"present": ZERO, "other": ZERO, "less_amount": ZERO, "more_amount": ZERO}
    for present, other, bills, before, after in rows:
        counts["clients"] += 1
        if other is None:
            counts["unpriced"] += 1
            continue
        kind = "less" if other < present else "more" if other > present else "same"
        counts[kind] += 1
        counts["bills"] += bills
        counts["limits_before"] += before
        counts["limits_after"] += after
        amounts["present"] += present
        amounts["other"] += other
        if kind != "same":
            amounts[f"{kind}_amount"] += other - present
    return {**counts, **{name: str(amount) for name, amount in amounts.items()}}

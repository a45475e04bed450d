"""What was measured of closed months, kept so that pricing them otherwise needs no calls.

Kept per client, days of a contract in the month, and definition: what the tariff counts, whatever it costs. The closing
of a month keeps what its bills were made of; a definition that a month was never measured by is measured from the calls
once, all clients in one pass. A contract of some days of the month is exact: its days are part of the key.

Which change of the month's calls a row has seen is read before the calls are: a row may be too new for its mark and is
measured once more then, never too old.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from balie.billing.bill import Bill, BilledContract
from balie.billing.models import Definition, MeasuredMonth
from balie.billing.pricing import House, measured
from balie.calls.models import ChangedMonth
from balie.rules.measured import Found, Measurable, Way, digest, said, version_of
from balie.rules.period import Period
from balie.rules.tariff import Version
from balie.rules.terms import NOTHING, Quantity, Terms

FEW = 100  # clients: of so many their calls are looked up, of more the month is read from end to end
BATCH = 1000
Days = tuple[int, int, int]  # client (id), first and last day within the month
Key = tuple[Days, int]  # and the definition (id)


@dataclass(frozen=True)
class Counted:
    """How a version counts, and the definition's row; None where it counts nothing."""

    measurable: Measurable
    definition: int | None


@dataclass
class Definitions:
    """How versions count; of many contracts at one version worked out and looked up once."""

    zone: str
    region: str
    rows: dict[tuple[Way, ...], int] = field(default_factory=dict)
    versions: dict[int, Counted] = field(default_factory=dict)

    def of(self, version: Version) -> Counted:
        # By its id: what is counted holds the version itself, so that no other can come to it.
        if (found := self.versions.get(id(version))) is None:
            measurable = Measurable.of(version)
            found = Counted(measurable, self.row(measurable.ways) if measurable.ways else None)
            self.versions[id(version)] = found
        return found

    def row(self, ways: tuple[Way, ...]) -> int:
        if (found := self.rows.get(ways)) is None:
            told = said(ways, zone=self.zone, region=self.region)
            row, _ = Definition.objects.get_or_create(digest=digest(told), defaults={"said": told})
            found = self.rows[ways] = row.pk
        return found


@dataclass(frozen=True)
class Wanted:
    """The days of a client's month to be priced by a version."""

    days: Days
    version: Version
    number: str  # how a person calls the client

    @classmethod
    def of(cls, terms: Terms, version: Version, period: Period) -> "Wanted":
        return cls((terms.client, *days_within(terms.start, terms.end, period)), version, terms.number)


def days_within(start: date, end: date | None, period: Period) -> tuple[int, int]:
    """The days of the month from a start to an end."""
    first = max(start, period.first_day)
    last = min(end or period.last_day, period.last_day)
    return first.day, last.day


@dataclass(frozen=True)
class Month:
    """What is measured of one closed month."""

    period: Period
    house: House
    definitions: Definitions

    @classmethod
    def of(cls, period: Period, house: House) -> "Month":
        return cls(period, house, Definitions(period.zone, house.region))

    def quantities(self, wanted: Wanted, found: Mapping[Key, Found]) -> dict[int, Quantity]:
        """What a contract used, by position, of what `read` gave. Raises Refused for usage in no window."""
        counted = self.definitions.of(wanted.version)
        if counted.definition is None:
            return {}
        measured_so = found[wanted.days, counted.definition]
        return counted.measurable.quantities(measured_so, number=wanted.number, period=self.period)

    def read(self, wanted: Iterable[Wanted], changes: Mapping[int, str]) -> dict[Key, Found]:
        """What was measured for these; what is missing or old is measured now. One query where nothing is.

        changes: as `changes` gave them before.
        """
        keys: dict[Key, tuple[Way, ...]] = {}
        for one in wanted:
            counted = self.definitions.of(one.version)
            if counted.definition is not None:
                keys[one.days, counted.definition] = counted.measurable.ways
        if not keys:
            return {}
        found = self.kept(keys, changes)
        missing = {key: ways for key, ways in keys.items() if key not in found}
        return found | self.measure(missing, changes) if missing else found

    def changes(self) -> dict[int, str]:
        """Per client (id) the last change of the month's calls since it was closed."""
        return dict(ChangedMonth.objects.filter(month=self.period.key).values_list("client_id", "change"))

    def kept(self, keys: Collection[Key], changes: Mapping[int, str]) -> dict[Key, Found]:
        """The rows that have seen the last change."""
        clients = {days[0] for days, _ in keys}
        rows = MeasuredMonth.objects.filter(month=self.period.key, definition__in={pk for _, pk in keys}).order_by()
        if len(clients) <= BATCH // 2:
            rows = rows.filter(client__in=clients)
        names = ("client_id", "first_day", "last_day", "definition_id", "change", "quantities")
        found: dict[Key, Found] = {}
        for client, first, last, definition, change, quantities in rows.values_list(*names):
            key = (client, first, last), definition
            if key in keys and change == changes.get(client, ""):
                found[key] = [Quantity(*one) for one in quantities]
        return found

    def measure(self, missing: Mapping[Key, tuple[Way, ...]], changes: Mapping[int, str]) -> dict[Key, Found]:
        """Measures these from the calls, and keeps them."""
        versions = {ways: version_of(ways) for ways in missing.values()}
        terms = [self.terms(at, key[0], versions[ways]) for at, (key, ways) in enumerate(missing.items())]
        clients = {days[0] for days, _ in missing}
        quantities = measured(terms, self.period, self.house, clients if len(clients) <= FEW else None)
        found: dict[Key, Found] = {
            key: [quantities.get(at, {}).get(place, NOTHING) for place in range(len(ways))]
            for at, (key, ways) in enumerate(missing.items())
        }
        keep(self.row(key, one, changes.get(key[0][0], "")) for key, one in found.items())
        return found

    def terms(self, number: int, days: Days, version: Version) -> Terms:
        """A contract of these days, known by a number."""
        client, first, last = days
        start, end = (self.period.first_day.replace(day=day) for day in (first, last))
        return Terms(number, client, "", (version,), start, end)

    def row(self, key: Key, found: Found, change: str) -> MeasuredMonth:
        (client, first, last), definition = key
        return MeasuredMonth(
            definition_id=definition,
            client_id=client,
            month=self.period.key,
            first_day=first,
            last_day=last,
            quantities=[list(one) for one in found],
            change=change,
        )


def keep(rows: Iterable[MeasuredMonth]) -> None:
    """Keeps what was measured; what was there before gives way."""
    MeasuredMonth.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["month", "definition", "client", "first_day", "last_day"],
        update_fields=["quantities", "change"],
    )


def keep_of_bills(bills: Sequence[Bill], house: House) -> None:
    """Keeps what the bills of a month that is being closed were made of."""
    if not bills:
        return
    month = Month.of(bills[0].period, house)
    keep({month_key(row): row for row in rows_of(bills, month)}.values())


def month_key(row: MeasuredMonth) -> tuple[int, ...]:
    return row.definition_id, row.client_id, row.first_day, row.last_day


def rows_of(bills: Iterable[Bill], month: Month) -> Iterator[MeasuredMonth]:
    for bill in bills:
        for part in bill.contracts:
            if row := row_of(bill.client.pk, part, month):
                yield row


def row_of(client: int, part: BilledContract, month: Month) -> MeasuredMonth | None:
    counted = month.definitions.of(part.used.version) if part.used else None
    if part.used is None or part.start is None or counted is None or counted.definition is None:
        return None
    days = (client, *days_within(part.start, part.end, month.period))
    return month.row((days, counted.definition), counted.measurable.found(part.used.quantities), "")

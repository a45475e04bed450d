"""Contracts and bookings as somebody says them; and that no client pays for the same thing twice."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from balie.calls.queries import closed_months
from balie.contracts.models import Booking, Cancellation, Contract
from balie.contracts.queries import FEW, billed_months
from balie.operator.actions import Author, log_changes
from balie.rules.errors import Refused
from balie.rules.merge import Counts, Merged, Said, merge
from balie.rules.meter import MEASURED
from balie.tariffs.models import TariffVersion

BATCH = 500
Key = Hashable  # (client's id, service, start)


@dataclass(frozen=True)
class Put:
    """What came of putting contracts: the counts, those that are new or changed, and all there are now.

    billed: of changed contracts the closed months (keys, 202610) that had billed what changed; their bills stay.
    """

    counts: Counts
    touched: Sequence[Contract]
    by_key: Mapping[Key, Contract]
    billed: Mapping[int, list[int]]


@transaction.atomic
def put_contracts(said: Iterable[Said], *, author: Author) -> Put:
    """Makes and changes contracts; key: (client's id, service, start); values: `tariff_id`, `end`."""
    stored: dict[Key, Contract] = {(row.client_id, row.service, row.start): row for row in Contract.objects.all()}
    merged = merge(stored, unless_changed(stored, list(said)), new_contract)
    Contract.objects.bulk_create(merged.new, batch_size=BATCH)
    if merged.changed:
        Contract.objects.bulk_update(merged.changed, merged.fields, batch_size=BATCH)
    prefetch_related_objects(merged.changed, "client")
    log_changes(merged, deed="contract.changed", about=about, author=author)
    stored |= {(row.client_id, row.service, row.start): row for row in merged.new}
    return Put(merged.counts, [*merged.new, *merged.changed], stored, billed(merged, closed_months()))


def unless_changed(stored: Mapping[Key, Contract], said: Sequence[Said]) -> list[Said]:
    """What is said without what was changed since and stays so: an open end of a contract that goes on at another
    tariff or that its client gave notice of, and the tariff of one that was changed before it began.
    """
    keys = {one.key for one in said}
    given = set(Cancellation.objects.filter(withdrawn=None).values_list("contract", flat=True))
    found = []
    for one in said:
        row = stored.get(one.key)
        after = (row.client_id, row.service, row.end + timedelta(days=1)) if row and row.end else None
        is_open = one.values.get("end", date.max) is None and row is not None
        goes_on = after in stored and after not in keys
        drop = {"end"} if is_open and row and (goes_on or row.pk in given) else set()
        if row and row.changed_from_id and one.values.get("tariff_id") == row.changed_from_id:
            drop.add("tariff_id")
        found.append(replace(one, values={name: value for name, value in one.values.items() if name not in drop}))
    return found


def billed(merged: Merged[Contract], closed: Collection[int]) -> dict[int, list[int]]:
    """Per contract (id) the closed months in which another end or another tariff would have billed otherwise."""
    found = {}
    for row, before in zip(merged.changed, merged.before, strict=True):
        old, new = before.get("end", row.end), row.end
        first, last = sorted((old or date.max, new or date.max))
        months = billed_months(closed, row.start, last) if "tariff_id" in before else []
        if "end" in before and not months:
            months = billed_months(closed, first + timedelta(days=1), last)
        if months:
            found[row.pk] = months
    return found


def new_contract(said: Said) -> Contract:
    assert isinstance(said.key, tuple)
    client, service, start = said.key
    if "tariff_id" not in said.values:
        raise Refused("missing_key", 'a new contract needs a "tariff"', said.where)
    return Contract(client_id=client, service=service, start=start, **said.values)


def about(row: Contract) -> str:
    """What the log, and the use of a code, know a contract by."""
    return f"contract:{row.client.number}/{row.service}/{row.start}"


@transaction.atomic
def put_bookings(said: Iterable[Said], *, author: Author) -> Counts:
    """Makes and changes bookings; key: (contract's id, meter, first day); values: `quantity`, `last_day`."""
    wanted = list(said)
    if not wanted:
        return Counts()
    stored = {(row.contract_id, row.meter, row.first_day): row for row in Booking.objects.order_by("-pk")}
    merged: Merged[Booking] = merge(stored, wanted, new_booking)
    Booking.objects.bulk_create(merged.new, batch_size=BATCH)
    if merged.changed:
        Booking.objects.bulk_update(merged.changed, merged.fields, batch_size=BATCH)
    prefetch_related_objects(merged.changed, "contract__client")
    log_changes(merged, deed="booking.changed", about=lambda row: about(row.contract), author=author)
    return merged.counts


def new_booking(said: Said) -> Booking:
    assert isinstance(said.key, tuple)
    contract, meter, first_day = said.key
    return Booking(contract_id=contract, meter=meter, first_day=first_day, **said.values)


def refuse_overlaps(clients: Collection[int], where: Callable[[Contract], str]) -> None:
    """Refused when one of these clients (ids) has a service twice on a day, or a meter in two contracts (rating 5).

    `where` gives the path of a contract for the refusal, empty where nobody just spoke of it.
    """
    if not clients:
        return
    own: dict[int, list[Contract]] = defaultdict(list)
    rows = Contract.objects.select_related("client", "tariff").order_by("start", "pk")
    for contract in rows.filter(client__in=clients) if len(clients) <= FEW else rows:
        if contract.client_id in clients:
            own[contract.client_id].append(contract)
    pairs = [pair for rows in own.values() if len(rows) > 1 for pair in combinations(rows, 2) if share_days(*pair)]
    tariffs = {contract.tariff_id for pair in pairs for contract in pair}
    meters = meters_by_version(tariffs)
    for earlier, later in pairs:
        path = where(later) or where(earlier)
        if earlier.service == later.service:
            raise Refused("service_twice", twice(earlier, later), path)
        if shared := shared_meters(earlier, later, meters):
            raise Refused("meter_twice", twice_measured(earlier, later, shared), path)


def share_days(one: Contract, other: Contract) -> bool:
    return one.start <= (other.end or date.max) and other.start <= (one.end or date.max)


Versions = dict[int, list[tuple[date, date, frozenset[str]]]]


def meters_by_version(tariffs: Collection[int]) -> Versions:
    """Per tariff (id) its versions in order: first day, last day, the measured meters of its items."""
    rows: dict[int, dict[date, set[str]]] = defaultdict(dict)
    versions = TariffVersion.objects.filter(tariff__in=tariffs).order_by("tariff", "first_day")
    for tariff, first_day, meter in versions.values_list("tariff_id", "first_day", "items__meter"):
        rows[tariff].setdefault(first_day or date.min, set()).add(meter)
    found: Versions = {}
    for tariff, by_day in rows.items():
        begins = sorted(by_day)
        ends = [begin - timedelta(days=1) for begin in begins[1:]] + [date.max]
        found[tariff] = [
            (begin, end, frozenset(by_day[begin]) & frozenset(MEASURED))
            for begin, end in zip(begins, ends, strict=True)
        ]
    return found


def shared_meters(one: Contract, other: Contract, versions: Versions) -> list[str]:
    """Measured meters that both contracts bill on one day."""
    begin, end = max(one.start, other.start), min(one.end or date.max, other.end or date.max)
    found: set[str] = set()
    for first, last, meters in versions.get(one.tariff_id, []):
        for other_first, other_last, other_meters in versions.get(other.tariff_id, []):
            if max(first, other_first, begin) <= min(last, other_last, end):
                found |= meters & other_meters
    return sorted(found)


def twice(earlier: Contract, later: Contract) -> str:
    said = _(
        'client %(client)s would have the service "%(service)s" twice from %(later)s;'
        ' give the contract of %(earlier)s an "end"'
    )
    about = {"client": later.client.number, "service": later.service}
    return said % {**about, "later": later.start, "earlier": earlier.start}


def twice_measured(earlier: Contract, later: Contract, meters: Sequence[str]) -> str:
    said = _(
        "client %(client)s would pay %(meters)s twice: the tariffs %(earlier)s and %(later)s both bill it on one day"
    )
    about = {"client": later.client.number, "meters": ", ".join(meters)}
    return said % {**about, "earlier": earlier.tariff, "later": later.tariff}

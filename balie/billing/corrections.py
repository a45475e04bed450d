"""What calls that came or changed after their month was closed cost (rating.md 18): correction lines of an open month.

The closed month is priced anew exactly as it was frozen, with the calls as they are now; minus what was frozen, and
minus what later closed months corrected already. A contract that was made for it only afterwards is priced whole.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from balie.accounts.models import Client
from balie.billing.bill import BilledContract, BillLine
from balie.billing.frozen import line_read, terms_read
from balie.billing.models import FrozenPart
from balie.billing.pricing import House, bill_line, measured
from balie.billing.terms import terms_of, versions_of
from balie.billing.unbilled import unbilled
from balie.calls.models import ChangedMonth
from balie.calls.queries import closed_months
from balie.contracts.models import Contract
from balie.rules.period import Period
from balie.rules.rating import price_contract
from balie.rules.why import Reason

# Fees do not follow calls: what is to be set right with them is balie.rules.settle's.
FOLLOW_USAGE = (Reason.USAGE, Reason.COST_LIMIT, Reason.MINIMUM_REVENUE)
Key = tuple[int | None, str]  # position of the item, meter


@dataclass
class Sum:
    """A line's amount and quantity as frozen, with all corrections so far."""

    amount: Decimal = Decimal("0.00")
    quantity: int = 0
    line: BillLine | None = None

    def add(self, line: BillLine) -> None:
        self.amount += line.amount
        self.quantity += line.quantity
        self.line = self.line or line


def corrections(period: Period, house: House, client: Client | None = None) -> dict[int, list[BilledContract]]:
    """Per client (id) the parts of this month's bill that correct closed months. The month itself is not closed."""
    closed = closed_months()
    months = corrected_here(period, client, closed)
    forgotten = unbilled_here(period, client, closed)
    found: dict[int, list[BilledContract]] = defaultdict(list)
    for month in sorted({*months, *forgotten}):
        closed_month = Period.from_key(month, period.zone)
        parts = [
            *of_month(closed_month, sorted(months.get(month, ())), house),
            *of_unbilled(closed_month, forgotten.get(month, []), house),
        ]
        for owner, part in parts:
            found[owner].append(part)
    return found


def corrected_here(period: Period, client: Client | None, closed: set[int]) -> dict[int, set[int]]:
    """The closed months (keys) whose corrections belong on the bill of this month, with the clients (ids)."""
    rows = ChangedMonth.objects.filter(month__lt=period.key, month__in=closed)
    if client:
        rows = rows.filter(client=client)
    changed = list(rows.values_list("client_id", "month"))
    if not changed:
        return {}
    contracts = contracts_by_client({owner for owner, _ in changed})
    found: dict[int, set[int]] = defaultdict(set)
    for owner, month in changed:
        if month_of_correction(Period.from_key(month, period.zone), contracts[owner], closed) == period:
            found[month].add(owner)
    return found


def unbilled_here(period: Period, client: Client | None, closed: set[int]) -> dict[int, list[Contract]]:
    """The closed months (keys) that contracts made later were never billed for, and that this bill makes up for."""
    missing = unbilled(period, client)
    if not missing:
        return {}
    contracts = contracts_by_client({one.client_id for rows in missing.values() for one in rows})
    found: dict[int, list[Contract]] = {}
    for month, rows in missing.items():
        closed_month = Period.from_key(month, period.zone)
        here = [one for one in rows if month_of_correction(closed_month, contracts[one.client_id], closed) == period]
        if month in closed and here:
            found[month] = here
    return found


def contracts_by_client(clients: Collection[int]) -> dict[int, list[Contract]]:
    found: dict[int, list[Contract]] = defaultdict(list)
    for contract in Contract.objects.filter(client__in=clients):
        found[contract.client_id].append(contract)
    return found


def month_of_correction(month: Period, contracts: Sequence[Contract], closed: set[int]) -> Period:
    """The earliest later month that is not closed in which the client has a contract, else the earliest not closed."""
    following = month.next()
    while following.key in closed:
        following = following.next()
    begins = [max(following, Period(one.start.year, one.start.month, month.zone)) for one in contracts
              if one.end is None or one.end >= following.first_day]  # fmt: skip
    target = min(begins, default=following)
    while target.key in closed:  # a contract of later only, in months some of which are closed already
        target = target.next()
    return target


def of_month(month: Period, clients: Sequence[int], house: House) -> Iterator[tuple[int, BilledContract]]:
    """What the changed calls of a closed month come to, for each of these clients' contracts."""
    parts = FrozenPart.objects.filter(bill__month=month.key, bill__client__in=clients, contract__isnull=False)
    parts = parts.select_related("bill__client", "contract__tariff").order_by("bill__client", "position")
    rows = [part for part in parts if "start" in part.terms]
    contracts = [part.contract for part in rows if part.contract]
    versions = versions_of(contracts)
    terms = [terms_read(part, versions.get(one.tariff_id, ())) for part, one in zip(rows, contracts, strict=True)]
    quantities = measured(terms, month, house, clients)
    known = corrected_before(month, contracts)
    for part, one in zip(rows, terms, strict=True):
        priced = price_contract(one, month, quantities.get(one.contract, {}), cents=house.cents)
        language = part.bill.client.language
        anew = [bill_line(line, language, month, house) for line in priced.lines if line.why.reason in FOLLOW_USAGE]
        frozen = [line_read(line, month.zone) for line in part.lines if line["because"].get("reason") in FOLLOW_USAGE]
        lines = tuple(differences(month, anew, [*frozen, *known.get(one.contract, [])]))
        if lines:
            yield part.bill.client_id, BilledContract(part.service, part.tariff, lines, contract=one.contract)


def of_unbilled(month: Period, contracts: Sequence[Contract], house: House) -> Iterator[tuple[int, BilledContract]]:
    """The whole bill of a closed month for contracts that were not there when it was closed."""
    terms = terms_of(contracts, versions_of(contracts)) if contracts else []
    quantities = measured(terms, month, house, {one.client for one in terms}) if terms else {}
    known = corrected_before(month, contracts)
    for contract, one in zip(contracts, terms, strict=True):
        priced = price_contract(one, month, quantities.get(one.contract, {}), cents=house.cents)
        anew = [bill_line(line, contract.client.language, month, house) for line in priced.lines]
        lines = tuple(differences(month, anew, known.get(contract.pk, [])))
        if lines:
            yield contract.client_id, BilledContract(priced.service, priced.tariff, lines, contract=contract.pk)


def corrected_before(month: Period, contracts: Iterable[Contract]) -> Mapping[int, list[BillLine]]:
    """Correction lines of this month that stand on frozen bills of later ones, by contract."""
    later = FrozenPart.objects.filter(bill__month__gt=month.key, contract__in=[one.pk for one in contracts])
    found: dict[int, list[BillLine]] = defaultdict(list)
    for part in later.order_by("pk"):
        assert part.contract_id is not None
        found[part.contract_id] += [
            line_read(line, month.zone) for line in part.lines if line.get("correction_of") == str(month)
        ]
    return found


def differences(month: Period, anew: Sequence[BillLine], frozen: Sequence[BillLine]) -> Iterator[BillLine]:
    """One line for each item whose amount is another now, in the order of the tariff."""
    due: dict[Key, Sum] = defaultdict(Sum)
    billed: dict[Key, Sum] = defaultdict(Sum)
    for sums, lines in ((due, anew), (billed, frozen)):
        for line in lines:
            sums[line.position, line.meter].add(line)
    for key in [*due, *(key for key in billed if key not in due)]:
        if due[key].amount != billed[key].amount:
            yield difference(month, due[key], billed[key])


def difference(month: Period, due: Sum, billed: Sum) -> BillLine:
    line = due.line or billed.line
    assert line is not None
    told = {
        "reason": "correction",
        "month": str(month),
        "due": str(due.amount),
        "billed": str(billed.amount),
        **({"anew": dict(line.because)} if due.line else {}),
    }
    return BillLine(
        item=line.item,
        titles=line.titles,
        meter=line.meter,
        position=line.position,
        quantity=due.quantity - billed.quantity,
        unit=line.unit,
        price=line.price,
        amount=due.amount - billed.amount,
        vat_percent=line.vat_percent,
        for_month=month,
        said=f"correction of {month}: due {due.amount}, billed before {billed.amount}",
        told=told,
        correction_of=month,
    )

"""What a month costs a client, or all: the one place from which bill, preview, cost summary and export take it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from balie.accounts.models import Client
from balie.billing import preview as previews
from balie.billing.bill import Bill, BilledContract, BillLine, Expected
from balie.billing.corrections import corrections
from balie.billing.frozen import bill_read
from balie.billing.models import FrozenBill, FrozenPart
from balie.billing.pricing import House, measured, priced_parts, put_together
from balie.billing.terms import Priceable, priceable
from balie.calls.models import ClosedMonth
from balie.contracts.models import Booking as BookingRow
from balie.contracts.queries import booked, booking_end, contract_end
from balie.operator.queries import operator
from balie.rules.garbage import without_collecting
from balie.rules.meter import Meter
from balie.rules.period import Period
from balie.rules.terms import Booking, Terms
from balie.rules.why import Reason
from balie.tariffs.models import Tariff, TariffVersion
from balie.tariffs.queries import local_day

ZERO = Decimal("0.00")


def bill(client: Client, period: Period) -> Bill:
    """What a month costs a client: past, running or coming. Of a closed month the lines as they were frozen.

    Refused where an item lacks a price for what was used, naming client, tariff and item.
    """
    if is_frozen(period):
        return frozen_bill(client, period)
    house = House.of(operator())
    wanted = priceable(period, client)
    return assembled(wanted, period, house, client).get(client) or put_together(client, period, (), house)


def bills(period: Period) -> Sequence[Bill]:
    """The bills of every client with a contract in the month, or with a bill of it, by client number.

    Refused where any item lacks a price for what was used: then nothing is priced.
    """
    return frozen_bills(period) if is_frozen(period) else fresh_bills(period)


def sums_of_bills(period: Period) -> Sequence[Bill]:
    """The same for who asks only what they come to: those of a closed month without their parts, which are long."""
    if not is_frozen(period):
        return fresh_bills(period)
    rows = FrozenBill.objects.filter(month=period.key).select_related("client").order_by("client__number")
    return [bill_read(row, (), period.zone) for row in rows]


def with_parts(some: Sequence[Bill]) -> list[Bill]:
    """A few of those bills whole."""
    if not some or not is_frozen(some[0].period):
        return list(some)
    whole = {one.client.pk: one for one in frozen_bills(some[0].period, [one.client.pk for one in some])}
    return [whole[one.client.pk] for one in some]


def bills_of_all(period: Period) -> list[Bill]:
    """The bills of every client there is, by number; of one without a contract in the month an empty one."""
    found = {one.client.pk: one for one in bills(period)}
    house = House.of(operator())
    clients = Client.objects.order_by("number")
    return [found.get(client.pk) or put_together(client, period, (), house) for client in clients]


def fresh_bills(period: Period) -> list[Bill]:
    """All bills of a month that is not closed, priced now."""
    house = House.of(operator())
    with without_collecting():
        found = assembled(priceable(period), period, house)
    return [found[client] for client in sorted(found, key=lambda one: one.number)]


def assembled(
    wanted: Sequence[Priceable], period: Period, house: House, client: Client | None = None
) -> dict[Client, Bill]:
    """Contracts priced, corrections of closed months added to the part of the same contract."""
    owners = {one.terms.client for one in wanted} if client else None
    quantities = measured([one.terms for one in wanted], period, house, owners)
    parts = priced_parts(wanted, period, house, quantities)
    corrected = corrections(period, house, client)
    missing = set(corrected) - {one.pk for one in parts}
    for alone in Client.objects.filter(pk__in=missing) if missing else ():
        parts[alone] = []
    return {
        one: put_together(one, period, with_corrections(own, corrected.get(one.pk, [])), house)
        for one, own in parts.items()
    }


def with_corrections(parts: Sequence[BilledContract], corrected: Sequence[BilledContract]) -> list[BilledContract]:
    """Corrections behind the lines of the same contract; of contracts without a part, a part of their own."""
    found = list(parts)
    places = {part.contract: place for place, part in enumerate(found)}
    for part in corrected:
        if (place := places.get(part.contract)) is None:
            places[part.contract] = len(found)
            found.append(part)
        else:
            found[place] = replace(found[place], lines=(*found[place].lines, *part.lines))
    return found


def is_frozen(period: Period) -> bool:
    """Whether the month is closed. One that was closed before bills were kept, and has none, is priced as it is."""
    closed = ClosedMonth.objects.filter(month=period.key).exists()
    return closed and FrozenBill.objects.filter(month=period.key).exists()


def frozen_bill(client: Client, period: Period) -> Bill:
    row = FrozenBill.objects.filter(client=client, month=period.key).select_related("client").first()
    if row is None:
        return put_together(client, period, (), House.of(operator()))
    return bill_read(row, row.parts.order_by("position"), period.zone)


def frozen_bills(period: Period, clients: Sequence[int] | None = None) -> list[Bill]:
    """clients: of these (ids) only."""
    rows = FrozenBill.objects.filter(month=period.key).select_related("client").order_by("client__number")
    kept = FrozenPart.objects.filter(bill__month=period.key).order_by("bill", "position")
    if clients is not None:
        rows, kept = rows.filter(client__in=clients), kept.filter(bill__client__in=clients)
    parts: dict[int, list[FrozenPart]] = defaultdict(list)
    for part in kept:
        parts[part.bill_id].append(part)
    return [bill_read(row, parts[row.pk], period.zone) for row in rows]


def preview(client: Client, period: Period, tariff: Tariff | TariffVersion) -> Bill:
    """The bill of a month as if the client's contract of that service had been at another tariff, or at this version.

    The other contracts are as they are, corrections are left out. Of a closed month too. A version need not be stored:
    a draft with `tariff` and `draft_items` (a list of Item) prices alike.
    Refused where the client has no contract of that service in the month, or an item lacks a price.
    """
    house = House.of(operator())
    wanted = previews.at_tariff(client, period, tariff)
    quantities = measured([one.terms for one in wanted], period, house, [client.pk])
    parts = priced_parts(wanted, period, house, quantities)
    return put_together(client, period, parts.get(client, []), house)


def expected(client: Client, period: Period, now: datetime) -> Expected:
    """What the client must at least expect at the end of the month: usage so far and fees bound by notice."""
    if is_frozen(period):
        made = frozen_bill(client, period)
    else:
        house = House.of(operator())
        wanted = [replace(one, terms=bound(one, now)) for one in priceable(period, client)]
        made = assembled(wanted, period, house, client).get(client) or put_together(client, period, (), house)
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for line in made.lines:
        sums[kind_of(line)] += line.amount
    return Expected(made, now, sums["usage"], sums["fees"], sums["limits"], sums["corrections"])


def bound(one: Priceable, now: datetime) -> Terms:
    """The terms as if notice were given today: what still is billed cannot be escaped any more."""
    today, terms = local_day(now), one.terms
    if one.contract.end is not None or one.contract.start > today:
        return terms
    bookings = [
        Booking(Meter(row.meter), row.quantity, row.first_day, until(row, today), row.text)
        for row in booked(one.contract)
        if row.meter != Meter.OTHER_SERVICE
    ]
    entered = [booking for booking in terms.bookings if booking.meter == Meter.OTHER_SERVICE]
    return replace(terms, end=contract_end(one.contract, today), bookings=(*bookings, *entered))


def until(row: BookingRow, today: date) -> date:
    """The last day of a booking if it were cancelled today."""
    end = booking_end(row, today)
    return min(row.last_day or end, end)


def kind_of(line: BillLine) -> str:
    """To which sum of a cost summary a line belongs."""
    if line.correction_of:
        return "corrections"
    reason = line.because.get("reason")
    if reason in (Reason.COST_LIMIT, Reason.MINIMUM_REVENUE):
        return "limits"
    return "usage" if reason == Reason.USAGE else "fees"

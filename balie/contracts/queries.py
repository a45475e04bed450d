"""Reads over contracts: who has which when, what follows what, what is booked, and when it would end."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import F, Q, QuerySet

from balie.accounts.models import Client
from balie.contracts.models import Booking, Contract
from balie.rules.meter import Meter
from balie.rules.notice import end_of_notice
from balie.rules.period import Period
from balie.tariffs.models import Tariff, TariffVersion
from balie.tariffs.queries import next_month, opened_by, tariff_typed, version_on

DAY = timedelta(days=1)


def contracts_between(first: date, last: date) -> QuerySet[Contract]:
    """Contracts with any day within these local days, both included."""
    running = Q(end=None) | Q(end__gte=first)
    return Contract.objects.filter(running, start__lte=last).select_related("client", "tariff")


def clients_between(first: date, last: date) -> QuerySet[Client]:
    """Clients that had a contract on any of these local days, by number."""
    return Client.objects.filter(contracts__in=contracts_between(first, last)).distinct().order_by("number")


def contracts_of(client: Client) -> QuerySet[Contract]:
    """All contracts of a client, the earliest first."""
    return Contract.objects.filter(client=client).select_related("tariff").order_by("start", "service")


def contract_on(client: Client, service: str, day: date) -> Contract | None:
    """The contract by which a client has a service on a day."""
    return contracts_between(day, day).filter(client=client, service=service).first()


def following(client: Client, service: str, day: date) -> Contract | None:
    """The contract by which a client has a service on a day, else the first one after it."""
    later = Contract.objects.filter(Q(end=None) | Q(end__gte=day), client=client, service=service)
    return later.select_related("client", "tariff").order_by("start").first()


def coming_change(client: Client, service: str, day: date) -> Contract | None:
    """The contract that will continue an earlier one and has not begun on this day: a change that can be undone."""
    own = Contract.objects.filter(client=client, service=service, start__gt=day).select_related("client", "tariff")
    return next((row for row in own.order_by("start") if continued_by(row)), None)


def continued_by(contract: Contract) -> Contract | None:
    """The contract of the same client and service that ends the day before this one begins (rating 8)."""
    before = Contract.objects.filter(client=contract.client_id, service=contract.service, end=contract.start - DAY)
    return before.select_related("client", "tariff").first()


def tariff_wanted(client: Client, service: str, code: str, *, day: date) -> Tariff:
    """The tariff a code names for a change on this day: what the client has, or will have then, else what it may take.

    Refused with the same words for an unknown code and for one that is not for this client (any more).
    """
    typed = tariff_typed(code)
    standing = following(client, service, next_month(day)) if typed else None
    before = continued_by(standing) if standing else None
    has = {row.tariff_id for row in (standing, before) if row and (row.end is None or row.end >= day)}
    if typed and typed.pk in has and typed.client_id in (None, client.pk):
        return typed
    return opened_by(code, client=client, day=day)


def change_document(contract: Contract) -> dict[str, Any]:
    """What a change of tariff came to, as JSON."""
    return {"contract": contract.pk, "tariff": contract.tariff.code, "from": contract.start.isoformat()}


def first_starts(contracts: Iterable[Contract]) -> dict[int, date]:
    """Per contract (id) the start of the first of those it continues without a day between (rating 8). One query."""
    wanted = list(contracts)
    clients = {contract.client_id for contract in wanted}
    rows = Contract.objects.order_by("client_id", "service", "start", "pk")
    own = rows.filter(client__in=clients) if len(clients) <= FEW else rows
    found: dict[int, date] = {}
    listed = own.values_list("client_id", "service", "pk", "start", "end")
    for _, chained in groupby(listed, key=lambda row: row[:2]):
        ends: dict[date, date] = {}  # the last day of a contract -> when its chain began
        for _client, _service, pk, start, end in chained:
            found[pk] = ends.get(start - DAY, start)
            if end:
                ends[end] = found[pk]
    return {contract.pk: found[contract.pk] for contract in wanted}


FEW = 500  # clients beyond which reading everybody's rows is faster than naming them


def chain(contract: Contract) -> list[Contract]:
    """The contracts that lead to this one without a day between, the earliest first, itself last."""
    found = [contract]
    while before := continued_by(found[0]):
        found.insert(0, before)
    return found


def booked(contract: Contract, *, day: date | None = None) -> list[Booking]:
    """What is booked on a contract, or what of it runs on a day; by meter and first day."""
    rows = Booking.objects.filter(contract=contract).order_by("meter", F("first_day").asc(nulls_first=True), "pk")
    return [row for row in rows if day is None or runs_on(row, day)]


def runs_on(booking: Booking, day: date) -> bool:
    return (booking.first_day or date.min) <= day <= (booking.last_day or date.max)


def entries(contract: Contract) -> list[Booking]:
    """Other services entered by hand, the latest first."""
    rows = Booking.objects.filter(contract=contract, meter=Meter.OTHER_SERVICE, first_day=F("last_day"))
    return list(rows.order_by("-first_day", "-pk"))


def contract_end(contract: Contract, received: date) -> date:
    """The last day of a contract when notice is received on a day (rating 26). Nothing is written."""
    version = terms_on(contract, received)
    first_start = first_starts([contract])[contract.pk]
    return end_of_notice(version.notice if version else "monthly", received, first_start, contract.start)


def booking_end(booking: Booking, received: date) -> date:
    """The last day of a booking when it is cancelled on a day: by its own notice, its item's, else the tariff's.

    Its terms count from its own first day, also where the tariff was changed since; it ends with its contract at last.
    """
    contract = booking.contract
    begin = booking_since(booking)
    end = end_of_notice(booking_notice(booking, received), received, begin, begin)
    return min(end, contract.end or end)


def booking_notice(booking: Booking, day: date) -> str:
    """How a booking is cancelled: none, monthly or yearly."""
    if booking.notice:
        return booking.notice
    version = terms_on(booking.contract, day)
    if version is None:
        return "monthly"
    own = version.items.filter(meter=booking.meter).exclude(notice="").order_by("position").first()
    return own.notice if own else version.notice


def booking_since(booking: Booking) -> date:
    """The first day of what was booked, before any change of tariff."""
    begin = booking.first_day or booking.contract.start
    while begin == booking.contract.start and (before := continued_by(booking.contract)):
        same = Booking.objects.filter(contract=before, meter=booking.meter, text=booking.text, notice=booking.notice)
        earlier = same.filter(Q(last_day=None) | Q(last_day__gte=before.end)).order_by("pk").first()
        if earlier is None:
            break
        booking, begin = earlier, earlier.first_day or before.start
    return begin


def terms_on(contract: Contract, day: date) -> TariffVersion | None:
    """What a contract's tariff says on a day, before its start as on it, after its end as at the end."""
    within = min(max(day, contract.start), contract.end or date.max)
    return version_on(contract.tariff, within)


def billed_months(closed: Collection[int], first: date | None, last: date | None) -> list[int]:
    """The closed months (keys, 202610) with any day within these, both included and open where None."""
    begin, end = first or date.min, last or date.max
    months = (Period(key // 100, key % 100) for key in sorted(closed))
    return [month.key for month in months if month.first_day <= end and begin <= month.last_day]

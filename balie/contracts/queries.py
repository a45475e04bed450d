"""Reads over contracts: who has which when, what follows what, what is booked, and when it would end."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.calls.models import Call
from balie.contracts.models import Booking, Cancellation, CancellationRequest, Contract, Order
from balie.numbers.models import Assignment, Number
from balie.numbers.queries import free_numbers, in_force, numbers_of
from balie.operator.queries import operator
from balie.rules.activation import UNDER_WAY, UNFINISHED, Status
from balie.rules.call import Direction
from balie.rules.errors import Refused
from balie.rules.notice import end_of_notice
from balie.rules.period import Period
from balie.rules.phone import e164
from balie.tariffs.models import Tariff, TariffVersion
from balie.tariffs.queries import local_day, next_month, opened_by, tariff_typed, version_on
from balie.tariffs.words import SERVICES

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
    for _key, chained in groupby(listed, key=lambda row: row[:2]):
        ends: dict[date, date] = {}  # the last day of a contract -> when its chain began
        for _client, _service, pk, start, end in chained:
            found[pk] = ends.get(start - DAY, start)
            if end:
                ends[end] = found[pk]
    return {contract.pk: found[contract.pk] for contract in wanted}


FEW = 500  # clients beyond which reading everybody's rows is faster than naming them


def first_of_chain(contract: Contract) -> Contract:
    """The contract with which the service began that this one continues."""
    while before := continued_by(contract):
        contract = before
    return contract


def last_of_chain(contract: Contract) -> Contract:
    """The contract that this one leads to without a day between; itself where it goes on, or just ends."""
    after = Contract.objects.select_related("client", "tariff")
    while contract.end:
        following_one = after.filter(
            client=contract.client_id, service=contract.service, start=contract.end + DAY
        ).first()
        if following_one is None:
            break
        contract = following_one
    return contract


def booked(contract: Contract, *, day: date | None = None) -> list[Booking]:
    """What is booked on a contract, or what of it runs on a day; by meter and first day."""
    rows = Booking.objects.filter(contract=contract).order_by("meter", F("first_day").asc(nulls_first=True), "pk")
    return [row for row in rows if day is None or runs_on(row, day)]


def runs_on(booking: Booking, day: date) -> bool:
    return (booking.first_day or date.min) <= day <= (booking.last_day or date.max)


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


def order_under_way(client: Client, service: str) -> Order | None:
    """The order of this service that is not finished: its service does not work yet, or no call has come."""
    return orders().filter(client=client, service=service, status__in=UNDER_WAY).first()


def order_of_key(key: str, client: Client, tariff: Tariff | None) -> Order | None:
    """The order a program placed with this key. Refused where it was another client's, or of another tariff: the
    program means another order, and would take this one for it."""
    found = orders().filter(key=key).first() if key else None
    if found and found.client_id != client.pk:
        raise Refused("key_used", _("This key was used for another client's order."), "key")
    if found and (tariff is None or found.tariff_id != tariff.pk):
        raise Refused("key_used", _("This key was used for an order of another tariff."), "key")
    return found


def orders() -> QuerySet[Order]:
    """All orders with what a list shows of them, the latest first."""
    return Order.objects.select_related("client", "tariff", "contract", "number", "user")


def orders_due(now: datetime) -> QuerySet[Order]:
    """Orders with a step to try: those whose pause is over, and those without a number as soon as one is free."""
    waiting = Q(due__lte=now) & ~Q(status=Status.WAITING, number=None)
    if in_turn := list(without_number().values_list("pk", flat=True)):
        # As many as can have one, the first that waited first: a worker takes any of those it is given.
        waiting |= Q(pk__in=in_turn[: free_numbers(local_day(now)).count()])
    return orders().filter(waiting, status__in=UNFINISHED)


def without_number() -> QuerySet[Order]:
    """Orders that wait for a number, in their turn."""
    return Order.objects.filter(status=Status.WAITING, number=None, parked="").order_by("placed", "pk")


def orders_with_a_call() -> QuerySet[Order]:
    """Orders that are ready and whose number has been called since they were placed."""
    called = Call.objects.filter(
        client=OuterRef("client"),
        callee=OuterRef("number__number"),
        direction=Direction.INBOUND,
        start__gte=OuterRef("placed"),
    )
    return orders().filter(Exists(called), status=Status.READY)


def was_called(order: Order) -> bool:
    """Whether the order's number was called since the order was placed."""
    calls = Call.objects.filter(client=order.client_id, direction=Direction.INBOUND, start__gte=order.placed)
    return order.number is not None and calls.filter(callee=order.number.number).exists()


def orders_over(today: date) -> QuerySet[Order]:
    """Orders that are ready and whose service is over: no call ever came."""
    goes_on = Contract.objects.filter(Q(end=None) | Q(end__gte=today))  # maybe at another tariff by now
    goes_on = goes_on.filter(client=OuterRef("client"), service=OuterRef("service"))
    return orders().filter(~Exists(goes_on), status=Status.READY)


def orders_to_remove(now: datetime) -> QuerySet[Order]:
    """Orders whose number the phone system should forget: taken back, or the number is the client's no longer.

    Not those whose client got the same number again: that is a matter of its later order.
    """
    day = local_day(now)
    still = Assignment.objects.filter(Q(last_day=None) | Q(last_day__gte=day))
    still = still.filter(number=OuterRef("number"), client=OuterRef("client"))
    over = Q(status=Status.WITHDRAWN) | (Q(status__in=(Status.READY, Status.ACTIVE, Status.ENDED)) & ~Exists(still))
    again = Order.objects.filter(number=OuterRef("number"), client=OuterRef("client"), pk__gt=OuterRef("pk"))
    return orders().filter(over, ~Exists(again), removed=None, due__lte=now).exclude(number=None)


def order_document(order: Order) -> dict[str, Any]:
    """An order as JSON: its status, its number (null while none is free) and its history."""
    return {
        "order": order.reference,
        "status": str(order.status),
        "number": order.number.number if order.number else None,
        "history": [{"status": step.status, "at": step.at.isoformat()} for step in order.steps.all()],
    }


def cancellation_of(contract: Contract) -> Cancellation | None:
    """The notice that was given of a contract and stands."""
    return Cancellation.objects.filter(contract=contract, withdrawn=None).select_related("client").first()


def ended_with_service() -> set[int]:
    """Assignments (ids) of numbers that a notice which stands has ended, or will."""
    rows = Cancellation.objects.filter(withdrawn=None).values_list("assignments", flat=True)
    return {pk for row in rows for pk in row}


def standing_notice(client: Client, service: str, received: date) -> Contract | None:
    """The contract that a notice of this very day ended, or will: what the same notice again is about."""
    same = Cancellation.objects.filter(client=client, service=service, received=received, withdrawn=None)
    found = same.exclude(contract=None).select_related("contract__client", "contract__tariff").order_by("-pk").first()
    return found.contract if found else None


def cancel_document(contract: Contract) -> dict[str, Any]:
    """What a cancellation came to, as JSON."""
    return {"contract": contract.pk, "ends": contract.end.isoformat() if contract.end else None}


def order_by_reference(reference: str) -> Order:
    """The order with this order number (2026-00017). Refused when there is none."""
    _year, _dash, number = reference.strip().partition("-")
    found = orders().filter(pk=int(number)).first() if number.isascii() and number.isdigit() else None
    if found is None or found.reference != reference.strip():
        raise Refused("unknown_order", _("There is no order with this number."), "order")
    return found


def end_if_cancelled(client: Client, service: str, received: date, *, today: date) -> date | None:
    """The last day of a service if notice of it, received on a day, were carried out today (see `cancel_service`).

    None where it does not go on beyond that day anyhow. Nothing is written.
    """
    contract = following(client, service, today) or following(client, service, received)
    if contract is None:
        return None
    ends, last = contract_end(contract, received), last_of_chain(contract)
    return None if last.end and last.end <= ends else ends


def client_who_cancels(identified: str, email: str, day: date) -> Client | None:
    """The client with exactly this number, or to whom this telephone number belongs on a day, if the email address is
    its own or an owner's: members cancel nothing."""
    found = client_meant(identified.strip(), day)
    if found is None:
        return None
    own = found.email.lower() == email.strip().lower() and found.email != ""
    owners = found.users.filter(email__iexact=email.strip(), is_active=True, owner=True)
    return found if own or owners.exists() else None


def client_meant(identified: str, day: date) -> Client | None:
    """By client number, else by a number of the pool in any way of writing it."""
    if found := Client.objects.filter(number=identified).first():
        return found
    assigned = in_force(day).filter(number__number=e164(identified, operator().country))
    return Client.objects.filter(assignments__in=assigned).first()


def requests() -> QuerySet[CancellationRequest]:
    """Notice given without a login, the latest first."""
    return CancellationRequest.objects.select_related("client", "cancellation")


def open_requests() -> QuerySet[CancellationRequest]:
    """Those that wait for the client or for staff, the longest waiting first."""
    return requests().filter(outcome="").order_by("received", "pk")


def likely_clients(request: CancellationRequest, country: str) -> list[Client]:
    """Whose contract a request may be about: by client number, by a number of the pool, by an email address."""
    typed = request.identified.strip()
    by_phone = Q(assignments__number__number=e164(typed, country))
    by_email = Q(email__iexact=request.email) | Q(users__email__iexact=request.email)
    found = Client.objects.filter(Q(number=typed) | by_phone | by_email).distinct().order_by("number")
    return list(found[:MOST_LIKELY])


MOST_LIKELY = 5


def has_number(order: Order, day: date) -> bool:
    """Whether the order's number is still its client's on a day: it may be somebody else's by now."""
    return order.number_id is not None and in_force(day).filter(number=order.number_id, client=order.client_id).exists()


def services() -> list[str]:
    """Every service there is, the known ones first; their names are in balie.tariffs.words."""
    return [*dict.fromkeys((*SERVICES, *Tariff.objects.order_by("service").values_list("service", flat=True)))]


def ready_numbers(client: Client, day: date) -> QuerySet[Number]:
    """The numbers a client can divert its calls to on a day: without those an order is not done with yet."""
    not_yet = Order.objects.filter(client=client, status__in=UNFINISHED, number__isnull=False)
    return numbers_of(client, day).exclude(pk__in=not_yet.values("number"))

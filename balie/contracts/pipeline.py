"""Orders and cancellations as staff see them: lists, how many are where and since when, how long orders take."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Case, Count, DateTimeField, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from balie.accounts.models import Client
from balie.contracts.models import Cancellation, Contract, Order, OrderStep
from balie.contracts.queries import contract_end, following, last_of_chain
from balie.contracts.queries import orders as all_orders
from balie.notifications.models import Mail
from balie.numbers.models import ManualRoute, Number
from balie.numbers.switches.manual import asked
from balie.rules.activation import TELEPHONE, UNDER_WAY, UNFINISHED, Status
from balie.rules.stopwatch import Leg, legs

UNDER_WAY_ALL = "under_way"  # a filter: every status of UNDER_WAY
ORDERS = {
    "placed": "placed",
    "client": "client__name",
    "number": "number__number",
    "tariff": "tariff__code",
    "status": "place",
    "since": "since",
}
CANCELLATIONS = {
    "received": "received",
    "ends": "ends",
    "client": "client__name",
    "service": "service",
    "at": "at",
}
STATES = ("coming", "over", "withdrawn")  # of a cancellation
Row = TypeVar("Row", Order, Cancellation)


def orders(*, search: str = "", status: str = "", order: str = "-placed") -> QuerySet[Any]:
    """Orders with `since` (when they reached their status), narrowed and in order.

    search: words, each in the order number, the client, the tariff's code or the number; status: one of Status or
    UNDER_WAY_ALL; order: one of ORDERS, `-` before it turns it round.
    """
    steps = OrderStep.objects.filter(order=OuterRef("pk")).order_by("-at", "-pk")
    place = Case(*[When(status=one, then=Value(at)) for at, one in enumerate(Status)], output_field=IntegerField())
    since = Subquery(steps.values("at")[:1], output_field=DateTimeField())
    found = all_orders().annotate(since=since, place=place)
    if status == UNDER_WAY_ALL:
        found = found.filter(status__in=UNDER_WAY)
    elif status in set(Status):
        found = found.filter(status=status)
    for word in search.split():
        found = found.filter(of_order(word))
    return sorted_by(found, ORDERS, order)


def of_order(word: str) -> Q:
    year, dash, number = word.partition("-")
    asked_for = of_client(word) | Q(tariff__code__icontains=word) | Q(number__number__contains=word.lstrip("0") or word)
    if number.isascii() and number.isdigit() and dash and len(year) == 4 and len(number) < 10:
        asked_for |= Q(pk=int(number))
    return asked_for


def of_client(word: str) -> Q:
    return Q(client__name__icontains=word) | Q(client__number__iexact=word) | Q(client__email__icontains=word)


def counts() -> dict[Status, int]:
    """How many orders are in each status."""
    rows = dict(Order.objects.order_by().values_list("status").annotate(n=Count("pk")))
    return {status: rows.get(status, 0) for status in Status}


def under_way() -> QuerySet[Order]:
    """Orders whose service does not work yet, those that wait first, then the oldest."""
    waits = Case(When(status=Status.WAITING, then=Value(0)), default=Value(1))
    return all_orders().filter(status__in=UNFINISHED).order_by(waits, "placed", "pk")


def orders_of(number: Number) -> QuerySet[Order]:
    """The orders a number was claimed for, the latest first."""
    return all_orders().filter(number=number)


def mails_of(order: Order) -> QuerySet[Mail]:
    """What was written about an order, to whom, in order; their texts left out."""
    about = f"client:{order.client.number}"
    rows = Mail.objects.filter(about=about, key__startswith=f"order:{order.pk}:").defer("text", "html")
    return rows.order_by("created", "pk")


def asked_for(order: Order) -> ManualRoute | None:
    """What staff are asked to do by hand for an order."""
    if order.number is None:
        return None
    return asked().filter(number=order.number.number, client=order.client.number).first()


def times(since: datetime) -> dict[Leg, list[float]]:
    """The seconds of every part of the way of the telephone orders placed since then. One query and one of steps."""
    found: dict[Leg, list[float]] = {leg: [] for leg in Leg}
    placed = Order.objects.filter(service=TELEPHONE, placed__gte=since)
    for order in placed.only("placed").prefetch_related("steps"):
        for leg, seconds in legs(order.placed, [(step.status, step.at) for step in order.steps.all()]).items():
            found[leg].append(seconds)
    return found


@dataclass(frozen=True)
class Ending:
    """What notice of a service would do. stands: it ends no later already, so nothing would change."""

    contract: Contract
    ends: date
    stands: bool


def ending(client: Client, service: str, received: date, *, today: date) -> Ending | None:
    """When a service would end, were notice of it received on a local day; None where there is nothing to end."""
    contract = following(client, service, today) or following(client, service, received)
    if contract is None:
        return None
    ends, last = contract_end(contract, received), last_of_chain(contract)
    stands = last.end is not None and last.end <= ends
    return Ending(contract, last.end if stands and last.end else ends, stands)


@dataclass(frozen=True)
class Notices:
    """Which cancellations are wanted; days included on both sides."""

    search: str = ""
    state: str = ""  # one of STATES
    service: str = ""
    since: date | None = None
    until: date | None = None


def cancellations(today: date, wanted: Notices | None = None, order: str = "-at") -> QuerySet[Cancellation]:
    """Cancellations, narrowed and in order: one of CANCELLATIONS, `-` before it turns it round.

    search: words, each in the client or the reason; since and until: when they were received.
    """
    wanted = wanted or Notices()
    found = Cancellation.objects.select_related("client", "contract__tariff")
    for word in wanted.search.split():
        found = found.filter(of_client(word) | Q(reason__icontains=word))
    conditions = {
        "service": wanted.service or None,
        "received__gte": wanted.since,
        "received__lte": wanted.until,
    }
    found = found.filter(**{name: value for name, value in conditions.items() if value})
    return sorted_by(in_state(found, wanted.state, today), CANCELLATIONS, order)


def in_state(rows: QuerySet[Cancellation], state: str, today: date) -> QuerySet[Cancellation]:
    """coming: the service still runs; over: it has ended; withdrawn: the notice was taken back."""
    if state == "withdrawn":
        return rows.exclude(withdrawn=None)
    if state in STATES:
        ended = Q(ends__lt=today)
        return rows.filter(ended if state == "over" else ~ended, withdrawn=None)
    return rows


def state_counts(today: date) -> dict[str, int]:
    """How many cancellations are in each state."""
    rows = Cancellation.objects.order_by()
    return {state: in_state(rows, state, today).count() for state in STATES}


def sorted_by(rows: QuerySet[Row], by: Mapping[str, str], order: str) -> QuerySet[Row]:
    """In the order asked for; equals by their age, the latest first."""
    name = by[order.removeprefix("-")]
    first = F(name).desc(nulls_last=True) if order.startswith("-") else F(name).asc(nulls_last=True)
    return rows.order_by(first, "-pk")

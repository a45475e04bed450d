"""An order is placed, or taken back before its service works."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.invitations import is_staff
from balie.accounts.models import Client, User
from balie.contracts import letters
from balie.contracts.actions.change import hold
from balie.contracts.actions.put import about, refuse_overlaps
from balie.contracts.models import Contract, Order, OrderStep
from balie.contracts.queries import (
    DAY,
    following,
    order_of_key,
    order_under_way,
    orders_over,
    without_number,
)
from balie.leases.faults import fault
from balie.numbers.actions import claim_number, end_assignments
from balie.numbers.queries import free_numbers
from balie.operator.actions import Author, write_log
from balie.operator.written import long_day
from balie.rules.activation import NEEDS_NUMBER, UNFINISHED, Status, first_status
from balie.rules.errors import Refused
from balie.tariffs.actions import take_back_use, use_code
from balie.tariffs.models import CodeUse, Tariff
from balie.tariffs.queries import local_day, no_such_code, version_on

MOST_OPEN = 3  # orders of one client whose service does not work yet
MOST_A_DAY = 5


@dataclass(frozen=True)
class Wish:
    """What an order says beside its tariff. user: who gets the mails beside the client's own address. key: of a program
    that may ask twice. terms: the version that was accepted, just now.
    """

    user: User | None = None
    key: str = ""
    terms: str = ""


@transaction.atomic
def place_order(*, client: Client, tariff: Tariff, wish: Wish | None = None, author: Author) -> Order:
    """The client orders the tariff's service: a contract from today, a number where it needs one, the mails.

    An order under way for that service is returned instead of a second one; so is the order of the same key. Refused
    where the client has the service already, and in the same words as an unknown code for a tariff it may not take.
    """
    wish = wish or Wish()
    hold(client)
    today = local_day(author.now)
    end_orders(today=today, now=author.now, client=client)
    standing = order_of_key(wish.key, client, tariff) or order_under_way(client, tariff.service)
    if standing:
        return remembered(standing, wish.key)
    refuse_second(client, tariff.service, today)
    refuse_too_many(client, author)
    contract = new_contract(client, tariff, today, author)
    number = claim_number(client=client, day=today) if gets_number(tariff.service, today) else None
    order = Order.objects.create(
        client=client, service=tariff.service, tariff=tariff, contract=contract, number=number,
        status=first_status(tariff.service, claimed=number is not None), placed=author.now, due=author.now,
        by=author.who, user=wish.user, key=wish.key or None,
        terms=wish.terms, terms_accepted=author.now if wish.terms else None,
    )  # fmt: skip
    OrderStep.objects.create(order=order, status=order.status, at=author.now)
    log("order.placed", order, author, tariff=tariff.code)
    letters.tell_operator(order, now=author.now)
    letters.tell_status(order, now=author.now)
    if order.status == Status.WAITING:
        letters.tell_staff(order, letters.no_number(), now=author.now)
    fault("order-placed")
    return order


def remembered(order: Order, key: str) -> Order:
    """The order, known by this key from now on where it has none: asked for once more when it is over, it is this."""
    if key and order.key is None:
        order.key = key
        order.save(update_fields=["key"])
    return order


def refuse_too_many(client: Client, author: Author) -> None:
    """Each order claims a number and writes mails: a client's own users place a few at a time and a few a day.

    Whoever signs up is nobody's client yet. Staff and programs are not counted.
    """
    if is_staff(author):
        return
    own = Order.objects.filter(client=client)
    if own.filter(status__in=UNFINISHED).count() >= MOST_OPEN:
        said = _("Several of your orders are under way. Wait until they are ready, or call us.")
        raise Refused("too_many_tries", said, "order")
    if own.filter(placed__gt=author.now - DAY).count() >= MOST_A_DAY:
        raise Refused("too_many_tries", _("You ordered several times today. Go on tomorrow, or call us."), "order")


def gets_number(service: str, day: date) -> bool:
    """Whether a new order may take a number: nobody comes before those who wait for one already."""
    if service not in NEEDS_NUMBER:
        return False
    waiting = without_number().count()
    return not waiting or free_numbers(day).count() > waiting


def refuse_second(client: Client, service: str, today: date) -> None:
    """Refused where the client has this service on a day, or later."""
    if standing := following(client, service, today):
        last = Contract.objects.filter(client=client, service=service).latest("start")
        if last.end:
            said = _(
                "%(client)s has this service until %(day)s. Order it again after that, or take the cancellation back."
            )
            raise Refused("service_exists", said % {"client": client, "day": long_day(last.end)}, "service")
        said = _("%(client)s has this service already, since %(day)s; change its tariff instead.")
        raise Refused("service_exists", said % {"client": client, "day": long_day(standing.start)}, "service")


def new_contract(client: Client, tariff: Tariff, day: date, author: Author) -> Contract:
    """The contract an order leads to. Refused where the tariff has no prices on that day, or is another client's."""
    if tariff.client_id not in (None, client.pk):
        raise no_such_code()
    if version_on(tariff, day) is None:
        raise Refused("no_version", _("This tariff has no prices on that day."), "tariff")
    contract = Contract(client=client, service=tariff.service, tariff=tariff, start=day)
    use_code(tariff=tariff, client=client, kind="order", about=about(contract), author=author)
    contract.save()
    refuse_overlaps({client.pk}, lambda row: "tariff" if row.pk == contract.pk else "")
    return contract


@transaction.atomic
def withdraw_order(*, order: Order, author: Author) -> Order:
    """Takes an order back whose service does not work yet: nothing is billed. Its number is free again once the phone
    system forgot it (`record_removed`), and rests where it was called.

    Taken back already: as it stands. Refused once it is ready; then the service is cancelled instead.
    """
    hold(order.client)
    held = Order.objects.select_for_update(of=("self",)).select_related("client", "contract").get(pk=order.pk)
    if held.status == Status.WITHDRAWN:
        return held
    if held.status not in UNFINISHED:
        raise Refused("order_ready", _("This order is ready; cancel the service instead."), "order")
    finish(held, now=author.now)
    log("order.withdrawn", held, author)
    return held


def finish(held: Order, *, now: datetime) -> None:
    """An order ends without a service. The contract goes with it: none of its days is billed.

    A worker that is at it keeps its lease and can record nothing more: what it does to the phone system meanwhile is
    undone after it.
    """
    if held.contract:
        give_up(held.contract, Author(held.by, now))
        held.contract = None
    if held.number_id:
        end_assignments(client=held.client, last_day=local_day(now), numbers=[held.number_id])
    values = {"status": Status.WITHDRAWN, "contract": None, "parked": "", "problem": "", "due": now}
    Order.objects.filter(pk=held.pk).update(**values)
    OrderStep.objects.create(order=held, status=Status.WITHDRAWN, at=now)
    held.status = Status.WITHDRAWN
    letters.tell_status(held, now=now)
    fault("order-withdrawn")


def give_up(contract: Contract, author: Author) -> None:
    """A contract is as if it had never been, and so are those at another tariff that would have continued it."""
    row: Contract | None = contract
    while row:
        after = continued_in(row)
        take_back_use(about=about(row), author=author)
        row.delete()
        row = after


def continued_in(contract: Contract) -> Contract | None:
    """The contract that begins the day after this one ends."""
    if contract.end is None:
        return None
    after = Contract.objects.filter(client=contract.client_id, service=contract.service, start=contract.end + DAY)
    return after.select_related("client").first()


@transaction.atomic
def end_orders(*, today: date, now: datetime, client: Client | None = None) -> int:
    """Orders whose service was over before a call came are ended; how many. The client knows: it gave notice."""
    over = orders_over(today)
    found = list(over.filter(client=client) if client else over)
    for order in found:
        if Order.objects.filter(pk=order.pk, status=Status.READY).update(status=Status.ENDED):
            OrderStep.objects.create(order=order, status=Status.ENDED, at=now)
    return len(found)


def begin_later(*, today: date, author: Author) -> int:
    """Contracts of orders whose service does not work yet begin today at the earliest; how many were moved.

    A client pays from the day it is ready. One whose contract was ended meanwhile for a day that is past gets no
    service any more: the order is taken back. Each in a transaction of its own: nobody waits for all of them.
    """
    late = Order.objects.filter(status__in=UNFINISHED, contract__start__lt=today).select_related("client")
    for found in late:
        with transaction.atomic():
            hold(found.client)
            order = Order.objects.select_for_update(of=("self",)).select_related("client", "contract").get(pk=found.pk)
            if order.status in UNFINISHED and order.contract and order.contract.start < today:
                move(order, order.contract, today, author)
    return len(late)


def move(order: Order, contract: Contract, day: date, author: Author) -> None:
    """One contract begins later; where it goes on at another tariff by then, that one is the order's."""
    while contract.end and contract.end < day:
        following_one = continued_in(contract)
        if following_one is None:
            finish(order, now=author.now)
            return
        Order.objects.filter(pk=order.pk).update(contract=following_one)
        take_back_use(about=about(contract), author=author)
        contract.delete()
        contract = order.contract = following_one
    if contract.start >= day:
        return
    old = about(contract)
    contract.start = day
    contract.save(update_fields=["start"])
    CodeUse.objects.filter(about=old).update(about=about(contract))


def log(deed: str, order: Order, author: Author, **details: object) -> None:
    """One entry of the log about an order, at its client."""
    write_log(
        author=author,
        deed=deed,
        about=f"client:{order.client.number}",
        details={"order": order.reference, "service": order.service, **details},
    )

"""Who came and who went lately: a former client that ordered again, one that gave notice, one that was won back."""

from datetime import datetime, timedelta

from balie.accounts.queries import client_by_number
from balie.contracts.actions import Wish, cancel_service, place_order, reach
from balie.contracts.models import Cancellation, Order
from balie.contracts.queries import orders_due
from balie.controlling.models import WinBackOffer
from balie.controlling.offers import LINK
from balie.controlling.win_back import accept_win_back, offer_best
from balie.controlling.winning import cases, look_after
from balie.demo.offers import MANAGER, WATCH
from balie.leases import actions as leases
from balie.numbers.switches import Route
from balie.numbers.switches.fake import Fake
from balie.operator.actions import Author
from balie.rules.activation import TELEPHONE, Status
from balie.tariffs.queries import tariff_by_code

ORDERED = timedelta(hours=26)  # ago, as the others
GAVE_NOTICE, OFFERED, STAYED = timedelta(days=20), timedelta(days=14), timedelta(days=12)
LEFT = timedelta(days=5)
BACK, STAYS, LEAVES = "1020", "1035", "1022"  # numbers of clients
SECOND = timedelta(seconds=1)


def order(now: datetime) -> None:
    """A hairdresser that had left opens again; its number is ready three seconds later. Done once."""
    client = client_by_number(BACK)
    if Order.objects.filter(client=client).exists():
        return
    author = Author(client.name, now)
    place_order(client=client, tariff=tariff_by_code("BASIS"), wish=Wish(), author=author)
    row = leases.claim(orders_due(now), now=now, length=timedelta(minutes=2))
    assert row and row.number
    system, route = Fake(), Route(row.number.number, client.number, client.name, row.reference)
    system.configure(route)
    reach(order=row, status=Status.CONFIGURED, now=now + 2 * SECOND)
    system.prove(route)
    reach(order=row, status=Status.READY, now=now + 3 * SECOND)
    leases.give_back(row)


def give_notice(now: datetime) -> None:
    """A mover that moves less. The same notice again is the one that stands."""
    client = client_by_number(LEAVES)
    said = "We doen minder verhuizingen en nemen zelf weer op."
    cancel_service(client=client, service=TELEPHONE, reason=said, author=Author(client.name, now))


def give_notice_too_soon(now: datetime) -> None:
    """An adviser who finds it dear. Done once."""
    client = client_by_number(STAYS)
    if not Cancellation.objects.filter(client=client).exists():
        cancel_service(
            client=client, service=TELEPHONE, reason="Te duur in de stille maanden", author=Author(client.name, now)
        )


def win_back(now: datetime) -> None:
    """The manager offers that one the tariff that fits best. Done once."""
    look_after(author=Author(WATCH, now))
    for case in cases().filter(client__number=STAYS):
        offer_best(case=case, author=Author(MANAGER, now))


def stay(now: datetime) -> None:
    """It takes the offer by the mail's link. The same again says what stands."""
    for offer in WinBackOffer.objects.filter(case__client__number=STAYS).select_related("case__client"):
        accept_win_back(offer=offer, how=LINK, author=Author(offer.case.client.name, now))

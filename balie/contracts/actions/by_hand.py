"""Staff did by hand in a phone system what an order asked for: the order goes on at once."""

from django.db import transaction

from balie.contracts.actions.activate import try_again
from balie.contracts.models import Order
from balie.numbers.switches.manual import CONFIGURE, confirm_manual
from balie.operator.actions import Author
from balie.rules.activation import UNFINISHED


@transaction.atomic
def confirm_by_hand(*, row: int, author: Author) -> Order | None:
    """What this row (id) of what staff are asked to do was done; the order that was waiting for it, if there is one.

    Refused where it is not asked for any more.
    """
    done = confirm_manual(row=row, author=author)
    waiting = Order.objects.filter(number__number=done.number, client__number=done.client, status__in=UNFINISHED)
    order = waiting.select_related("client").first() if done.deed == CONFIGURE else None
    if order:
        try_again(order=order, author=author)
    return order

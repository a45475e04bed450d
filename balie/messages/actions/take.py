"""What the worker takes to the gateway: written down as `sending` before the line is written to, or given back."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from balie.leases.faults import fault
from balie.messages.models import OptOut, Outgoing, State
from balie.messages.outbox import sms_due


@transaction.atomic
def take(*, now: datetime, most: int) -> list[Outgoing]:
    """So many SMS that are due, marked as on their way; none of them is anybody else's. Empty where none is due.

    Those to numbers that opted out meanwhile are withheld instead.
    """
    rows = list(sms_due(now).select_for_update(skip_locked=True)[:most])
    if not rows:
        return []
    over = opted_out(rows)
    if over:
        reason = _("This number asked for no more SMS.")
        Outgoing.objects.filter(pk__in=over).update(state=State.WITHHELD, reason=reason)
    taken = [row for row in rows if row.pk not in over]
    Outgoing.objects.filter(pk__in=[row.pk for row in taken]).update(
        state=State.SENDING, attempts=F("attempts") + 1, began=Coalesce(F("began"), now)
    )
    for row in taken:
        row.attempts, row.began = row.attempts + 1, row.began or now
    fault("sms-before-taken")
    # Where all of them had opted out, there may be more behind.
    return taken or take(now=now, most=most)


def opted_out(rows: Collection[Outgoing]) -> set[int]:
    """Ids of those to numbers that want no SMS."""
    unwanted = set(OptOut.objects.filter(number__in={row.recipient for row in rows}).values_list("number", flat=True))
    return {row.pk for row in rows if row.recipient in unwanted}


@transaction.atomic
def put_back(rows: Collection[Outgoing]) -> int:
    """SMS that were taken and surely not sent wait again, as if nobody had taken them."""
    own = Outgoing.objects.filter(pk__in=[row.pk for row in rows], state=State.SENDING)
    own.filter(attempts=1).update(began=None)
    return own.update(state=State.WAITING, attempts=F("attempts") - 1)


def left_behind() -> int:
    """To be called by who has just got the line: what is on its way now was taken by a worker that is gone.

    It may have been sent or not; nobody sends it again by itself.
    """
    reason = _("The worker died while it sent this: it may have arrived or not.")
    return Outgoing.objects.filter(state=State.SENDING).update(state=State.UNKNOWN, reason=reason)

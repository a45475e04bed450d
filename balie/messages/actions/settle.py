"""What came of SMS that were given to the gateway, many at once: taken, refused, put off, or nobody knows.

Only an answer of the gateway makes an SMS `sent`; then it stands among the messages, with sums, in one transaction.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from balie.leases.faults import fault
from balie.messages.actions.line import locked_line
from balie.messages.actions.own import stand_as_messages
from balie.messages.actions.receipts import match_strays, record_receipts, retell
from balie.messages.gateways import Accepted, Outcome, Receipt, Rejected, Unknown
from balie.messages.models import Outgoing, SmsPart, State

TAKES = (State.WAITING, State.SENDING, State.UNKNOWN)
GIVE_UP_AFTER = timedelta(days=1)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=30)


@transaction.atomic
def settle(outcomes: Iterable[Outcome], *, now: datetime) -> None:
    """Stores what came of these SMS, each known by its mark. Said late or twice without harm."""
    found = {one.key: one for one in outcomes}
    if not found:
        return
    locked_line()
    rows = {row.mark: row for row in Outgoing.objects.select_for_update().filter(mark__in=found).order_by("pk")}
    pairs = [(rows[key], one) for key, one in found.items() if key in rows]
    accept([(row, one) for row, one in pairs if isinstance(one, Accepted) and row.state in TAKES], now=now)
    under_way = [(row, one) for row, one in pairs if row.state in (State.SENDING, State.UNKNOWN)]
    refuse([(row, one) for row, one in under_way if isinstance(one, Rejected)], now=now)
    doubt([(row, one) for row, one in under_way if isinstance(one, Unknown)])
    fault("sms-before-settled")


@transaction.atomic
def hear(receipts: Collection[Receipt], *, now: datetime) -> int:
    """Stores receipts; how many were of SMS we know. Repeated without harm.

    A gateway may name an SMS by our mark: then it has one of which nobody knew what became.
    """
    names = {one.id for one in receipts}
    doubted = Outgoing.objects.filter(mark__in=names, state=State.UNKNOWN).values_list("mark", flat=True)
    settle([Accepted(mark, (mark,)) for mark in doubted], now=now)
    return record_receipts(receipts, now=now)


def accept(pairs: Collection[tuple[Outgoing, Accepted]], *, now: datetime) -> None:
    """The gateway has them."""
    if not pairs:
        return
    rows = [row for row, _one in pairs]
    first = [row for row in rows if row.accepted is None]
    whole = now.replace(microsecond=0)
    changes = {"state": State.SENT, "reason": ""}
    Outgoing.objects.filter(pk__in=[row.pk for row in rows]).update(**changes)
    Outgoing.objects.filter(pk__in=[row.pk for row in first]).update(accepted=whole)
    stand_as_messages(first, at=whole)
    parts = [
        SmsPart(sms=row, gateway_id=name[:80], sending=row.resent, came=now)
        for row, one in pairs
        for name in dict.fromkeys(one.ids)
    ]
    SmsPart.objects.bulk_create(parts, batch_size=500, ignore_conflicts=True)
    if again := match_strays([part.gateway_id for part in parts], now=now) | {row.pk for row in rows if row.resent}:
        retell(again)


def refuse(pairs: Collection[tuple[Outgoing, Rejected]], *, now: datetime) -> None:
    """Failed where that is the gateway's last word; else they wait for another try, a day at most."""
    for row, one in pairs:
        why, tried_since = one.why[:1000], row.began or now
        if one.again and now - tried_since < GIVE_UP_AFTER:
            row.state, row.due, row.reason = State.WAITING, now + pause(row.attempts), why
        else:
            row.state, row.reason = State.FAILED, why
    Outgoing.objects.bulk_update([row for row, _one in pairs], ["state", "due", "reason"], batch_size=200)


def pause(attempts: int) -> timedelta:
    """How long to wait after so many tries: 5 s, 15 s, 45 s … half an hour."""
    return min(FIRST_PAUSE * int(3 ** min(attempts - 1, 8)), LONGEST_PAUSE)


def doubt(pairs: Collection[tuple[Outgoing, Unknown]]) -> None:
    """It was written to the line and nobody answered."""
    said: Mapping[str, list[int]] = group(pairs)
    for why, pks in said.items():
        reason = _("It may have arrived or not: %(why)s") % {"why": why} if why else _("It may have arrived or not.")
        Outgoing.objects.filter(pk__in=pks).update(state=State.UNKNOWN, reason=reason)


def group(pairs: Collection[tuple[Outgoing, Unknown]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for row, one in pairs:
        found[one.why[:1000]].append(row.pk)
    return found

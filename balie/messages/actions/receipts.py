"""Receipts: what became of each part. Late, twice, in any order; of unknown ids they are kept until the id is known."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from balie.leases.faults import fault
from balie.messages.actions.line import locked_line
from balie.messages.actions.own import tell_states
from balie.messages.gateways import Fate, Receipt
from balie.messages.models import Outgoing, SmsPart, State
from balie.operator.queries import operator

FINAL = (Fate.DELIVERED, Fate.FAILED, Fate.EXPIRED)
STRAYS_KEPT = timedelta(days=30)
TOLD = (State.SENT, State.DELIVERED, State.FAILED)


@transaction.atomic
def record_receipts(receipts: Iterable[Receipt], *, now: datetime) -> int:
    """Stores these receipts; how many were of SMS we know. Repeated without harm."""
    given = [one for one in receipts if one.id]
    ids = {one.id[:80] for one in given}
    locked_line()
    held: dict[str, list[SmsPart]] = defaultdict(list)
    for part in SmsPart.objects.select_for_update().filter(gateway_id__in=ids).order_by("pk"):
        held[part.gateway_id].append(part)
    changed: list[SmsPart] = []
    new: dict[str, SmsPart] = {}
    for one in given:
        name = one.id[:80]
        # Gateways begin anew with their ids some day: the youngest part is meant.
        part = held[name][-1] if held[name] else new.setdefault(name, SmsPart(gateway_id=name, came=now))
        if laid_over(part, one, now) and part.pk:
            changed.append(part)
    SmsPart.objects.bulk_update(set_of(changed), ["fate", "at", "why", "came"], batch_size=200)
    SmsPart.objects.bulk_create(new.values(), ignore_conflicts=True, batch_size=500)
    retell({part.sms_id for part in changed if part.sms_id})
    fault("sms-before-receipts")
    return sum(bool(held[one.id[:80]] and held[one.id[:80]][-1].sms_id) for one in given)


def set_of(parts: Iterable[SmsPart]) -> list[SmsPart]:
    return list({part.pk: part for part in parts}.values())


def laid_over(part: SmsPart, receipt: Receipt, now: datetime) -> bool:
    """Takes the receipt over where it says more than the last; whether it did.

    What is final stays, unless another final word is of a later moment.
    """
    if part.fate in FINAL:
        later = receipt.fate in FINAL and receipt.at is not None and part.at is not None and receipt.at > part.at
        if not later:
            return False
    elif part.fate == receipt.fate:
        return False
    part.fate, part.at, part.why, part.came = receipt.fate, receipt.at, receipt.why[:80], now
    return True


def match_strays(ids: Collection[str], *, now: datetime) -> set[int]:
    """Gives receipts that came before their ids were known to the parts that have them now; the SMS (ids) they tell of.

    To be called in the transaction that stores the parts.
    """
    strays = {one.gateway_id: one for one in SmsPart.objects.filter(sms=None, gateway_id__in=ids)}
    if not strays:
        return set()
    parts = list(SmsPart.objects.filter(gateway_id__in=strays, came=now).exclude(sms=None))
    for part in parts:
        stray = strays[part.gateway_id]
        part.fate, part.at, part.why = stray.fate, stray.at, stray.why
    SmsPart.objects.bulk_update(parts, ["fate", "at", "why"], batch_size=200)
    SmsPart.objects.filter(pk__in=[one.pk for one in strays.values()]).delete()
    return {part.sms_id for part in parts if part.sms_id}


def retell(sms: Collection[int]) -> None:
    """The states of these SMS (ids) as their parts' receipts say it."""
    if not sms:
        return
    parts: dict[int, list[SmsPart]] = defaultdict(list)
    for part in SmsPart.objects.filter(sms__in=sms).order_by("pk"):
        parts[part.sms_id or 0].append(part)
    changed = []
    for row in Outgoing.objects.select_for_update().filter(pk__in=sms).order_by("pk"):
        state, why = told(row, parts[row.pk])
        if state != row.state:
            row.state, row.reason = state, why
            changed.append(row)
    Outgoing.objects.bulk_update(changed, ["state", "reason"], batch_size=200)
    tell_states((row, row.state) for row in changed)


def told(row: Outgoing, parts: Iterable[SmsPart]) -> tuple[str, str]:
    """State and reason: delivered once all parts of one sending were; failed where one of the last sending was not."""
    sendings: dict[int, list[SmsPart]] = defaultdict(list)
    for part in parts:
        sendings[part.sending].append(part)
    arrived = any(all(part.fate == Fate.DELIVERED for part in some) for some in sendings.values())
    if arrived and row.state in (*TOLD, State.WAITING):
        return State.DELIVERED, ""
    if row.state not in TOLD:
        return row.state, row.reason
    lost = [part for part in sendings.get(row.resent, []) if part.fate in (Fate.FAILED, Fate.EXPIRED)]
    if not lost:
        return State.SENT, ""
    with override(operator().language):
        why = _("It could not be delivered in time.") if lost[0].fate == Fate.EXPIRED else _("It was not delivered.")
    return State.FAILED, f"{why} {lost[0].why}".strip()


def forget_strays(*, now: datetime) -> int:
    """Receipts of ids that nobody got to know within a month are of SMS that others sent."""
    return SmsPart.objects.filter(sms=None, came__lt=now - STRAYS_KEPT).delete()[0]

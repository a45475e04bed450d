"""A client's tariff changes on the first of next month, and can be taken back until then; a contract ends."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.calls.queries import closed_months
from balie.contracts.actions.carry import carry_back, carry_over
from balie.contracts.actions.put import about, refuse_overlaps
from balie.contracts.models import Contract
from balie.contracts.queries import DAY, billed_months, coming_change, continued_by, following
from balie.operator.actions import Author, write_log
from balie.rules.errors import Refused
from balie.tariffs.actions import take_back_use, use_code
from balie.tariffs.models import Tariff
from balie.tariffs.queries import local_day, next_month, no_such_code, version_on

FARTHEST = 100  # years ahead that a last day may lie: beyond it was mistyped


@dataclass(frozen=True)
class Ended:
    """A contract with its new end. closed: months (keys, 202610) that were billed by the days that changed; their bills
    stay, and what was billed too much is credited only where the tariff prorates (rating 12)."""

    contract: Contract
    closed: list[int]


@transaction.atomic
def change_tariff(*, client: Client, service: str, tariff: Tariff, author: Author) -> Contract:
    """The client's service is at this tariff from the first of next month; the contract by which it then is.

    What is booked goes along. The same again returns what stands; the tariff of today takes a coming change back. The
    use of a code is counted. Refused without a contract that goes on, for a tariff of another service, and in the same
    words for one that this client may not take.
    """
    hold(client)
    day = next_month(local_day(author.now))
    standing = following(client, service, day)
    if standing is None:
        raise Refused("no_contract", _("There is no contract of this service that goes on next month."), "service")
    if standing.tariff_id == tariff.pk:
        return standing
    if tariff.client_id not in (None, client.pk):
        raise no_such_code()
    if tariff.service != service:
        raise Refused("other_service", _("This tariff is one of another service."), "tariff")
    before = continued_by(standing) if standing.start >= day else None
    if before and before.tariff_id == tariff.pk:
        return undone(standing, before, author)
    if version_on(tariff, max(day, standing.start)) is None:
        raise Refused("no_version", _("This tariff has no prices on that day."), "tariff")
    changed = retargeted(standing, tariff, author) if standing.start >= day else split(standing, tariff, day, author)
    refuse_overlaps({client.pk}, lambda row: "tariff" if row.pk == changed.pk else "")
    return changed


def hold(client: Client) -> None:
    """Whoever changes this client's contracts takes turns."""
    Client.objects.select_for_update().get(pk=client.pk)


def retargeted(standing: Contract, tariff: Tariff, author: Author) -> Contract:
    """A contract that has not begun is at another tariff at once."""
    old = standing.tariff
    take_back_use(about=about(standing), author=author)
    use_code(tariff=tariff, client=standing.client, kind="change", about=about(standing), author=author)
    standing.changed_from = standing.changed_from or old
    standing.tariff = tariff
    standing.save(update_fields=["tariff", "changed_from"])
    remember("contract.tariff_changed", standing, author, before=old.code, after=tariff.code)
    return standing


def split(standing: Contract, tariff: Tariff, day: date, author: Author) -> Contract:
    """The contract ends the day before, and one at the new tariff continues it."""
    made = Contract(client=standing.client, service=standing.service, tariff=tariff, start=day, end=standing.end)
    use_code(tariff=tariff, client=standing.client, kind="change", about=about(made), author=author)
    standing.end = day - DAY
    standing.save(update_fields=["end"])
    made.save()
    carry_over(standing, made)
    remember("contract.tariff_changed", made, author, before=standing.tariff.code, after=tariff.code)
    return made


@transaction.atomic
def undo_change(*, client: Client, service: str, author: Author) -> Contract:
    """Takes a change of tariff back that has not begun; the contract that goes on instead, with all that is booked.

    Nothing to take back any more: the contract that stands. Refused where the client has no such contract.
    """
    hold(client)
    today = local_day(author.now)
    coming = coming_change(client, service, today)
    if coming is None:
        standing = following(client, service, today)
        if standing is None:
            raise Refused("no_contract", _("There is no contract of this service."), "service")
        return standing
    before = continued_by(coming)
    assert before is not None
    return undone(coming, before, author)


def undone(coming: Contract, before: Contract, author: Author) -> Contract:
    """The contract before goes on as if the coming one had never been made; its bookings and code go back."""
    take_back_use(about=about(coming), author=author)
    carry_back(coming, before)
    before.end = coming.end
    remember("contract.change_undone", coming, author, before=coming.tariff.code, after=before.tariff.code)
    coming.delete()
    before.save(update_fields=["end"])
    return before


@transaction.atomic
def end_contract(*, contract: Contract, last_day: date | None, author: Author) -> Ended:
    """Gives a contract another last day; None: it is open again.

    A coming change of tariff goes with it: it ends on that day, or is taken back where it would begin later.

    Refused before its start, and where it would meet the client's next contract. Says which closed months had billed
    the days that change.
    """
    hold(contract.client)
    held = Contract.objects.select_related("client", "tariff").get(pk=contract.pk)
    if last_day and last_day.year > author.now.year + FARTHEST:
        raise Refused("too_far", _("That day is too far ahead; leave it open instead."), "end")
    if last_day and last_day < held.start:
        raise Refused("ends_before_start", _("A contract ends on its first day at the earliest."), "end")
    held = without_change(held, last_day, author)
    old = held.end
    if old == last_day:
        return Ended(held, [])
    held.end = last_day
    held.save(update_fields=["end"])
    refuse_overlaps({held.client_id}, lambda row: "end" if row.pk == held.pk else "")
    first, last = sorted((old or date.max, last_day or date.max))
    closed = billed_months(closed_months(), first + DAY, last)
    remember("contract.ended" if last_day else "contract.reopened", held, author,
             before=shown(old), after=shown(last_day), closed=closed)  # fmt: skip
    return Ended(held, closed)


def without_change(held: Contract, last_day: date | None, author: Author) -> Contract:
    """The contract that gets the new end: the one a coming change leads to, or this one without that change."""
    coming = coming_change(held.client, held.service, local_day(author.now))
    before = continued_by(coming) if coming else None
    if coming is None or before != held or last_day == held.end:
        return held
    if last_day is None or last_day >= coming.start:
        return coming
    return undone(coming, held, author)


def shown(day: date | None) -> str | None:
    return str(day) if day else None


def remember(deed: str, contract: Contract, author: Author, **details: object) -> None:
    """One entry of the log about a contract."""
    write_log(author=author, deed=deed, about=about(contract), details=details)

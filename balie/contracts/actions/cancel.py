"""A client gives notice of a service, and takes it back before its end."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from balie.accounts.models import Client, User
from balie.contracts import letters
from balie.contracts.actions.change import Ended, end_contract, hold
from balie.contracts.models import Cancellation, Contract
from balie.contracts.queries import (
    cancellation_of,
    contract_end,
    first_of_chain,
    following,
    last_of_chain,
    standing_notice,
)
from balie.leases.faults import fault
from balie.numbers.actions import end_assignments, reopen_assignments
from balie.numbers.models import Number
from balie.numbers.queries import given_on
from balie.operator.actions import Author, write_log
from balie.operator.written import long_day
from balie.rules.activation import NEEDS_NUMBER
from balie.rules.errors import Refused
from balie.tariffs.queries import local_day

LONGEST_REASON = 500
EARLIEST = timedelta(days=366)  # before its service begins notice may come, but no year before: that is mistyped


@transaction.atomic
def cancel_service(
    *, client: Client, service: str, received: date | None = None, agreed: date | None = None, reason: str = "",
    user: User | None = None, author: Author,
) -> Contract:  # fmt: skip
    """Ends a service by the notice rule of its tariff; the contract with its end.

    received: the local day the notice came, today unless said, in the past at most. agreed: a last day that both sides
    want instead of the rule's, today at the earliest. The same again returns what stands; an earlier day that leads to
    an earlier end moves it there. Refused without a contract that goes on.
    """
    hold(client)
    today = local_day(author.now)
    day = received or today
    if day > today:
        raise Refused("not_yet", _("Notice cannot have been received in the future."), "on")
    if agreed and agreed < today:
        raise Refused("past_end", _("The last day cannot be in the past."), "agreed")
    same = standing_notice(client, service, day) if day < today and not agreed else None
    if same and same.end and same.end < today:
        return same  # over, and maybe ordered anew since: that one was not meant
    contract = following(client, service, today) or following(client, service, day)
    if contract is None:
        raise Refused("no_contract", why_none(client, service), "service")
    if day + EARLIEST < first_of_chain(contract).start:
        raise Refused("before_start", _("Notice cannot have been received so long before the service began."), "on")
    ends, last = agreed or contract_end(contract, day), last_of_chain(contract)
    if last.end and last.end <= ends:
        return last
    result = end_contract(contract=contract, last_day=ends, author=author)
    said = " ".join(reason.split())[:LONGEST_REASON]
    made = Cancellation(
        client=client, service=service, received=day, reason=said, at=author.now, by=author.who, user=user,
        ended_before=last.end,
    )  # fmt: skip
    finish(cancellation_of(last) or made, result, day, author)
    return result.contract


@transaction.atomic
def cancel_once(
    *, key: str, client: Client, service: str, received: date | None = None, reason: str = "", author: Author
) -> Contract:
    """The same for a program that may ask twice: the same key again gives the contract as it stands, also where the
    notice was taken back meanwhile. Refused "key_used" for a key of another client's or service's cancellation."""
    hold(client)
    known = Cancellation.objects.select_related("contract").filter(key=key).first()
    if known is None:
        contract = cancel_service(client=client, service=service, received=received, reason=reason, author=author)
        Cancellation.objects.filter(contract=contract, withdrawn=None, key=None).update(key=key)
        return contract
    if (known.client_id, known.service) != (client.pk, service):
        raise Refused("key_used", _("This key was used for another cancellation."), "key")
    if known.contract is None:
        raise Refused("no_contract", why_none(client, service), "service")
    return known.contract


def why_none(client: Client, service: str) -> str:
    """Says when the service ended that nobody can give notice of any more, or that there never was one."""
    ended = Contract.objects.filter(client=client, service=service).aggregate(last=Max("end"))["last"]
    if ended is None:
        return _("There is no contract of this service.")
    return _("The contract of this service ended on %(day)s.") % {"day": long_day(ended)}


def finish(cancellation: Cancellation, result: Ended, received: date, author: Author) -> None:
    """The cancellation stands with this end, and the numbers end with it; remembered and told."""
    contract = result.contract
    assert contract.end
    if cancellation.pk:
        reopen_assignments(assignments=cancellation.assignments, last_day=cancellation.ends)
    if contract.service in NEEDS_NUMBER:
        # Calls still come to a number whose service is over since long: it rests from today, not from then.
        until = max(contract.end, local_day(author.now))
        cancellation.assignments = end_assignments(client=contract.client, last_day=until)
    cancellation.contract, cancellation.received, cancellation.ends = contract, received, contract.end
    cancellation.save()
    log("contract.cancelled", cancellation, author, closed=result.closed)
    letters.tell_cancelled(cancellation, now=author.now)
    fault("cancelled")


def end_with_service(*, contract: Contract, number: Number) -> None:
    """A number claimed only after notice was given ends with the service, as those do that were there before."""
    last = last_of_chain(contract)
    if last.end is None:
        return
    ended = end_assignments(client=last.client, last_day=last.end, numbers=[number.pk])
    if notice := cancellation_of(last):
        notice.assignments = [*notice.assignments, *ended]
        notice.save(update_fields=["assignments"])


@transaction.atomic
def withdraw_cancellation(*, cancellation: Cancellation, author: Author) -> Contract:
    """The service goes on as before, with its numbers. Withdrawn already: as it stands.

    Refused once it has ended, and while one of its numbers is to be somebody's afterwards already.
    """
    hold(cancellation.client)
    held = Cancellation.objects.select_related("client", "contract__client", "contract__tariff").get(pk=cancellation.pk)
    if held.contract is None:
        raise Refused("no_contract", _("There is no contract of this service."), "service")
    if held.withdrawn:
        return held.contract
    if held.ends < local_day(author.now):
        raise Refused("ended", _("The service has ended; order it again instead."), "service")
    if given := given_on(held.assignments, held.ends):
        assert given.first_day
        said = _("The number %(number)s is assigned again from %(day)s on; that has to be taken back first.")
        raise Refused("number_taken", said % {"number": given.number, "day": long_day(given.first_day)}, "service")
    result = end_contract(contract=held.contract, last_day=held.ended_before, author=author)
    reopen_assignments(assignments=held.assignments, last_day=held.ends)
    held.withdrawn = author.now
    held.save(update_fields=["withdrawn"])
    log("contract.cancellation_withdrawn", held, author)
    letters.tell_cancellation_withdrawn(held, now=author.now)
    fault("cancellation-withdrawn")
    return result.contract


def log(deed: str, cancellation: Cancellation, author: Author, **details: object) -> None:
    """One entry of the log, at the client."""
    write_log(
        author=author,
        deed=deed,
        about=f"client:{cancellation.client.number}",
        details={
            "service": cancellation.service,
            "received": str(cancellation.received),
            "ends": str(cancellation.ends),
            "reason": cancellation.reason,
            **details,
        },
    )

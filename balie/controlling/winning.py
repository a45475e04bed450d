"""Win-back cases open for cancellations and close by what became of them. Sending offers and deciding: win_back.py.

Each case is a transaction of its own that begins by holding the client. Killed in between, or run by two at once, the
next look makes what is missing; the table's own constraint stands behind.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from balie.accounts.models import Client
from balie.contracts.actions import withdraw_cancellation
from balie.contracts.models import Cancellation, Contract
from balie.contracts.queries import contract_on
from balie.controlling.fitting import DAY, Served, begins, fits, others, usage
from balie.controlling.links import OPEN_FOR
from balie.controlling.models import WinBack, WinBackOffer
from balie.leases.faults import fault
from balie.operator.actions import Author, write_log
from balie.operator.models import Operator
from balie.operator.queries import operator as the_operator
from balie.rules.errors import Refused
from balie.rules.money import rounded
from balie.rules.winback import Fit, a_year, best_fit
from balie.tariffs.models import Tariff
from balie.tariffs.queries import local_day, uses


class State(StrEnum):
    """How a case stands, as it is kept."""

    OPEN = "open"
    OFFERED = "offered"
    WON = "won"
    LOST = "lost"
    DISMISSED = "dismissed"


UNDECIDED = (State.OPEN, State.OFFERED)
ENDED = (State.WON, State.LOST)
CODE = "code"  # how an offer is accepted that nobody said more of


def hold(case: WinBack) -> WinBack:
    """The case as it stands, while nobody else decides about this client."""
    Client.objects.select_for_update().get(pk=case.client_id)
    return cases().get(pk=case.pk)


def cases() -> QuerySet[WinBack]:
    """All cases with what is said of them, the latest notice first."""
    return WinBack.objects.select_related("client", "cancellation__contract__tariff", "best")


def look_after(*, author: Author) -> int:
    """Opens the cases that are missing and closes those that are over; how many changed. For every minute or so."""
    opened = sum(open_case(one, author) for one in without_case())
    return opened + settle_win_backs(author=author)


def without_case() -> QuerySet[Cancellation]:
    rows = Cancellation.objects.filter(win_back=None).select_related("client", "contract__tariff")
    return rows.order_by("at", "pk")


def open_case(cancellation: Cancellation, author: Author) -> bool:
    """The case of a cancellation; False where it has one. Also of one that was taken back or has ended meanwhile, so
    that it makes no difference when somebody looks."""
    figures = figures_of(cancellation, the_operator(), author.now)
    with transaction.atomic():
        Client.objects.select_for_update().get(pk=cancellation.client_id)
        if not Cancellation.objects.filter(pk=cancellation.pk, win_back=None).exists():
            return False
        case = WinBack.objects.create(
            cancellation=cancellation,
            client=cancellation.client,
            service=cancellation.service,
            state=State.OPEN,
            opened=author.now,
            **figures,
        )
        remember("win_back.opened", case, author)
        fault("win-back-before-commit")
    return True


def figures_of(cancellation: Cancellation, operator: Operator, now: datetime) -> dict[str, Any]:
    """What the client used and paid, and the tariff that would fit it best; as a case keeps it."""
    served = Served.of(cancellation, operator)
    found: dict[str, Any] = {"usage": usage(cancellation, operator), "months": served.keys, "tariffs": []}
    if not served.months or cancellation.contract is None:
        return found
    found["cost"] = cents(served.cost)
    try:
        own = served.own_fit(cancellation.contract.tariff)
    except Refused as refusal:
        return {**found, "problem": {"code": refusal.code, "where": refusal.where, "message": refusal.message}}
    today = local_day(now)
    public = fits(served, others(cancellation, today), begins(cancellation, today))
    best = best_fit(own, public)
    found["tariffs"] = [document(one) for one in (own, *sorted(public, key=lambda one: one.made.revenue))]
    return {
        **found,
        "revenue": cents(own.made.revenue),
        "best_id": best.tariff,
        "best_revenue": cents(best.made.revenue),
    }


def document(fit: Fit) -> dict[str, Any]:
    amounts = {"revenue": str(cents(fit.made.revenue)), "margin": str(cents(fit.made.amount))}
    return {"tariff": fit.tariff, **amounts, "reaches": fit.reaches}


def cents(amount: Any) -> Decimal:
    return rounded(amount)


def withdraw_for(client: Client, service: str, tariff: Tariff, author: Author) -> None:
    """A client takes a tariff: where just that was offered so that it stays, its cancellation is taken back with it.

    To be called in the transaction of the change, before it.
    """
    for offer in offered(client, service, tariff):
        withdraw_cancellation(cancellation=offer.case.cancellation, author=author)


def offered(client: Client, service: str, tariff: Tariff) -> list[WinBackOffer]:
    """The standing offer of this tariff to a client whose notice stands; none or one."""
    case = {"case__client": client, "case__service": service, "case__cancellation__withdrawn": None}
    rows = WinBackOffer.objects.filter(**case, tariff=tariff, withdrawn=None).exclude(case__state__in=ENDED)
    return list(rows.select_related("case__cancellation__client"))


def settle_win_backs(*, author: Author, client: Client | None = None, how: str = CODE) -> int:
    """Closes cases whose cancellation was taken back, or whose service has ended; how many changed.

    Whatever way that happened: a worker looks after those that others did not settle.
    """
    rows = unsettled(author.now)
    return sum(settle(case, how, author) for case in (rows.filter(client=client) if client else rows))


def unsettled(now: datetime) -> QuerySet[WinBack]:
    """Cases that are not over, though their cancellation is; and offers that are not as accepted as they say."""
    today = local_day(now)
    over = Q(state__in=UNDECIDED) & (Q(cancellation__withdrawn__isnull=False) | Q(cancellation__ends__lt=today))
    stays = Q(state=State.DISMISSED, cancellation__withdrawn__isnull=False)
    lately = taken().filter(sent__gt=now - OPEN_FOR)
    known = cases().annotate(has=Exists(taken()), came=Exists(lately), said=Exists(standing().exclude(accepted=None)))
    wrong = Q(state=State.WON) & (Q(came=True, said=False) | Q(has=False, said=True))
    return known.filter(over | stays | wrong)


def standing() -> QuerySet[WinBackOffer]:
    return WinBackOffer.objects.filter(case=OuterRef("pk"), withdrawn=None)


def taken() -> QuerySet[WinBackOffer]:
    """The standing offer of a case, where the client has its tariff since the notice came."""
    since = Contract.objects.filter(
        client=OuterRef("case__client"),
        service=OuterRef("case__service"),
        tariff=OuterRef("tariff"),
        start__gt=OuterRef("case__cancellation__received"),
    )
    return standing().filter(Exists(since))


@transaction.atomic
def settle(case: WinBack, how: str, author: Author) -> bool:
    held = hold(case)
    if not unsettled(author.now).filter(pk=held.pk).exists():
        return False
    offer = held.offers.filter(withdrawn=None).select_related("tariff").first()
    stays = held.cancellation.withdrawn is not None or goes_on(held)
    if not stays:
        close(held, State.LOST, author)
        return True
    accepted = offer is not None and WinBack.objects.filter(Exists(taken()), pk=held.pk).exists()
    if offer:
        note_answer(offer, accepted=accepted, how=how, author=author)
    held.kept = kept(held, offer if accepted else None)
    close(held, State.WON, author, code=offer.tariff.code if offer and accepted else "")
    fault("win-back-settled")
    return True


def goes_on(case: WinBack) -> bool:
    """Whether the client has the service still, the day after that on which it should have ended."""
    return contract_on(case.client, case.service, case.cancellation.ends + DAY) is not None


def note_answer(offer: WinBackOffer, *, accepted: bool, how: str, author: Author) -> None:
    """An offer is accepted since a contract has its tariff; or is not any more, since the change was taken back."""
    if accepted == bool(offer.accepted):
        return
    if accepted:
        use = uses(offer.tariff).filter(client=offer.case.client_id, undone=None, at__gte=offer.sent).first()
        by = use.who if use else author.who
        offer.accepted, offer.accepted_how, offer.accepted_by = author.now, how or CODE, by
    else:
        offer.accepted, offer.accepted_how, offer.accepted_by = None, "", ""
    offer.save(update_fields=["accepted", "accepted_how", "accepted_by"])


def kept(case: WinBack, offer: WinBackOffer | None) -> Decimal | None:
    """The revenue of a year at the tariff the client stays with; None where it cannot be told."""
    revenue = offer.revenue if offer else case.revenue
    return None if revenue is None or not case.months else a_year(revenue, len(case.months))


def close(case: WinBack, state: State, author: Author, *, code: str = "") -> None:
    """The case is over; won already, only what is kept of it may be another sum. code: of the offer that was taken;
    who stays without one was won by nobody, and the log says so."""
    if case.state != state:
        case.state, case.closed, case.closed_by = state, author.now, ""
        deed = "win_back.stayed" if state == State.WON and not code else f"win_back.{state}"
        remember(deed, case, author, **({"code": code} if code else {}))
    case.save(update_fields=["state", "closed", "closed_by", "kept"])


def remember(deed: str, case: WinBack, author: Author, **details: object) -> None:
    """One entry of the log, at the client."""
    write_log(
        author=author,
        deed=deed,
        about=f"client:{case.client.number}",
        details={"service": case.service, "ends": str(case.cancellation.ends), **details},
    )

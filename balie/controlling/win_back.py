"""What is done about a client that gave notice: an offer sent, accepted, declined, or the case dismissed.

Each is one transaction that begins by holding the client. Done twice, or by two at once, each comes to the same.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urljoin

from django.db import transaction
from django.utils.translation import gettext as _

from balie.calls.queries import closed_months
from balie.contracts.models import Contract
from balie.controlling import letters, links, win_back_letters
from balie.controlling.actions import item_values
from balie.controlling.fitting import Served, begins, fits
from balie.controlling.models import WinBack, WinBackOffer
from balie.controlling.offers import take_tariff
from balie.controlling.winning import ENDED, State, cents, hold, remember
from balie.leases.faults import fault
from balie.notifications.actions import queue_mail
from balie.notifications.models import Mail
from balie.notifications.queries import wording
from balie.notifications.wording import Wording
from balie.operator.actions import Author
from balie.operator.queries import operator as the_operator
from balie.operator.queries import pages
from balie.rules import offer as rules
from balie.rules.errors import Refused
from balie.rules.offer import Changes
from balie.rules.tariff import Version
from balie.tariffs.actions import copy_for_client, withdraw_code
from balie.tariffs.models import Tariff, TariffVersion
from balie.tariffs.queries import local_day, may_take, no_such_code, terms_of, uses, values_of, version_on
from balie.tasks.models import REASON_LENGTH


@transaction.atomic
def send_win_back(
    *, case: WinBack, tariff: Tariff, to: Sequence[str], words: Wording, times: int, home: str, author: Author
) -> WinBackOffer:
    """Queues a mail to each of these addresses that offers this tariff, with these words and a link to stay by.

    times: how often the case had been sent something when somebody decided to send it: when it was sent meanwhile,
    nothing happens. home: where the pages are, unless the operator's settings say so. Another tariff takes the place
    of what was offered before; a decline is forgotten. Refused for a case that is over, for a tariff the client may
    not take or has, for addresses and words that cannot be.
    """
    held = hold(case)
    standing = held.offers.filter(withdrawn=None).select_related("tariff").first()
    if standing and held.times_sent > times:
        return standing
    recipients = letters.checked_recipients(to)
    said = letters.checked_words(words, code=tariff.code, kind=win_back_letters.MAIL)
    begin, version = offerable(held, tariff, author.now)
    if standing and standing.tariff_id != tariff.pk:
        replace(standing, author)
        standing = None
    made = standing or WinBackOffer(case=held, tariff=tariff, sent=author.now)
    made.revenue = would_be(held, tariff, begin)
    made.sent, made.sent_by, made.recipients = author.now, author.who[:200], recipients
    made.declined, made.declined_by, made.decline_reason = None, "", ""
    made.save()
    held.times_sent, held.state = times + 1, State.OFFERED
    held.save(update_fields=["times_sent", "state"])
    link = address(made, home=home, now=author.now)
    values = win_back_letters.values_of(held, version, begin=begin, link=link, revenue=made.revenue)
    mails = [mail_to(made, one, values, said, author) for one in recipients]
    made.mail = mails[0]
    made.save(update_fields=["mail"])
    remember("win_back.sent", held, author, code=tariff.code, recipients=", ".join(recipients))
    fault("win-back-offer-before-commit")
    return made


def offer_best(*, case: WinBack, home: str = "", author: Author) -> WinBackOffer | None:
    """Offers the tariff that fits best in the standard words to the client's own address. None where the client has
    it already, nothing can be said, there is no address, or something was sent."""
    contract = case.cancellation.contract
    if case.best is None or contract is None or case.best.pk == contract.tariff_id or not case.client.email:
        return None
    if case.times_sent:
        return None
    said = wording(kind=win_back_letters.MAIL, language=letters.language_for(case.client, the_operator()))
    return send_win_back(
        case=case, tariff=case.best, to=[case.client.email], words=said, times=0, home=home or pages(the_operator()),
        author=author,
    )  # fmt: skip


def mail_to(offer: WinBackOffer, to: str, values: dict[str, str], words: Wording, author: Author) -> Mail | None:
    case = offer.case
    return queue_mail(
        kind=win_back_letters.MAIL,
        to=to,
        language=letters.language_for(case.client, the_operator()),
        values=values,
        key=f"win_back:{case.pk}/{case.times_sent}/{to}"[:200],
        about=f"client:{case.client.number}",
        now=author.now,
        words=words,
    )


def address(offer: WinBackOffer, *, home: str, now: datetime) -> str:
    """The link by which an offer sent now can be answered. home: where the pages are, unless the settings say so."""
    base = the_operator().base_url or home
    signed = links.token(offer.pk, sent=now, of=links.WIN_BACK)
    return urljoin(base if base.endswith("/") else f"{base}/", f"stay/{signed}/")


def offerable(case: WinBack, tariff: Tariff, now: datetime) -> tuple[date, TariffVersion]:
    """From when the tariff would hold if the client took it now, and what it says then.

    Refused for a case that is over, and for a tariff that would not keep this client.
    """
    today = local_day(now)
    refuse_over(case, today)
    if case.state == State.DISMISSED:
        raise Refused("case_dismissed", _("This case is dismissed. Open it again first."), "case")
    if tariff.service != case.service:
        raise Refused("other_service", _("This tariff is one of another service."), "tariff")
    if case.cancellation.contract and tariff.pk == case.cancellation.contract.tariff_id:
        same = _("The client has this tariff already. Offer another one, or the same with another price.")
        raise Refused("same_tariff", same, "tariff")
    if not may_take(tariff, client=case.client, day=today):
        raise no_such_code()
    return beginning(case, tariff, today)


def beginning(case: WinBack, tariff: Tariff, today: date) -> tuple[date, TariffVersion]:
    """From when a tariff would hold, and what it says then. Refused where it, or the contract, does not go so far."""
    cancellation = case.cancellation
    begin = begins(cancellation, today)
    ended = cancellation.contract is None or (cancellation.ended_before and cancellation.ended_before < begin)
    if ended:
        raise Refused("no_contract", _("There is no contract of this service that goes on next month."), "service")
    version = version_on(tariff, begin)
    if version is None:
        raise Refused("no_version", _("This tariff has no prices on that day."), "tariff")
    return begin, version


def refuse_over(case: WinBack, today: date) -> None:
    """Refuses what is too late for, in words that say what can be done instead."""
    if case.state == State.WON or case.cancellation.withdrawn:
        raise Refused("case_won", _("The cancellation is taken back already; the service goes on."), "case")
    if case.state == State.LOST or case.cancellation.ends < today:
        raise Refused("case_lost", _("The service has ended. It can be ordered anew."), "case")


def would_be(case: WinBack, tariff: Tariff, begin: date) -> Decimal | None:
    """What the case's months would have come to at a tariff; None where that cannot be told."""
    found = fits(Served.of(case.cancellation, the_operator()), [tariff], begin)
    return cents(found[0].made.revenue) if found else None


def replace(offer: WinBackOffer, author: Author) -> None:
    """The code of an offer that another one replaces opens nothing any more, where it is this client's alone."""
    WinBackOffer.objects.filter(pk=offer.pk).update(withdrawn=author.now)
    if offer.tariff.client_id and not uses(offer.tariff).filter(undone=None).exists():
        withdraw_code(tariff=offer.tariff, author=author)


@transaction.atomic
def other_price(*, case: WinBack, changes: str, amount: Decimal, author: Author) -> Tariff:
    """An individual tariff for the client: its present one from next month with another basic fee or price per call.

    changes: basic_fee or call_price. The same again is the same tariff. Refused for an amount that is none or is what
    it pays now, and for a price per call where the tariff has none.
    """
    held = hold(case)
    contract = held.cancellation.contract
    refuse_over(held, local_day(author.now))
    if contract is None:
        raise Refused("no_contract", _("There is no contract of this service."), "service")
    begin, stored = beginning(held, contract.tariff, local_day(author.now))
    now = terms_of(stored)
    wanted = changed(now, changes, checked_amount(amount))
    if wanted == now:
        raise Refused("same_price", _("That is what it costs now. Type another price."), "amount")
    rows = [values_of(row) for row in stored.items.all()]
    return copy_for_client(
        tariff=contract.tariff,
        client=held.client,
        first_day=begin,
        values={"title": stored.title},
        items=[item_values(item, rows) for item in wanted.items],
        closed=closed_months(),
        author=author,
    )


def changed(version: Version, changes: str, amount: Decimal) -> Version:
    if changes == Changes.BASIC_FEE:
        return rules.with_fee(version, amount)
    if changes == Changes.CALL_PRICE and list(rules.call_places(version)):
        return rules.with_call_price(version, amount)
    raise Refused("no_such_price", _("The tariff has no such price. Choose another one."), "changes")


def checked_amount(amount: Decimal) -> Decimal:
    if not amount.is_finite() or not 0 <= amount <= rules.LARGEST or amount != round(amount, 4):
        raise Refused("bad_amount", _("Type an amount from 0 on, with at most four decimals."), "amount")
    return amount


@transaction.atomic
def accept_win_back(*, offer: WinBackOffer, how: str, author: Author) -> Contract:
    """The client stays: its cancellation is taken back, and its service has the tariff from the first of next month.

    how: link, code or staff. Accepted already, it says what stands. Refused for an offer that another one replaced,
    and once the service has ended.
    """
    case = hold(offer.case)
    held = fresh(offer)
    if held.accepted and (standing := taken_by(held)):
        return standing
    refuse_replaced(held)
    refuse_over(case, local_day(author.now))
    return take_tariff(client=case.client, service=case.service, tariff=held.tariff, how=how, author=author)


def fresh(offer: WinBackOffer) -> WinBackOffer:
    return WinBackOffer.objects.select_related("case__client", "case__cancellation__contract", "tariff").get(
        pk=offer.pk
    )


def refuse_replaced(offer: WinBackOffer) -> None:
    if offer.withdrawn:
        replaced = _("Another offer has taken the place of this one. Use the newest mail, or ask for it.")
        raise Refused("offer_replaced", replaced, "offer")
    if offer.tariff.code_withdrawn:
        raise Refused("offer_withdrawn", _("This offer is not valid any more. Ask for a new one."), "offer")


def taken_by(offer: WinBackOffer) -> Contract | None:
    """The contract that came of an offer; of its changes since the last."""
    case = offer.case
    own = Contract.objects.filter(client=case.client_id, service=case.service, tariff=offer.tariff_id)
    since = own.filter(start__gt=case.cancellation.received)
    return since.select_related("tariff", "client").order_by("start").last()


@transaction.atomic
def decline_win_back(*, offer: WinBackOffer, reason: str, author: Author) -> WinBackOffer:
    """The client does not want it, as it says itself or staff heard; declined already, it stays as it is.

    The code goes on working, so that the client may think better of it until its service ends.
    """
    said = checked_reason(reason, needed=False)
    hold(offer.case)
    held = fresh(offer)
    refuse_over(held.case, local_day(author.now))
    if held.declined:
        return held
    held.declined, held.declined_by, held.decline_reason = author.now, author.who[:200], said
    held.save(update_fields=["declined", "declined_by", "decline_reason"])
    remember("win_back.declined", held.case, author, code=held.tariff.code, reason=said)
    return held


@transaction.atomic
def dismiss_win_back(*, case: WinBack, reason: str, author: Author) -> WinBack:
    """Nothing (more) is done to keep this client, and why. Dismissed already: as it stands. What was offered goes on
    to hold, and a client that stays after all is won all the same."""
    said = checked_reason(reason, needed=True)
    held = hold(case)
    if held.state in ENDED:
        refuse_over(held, local_day(author.now))
    if held.state == State.DISMISSED:
        return held
    held.state, held.closed, held.closed_by, held.reason = State.DISMISSED, author.now, author.who[:200], said
    held.save(update_fields=["state", "closed", "closed_by", "reason"])
    remember("win_back.dismissed", held, author, reason=said)
    return held


@transaction.atomic
def reopen_win_back(*, case: WinBack, author: Author) -> WinBack:
    """Takes a dismissal back; repeated without harm. Refused once the case is over."""
    held = hold(case)
    if held.state in ENDED:
        refuse_over(held, local_day(author.now))
    if held.state != State.DISMISSED:
        return held
    said = held.reason
    held.state = State.OFFERED if held.offers.filter(withdrawn=None).exists() else State.OPEN
    held.closed, held.closed_by, held.reason = None, "", ""
    held.save(update_fields=["state", "closed", "closed_by", "reason"])
    remember("win_back.reopened", held, author, reason=said)
    return held


def checked_reason(reason: str, *, needed: bool) -> str:
    said = " ".join(reason.split())
    if needed and not said:
        raise Refused("no_reason", _("Say in a few words why nothing is to be done."), "reason")
    if len(said) > REASON_LENGTH:
        too_long = _("Say it in at most %(most)s characters; these are %(count)s.")
        raise Refused("long_reason", too_long % {"most": REASON_LENGTH, "count": len(said)}, "reason")
    return said

"""What becomes of an offer: sent, accepted by link, code or staff, declined, followed up. The watch makes offers.

Each is one transaction that begins by holding the client: whoever else decides about it, or changes its contracts,
waits. Done twice, or by two at once, each comes to the same.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urljoin

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from balie.accounts.models import Client
from balie.contracts.actions import change_tariff, undo_change
from balie.contracts.models import Contract
from balie.contracts.queries import following
from balie.controlling import letters, links
from balie.controlling.models import Offer, Sending
from balie.controlling.news import tell_opened
from balie.controlling.watch import OFFER_FOLLOW_UP
from balie.controlling.winning import settle_win_backs, withdraw_for
from balie.leases.faults import fault
from balie.notifications.actions import queue_mail
from balie.notifications.wording import Wording
from balie.operator.actions import Author, write_log
from balie.operator.queries import operator
from balie.rules.errors import Refused
from balie.tariffs.models import CodeUse, Tariff, TariffVersion
from balie.tariffs.queries import code_state, local_day, next_month, version_on
from balie.tasks.actions import close_task, open_task, take_back_outcome
from balie.tasks.models import DISMISSED, REASON_LENGTH, Task

ACCEPTED, DECLINED, SENT_AGAIN = "accepted", "declined", "sent_again"  # outcomes of tasks
CHANGED = "changed"  # the outcome that the watch gives where the contract ended or has another tariff
LINK, CODE, STAFF = "link", "code", "staff"  # how one is accepted
FOLLOWED_AFTER = timedelta(days=7)
UNDER_WAY = Q(sent__isnull=False, accepted=None, declined=None, withdrawn=None)


def hold(offer: Offer) -> Offer:
    """The offer as it stands, while nobody else decides about this client."""
    Client.objects.select_for_update().get(pk=offer.task.client_id)
    return Offer.objects.select_related("task__client", "tariff", "follow_up").get(pk=offer.pk)


@transaction.atomic
def send_offer(*, offer: Offer, to: Sequence[str], words: Wording, times: int, home: str, author: Author) -> Offer:
    """Queues the offer as a mail to each of these addresses, with these words and a link to accept it by.

    times: how often it had been sent when somebody decided to send it: when it was sent meanwhile, nothing happens.
    home: where the pages are, unless the operator's settings say so. Sent again, a decline is forgotten and the days
    until somebody is reminded count anew.
    Refused for an offer that is accepted or opens nothing any more, for addresses and words that cannot be.
    """
    held = hold(offer)
    if held.times_sent > times:
        return held
    recipients = letters.checked_recipients(to)
    said = letters.checked_words(words, code=held.tariff.code)
    refuse_closed(held, local_day(author.now))
    begin, version = beginning(held, author.now)
    values = letters.values_of(held, version, begin=begin, link=address(held, home=home, now=author.now))
    held.times_sent, held.sent, held.followed = times + 1, author.now, None
    held.declined, held.declined_by, held.decline_reason = None, "", ""
    held.save(update_fields=["times_sent", "sent", "followed", "declined", "declined_by", "decline_reason"])
    for recipient in recipients:
        send_to(held, recipient, values, said, author)
    close_follow_up(held, SENT_AGAIN, author)
    remember("offer.sent", held, author, recipients=", ".join(recipients))
    fault("offer-before-commit")
    return held


def send_to(offer: Offer, recipient: str, values: dict[str, str], words: Wording, author: Author) -> None:
    client = offer.task.client
    mail = queue_mail(
        kind=letters.MAIL,
        to=recipient,
        language=letters.language_of(offer, operator()),
        values=values,
        key=f"offer:{offer.pk}/{offer.times_sent}/{recipient}"[:200],
        about=f"client:{client.number}",
        now=author.now,
        words=words,
    )
    Sending.objects.create(
        offer=offer, time=offer.times_sent, recipient=recipient, at=author.now, by=author.who, mail=mail
    )


def address(offer: Offer, *, home: str, now: datetime) -> str:
    """The link by which an offer sent now can be answered. home: where the pages are, unless the settings say so."""
    base = operator().base_url or home
    return urljoin(base if base.endswith("/") else f"{base}/", f"offer/{links.token(offer.pk, sent=now)}/")


def beginning(offer: Offer, now: datetime) -> tuple[date, TariffVersion]:
    """From when the tariff would hold if it were accepted now, and what it says then.

    Refused where no contract of the client goes on that long, or the tariff has no prices then.
    """
    day = next_month(local_day(now))
    standing = following(offer.task.client, offer.task.service, day)
    if standing is None:
        raise Refused("no_contract", _("There is no contract of this service that goes on next month."), "service")
    begin = max(day, standing.start)
    version = version_on(offer.tariff, begin)
    if version is None:
        raise Refused("no_version", _("This tariff has no prices on that day."), "tariff")
    return begin, version


def refuse_closed(offer: Offer, day: date) -> None:
    """Refuses what cannot be sent or accepted any more, in words that say what to do."""
    if offer.accepted:
        raise Refused("offer_accepted", _("This offer is accepted already."), "offer")
    if offer.withdrawn:
        replaced = _("Another offer has taken the place of this one. Use the newest mail, or ask for it.")
        raise Refused("offer_replaced", replaced, "offer")
    if code_state(offer.tariff, day) != "open":
        raise Refused("offer_withdrawn", _("This offer is not valid any more. Ask for a new one."), "offer")


@transaction.atomic
def accept_offer(*, offer: Offer, how: str, author: Author) -> Contract:
    """The client takes the offer: its service has the tariff from the first of next month, and the task is done.

    how: link, code or staff. Accepted already, it says what stands. Refused for an offer that opens nothing any more,
    and where there is no contract that goes on.
    """
    held = hold(offer)
    if not held.accepted:
        refuse_closed(held, local_day(author.now))
    elif (standing := taken_by(held)) is not None:
        return standing
    task = held.task
    return take_tariff(client=task.client, service=task.service, tariff=held.tariff, how=how, author=author)


def taken_by(offer: Offer) -> Contract | None:
    """The contract that came of an offer."""
    return Contract.objects.filter(tariff=offer.tariff_id).select_related("tariff", "client").order_by("start").last()


@transaction.atomic
def take_tariff(*, client: Client, service: str, tariff: Tariff, how: str, author: Author) -> Contract:
    """Changes a client's tariff; where the tariff was offered, the offer is accepted with it. As `change_tariff`.

    Where it was offered so that the client stays, its cancellation is taken back first.
    """
    withdraw_for(client, service, tariff, author)
    changed = change_tariff(client=client, service=service, tariff=tariff, author=author)
    settle_offers(client=client, how=how, author=author)
    settle_win_backs(client=client, how=how, author=author)
    fault("accept-before-commit")
    return changed


@transaction.atomic
def take_back_tariff(*, client: Client, service: str, author: Author) -> Contract:
    """Takes a coming change of tariff back; an offer that was accepted by it waits for an answer again."""
    standing = undo_change(client=client, service=service, author=author)
    settle_offers(client=client, how="", author=author)
    settle_win_backs(client=client, author=author)
    return standing


def settle_offers(*, author: Author, client: Client | None = None, how: str = CODE) -> int:
    """Marks offers accepted whose tariff a contract has by now, and takes that back where none has it any more.

    Whatever way the tariff was taken or given up: the watch and a worker look after those that others did not settle.
    Gives how many changed.
    """
    rows = unsettled().filter(task__client=client) if client else unsettled()
    return sum(settle(offer, how, author) for offer in rows.select_related("task"))


def unsettled() -> QuerySet[Offer]:
    """Offers whose tariff was taken or given up, and that do not know it yet."""
    used = CodeUse.objects.filter(tariff=OuterRef("tariff"), undone=None)
    had = Contract.objects.filter(tariff=OuterRef("tariff"))
    known = Offer.objects.annotate(taken=Exists(used) | Exists(had))
    return known.filter(Q(accepted=None, taken=True) | Q(accepted__isnull=False, taken=False))


@transaction.atomic
def settle(offer: Offer, how: str, author: Author) -> bool:
    held = hold(offer)
    if not unsettled().filter(pk=held.pk).exists():
        return False
    if held.accepted is None:
        use = CodeUse.objects.filter(tariff=held.tariff_id, undone=None).first()
        held.accepted, held.accepted_by = (use.at, use.who) if use else (author.now, author.who)
        held.accepted_how = how or CODE
        close_task(task=held.task, outcome=ACCEPTED, now=author.now, by=held.accepted_by)
        close_follow_up(held, ACCEPTED, author)
        remember("offer.accepted", held, author, how=held.accepted_how)
    else:
        held.accepted, held.accepted_by, held.accepted_how = None, "", ""
        for task in (held.task, held.follow_up):
            if task is not None:
                take_back_outcome(task=task, outcome=ACCEPTED)
        remember("offer.reopened", held, author)
    held.save(update_fields=["accepted", "accepted_by", "accepted_how"])
    return True


@transaction.atomic
def decline_offer(*, offer: Offer, reason: str, author: Author) -> Offer:
    """The client does not want it, as it says itself or staff heard; declined already, it stays as it is.

    The task stays open, since the contract still does not pay; the reminder is closed. The code goes on working, so
    that the client may think better of it. Refused for an offer that is accepted, and for too long a reason.
    """
    said = " ".join(reason.split())
    if len(said) > REASON_LENGTH:
        too_long = _("Say it in at most %(most)s characters; these are %(count)s.")
        raise Refused("long_reason", too_long % {"most": REASON_LENGTH, "count": len(said)}, "reason")
    held = hold(offer)
    if held.accepted:
        raise Refused("offer_accepted", _("This offer is accepted already."), "offer")
    if held.declined:
        return held
    held.declined, held.declined_by, held.decline_reason = author.now, author.who[:200], said
    held.save(update_fields=["declined", "declined_by", "decline_reason"])
    close_follow_up(held, DECLINED, author)
    remember("offer.declined", held, author, reason=said)
    return held


def close_follow_up(offer: Offer, outcome: str, author: Author) -> None:
    if offer.follow_up is not None:
        close_task(task=offer.follow_up, outcome=outcome, now=author.now, by=author.who)


def open_follow_ups(*, now: datetime) -> int:
    """A task for every offer that nobody answered for seven days; gives how many are new. Each once."""
    return sum(open_follow_up(offer, now) for offer in follow_ups_due(now).select_related("task"))


def follow_ups_due(now: datetime) -> QuerySet[Offer]:
    """Offers to be followed up; not those of a task that was dismissed, or whose contract is another one by now."""
    waiting = Offer.objects.filter(UNDER_WAY, followed=None, sent__lte=now - FOLLOWED_AFTER)
    return waiting.exclude(task__outcome__in=(DISMISSED, CHANGED)).order_by("sent", "pk")


@transaction.atomic
def open_follow_up(offer: Offer, now: datetime) -> bool:
    held = hold(offer)
    if not follow_ups_due(now).filter(pk=held.pk).exists():
        return False
    about: Task = held.task
    held.follow_up, new = open_task(
        client=about.client,
        service=about.service,
        kind=OFFER_FOLLOW_UP,
        month=about.month,
        figures=about.figures,
        now=now,
        even_dismissed=True,
    )
    if new:
        tell_opened(held.follow_up, now=now)
    held.followed = now
    held.save(update_fields=["follow_up", "followed"])
    fault("follow-up-before-commit")
    return True


def remember(deed: str, offer: Offer, author: Author, **details: object) -> None:
    """One entry of the log at the client, with the offer's code."""
    task = offer.task
    about = f"client:{task.client.number}"
    said = {"code": offer.tariff.code, "task": task.pk, "service": task.service, **details}
    write_log(author=author, deed=deed, about=about, details=said)

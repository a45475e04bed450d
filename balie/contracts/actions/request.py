"""Notice that somebody gives without a login: kept and receipted at once, carried out by the client's link or by staff.

Nobody is told whether a client exists: the answer is the same, only the mails to addresses we know differ.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.actions import checked_email
from balie.accounts.asked import may_ask
from balie.accounts.models import Client, MailAsked
from balie.contracts import letters
from balie.contracts.actions.cancel import LONGEST_REASON, cancel_service
from balie.contracts.models import CancellationRequest
from balie.contracts.queries import cancellation_of, client_who_cancels, end_if_cancelled, services
from balie.operator.actions import Author, write_log
from balie.rules.errors import Refused
from balie.tariffs.queries import local_day
from balie.tariffs.words import NOT_KNOWN

ACCEPTED, REJECTED = "accepted", "rejected"
LINK_OPEN = timedelta(days=14)  # a notice confirmed months later would end a service that was used since
AGAIN_WITHIN = timedelta(minutes=30)  # the same once more is a button pressed twice
LONGEST = {"name": 200, "identified": 60, "reason": LONGEST_REASON}


@dataclass(frozen=True)
class Notice:
    """What somebody typed. wanted: the last day that is wished, None for as soon as can be; language: to write back."""

    name: str
    identified: str
    email: str
    service: str
    extraordinary: bool = False
    reason: str = ""
    wanted: date | None = None
    language: str = "nl"


def problems(said: Notice, today: date) -> Iterator[tuple[str, str]]:
    """Field and reason of everything that is missing or cannot be."""
    for field, most in LONGEST.items():
        text = getattr(said, field).strip()
        if len(text) > most:
            too_long = _("Say it in at most %(most)s characters; these are %(count)s.")
            yield field, too_long % {"most": most, "count": len(text)}
    for field in ("name", "identified"):
        if not getattr(said, field).strip():
            yield field, _("This is empty.")
    if said.service.strip() not in (*services(), NOT_KNOWN):
        yield "service", _("Choose one of these, or say that you do not know.")
    try:
        checked_email(said.email)
    except Refused:
        yield "email", _("This is no email address. Check it: the receipt goes there.")
    if said.extraordinary and not said.reason.strip():
        yield "reason", _("Who ends a contract for good cause has to say the cause.")
    if said.wanted and said.wanted < today:
        yield "wanted", _("This day is past. Choose a later one, or leave it empty for as soon as possible.")


def give_notice(*, said: Notice, address: str, now: datetime) -> CancellationRequest:
    """Keeps the notice and queues its mails: receipt, news for staff, and for a client we know the link to confirm.

    Where its mailbox had enough mails the notice counts, but none goes there; its page says so (`letters.has_receipt`).
    Refused, with `where` the field, for what cannot be right, and "too_many_tries" where this network address asked for
    too many mails. Not within a transaction: see `may_ask`.
    """
    for where, message in problems(said, local_day(now)):
        raise Refused("bad_notice", message, where)
    write_back = may_ask(kind=MailAsked.CANCEL, email=said.email, address=address, now=now)
    with transaction.atomic():
        if (same := sent_just_now(said, now)) is not None:
            return same
        kept = keep(said, now)
        if write_back:
            letters.tell_received(kept, now=now)
        if write_back and kept.client and (ends := ends_at_once(kept, now)):
            kept.link_sent = now
            kept.save(update_fields=["link_sent"])
            letters.ask_to_confirm(kept, ends, now=now)
        letters.tell_of_request(kept, now=now)
    return kept


def sent_just_now(said: Notice, now: datetime) -> CancellationRequest | None:
    """The same notice, given moments ago and not decided."""
    recent = CancellationRequest.objects.filter(received__gt=now - AGAIN_WITHIN, outcome="")
    return recent.filter(**values_of(said)).first()


def values_of(said: Notice) -> dict[str, object]:
    return {
        "name": " ".join(said.name.split()),
        "identified": " ".join(said.identified.split()),
        "email": checked_email(said.email),
        "service": said.service.strip(),
        "extraordinary": said.extraordinary,
        "reason": " ".join(said.reason.split()),
        "wanted": said.wanted,
    }


def keep(said: Notice, now: datetime) -> CancellationRequest:
    client = client_who_cancels(said.identified, said.email, local_day(now))
    return CancellationRequest.objects.create(**values_of(said), language=said.language, received=now, client=client)


def ends_at_once(request: CancellationRequest, now: datetime) -> date | None:
    """The last day, where the client's own confirmation is enough; None where staff have to look.

    They do where it is for good cause, where a later day is wished than the rule gives, where nothing goes on, where
    the link is old, and where the address is nobody's any more who may cancel.
    """
    if request.client is None or request.extraordinary or now - request.received > LINK_OPEN:
        return None
    day = local_day(request.received)
    if client_who_cancels(request.identified, request.email, day) != request.client:
        return None
    ends = end_if_cancelled(request.client, request.service, day, today=local_day(now))
    return None if ends is None or (request.wanted and request.wanted > ends) else ends


@transaction.atomic
def confirm_notice(*, request: CancellationRequest, now: datetime) -> CancellationRequest:
    """The client confirms by its link: its service ends by the notice rule, counted from the day of the request.

    Confirmed already: as it stands. Refused where staff rejected it, and where there is nothing to end any more.
    """
    held = locked(request)
    if held.outcome == ACCEPTED:
        return held
    if held.outcome == REJECTED or held.client is None or ends_at_once(held, now) is None:
        raise Refused("not_open", _("This cancellation cannot be confirmed any more. Write to us, or call."), "link")
    author = Author(f"{held.name} ({held.email})"[:200], now)
    return carry_out(held, held.client, None, author)


@transaction.atomic
def accept_notice(
    *, request: CancellationRequest, client: Client, service: str, agreed: date | None = None, author: Author
) -> CancellationRequest:
    """Staff say whose it is: the service ends by the notice rule, counted from the day of the request, or on the agreed
    day; whoever sent it is told. Accepted already: as it stands. Refused: see `cancel_service`.
    """
    held = locked(request)
    if held.outcome == ACCEPTED:
        return held
    held.service = service
    done = carry_out(held, client, agreed, author)
    letters.tell_accepted(done, now=author.now)
    return done


def carry_out(held: CancellationRequest, client: Client, agreed: date | None, author: Author) -> CancellationRequest:
    contract = cancel_service(
        client=client, service=held.service, received=local_day(held.received), agreed=agreed, reason=held.reason,
        author=author,
    )  # fmt: skip
    held.client, held.cancellation = client, cancellation_of(contract)
    decide(held, ACCEPTED, author)
    log("cancellation_request.accepted", held, author, about=f"client:{client.number}")
    return held


@transaction.atomic
def reject_notice(*, request: CancellationRequest, answer: str, author: Author) -> CancellationRequest:
    """Staff cannot carry it out; whoever sent it is told why. Refused without a reason, and once it is carried out."""
    said = answer.strip()[:LONGEST_REASON]
    if not said:
        raise Refused("no_reason", _("Say why: your words go to whoever cancelled."), "answer")
    held = locked(request)
    if held.outcome == ACCEPTED:
        raise Refused("decided", _("This cancellation is carried out already."), "answer")
    if held.outcome == REJECTED:
        return held
    held.answer = said
    decide(held, REJECTED, author)
    log("cancellation_request.rejected", held, author)
    letters.tell_rejected(held, now=author.now)
    return held


def locked(request: CancellationRequest) -> CancellationRequest:
    """The row as it stands now, held."""
    held = CancellationRequest.objects.select_for_update(of=("self",)).select_related("client")
    return held.get(pk=request.pk)


def decide(held: CancellationRequest, outcome: str, author: Author) -> None:
    held.outcome, held.decided, held.by = outcome, author.now, author.who[:200]
    held.save()


def log(deed: str, held: CancellationRequest, author: Author, *, about: str = "") -> None:
    """One entry of the log, at the client where one is known."""
    write_log(
        author=author,
        deed=deed,
        about=about or f"cancellation_request:{held.pk}",
        details={"request": held.reference, "service": held.service, "reason": held.reason},
    )

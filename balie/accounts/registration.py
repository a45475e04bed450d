"""Signing up: a registration, the link in its mail, and what the button behind that link makes: a client, its owner.

Nobody is told whether an address is known already: whoever signs up with one that is gets another mail, the page says
the same. Every link dies when the next one is made, and only what is posted to its page changes anything.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from balie.accounts.actions import checked_email, digest
from balie.accounts.asked import ask
from balie.accounts.invitations import newcomer
from balie.accounts.login import give_password
from balie.accounts.models import Client, MailAsked, Registration, User
from balie.accounts.names import LONGEST_NAME, checked_name
from balie.accounts.queries import login_of
from balie.notifications.actions import queue_mail
from balie.operator.actions import Author, write_log
from balie.operator.queries import locked_operator, operator, pages
from balie.operator.terms import LANGUAGES, terms
from balie.operator.written import moment
from balie.rules.errors import Refused

OPEN_FOR = timedelta(days=3)  # a link
FORGOTTEN_AFTER = timedelta(days=30)  # what nobody confirmed
FIRST_NUMBER = 1001
LONGEST_NUMBER = 9  # digits; a longer one is somebody's own way of numbering and is not counted on from
LONGEST = {"company": 200, "name": LONGEST_NAME}
DEEP_LINK = "/login/?next=/clients/{}/"


@dataclass(frozen=True)
class SignUp:
    """What somebody typed. agreed: the version of the terms on the page; next: local path to open once activated."""

    company: str
    name: str
    email: str
    password: str
    language: str
    agreed: int | None = None
    tariff: str = ""
    next: str = ""


@dataclass(frozen=True)
class Activated:
    """The new client and its owner, and where to go on: a local path and a tariff's code, both may be empty."""

    user: User
    client: Client
    next: str
    tariff: str


def problems(said: SignUp) -> Iterator[tuple[str, str]]:
    """Field and reason of everything that is wrong with what was typed."""
    for field, most in LONGEST.items():
        text = getattr(said, field).strip()
        if not text:
            yield field, _("This is empty.")
        if len(text) > most:
            too_long = _("Say it in at most %(most)s characters; these are %(count)s.")
            yield field, too_long % {"most": most, "count": len(text)}
        elif text and (problem := not_in_mails(field, text)):
            yield field, problem
    try:
        checked_email(said.email)
    except Refused:
        yield "email", _("This is no email address. Check it: the link that activates goes there.")
    try:
        validate_password(said.password, User(email=said.email, name=said.name))
    except ValidationError as weak:
        yield "password", " ".join(weak.messages)
    now_hold = terms()
    if now_hold and said.agreed != now_hold.version:
        yield "agreed", _("Read the terms and say that you agree; without that you cannot sign up.")


def not_in_mails(field: str, text: str) -> str:
    """Why a name cannot stand in mails; a company may be called as its web page is, but is no link to one."""
    if field == "name":
        try:
            checked_name(text)
        except Refused as refusal:
            return refusal.message
    return "" if text.isprintable() and "://" not in text else _("Write the name alone, without a web address.")


def sign_up(*, said: SignUp, address: str, now: datetime) -> None:
    """Keeps the registration and queues the mail with its link; a known address gets another mail.

    Refused, with `where` the field, for what cannot be right, and "too_many_tries" (see `ask`). Signing up twice
    before the link is used keeps what was typed last; with two different passwords neither counts, and one is chosen
    behind the link: whoever reads that mailbox decides, not who typed first or last.
    """
    for where, message in problems(said):
        raise Refused("bad_sign_up", message, where)
    hashed = make_password(said.password)  # also for a known address: the answer takes as long
    ask(kind=MailAsked.SIGN_UP, email=said.email, address=address, now=now)
    with transaction.atomic():
        if known := login_of(checked_email(said.email)):
            tell_known(known, now)
        else:
            send_link(*keep(said, hashed, now))


def keep(said: SignUp, hashed: str, now: datetime) -> tuple[Registration, str]:
    """The registration as it stands in the table, and the secret part of its link."""
    email, key = checked_email(said.email), secrets.token_urlsafe(32)
    agreed = said.agreed if terms() else None
    values = {
        "company": said.company.strip(),
        "name": said.name.strip(),
        "password": hashed,
        "language": said.language if said.language in LANGUAGES else operator().language,
        "terms": agreed,
        "agreed": now if agreed is not None else None,
        "tariff": said.tariff.strip()[:40],
        "next": said.next if is_local(said.next) else "",
        "made": now,
        "sent": now,
        "digest": digest(key),
    }
    made, new = Registration.objects.get_or_create(email=email, activated=None, defaults=values)
    if new:
        return made, key
    # Maybe made in this very moment by somebody else, or activated since.
    held = Registration.objects.select_for_update().filter(pk=made.pk, activated=None).first()
    if held is None:
        return keep(said, hashed, now)
    if not check_password(said.password, held.password):
        values["password"] = ""
    for name, value in values.items():
        setattr(held, name, value)
    held.save(update_fields=list(values))
    return held, key


def is_local(path: str) -> bool:
    """Whether this is a path of our own pages that fits, whatever a browser makes of it."""
    plain = path.isprintable() and "\\" not in path and len(path) <= 300
    return plain and path.startswith("/") and not path.startswith("//")


def send_link(registration: Registration, key: str) -> None:
    """Queues the mail with this link."""
    settings = operator()
    with override(registration.language):
        until = moment((registration.sent + OPEN_FOR).astimezone(ZoneInfo(settings.timezone)))
    values = {
        "name": registration.name,
        "company": registration.company,
        "until": until,
        "link": f"{pages(settings)}/activate/{key}/",
    }
    about = f"registration:{registration.pk}"
    queue_mail(kind="registration_link", to=registration.email, language=registration.language, values=values,
               about=about, now=registration.sent)  # fmt: skip


def tell_known(user: User, now: datetime) -> None:
    """Queues the mail that tells a user that somebody signed up with his address."""
    base = pages(operator())
    values = {"name": str(user), "link": f"{base}/login/", "forgotten": f"{base}/password/forgotten/"}
    queue_mail(kind="registration_known", to=user.email, language=user.language, values=values, now=now)


@transaction.atomic
def new_link(*, registration: Registration, now: datetime) -> None:
    """Another link by another mail; the one before is dead. Refused for what is activated already."""
    held = Registration.objects.select_for_update().get(pk=registration.pk)
    if held.activated:
        raise Refused("activated", _("%(company)s is activated already.") % {"company": held.company})
    key = secrets.token_urlsafe(32)
    held.sent, held.digest = now, digest(key)
    held.save(update_fields=["sent", "digest"])
    send_link(held, key)


@transaction.atomic
def send_again(*, registration: Registration, author: Author) -> None:
    """Staff send the link again; logged. Refused for what is activated already."""
    new_link(registration=registration, now=author.now)
    log(registration, "registration.sent_again", author)


def ask_for_link(*, email: str, address: str, now: datetime) -> None:
    """Somebody asks for another link by his address; nobody is told whether it is known. Refused: see `ask`."""
    ask(kind=MailAsked.LINK, email=email, address=address, now=now)
    registration = Registration.objects.filter(email__iexact=email.strip(), activated=None).first()
    if known := login_of(email):
        tell_known(known, now)
    elif registration:
        new_link(registration=registration, now=now)


def registration_of(key: str) -> Registration | None:
    """The registration whose newest link has this secret part, activated or not, in time or not."""
    return Registration.objects.filter(digest=digest(key)).first()


def is_over(registration: Registration, now: datetime) -> bool:
    """Whether the time of its link is over."""
    return now > registration.sent + OPEN_FOR


@transaction.atomic
def activate(*, key: str, password: str = "", now: datetime) -> Activated:
    """The button was pressed: makes the client with the next free number and its owner, who can log in from now on.

    password: only where the registration has none. Refused for a link that is unknown, used, over or of an address that
    has a login meanwhile, and for a weak password (`where` is "password").
    """
    held = Registration.objects.select_for_update().filter(digest=digest(key)).first()
    if held is None:
        raise Refused("unknown_link", _("This link does not work any more."))
    if held.activated:
        raise Refused("activated", _("%(company)s is activated already.") % {"company": held.company})
    if is_over(held, now):
        raise Refused("link_over", _("This link is too old."))
    user = owner_of(held, password)
    client = make_client(held)
    user.client, user.owner, user.is_active = client, True, True
    user.save()
    held.activated, held.client, held.password = now, client, ""
    held.save(update_fields=["activated", "client", "password"])
    author = Author(str(user), now, user.pk)
    write_log(author=author, deed="client.registered", about=f"client:{client.number}",
              details={"email": user.email, "terms": held.terms})  # fmt: skip
    tell_operator(held, client)
    return Activated(user, client, held.next, held.tariff)


def owner_of(held: Registration, password: str) -> User:
    """The person as a user, not stored yet; an invitation by somebody else does not stand in the way."""
    user = newcomer(held.email)
    user.name, user.language, user.password = held.name, held.language, held.password
    if not held.password:
        give_password(user, password)
    return user


def make_client(held: Registration) -> Client:
    """The client of a registration, with the next free number. Whoever activates takes turns at the operator's row; a
    world file loaded meanwhile may still take the number, then it is the one after it."""
    locked_operator()
    number = next_number()
    while True:
        try:
            with transaction.atomic():
                return Client.objects.create(
                    number=str(number), name=held.company, language=held.language, email=held.email
                )
        except IntegrityError:
            number += 1


def next_number() -> int:
    """One more than the highest number there is."""
    taken = Client.objects.filter(number__regex=rf"^[0-9]{{1,{LONGEST_NUMBER}}}$").values_list("number", flat=True)
    return max((int(number) for number in taken), default=FIRST_NUMBER - 1) + 1


def tell_operator(held: Registration, client: Client) -> None:
    """Queues the mail to the operator's address for registrations, with a link that opens the client after login."""
    settings = operator()
    values = {
        "client": client.name,
        "number": client.number,
        "name": held.name,
        "email": held.email,
        "tariff": held.tariff,
        "link": pages(settings) + DEEP_LINK.format(client.number),
    }
    assert held.activated is not None
    queue_mail(kind="registration_new", to=str(settings.mailboxes.get("registrations") or ""),
               language=settings.language, values=values, key=f"registration-{held.pk}",
               about=f"client:{client.number}", now=held.activated)  # fmt: skip


@transaction.atomic
def delete_registration(*, registration: Registration, author: Author) -> None:
    """Forgets a registration that nobody confirmed; its link is dead. Refused for one that is activated."""
    held = Registration.objects.select_for_update().filter(pk=registration.pk).first()
    if held is None:
        return
    if held.activated:
        raise Refused("activated", _("%(company)s is activated already.") % {"company": held.company})
    log(held, "registration.deleted", author)
    held.delete()


def forget_unconfirmed(*, now: datetime) -> int:
    """Deletes what nobody confirmed within thirty days, once its last link is over. Returns how many there were."""
    old = Registration.objects.filter(activated=None, made__lt=now - FORGOTTEN_AFTER, sent__lt=now - OPEN_FOR)
    return old.delete()[0]


def log(registration: Registration, deed: str, author: Author) -> None:
    write_log(author=author, deed=deed,
              about=f"registration:{registration.pk}", details={"company": registration.company})  # fmt: skip

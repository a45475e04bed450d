"""Inviting somebody to a client's pages: no user, and nobody's address, until the button behind the mail's link.

Whether an address is somebody's login already is not told: whoever invites sees the same, the mails differ.
"""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.actions import checked_email, digest
from balie.accounts.login import give_password
from balie.accounts.models import Client, Invitation, User
from balie.accounts.names import checked_name
from balie.accounts.queries import login_of
from balie.notifications.actions import queue_mail
from balie.notifications.models import Mail
from balie.operator.actions import Author, write_log
from balie.operator.models import LogEntry
from balie.operator.queries import operator, pages
from balie.rules.errors import Refused

OPEN_FOR = timedelta(days=3)  # a link
FORGOTTEN_AFTER = timedelta(days=30)
PRESSED_TWICE = timedelta(seconds=20)
LIMITED = timedelta(days=1)
MOST_OF_CLIENT = 10  # mails within that time, by its own users: staff invite whom they want
MOST_TO_ONE = 3
KINDS = ("invitation", "invitation_known")
JOINED = "clients_user.joined"


@transaction.atomic
def invite(*, client: Client, email: str, name: str, owner: bool, author: Author) -> Invitation:
    """Keeps the invitation and queues its mail; logged. The same address again is another mail, the link before dies.

    Whoever is invited first becomes an owner. Refused for what is no email address or no name, for a user of the
    client, and for too many. The same within moments is the button pressed twice: the first mail's link holds.
    """
    said, address, held = checked_name(name), checked_email(email), hold(client)
    if held.users.filter(email__iexact=address, is_active=True).exists():
        raise Refused("is_user", _("%(email)s is a user already.") % {"email": address}, "email")
    first = not held.users.filter(is_active=True).exists() and not held.invitations.exclude(email=address).exists()
    values = {"name": said, "owner": owner or first, "language": held.language}
    sent_just_now = held.invitations.filter(**values, email=address, sent__gt=author.now - PRESSED_TWICE)
    if standing := sent_just_now.first():
        return standing
    refuse_too_many(held, address, author)
    made = Invitation.objects.filter(client=held, email=address).first() or Invitation(
        client=held, email=address, made=author.now
    )
    for field, value in values.items():
        setattr(made, field, value)
    send(made, author)
    log(made, "clients_user.made", author)
    return made


@transaction.atomic
def invite_again(*, invitation: Invitation, author: Author) -> None:
    """Another link by another mail; the one before is dead. Refused for too many."""
    held = hold(invitation.client)
    found = Invitation.objects.filter(pk=invitation.pk).first()
    if found is None:
        raise Refused("no_invitation", _("This invitation is answered or withdrawn already."))
    refuse_too_many(held, found.email, author)
    send(found, author)
    log(found, "clients_user.invited_again", author)


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, author: Author) -> None:
    """Its link is dead. Repeated without harm."""
    if Invitation.objects.filter(pk=invitation.pk).delete()[0]:
        log(invitation, "clients_user.withdrawn", author)


def hold(client: Client) -> Client:
    """The client as it stands; whoever changes its users takes turns."""
    return Client.objects.select_for_update().get(pk=client.pk)


def refuse_too_many(client: Client, address: str, author: Author) -> None:
    """Invitations are mails to strangers in the operator's name: so many a day of a client, and so many to one."""
    if is_staff(author):
        return
    recent = Mail.objects.filter(kind__in=KINDS, created__gt=author.now - LIMITED)
    if recent.filter(about=f"client:{client.number}").count() >= MOST_OF_CLIENT:
        said = _("You invited often enough today. Go on tomorrow, or ask us to invite the others.")
        raise Refused("too_many_tries", said, "email")
    if recent.filter(recipient__iexact=address).count() >= MOST_TO_ONE:
        said = _("Several invitations went to this address within a day. Ask your colleague to look there.")
        raise Refused("too_many_tries", said, "email")


def is_staff(author: Author) -> bool:
    """Whether staff do it, in whose name the operator invites."""
    return author.user_id is None or not User.objects.filter(pk=author.user_id).exclude(client=None).exists()


def send(invitation: Invitation, author: Author) -> None:
    """Makes a new link and queues the mail with it; who can log in already is told that somebody wanted to invite."""
    key = secrets.token_urlsafe(32)
    invitation.digest, invitation.sent = digest(key), author.now
    invitation.save()
    settings, known, client = operator(), login_of(invitation.email), invitation.client
    values = {"who": settings.name if is_staff(author) else author.who, "client": client.name}
    if known:
        kind, language = "invitation_known", known.language
        values |= {"name": str(known), "link": f"{pages(settings)}/login/"}
    else:
        kind, language = "invitation", invitation.language
        values |= {"name": str(invitation), "link": f"{pages(settings)}/invitation/{key}/"}
    queue_mail(kind=kind, to=invitation.email, language=language, values=values, about=f"client:{client.number}",
               now=author.now)  # fmt: skip


def invitation_of(key: str) -> Invitation | None:
    """The invitation whose newest link has this secret part, in time or not."""
    return Invitation.objects.select_related("client").filter(digest=digest(key)).first()


def is_over(invitation: Invitation, now: datetime) -> bool:
    """Whether the time of its link is over."""
    return now > invitation.sent + OPEN_FOR


def is_accepted(key: str, now: datetime) -> bool:
    """Whether the invitation behind this secret part was accepted within the last thirty days: it is gone itself."""
    lately = LogEntry.objects.filter(at__gte=now - FORGOTTEN_AFTER, deed=JOINED)
    return lately.filter(details__link=digest(key)).exists()


@transaction.atomic
def accept(*, key: str, password: str, now: datetime) -> User:
    """The button was pressed: a user of the client, who can log in from now on.

    Refused for a link that is unknown, over, or of an address that has a login meanwhile, and for a weak password
    (`where` is "password").
    """
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("client")
    held = rows.filter(digest=digest(key)).first()
    if held is None or is_over(held, now):
        raise Refused("unknown_link", _("This link does not work any more."))
    user = newcomer(held.email)
    user.name, user.language = held.name, held.language
    give_password(user, password)
    user.client, user.owner, user.is_active = held.client, held.owner, True
    user.save()
    held.delete()
    log(held, JOINED, Author(str(user), now, user.pk), link=held.digest)
    return user


def newcomer(email: str) -> User:
    """The user of an address, not stored where it is new; one who was removed, or never came, begins anew.

    Refused for who can log in already.
    """
    if login_of(email):
        raise Refused(
            "email_taken", _("There is a login with this address already. Log in, or ask for a new password.")
        )
    return User.objects.select_for_update().filter(email__iexact=email).first() or User(email=email)


def forget_unanswered(*, now: datetime) -> int:
    """Deletes invitations nobody answered within thirty days. Returns how many there were."""
    return Invitation.objects.filter(sent__lt=now - FORGOTTEN_AFTER).delete()[0]


def log(invitation: Invitation, deed: str, author: Author, **more: str) -> None:
    write_log(author=author, deed=deed,
              about=f"client:{invitation.client.number}", details={"email": invitation.email, **more})  # fmt: skip

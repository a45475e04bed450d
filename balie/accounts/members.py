"""The users of a client: inviting one, making an owner of a member, removing and taking back. An owner always stays."""

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.actions import StaffLink, make_clients_user, password_path
from balie.accounts.models import Client, User
from balie.notifications.actions import queue_mail
from balie.operator.actions import Author, write_log
from balie.operator.queries import operator, pages
from balie.rules.errors import Refused

LONGEST_NAME = 200


def is_invited(user: User) -> bool:
    """Whether the user has not chosen a password yet."""
    return not user.has_usable_password()


@transaction.atomic
def invite(*, client: Client, email: str, name: str, owner: bool, author: Author) -> User:
    """Makes a user of the client and queues the mail with the link that sets the password; logged.

    Refused for what is no email address, for somebody's who can log in already, and for a name that is too long.
    """
    said = " ".join(name.split())
    if len(said) > LONGEST_NAME:
        too_long = _("Say it in at most %(most)s characters; these are %(count)s.")
        raise Refused("long_name", too_long % {"most": LONGEST_NAME, "count": len(said)}, "name")
    held = User.objects.filter(email__iexact=email.strip(), client=client, is_active=True).first()
    if held:
        raise Refused("is_user", _("%(email)s is a user already.") % {"email": held.email}, "email")
    made = make_clients_user(email=email, client=client, name=said, owner=owner, author=author)
    send_invitation(made, client, author)
    return made.user


@transaction.atomic
def invite_again(*, user: User, author: Author) -> None:
    """Another link by another mail; the one before is dead. Refused for who has a password, or is removed."""
    held = locked(user)
    if not held.is_active or not is_invited(held):
        raise Refused("is_user", _("%(email)s is a user already.") % {"email": held.email})
    held.set_unusable_password()  # another random one: links made before are void
    held.save(update_fields=["password"])
    send_invitation(StaffLink(held, password_path(held), False), client_of(held), author)
    log(held, "clients_user.invited_again", author)


def send_invitation(made: StaffLink, client: Client, author: Author) -> None:
    settings = operator()
    who = settings.name if is_staff(author) else author.who
    values = {
        "name": str(made.user),
        "who": who,
        "client": client.name,
        "link": pages(settings) + made.path,
    }
    queue_mail(kind="invitation", to=made.user.email, language=made.user.language, values=values,
               about=f"client:{client.number}", now=author.now)  # fmt: skip


def is_staff(author: Author) -> bool:
    """Whether staff do it, in whose name the operator invites."""
    return author.user_id is None or not User.objects.filter(pk=author.user_id).exclude(client=None).exists()


@transaction.atomic
def set_owner(*, user: User, owner: bool, author: Author) -> None:
    """Makes the user an owner or a member. Refused where no owner would be left."""
    held = locked(user)
    if held.owner == owner:
        return
    if not owner:
        refuse_last_owner(held)
    held.owner = owner
    held.save(update_fields=["owner"])
    log(held, "clients_user.owner" if owner else "clients_user.member", author)


@transaction.atomic
def remove(*, user: User, author: Author) -> None:
    """From now on the user cannot log in, and is logged out. Refused for the last owner; repeated without harm."""
    held = locked(user)
    if not held.is_active:
        return
    refuse_last_owner(held)
    held.is_active = False
    held.save(update_fields=["is_active"])
    log(held, "clients_user.removed", author)


@transaction.atomic
def restore(*, user: User, author: Author) -> None:
    """Takes a removal back: with the password and everything as it was. Repeated without harm."""
    held = locked(user)
    if held.is_active:
        return
    held.is_active = True
    held.save(update_fields=["is_active"])
    log(held, "clients_user.restored", author)


def locked(user: User) -> User:
    """The user as it stands in the table; whoever changes users of one client takes turns."""
    Client.objects.select_for_update().get(pk=client_of(user).pk)
    return User.objects.select_related("client").get(pk=user.pk)


def client_of(user: User) -> Client:
    assert user.client is not None
    return user.client


def refuse_last_owner(user: User) -> None:
    """Refused where nobody else is an owner who can log in: an invited one cannot yet."""
    others = User.objects.filter(client=user.client, owner=True, is_active=True).exclude(pk=user.pk)
    if user.owner and not any(not is_invited(one) for one in others):
        message = _("%(who)s is the only owner. Make somebody else an owner first, who has chosen a password.")
        raise Refused("last_owner", message % {"who": str(user)})


def log(user: User, deed: str, author: Author) -> None:
    write_log(at=author.now, who=author.who, user_id=author.user_id, deed=deed,
              about=f"client:{client_of(user).number}", details={"email": user.email})  # fmt: skip

"""The users of a client: making an owner of a member, removing and taking back. An owner always stays."""

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.models import Client, User
from balie.operator.actions import Author, write_log
from balie.rules.errors import Refused


def is_invited(user: User) -> bool:
    """Whether the user has not chosen a password yet."""
    return not user.has_usable_password()


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
    """Refused where nobody else is an owner who can log in."""
    others = User.objects.filter(client=user.client, owner=True, is_active=True).exclude(pk=user.pk)
    if user.owner and not any(not is_invited(one) for one in others):
        message = _("%(who)s is the only owner. Make somebody else an owner first, who has chosen a password.")
        raise Refused("last_owner", message % {"who": str(user)})


def log(user: User, deed: str, author: Author) -> None:
    write_log(author=author, deed=deed, about=f"client:{client_of(user).number}", details={"email": user.email})

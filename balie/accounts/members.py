"""Who may log in: the users of a client and staff. Making an owner of a member, shutting somebody out and letting him
in again. An owner of each client always stays, and an administrator."""

from django.db import transaction
from django.utils.translation import gettext as _

from balie.accounts.factors import end_sessions
from balie.accounts.models import Client, Role, User
from balie.accounts.queries import can_log_in
from balie.operator.actions import Author, write_log
from balie.operator.queries import locked_operator
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
    log(held, "owner" if owner else "member", author)


@transaction.atomic
def remove(*, user: User, author: Author) -> None:
    """From now on the user cannot log in, and is logged out everywhere. Repeated without harm.

    Refused for the last owner of a client, and for the last administrator.
    """
    held = locked(user)
    if not held.is_active:
        return
    if is_staff(held):
        refuse_last_administrator(held)
    else:
        refuse_last_owner(held)
    held.is_active = False
    if is_invited(held):
        held.set_unusable_password()  # another random one: a link that waits stays dead, also if it is taken back
    held.save(update_fields=["is_active", "password"])
    end_sessions(held)
    log(held, "removed", author)


@transaction.atomic
def restore(*, user: User, author: Author) -> None:
    """Takes a removal back: with the password and everything as it was. Repeated without harm."""
    held = locked(user)
    if held.is_active:
        return
    held.is_active = True
    held.save(update_fields=["is_active"])
    log(held, "restored", author)


def is_staff(user: User) -> bool:
    return user.client_id is None


def locked(user: User) -> User:
    """The user as it stands in the table; whoever changes users of one client, or staff, takes turns."""
    if is_staff(user):
        locked_operator()
    else:
        Client.objects.select_for_update().get(users=user)
    return User.objects.select_related("client").get(pk=user.pk)


def refuse_last_owner(user: User) -> None:
    """Refused where nobody else is an owner who can log in."""
    if user.owner and not can_log_in().filter(client=user.client, owner=True).exclude(pk=user.pk).exists():
        message = _("%(who)s is the only owner. Make somebody else an owner first, who has chosen a password.")
        raise Refused("last_owner", message % {"who": str(user)})


def refuse_last_administrator(user: User) -> None:
    """Refused where nobody else is an administrator who can log in: nobody could change the settings any more."""
    others = can_log_in().filter(role=Role.ADMINISTRATOR).exclude(pk=user.pk)
    if user.role == Role.ADMINISTRATOR and not others.exists():
        message = _("%(who)s is the only administrator. Make somebody else one first, who has chosen a password.")
        raise Refused("last_administrator", message % {"who": str(user)}, "role")


def log(user: User, deed: str, author: Author) -> None:
    """A deed about a user stands in the client's history, about staff in that of staff."""
    kind = "staff" if is_staff(user) else "clients_user"
    about = f"client:{user.client.number}" if user.client else f"staff:{user.email}"
    write_log(author=author, deed=f"{kind}.{deed}", about=about[:200], details={"email": user.email})

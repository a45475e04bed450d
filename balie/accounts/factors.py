"""Second factors: who has one, from when on staff need one, taking them away from somebody who lost his.

Codes and keys themselves are allauth's tables; nothing here reads a secret.
"""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from balie.accounts.models import Role, User
from balie.operator.actions import Author, change_operator, write_log
from balie.operator.queries import locked_operator

# What lets somebody in; codes to fall back on come with them and count as nothing alone.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def factors_of(user: User) -> QuerySet[Authenticator]:
    """The apps and keys with which this person shows that it is him."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS)
    return found


def has_second_factor(user: User) -> bool:
    return factors_of(user).exists()


def with_factors(users: QuerySet[User]) -> QuerySet[User]:
    """The same, each with `has_factor`."""
    own = Authenticator.objects.filter(user_id=OuterRef("pk"), type__in=FACTORS)
    return users.annotate(has_factor=Exists(own))


@transaction.atomic
def factor_added(*, user: User, author: Author) -> bool:
    """Logs that somebody has one more factor. True where from now on all staff need one: the first administrator has.

    Where the operator said yes or no to second factors before, that stands.
    """
    log(user, "factor.added", author)
    operator = locked_operator()
    if operator.second_factor is not None or not user.may(Role.ADMINISTRATOR):
        return False
    change_operator({"second_factor": True}, author=author)
    return True


def factor_removed(*, user: User, author: Author) -> None:
    """Logs that somebody took one of his factors away himself."""
    log(user, "factor.removed", author)


@transaction.atomic
def reset_factors(*, user: User, author: Author) -> bool:
    """Takes every factor and code from somebody who lost his telephone. False where there was none."""
    gone, _each = Authenticator.objects.filter(user_id=user.pk).delete()
    if gone:
        log(user, "factor.reset", author)
    return bool(gone)


def log(user: User, deed: str, author: Author) -> None:
    about = f"staff:{user.email}" if user.client is None else f"client:{user.client.number}"
    write_log(at=author.now, who=author.who, user_id=author.user_id, deed=deed, about=about[:200],
              details={"email": user.email})  # fmt: skip

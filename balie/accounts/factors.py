"""Second factors: who has one, from when on staff need one, taking them away from somebody who lost his.

Codes and keys themselves are allauth's tables; nothing here reads a secret.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from balie.accounts.models import Role, User
from balie.notifications.actions import queue_mail
from balie.operator.actions import Author, change_operator, write_log
from balie.operator.queries import locked_operator, operator, pages
from balie.operator.written import moment
from balie.rules.errors import Refused

# What lets somebody in; codes to fall back on come with them and count as nothing alone.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def factors_of(user: User) -> QuerySet[Authenticator]:
    """The apps and keys with which this person shows that it is him."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS)
    return found


def has_second_factor(user: User) -> bool:
    """Whether the user has any; whom a session is of brings the answer along (`balie.accounts.backend`)."""
    known: bool | None = getattr(user, "has_factor", None)
    return factors_of(user).exists() if known is None else known


def has_app(user: User) -> bool:
    """Whether one of the user's factors is an app with codes."""
    return factors_of(user).filter(type=Authenticator.Type.TOTP).exists()


def with_factors(users: QuerySet[User]) -> QuerySet[User]:
    """The same, each with `has_factor`."""
    own = Authenticator.objects.filter(user_id=OuterRef("pk"), type__in=FACTORS)
    return users.annotate(has_factor=Exists(own))


@transaction.atomic
def factor_added(*, user: User, author: Author) -> bool:
    """Logs that somebody has one more factor, and mails him so. True where from now on all staff need one: the first
    administrator has.

    Where the operator said yes or no to second factors before, that stands.
    """
    log(user, "factor.added", author)
    tell("factor_added", user, author.now)
    held = locked_operator()
    if held.second_factor is not None or not user.may(Role.ADMINISTRATOR):
        return False
    change_operator({"second_factor": True}, author=author)
    return True


@transaction.atomic
def factor_removed(*, user: User, author: Author) -> None:
    """Logs that somebody took one of his factors away himself, and mails him so."""
    log(user, "factor.removed", author)
    tell("factor_removed", user, author.now)


@transaction.atomic
def reset_factors(*, user: User, author: Author) -> bool:
    """Takes every factor and code from somebody who lost his telephone, and mails him so. False where there was none.

    Every session of his ends, for whoever has the telephone may be in one. Refused for oneself: a session left open
    would be enough then; one's own are removed where it is asked first whether it is still oneself.
    """
    if author.user_id == user.pk:
        raise Refused("own_factor", _("Remove your own second factor on the page of your own login."))
    gone, _each = Authenticator.objects.filter(user_id=user.pk).delete()
    if gone:
        end_sessions(user)
        log(user, "factor.reset", author)
        tell("factor_removed", user, author.now)
    return bool(gone)


def end_sessions(user: User) -> None:
    """Wherever this person is logged in, the login ends."""
    for session in UserSession.objects.filter(user_id=user.pk):
        session.end()


def tell(kind: str, user: User, at: datetime) -> None:
    """Queues the mail about it."""
    settings = operator()
    with override(user.language):
        when = moment(at.astimezone(ZoneInfo(settings.timezone)))
    values = {"name": str(user), "at": when, "link": f"{pages(settings)}/me/"}
    queue_mail(kind=kind, to=user.email, language=user.language, values=values, now=at)


def log(user: User, deed: str, author: Author) -> None:
    about = f"staff:{user.email}" if user.client is None else f"client:{user.client.number}"
    write_log(author=author, deed=deed, about=about[:200], details={"email": user.email})

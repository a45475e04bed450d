"""Who may try a password, and what a person sets for himself: password, language, digest.

Attempts are counted per address and email together, and per address alone; a right password forgets them. In the
database, since several processes serve one operator, and one that restarts must not forget.
"""

from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from balie.accounts.models import Digest, LoginAttempt, User
from balie.rules.errors import Refused

WITHIN = timedelta(minutes=15)
MOST_PER_EMAIL = 5
MOST_PER_ADDRESS = 30
KEPT = timedelta(days=1)


def may_try(*, email: str, address: str, now: datetime) -> bool:
    """Counts this try, before the password is looked at: many at once are counted too. False where it is one too many.

    Not within a transaction, or other processes would not see it in time. Forgets what is older than a day.
    """
    LoginAttempt.objects.filter(at__lt=now - KEPT).delete()
    attempt = LoginAttempt.objects.create(email=plain(email), address=address, at=now)
    recent = LoginAttempt.objects.filter(address=address, at__gt=now - WITHIN)
    if recent.filter(email=plain(email)).count() > MOST_PER_EMAIL or recent.count() > MOST_PER_ADDRESS:
        attempt.delete()
        return False
    return True


def forget_failures(*, email: str, address: str) -> None:
    """The right password was given: the mistakes before it do not count any more."""
    LoginAttempt.objects.filter(email=plain(email), address=address).delete()


def give_password(user: User, password: str) -> None:
    """Gives the user this password, not stored yet; Refused, at "password", with every reason why it is too weak."""
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise Refused("weak_password", " ".join(weak.messages), "password") from None
    user.set_password(password)


def set_password(user: User, password: str) -> None:
    """The same, stored."""
    give_password(user, password)
    user.save(update_fields=["password"])


def choose_language(user: User, language: str) -> None:
    """The language in which this person reads the pages from now on: nl, de or en."""
    if language not in ("nl", "de", "en"):
        said = _("There is no language %(language)s; choose nl, de or en.") % {"language": repr(language[:40])}
        raise Refused("unknown_language", said, "language")
    user.language = language
    user.save(update_fields=["language"])


def choose_digest(user: User, how_often: str) -> None:
    """How often this manager gets the digest of tasks: daily, weekly or never."""
    if how_often not in Digest.values:
        said = _("There is no digest %(digest)s; choose daily, weekly or never.") % {"digest": repr(how_often[:40])}
        raise Refused("bad_digest", said, "digest")
    user.digest = how_often
    user.save(update_fields=["digest"])


def plain(email: str) -> str:
    """Emails are told apart without regard to case, and cut to what the table holds."""
    return email.strip().lower()[:254]

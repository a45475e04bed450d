"""The codes of an app as they are typed: used up once taken, and counted, so that nobody guesses one.

Wrong ones are counted by login and network address together: nobody keeps a colleague out. Those of one login from all
addresses together are counted too, far higher, for whoever guesses from many.
"""

from collections.abc import Callable

from allauth.core import context, ratelimit
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.core.cache import cache

from balie.web.entry.address import address_of

# A code is right for its half minute and the one before and after it.
RIGHT_FOR = 90  # seconds


def counted(user: int, clean: Callable[[], str]) -> str:
    """What a form's own check of its code says, counted before, and used up where it is right."""
    counts = (("code", f"{user} {address_of(context.request)}"), ("code_anywhere", str(user)))
    for action, key in counts:
        if not ratelimit.consume(context.request, action=action, key=key):
            raise get_adapter().validation_error(f"too_many_{action}")
    code = clean()
    use_up(user, code)
    for action, key in counts:
        ratelimit.clear(context.request, action=action, key=key)
    return code


def use_up(user: int, code: str) -> None:
    """A code that was right is so no more, however it is spaced; raises the form's error where it was taken before."""
    plain = "".join(filter(str.isalnum, code)).lower()
    if not cache.add(f"code-used:{user}:{plain}", "y", timeout=RIGHT_FOR):
        raise get_adapter().validation_error("incorrect_code")


class Asked(AuthenticateForm):
    """At a login."""

    def clean_code(self) -> str:
        return counted(self.user.pk, super().clean_code)


class AskedAgain(ReauthenticateForm):
    """Before factors change."""

    def clean_code(self) -> str:
        return counted(self.user.pk, super().clean_code)


class First(ActivateTOTPForm):
    """While the app is set up: the code that shows it works logs nobody in after it."""

    def clean_code(self) -> str:
        return counted(self.user.pk, super().clean_code)

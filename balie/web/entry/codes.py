"""The codes of an app as they are typed: used up once taken, and counted, so that nobody guesses one.

Wrong ones are counted by login and network address together: nobody keeps a colleague out. Those of one login from all
addresses together are counted too, far higher, for whoever guesses from many.
"""

from typing import Any

from allauth.core import context, ratelimit
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.cache import cache

from balie.web.entry.address import address_of

# A code is right for its half minute and the one before and after it.
RIGHT_FOR = 90  # seconds


class Counted(forms.Form):
    """A form with a code. Before allauth's own in the order of classes."""

    user: Any

    def clean_code(self) -> str:
        counted = (("code", f"{self.user.pk} {address_of(context.request)}"), ("code_anywhere", str(self.user.pk)))
        for action, key in counted:
            if not ratelimit.consume(context.request, action=action, key=key):
                raise get_adapter().validation_error(f"too_many_{action}")
        code: str = super().clean_code()  # type: ignore[misc]  # allauth's form, which has no types
        use_up(self.user.pk, code)
        for action, key in counted:
            ratelimit.clear(context.request, action=action, key=key)
        return code


def use_up(user: int, code: str) -> None:
    """A code that was right is so no more, however it is spaced; raises the form's error where it was taken before."""
    plain = "".join(filter(str.isalnum, code)).lower()
    if not cache.add(f"code-used:{user}:{plain}", "y", timeout=RIGHT_FOR):
        raise get_adapter().validation_error("incorrect_code")


class Asked(Counted, AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """At a login."""


class AskedAgain(Counted, ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """Before factors change."""


class First(Counted, ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """While the app is set up: the code that shows it works logs nobody in after it."""
